"""The rooms of the code: small modules, packages with a face, imports that point one way and stand at the top."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "frontend_api"
APPS = ("cms", "examples", "frontend_api", "insights", "programmes")
MOST_LINES = 300
MOST_MODULES = 8


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def packages() -> list[Path]:
    """Return every package of the delivery API that has modules which others can use."""
    return [
        path.parent
        for path in modules("frontend_api")
        if path.name == "__init__.py"
        and path.parent != API
        and "management" not in path.relative_to(API).parts
    ]


@cache
def imports(path: Path) -> frozenset[str]:
    """Return what a module imports, as `package.module.name`."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    name = name_of(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
            base = ".".join(filter(None, [above if node.level else "", node.module or ""]))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def face(package: Path) -> set[str]:
    """Return the modules, and names in modules, that a package lists for others."""
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert re.match(r"[^\n]+\.", text), f"{package} does not say what it is for"
    assert "others\nmay use:" in text or "others may use:" in text, package
    listed: set[str] = set()
    for line in re.findall(r"^- ((?:`[\w.]+`(?:, )?)+)", text, flags=re.MULTILINE):
        listed |= {*re.findall(r"`([\w.]+)`", line)}
    return listed


def test_the_delivery_api_has_few_modules_beside_its_packages() -> None:
    assert len([*API.glob("*.py")]) <= MOST_MODULES


@pytest.mark.parametrize("path", modules("frontend_api"), ids=name_of)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_a_package_names_what_others_use(package: Path) -> None:
    name, listed = name_of(package / "__init__.py"), face(package)
    used = set()
    for path in modules(*APPS):
        if not path.is_relative_to(package):
            used |= {
                one.removeprefix(f"{name}.") for one in imports(path) if one.startswith(f"{name}.")
            }
    unnamed = {
        one for one in used if not any(one == face or one.startswith(f"{face}.") for face in listed)
    }
    assert not unnamed


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_what_a_package_names_is_there(package: Path) -> None:
    for listed in face(package):
        module, _, name = listed.partition(".")
        path = package / f"{module}.py"
        if not name:
            assert path.exists() or (package / module / "__init__.py").exists(), listed
            continue
        assert re.search(rf"^(def|class) {name}\b|^{name}\b.*=", path.read_text(), re.MULTILINE), (
            listed
        )


@pytest.mark.parametrize("path", modules(*APPS), ids=name_of)
def test_imports_stand_at_the_top_unless_start_up_forbids_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for function in ast.walk(ast.parse("\n".join(lines))):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inside = [
            node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        if inside:
            before = lines[function.lineno - 1 : min(node.lineno for node in inside) - 1]
            assert any("# " in line and "start-up" in line for line in before), function.name


def test_tests_lie_as_the_code_lies() -> None:
    for path in sorted((ROOT / "tests" / "frontend_api").rglob("test_*.py")):
        folder = path.parent.relative_to(ROOT / "tests")
        assert (ROOT / folder / "__init__.py").exists(), path


# One import the other way round, for each contract.
TURNED_ROUND = {
    "Arrows between apps point one way": ("cms/validators.py", "insights.models"),
    "The delivery API knows no content app": ("frontend_api/conf.py", "cms.validators"),
    "The service runs without its examples": ("cms/validators.py", "examples.demo.accounts"),
    "A room of the delivery API imports rooms below it alone": (
        "frontend_api/visibility/sites.py",
        "frontend_api.serialization.links",
    ),
    "The response cache stands on what it keeps and on what it purges": (
        "frontend_api/caching/cdn/targets.py",
        "frontend_api.caching.responses.store",
    ),
    "No package imports in a circle": (
        "frontend_api/serialization/nested.py",
        "frontend_api.serialization.resolver",
    ),
    "The SQL of what may be seen is written in one room": (
        "frontend_api/endpoints/search.py",
        "frontend_api.visibility.queries",
    ),
    "What answers a request knows of no cache": (
        "frontend_api/serialization/objects.py",
        "frontend_api.caching.responses.store",
    ),
    "Content apps declare types, and leave their description to others": (
        "programmes/related.py",
        "frontend_api.openapi.components",
    ),
    "Only the description loads what makes it": (
        "frontend_api/endpoints/base.py",
        "drf_spectacular",
    ),
    "The change log and what a response depends on know nothing of requests": (
        "frontend_api/changes/tags.py",
        "rest_framework",
    ),
    "Servers of caches are known where they are used": (
        "frontend_api/visibility/sites.py",
        "redis",
    ),
}


def lint_imports(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    assert done.returncode == (0 if " 0 broken" in done.stdout else 1)
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code in another place, where an import can be turned round."""
    folder = tmp_path_factory.mktemp("copy")
    for app in APPS:
        shutil.copytree(ROOT / app, folder / app, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_is_kept_and_is_tried(copy: Path) -> None:
    said = lint_imports(copy)
    assert " 0 broken" in said
    assert {*re.findall(r"^(.+?) KEPT", said, flags=re.MULTILINE)} == {*TURNED_ROUND}


@pytest.mark.parametrize("contract", TURNED_ROUND)
def test_an_import_that_is_turned_round_breaks_its_contract(copy: Path, contract: str) -> None:
    file, imported = TURNED_ROUND[contract]
    path = copy / file
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\nimport {imported}\n", encoding="utf-8")
    try:
        said = lint_imports(copy)
    finally:
        path.write_text(before, encoding="utf-8")
    assert contract in re.findall(r"^(.+?) BROKEN", said, flags=re.MULTILINE)


def test_the_api_outlives_wagtails_v2() -> None:
    for path in modules("frontend_api", "cms", "insights", "programmes"):
        assert not [name for name in imports(path) if name.startswith("wagtail.api.v2")], path
