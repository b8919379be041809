"""What people do with accounts, rights and data is written down, for superusers, and for a time."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.audit.addresses import address_of
from cms.audit.log import record
from cms.audit.models import AuditEntry, Kind
from cms.audit.rights import rights_of_groups
from cms.models import User
from frontend_api.changes.models import Change
from frontend_api.previews.sharing.forms import FOLLOW
from tests import factories
from tests.cms.admin import listing_rows, soup

pytestmark = pytest.mark.django_db

REPORT = "audit:report"
LOGIN = "/admin/login/"


def entries(*kinds: Kind) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return who did what about what, the oldest first, and forget it."""
    found = AuditEntry.objects.order_by("pk")
    rows = [(one.kind, one.username, one.about, one.facts) for one in found]
    found.delete()
    return [row for row in rows if not kinds or row[0] in kinds]


@pytest.fixture
def anna() -> User:
    """An administrator, whose account was made before anything here."""
    user: User = factories.UserFactory(username="anna", is_superuser=True)
    AuditEntry.objects.all().delete()
    return user


@pytest.fixture
def browser(anna: User) -> Client:
    """Her browser."""
    client = Client()
    client.force_login(anna)
    AuditEntry.objects.all().delete()
    return client


def test_who_signs_in_and_out_and_who_is_refused(anna: User) -> None:
    client = Client()
    for name, password in [("anna", "wrong"), ("my-password", "x"), ("anna", "password")]:
        client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR="192.0.2.77")
    assert {entry.address for entry in AuditEntry.objects.all()} == {"192.0.2.0/24"}
    client.post(reverse("wagtailadmin_logout"))
    assert [row[:3] for row in entries()] == [
        (Kind.REFUSED, "", "anna"),
        # What is no account's name may be a password.
        (Kind.REFUSED, "", "(unknown)"),
        (Kind.SIGNED_IN, "anna", "anna"),
        (Kind.SIGNED_OUT, "anna", "anna"),
    ]


def user_form(**fields: Any) -> dict[str, Any]:
    complete = {"username": "ben", "email": "ben@example.org", "first_name": "B", "last_name": "B"}
    return {**complete, "is_active": "on", **fields}


def test_accounts_their_passwords_and_their_rights(browser: Client) -> None:
    word = "a-long-word-of-ben"
    passwords = {"password1": word, "password2": word}
    browser.post(reverse("wagtailusers_users:add"), user_form(**passwords))
    ben = User.objects.get(username="ben")
    assert entries() == [
        (Kind.ACCOUNT_ADDED, "anna", "ben", {"administrator": False}),
    ]
    edit = reverse("wagtailusers_users:edit", args=[ben.pk])
    editors = Group.objects.get(name="Editors")
    browser.post(edit, user_form(groups=[editors.pk], is_superuser="on"))
    browser.post(edit, user_form(first_name="Benjamin"))
    new = "another-word-of-ben"
    browser.post(edit, user_form(password1=new, password2=new, is_active=""))
    assert entries() == [
        (Kind.ACCOUNT_CHANGED, "anna", "ben", {"administrator": True}),
        (Kind.ACCOUNT_CHANGED, "anna", "ben", {"added": ["Editors"]}),
        (Kind.ACCOUNT_CHANGED, "anna", "ben", {"administrator": False}),
        (Kind.ACCOUNT_CHANGED, "anna", "ben", {"removed": ["Editors"]}),
        (Kind.PASSWORD, "anna", "ben", {}),
        (Kind.ACCOUNT_CHANGED, "anna", "ben", {"active": False}),
    ]
    browser.post(reverse("wagtailusers_users:delete", args=[ben.pk]))
    assert entries() == [(Kind.ACCOUNT_DELETED, "anna", str(ben.pk), {})]


def test_rights_that_code_gives_and_takes(anna: User) -> None:
    ben = factories.UserFactory(username="ben")
    entries()
    editors = Group.objects.get(name="Editors")
    editors.user_set.add(ben)
    editors.user_set.clear()
    permission = Permission.objects.first()
    ben.user_permissions.add(permission)
    ben.groups.clear()
    ben.user_permissions.clear()
    assert entries() == [
        (Kind.ACCOUNT_CHANGED, "", "ben", {"added": ["Editors"]}),
        (Kind.ACCOUNT_CHANGED, "", "ben", {"removed": ["Editors"]}),
        (Kind.ACCOUNT_CHANGED, "", "ben", {"added": [str(permission)]}),
        (Kind.ACCOUNT_CHANGED, "", "ben", {"removed": [str(permission)]}),
    ]


def test_a_password_that_is_hashed_anew_was_not_changed(settings: Any) -> None:
    user = factories.UserFactory(username="old")
    entries()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = user.password
    Client().post(LOGIN, {"username": "old", "password": "password"})
    user.refresh_from_db()
    assert user.password != before
    assert not entries(Kind.PASSWORD)


def posted(browser: Client, address: str, **fields: Any) -> None:
    """Send the form of a group with what it has in it, as its page says, and what a test changes."""
    data = {
        field["name"]: field.get("value", "")
        for field in soup(browser.get(address)).find_all("input", type="hidden")
        if field.get("name") and "__prefix__" not in field["name"]
    }
    response = browser.post(address, {**data, **fields})
    assert response.status_code == 302


def test_the_rights_of_groups_also_those_on_pages(browser: Client) -> None:
    root = Page.get_first_root_node()
    posted(
        browser,
        reverse("wagtailusers_groups:add"),
        **{
            "name": "Writers",
            "page_permissions-TOTAL_FORMS": "1",
            "page_permissions-0-page": str(root.pk),
            "page_permissions-0-permissions": ["publish_page"],
        },
    )
    group = Group.objects.get(name="Writers")
    assert GroupPagePermission.objects.filter(group=group).exists()
    right = f"publish_page on page Root ({root.pk})"
    assert entries() == [(Kind.GROUP_CHANGED, "anna", "Writers", {"added": [right]})]
    browser.post(reverse("wagtailusers_groups:delete", args=[group.pk]))
    assert entries() == [(Kind.GROUP_CHANGED, "anna", "Writers", {"removed": [right]})]
    browser.get(reverse("wagtailusers_groups:index"))
    assert not entries()


def test_second_factors_and_no_name_once_their_account_is_gone(browser: Client) -> None:
    ben = factories.UserFactory(username="ben")
    factor = Authenticator.objects.create(user=ben, type="totp", data={"secret": "x"})
    factor.record_usage()
    factor.delete()
    Authenticator.objects.create(user=ben, type="totp", data={"secret": "x"})
    assert [row[2:] for row in entries(Kind.SECOND_FACTOR)] == [
        ("ben", {"added": "totp"}),
        ("ben", {"removed": "totp"}),
        ("ben", {"added": "totp"}),
    ]
    browser.post(reverse("wagtailusers_users:delete", args=[ben.pk]))
    assert "ben" not in {row[2] for row in entries()}


def test_links_to_drafts(browser: Client) -> None:
    page = factories.ContentPageFactory(title="A plan")
    address = reverse("frontend_api_sharing:share", args=[page.pk])
    browser.post(address, {"made_for": "carla@example.com", "days": "7", "shows": FOLLOW})
    [(kind, who, about, facts)] = entries()
    assert (kind, who, about) == (Kind.SHARED, "anna", f"A plan ({page.pk})")
    assert set(facts) == {"until"}


def test_exports_and_nothing_else_that_is_read(browser: Client) -> None:
    browser.get(reverse("wagtailadmin_home"))
    browser.get(reverse("wagtailadmin_reports:site_history"))
    assert not entries()
    for shape in ("csv", "xlsx"):
        browser.get(reverse("wagtailadmin_reports:site_history"), {"export": shape})
    exported = entries()
    assert [row[:3] for row in exported] == [
        (Kind.EXPORTED, "anna", "wagtailadmin_reports:site_history")
    ] * 2
    assert exported[0][3] == {"format": "text/csv"}


def test_what_is_refused_leaves_nothing(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr("wagtail.users.forms.UserForm.save", fails)
    word = "a-long-word-of-ben"
    with pytest.raises(ValueError, match="no"):
        browser.post(reverse("wagtailusers_users:add"), user_form(password1=word, password2=word))
    assert not entries()


class TestReport:
    def test_it_is_for_superusers(self, editor: Client, moderator: Client, browser: Client) -> None:
        address = reverse(REPORT)
        assert [client.get(address).status_code for client in (editor, moderator)] == [302, 302]
        assert browser.get(address).status_code == 200
        menu = str(browser.get(reverse("wagtailadmin_home")).content)
        assert address in menu
        assert address not in str(moderator.get(reverse("wagtailadmin_home")).content)

    def test_it_lists_and_narrows(self, browser: Client, anna: User) -> None:
        record(Kind.SHARED, anna, about="A plan", until="2026-12-01")
        record(Kind.ACCOUNT_CHANGED, anna, about=anna, administrator=True, added={"b", "a"})
        first, second = listing_rows(browser, REPORT)
        assert first["What"] == "Changed the rights of an account"
        assert (first["Who"], first["About"]) == ("anna", "anna")
        assert first["Details"] == "added: a, b; administrator: yes"
        assert second["Details"] == "until: 2026-12-01"
        assert len(listing_rows(browser, REPORT, kind=Kind.SHARED)) == 1
        assert len(listing_rows(browser, REPORT, name="PLAN")) == 1
        assert not listing_rows(browser, REPORT, at_to="2020-01-01")

    def test_it_is_exported_and_says_so(self, browser: Client, anna: User) -> None:
        record(Kind.SHARED, anna, about="=1+1")
        response = browser.get(reverse(REPORT), {"export": "csv"})
        text = b"".join(response.streaming_content).decode()
        [heading, row] = csv.reader(StringIO(text))
        assert heading == ["When", "What", "Who", "About", "Details", "Address"]
        assert row[1:4] == ["shared", "anna", "'=1+1"]
        assert entries(Kind.EXPORTED)

    def test_it_takes_as_many_queries_for_many_entries_as_for_one(
        self, browser: Client, anna: User
    ) -> None:
        counts = []
        for more in (1, 49):
            for _ in range(more):
                record(Kind.SHARED, anna, about="A plan")
            browser.get(reverse(REPORT))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(reverse(REPORT))
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("setting", "address", "kept"),
    [
        ("network", "192.0.2.77", "192.0.2.0/24"),
        ("network", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("network", "", ""),
        ("whole", "192.0.2.77", "192.0.2.77"),
        ("none", "192.0.2.77", ""),
    ],
)
def test_addresses_are_shortened_or_kept(
    settings: Any, setting: str, address: str, kept: str
) -> None:
    settings.AUDIT_ADDRESSES = setting
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=address)) == kept


@pytest.mark.parametrize(
    ("header", "kept"),
    [("203.0.113.9, 198.51.100.7", "198.51.100.0/24"), ("nonsense", ""), ("", "192.0.2.0/24")],
)
def test_behind_a_proxy_the_address_is_that_which_it_saw(
    settings: Any, header: str, kept: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.77", HTTP_X_FORWARDED_FOR=header)
    assert address_of(request) == kept
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    assert address_of(request) in {"", "192.0.2.0/24"}


def test_old_entries_are_deleted_and_others_kept(anna: User, settings: Any) -> None:
    settings.AUDIT_DAYS = 30
    for days in (29, 31):
        record(Kind.SHARED, anna)
        newest = AuditEntry.objects.latest("pk")
        AuditEntry.objects.filter(pk=newest.pk).update(at=timezone.now() - timedelta(days=days))
    said = StringIO()
    call_command("prune_audit", stdout=said)
    assert said.getvalue() == "Deleted 1 entry.\n"
    assert AuditEntry.objects.count() == 1


def test_readers_are_told_of_none_of_it(anna: User) -> None:
    before = Change.objects.count()
    record(Kind.SHARED, anna, about="\0" + "x" * 1000, long=["y" * 1000] * 1000)
    assert Change.objects.count() == before
    entry = AuditEntry.objects.get()
    assert len(entry.about) == 255
    assert len(entry.facts["long"]) == 100


def test_collections_are_named_too(anna: User) -> None:
    group = Group.objects.create(name="Library")
    assert rights_of_groups()["Library"] == set()
    root = Collection.get_first_root_node()
    permission = Permission.objects.get(codename="add_cmsdocument")
    GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    assert rights_of_groups()["Library"] == {f"add_cmsdocument on collection Root ({root.pk})"}


def test_what_is_taken_out_by_a_command(tmp_path: Path) -> None:
    call_command("export_site", str(tmp_path / "site.tar"), stdout=StringIO(), stderr=StringIO())
    call_command("backup", str(tmp_path / "all.tar"), stdout=StringIO(), stderr=StringIO())
    assert list(AuditEntry.objects.order_by("pk").values_list("kind", "about")) == [
        (Kind.EXPORTED, "site.tar"),
        (Kind.BACKUP, "all.tar"),
    ]
