"""The documentation and the code agree."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from cms.models import ContentPage
from frontend_api.endpoints.collections import RESERVED, collections
from tests.frontend_api.endpoints.test_parameters import PARAMETERS

pytestmark = pytest.mark.once


ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def words_in_code(text: str) -> set[str]:
    """Return everything that stands between backticks, taken apart at spaces and commas."""
    return {
        word
        for span in re.findall(r"`([^`\n]+)`", text)
        for word in re.split(r"[\s,|]+", span)
        if word
    }


def environment_variables() -> set[str]:
    """Return the name of every variable that the settings read."""
    names = set()
    for path in (ROOT / "cms" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]+", value):
                    names.add(value)
    return names


def test_every_variable_of_the_environment_is_documented_and_no_other() -> None:
    table = (DOCS / "operators.md").read_text(encoding="utf-8").split("## The environment")[1]
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table.split("\n## ")[0], re.MULTILINE))
    assert documented == environment_variables()
    assert "DATABASE_URL" in documented


def test_every_endpoint_is_documented() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    words = words_in_code(text)
    for name in RESERVED | (set(collections) - {"events", "meetings"}):
        assert f"{name}/" in words, name
    resolver = dict(get_resolver("frontend_api.urls").reverse_dict.lists())
    assert {"find", "site", "preview"} <= {name for name in resolver if isinstance(name, str)}
    assert "pages/find/" in words


@pytest.mark.parametrize("endpoint", PARAMETERS)
def test_every_parameter_is_documented(endpoint: str) -> None:
    words = words_in_code((DOCS / "api.md").read_text(encoding="utf-8"))
    assert words >= PARAMETERS[endpoint]


def test_every_block_is_documented_and_no_other() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    table = text.split("| block | value |")[1].split("\n\n")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert documented == set(ContentPage.body.field.stream_block.child_blocks)


def test_every_field_of_a_page_is_documented() -> None:
    from cms.models import HomePage
    from insights.models import InsightIndexPage, InsightPage
    from programmes.models import ProgrammeIndexPage, ProgrammePage

    words = words_in_code((DOCS / "api.md").read_text(encoding="utf-8"))
    for model in (
        HomePage,
        ContentPage,
        ProgrammeIndexPage,
        ProgrammePage,
        InsightIndexPage,
        InsightPage,
    ):
        names = {getattr(field, "name", field) for field in model.api_fields}
        assert names <= words, model
        assert f"{model._meta.app_label}.{model.__name__}" in words


def test_every_dependency_has_a_line() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = project.split("dependencies = [", 1)[1].split("[tool.", 1)[0]
    packages = {name.lower() for name in re.findall(r'"([A-Za-z0-9-]+)(?:\[\w+\])?~=', section)}
    text = (DOCS / "development.md").read_text(encoding="utf-8").lower()
    missing = {name for name in packages if name not in text}
    assert not missing


def test_every_link_between_documents_leads_somewhere() -> None:
    for document in [ROOT / "README.md", *DOCS.glob("*.md"), ROOT / "examples/frontend/README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
