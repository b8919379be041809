"""The system check of what mends Wagtail."""

import ast
from pathlib import Path

import pytest
import wagtail

from cms.wagtail_mends import MENDS, TRIED, Mend, check_mends

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_said_of_the_wagtail_that_needs_the_mends() -> None:
    assert wagtail.__version__ == TRIED
    assert check_mends(None) == []


@pytest.mark.parametrize("installed", ["8.0.9", "8.1", "9.0rc1", "7.3"])
def test_each_mend_is_named_once_wagtail_is_another(
    monkeypatch: pytest.MonkeyPatch, installed: str
) -> None:
    monkeypatch.setattr(wagtail, "__version__", installed)
    warnings = check_mends(None)
    assert [warning.id for warning in warnings] == [mend.number for mend in MENDS]
    assert len({mend.number for mend in MENDS}) == len(MENDS)
    for warning, mend in zip(warnings, MENDS, strict=True):
        assert mend.files[0] in warning.msg
        assert mend.test in str(warning.hint)


@pytest.mark.parametrize("mend", MENDS, ids=[mend.number for mend in MENDS])
def test_what_is_named_is_there(mend: Mend) -> None:
    assert all((ROOT / name).is_file() for name in mend.files)
    path, _, test = mend.test.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_script_and_changed_template_of_the_admin_is_named() -> None:
    named = {name for mend in MENDS for name in mend.files}
    for folder in ("cms/static/cms", "cms/templates/wagtailadmin", "cms/templates/wagtailimages"):
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in {".js", ".html"} and name not in named | OURS:
                pytest.fail(f"{name} mends Wagtail: say what in cms.wagtail_mends.")


# What Wagtail does not lack, but this site has: its brand, its guide, and what it says of what is chosen.
OURS = {
    "cms/static/cms/chosen-notice.js",
    "cms/static/cms/search-preview.js",
    "cms/templates/wagtailadmin/404.html",
    "cms/templates/wagtailadmin/admin_base.html",
    "cms/templates/wagtailadmin/base.html",
    "cms/templates/wagtailadmin/home.html",
    "cms/templates/wagtailadmin/home/account_summary.html",
    "cms/templates/wagtailadmin/login.html",
    "cms/templates/wagtailadmin/notifications/base.html",
}
