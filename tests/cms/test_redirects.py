"""Redirects as editors see them: made, refused, imported, exported, and what has ended for good."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from frontend_api.changes.models import Change
from frontend_api.redirects.models import FormerPath
from tests import factories

from .admin import form_errors, log_in, soup

pytestmark = pytest.mark.django_db

CIRCLE = "This leads back to where it begins. Lead it to another page or address."
TOO_LONG = "This path is too long. A redirect has 255 characters at most."
NO_PATH = "This is no path. Write one such as /about/us."
NOWHERE = "Choose the page, or write the address, that this leads to."


@pytest.fixture
def root(db: None) -> str:
    return factories.default_site().root_url


def add(
    client: Client, old_path: str, link: str = "", page: Page | None = None, **more: Any
) -> Any:
    """Send the form that makes a redirect."""
    sent = {
        "old_path": old_path,
        "redirect_link": link,
        "redirect_page": page.pk if page else "",
        "is_permanent": "on",
        "site": "",
        **more,
    }
    return client.post(reverse("wagtailredirects:add"), sent)


def test_a_moderator_makes_changes_and_deletes_redirects(moderator: Client) -> None:
    page = factories.ContentPageFactory(slug="about")
    assert add(moderator, "/old/", page=page).status_code == 302
    redirect = Redirect.objects.get()
    assert redirect.old_path == "/old"
    assert add(moderator, "/old").status_code == 200
    edit = reverse("wagtailredirects:edit", args=[redirect.pk])
    sent = {"old_path": "/older", "redirect_link": "https://example.com/", "site": ""}
    assert moderator.post(edit, sent).status_code == 302
    assert moderator.post(reverse("wagtailredirects:delete", args=[redirect.pk])).status_code == 302
    changes = Change.objects.filter(object_type="wagtailredirects.redirect").order_by("version")
    assert [change.kind for change in changes] == ["redirect"] * 3
    tags = [{tag for tag in change.tags if tag.startswith("redirect:")} for change in changes]
    assert tags == [{"redirect:/old"}, {"redirect:/old", "redirect:/older"}, {"redirect:/older"}]


def test_no_cache_is_asked_for_old_addresses_while_a_redirect_is_saved(
    moderator: Client, settings: Any
) -> None:
    """The tasks of the tests run at once, and this backend is none: asking it would be an error."""
    settings.WAGTAILFRONTENDCACHE = {"cache": {"BACKEND": "tests.cms.test_redirects.NoSuchBackend"}}
    assert add(moderator, "/old", "https://example.com/").status_code == 302
    redirect = Redirect.objects.get()
    sent = {"old_path": "/older", "redirect_link": "https://example.com/", "site": ""}
    edit = reverse("wagtailredirects:edit", args=[redirect.pk])
    assert moderator.post(edit, sent).status_code == 302
    assert moderator.post(reverse("wagtailredirects:delete", args=[redirect.pk])).status_code == 302


def test_an_editor_who_publishes_nothing_makes_no_redirects(editor: Client) -> None:
    assert add(editor, "/old", "https://example.com/").status_code in {302, 403}
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    "steps",
    [
        [("/a", "/a")],
        [("/a", "/a/?x=1#part")],
        [("/a", "//a")],
        [("/a", "/b"), ("/b", "/a/")],
        [("/a", "/b"), ("/b", "/c?x=1"), ("/c", "/a?y=2")],
        [("/%C3%A9", "/é/")],
        [("/a?x=1", "/b"), ("/b", "/a?x=1")],
    ],
)
def test_a_circle_is_refused_with_a_sentence(
    administrator: Client, root: str, steps: list[tuple[str, str]]
) -> None:
    for here, there in steps[:-1]:
        assert add(administrator, here, f"{root}{there}").status_code == 302
    here, there = steps[-1]
    assert form_errors(add(administrator, here, f"{root}{there}")) == {"__all__": [CIRCLE]}


def test_a_circle_of_the_site_itself_and_of_all_sites_is_refused(
    administrator: Client, root: str
) -> None:
    site = factories.default_site()
    assert add(administrator, "/a", f"{root}/b", site=site.pk).status_code == 302
    assert form_errors(add(administrator, "/b", f"{root}/a")) == {"__all__": [CIRCLE]}
    second = Site.objects.create(
        hostname="second.example", root_page=factories.ContentPageFactory(slug="second")
    )
    # Over there, /a does not lead here.
    link = "http://second.example/a"
    assert add(administrator, "/b", link, site=second.pk).status_code == 302


def test_a_page_at_the_very_path_is_a_circle(administrator: Client) -> None:
    page = factories.ContentPageFactory(slug="about")
    assert form_errors(add(administrator, "/about/", page=page)) == {"__all__": [CIRCLE]}
    assert add(administrator, "/about-us/", page=page).status_code == 302
    # It is saved again as it is, and changed.
    redirect = Redirect.objects.get()
    redirect.full_clean()
    redirect.old_path = "/about"
    with pytest.raises(ValidationError, match="leads back"):
        redirect.full_clean()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a" * 255, TOO_LONG),
        ("/" + "é" * 255, None),
        ("//[", NO_PATH),
        ("http://[::1", NO_PATH),
        ("", None),
        ("/nul\x00", None),
    ],
)
def test_a_path_that_cannot_be_kept_is_refused_with_a_sentence(
    administrator: Client, path: str, sentence: str | None
) -> None:
    for site in ("", factories.default_site().pk):
        errors = form_errors(add(administrator, path, "https://example.com/", site=site))
        assert sentence is None or errors["old_path"] == [sentence]
        assert "old_path" in errors
    assert not Redirect.objects.exists()


def test_a_path_of_255_characters_is_kept_whole(administrator: Client) -> None:
    path = "/" + "a" * 254
    assert add(administrator, f"{path}/", "https://example.com/").status_code in {200, 302}
    assert add(administrator, path, "https://example.com/").status_code in {200, 302}
    assert Redirect.objects.get().old_path == path


def test_a_redirect_to_nothing_is_refused_with_a_sentence(administrator: Client) -> None:
    assert form_errors(add(administrator, "/old")) == {"__all__": [NOWHERE]}


def test_a_redirect_ends_that_a_path_is_gone(administrator: Client) -> None:
    site = factories.default_site()
    for path in ("/ended", "/other"):
        FormerPath.objects.create(site=site, path=path)
    add(administrator, "/ended", "https://example.com/")
    assert [former.path for former in FormerPath.objects.all()] == ["/other"]


def imported(client: Client, name: str, data: bytes) -> Any:
    """Import a file, in the two steps that the admin has."""
    file = SimpleUploadedFile(name, data)
    response = client.post(reverse("wagtailredirects:start_import"), {"import_file": file})
    fields = {
        field["name"]: field.get("value", "")
        for field in soup(response).select("form input[type=hidden]")
    }
    sent = {**fields, "from_index": "0", "to_index": "1", "permanent": "on", "site": ""}
    return client.post(reverse("wagtailredirects:process_import"), sent, follow=True)


def test_an_import_takes_what_can_be_taken_and_names_the_rest(
    administrator: Client, root: str
) -> None:
    lines = [
        "from,to",
        "/a,https://example.com/a",
        "",
        f"/b,{root}/c",
        f"/c,{root}/b",
        f"/{'x' * 255},https://example.com/",
        "//[,https://example.com/",
        "/short",
        ",",
        "/d,https://example.com/d,more,than,there,are,headings",
    ]
    response = imported(administrator, "redirects.csv", "\n".join(lines).encode())
    text = soup(response).get_text(" ", strip=True)
    assert {*Redirect.objects.values_list("old_path", flat=True)} == {"/a", "/b", "/d"}
    for sentence in (CIRCLE, NO_PATH):
        assert sentence in text
    changes = Change.objects.exclude(object_type="").exclude(kind="search")
    assert all(change.kind == "redirect" for change in changes)


def test_a_command_imports_by_the_same_rules(root: str, tmp_path: Any) -> None:
    file = tmp_path / "redirects.csv"
    file.write_text(f"from,to\n/a,{root}/b\n/b,{root}/a\n")
    said = StringIO()
    call_command("import_redirects", src=str(file), stdout=said)
    assert CIRCLE in said.getvalue()
    assert [redirect.old_path for redirect in Redirect.objects.all()] == ["/a"]


def test_redirects_are_exported(administrator: Client) -> None:
    page = factories.ContentPageFactory(slug="about")
    Redirect.add_redirect("/old", page)
    Redirect.add_redirect("/out", "https://example.com/")
    response: Any = administrator.get(reverse("wagtailredirects:index"), {"export": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "/old" in text
    assert "https://example.com/" in text


def test_former_addresses_are_listed_and_deleted_and_never_made(
    moderator: Client, client: Client
) -> None:
    page = factories.ContentPageFactory(title="About")
    site = factories.default_site()
    gone = FormerPath.objects.create(site=site, path="/ended")
    FormerPath.objects.create(site=site, path=f"/{'x' * 300}", page=page)
    text = soup(moderator.get(reverse("former-addresses:index"))).get_text(" ", strip=True)
    for said in ("/ended", "Gone for good", "x" * 300, "About"):
        assert said in text
    assert moderator.get(reverse("former-addresses:add")).status_code in {302, 403}
    assert moderator.get(reverse("former-addresses:edit", args=[gone.pk])).status_code in {302, 403}
    assert client.get("/api/v2/pages/find/", {"html_path": "/ended"}).status_code == 410
    delete = reverse("former-addresses:delete", args=[gone.pk])
    assert moderator.post(delete).status_code == 302
    assert client.get("/api/v2/pages/find/", {"html_path": "/ended"}).status_code == 404
    log_in(client, "Editors")
    assert client.get(reverse("former-addresses:index")).status_code in {302, 403}
