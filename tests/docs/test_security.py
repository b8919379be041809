"""`docs/security.md` names tests that are there, and says of rights what groups have."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from cms.audit.rights import rights_of_groups

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)*)`", PAGE)))


def test_each_promise_has_a_test() -> None:
    table = PAGE.split("| promise | tried by |")[1].split("\n\n")[0]
    rows = table.strip().splitlines()[1:]
    assert len(rows) > 10
    assert all("`tests/" in row for row in rows)


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_is_there(name: str) -> None:
    path, *names = name.split("::")
    text = (ROOT / path).read_text(encoding="utf-8")
    body = ast.parse(text).body
    for wanted in names:
        [found] = [
            node
            for node in body
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == wanted
        ]
        body = found.body
    assert names or "test_" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("right", "editors", "moderators"),
    [
        ("publish_page", False, True),
        ("change_page", True, True),
        ("add_document", True, True),
        ("change_image", True, True),
        ("add_theme", True, True),
        ("delete_theme", False, True),
        ("change_sitesettings", False, True),
        ("delete_redirect", False, True),
        ("submit_translation", True, True),
        ("add_user", False, False),
        ("change_group", False, False),
        ("change_site", False, False),
        ("add_collection", False, False),
        ("change_workflow", False, False),
        ("change_webhookrecipient", False, False),
    ],
)
def test_the_table_of_rights_is_what_groups_have(
    right: str, editors: bool, moderators: bool
) -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {"Editors", "Moderators"}
    for group, may in (("Editors", editors), ("Moderators", moderators)):
        has = any(one.partition(" ")[0] == right for one in rights_of_groups()[group])
        assert has == may, group
