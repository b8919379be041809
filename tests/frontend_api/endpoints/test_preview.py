"""Previews: an editor's unsaved changes as JSON, through the admin's own preview views."""

import datetime
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail_headless_preview.models import PagePreview

from cms.models import HomePage
from programmes.models import ProgrammePage
from tests import factories, previews
from tests.frontend_api.draft_site import editor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is logged in."""
    client.force_login(factories.UserFactory(groups=["Editors"]))
    return client


@pytest.fixture
def other_site() -> Site:
    """A second site, with a home of its own."""
    other = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    return Site.objects.create(hostname="other.example", port=443, root_page=other)


def programme_form(**changed: Any) -> dict[str, str]:
    """Return what the browser sends while an editor writes a programme."""
    form: dict[str, Any] = {
        "title": "Draft title",
        "slug": "draft-slug",
        "summary": "",
        "image": "",
        "start_year": "2020",
        "end_year": "",
        "seo_title": "",
        "search_description": "",
        "themes": [],
        "body": streamfield([]),
        "partners": inline_formset([]),
        "key_figures": inline_formset([]),
        "phases": inline_formset([]),
        "related_insights": inline_formset([]),
        "comments": inline_formset([]),
        **changed,
    }
    many = {name: form.pop(name) for name in list(form) if isinstance(form[name], list)}
    data: dict[str, Any] = nested_form_data(form)
    return {**data, **many}


def preview(editor: Client, address: str, form: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Send the form to the preview at `address`, as the side panel does; return where it leads."""
    answer = editor.post(address, form)
    assert answer.json() == {"is_valid": True, "is_available": True}, answer.content
    response = editor.get(address, {"in_preview_panel": "true"})
    assert response.status_code == 302
    target = urlsplit(response.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(target.query).items()}
    assert set(query) == {"content_type", "token"}
    return f"{target.scheme}://{target.netloc}{target.path}", query


def edit_address(page: Page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def add_address(model: type[Page], parent: Page) -> str:
    return reverse(
        "wagtailadmin_pages:preview_on_add",
        args=[model._meta.app_label, model._meta.model_name, parent.pk],
    )


def read(query: dict[str, str], status: int = 200, **more: str) -> Any:
    """Read the preview as a frontend does: without a login."""
    response = Client().get("/api/v2/preview/", {**query, **more})
    assert response.status_code == status, response.content
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    return response.json()


def test_unsaved_changes_are_shown_with_inline_children_and_chosen_snippets(editor: Client) -> None:
    page = factories.ProgrammePageFactory(title="Live title", slug="live-slug")
    theme, partner = factories.ThemeFactory(), factories.PartnerFactory()
    second = factories.PartnerFactory()
    chosen, other = factories.InsightPageFactory(), factories.InsightPageFactory()
    before = Client().get(f"/api/v2/pages/{page.pk}/").json()
    address, query = preview(
        editor,
        edit_address(page),
        programme_form(
            summary="A new summary",
            end_year="2029",
            themes=[theme.pk],
            image=str(factories.ImageFactory(title="Harbour").pk),
            partners=inline_formset([{"partner": second.pk}, {"partner": partner.pk}]),
            key_figures=inline_formset([{"value": "7", "label": "things", "as_of": "2024-01-01"}]),
            phases=inline_formset(
                [
                    {
                        "title": "First",
                        "start_year": "2020",
                        "end_year": "2021",
                        "text": rich_text(f'<p><a linktype="page" id="{chosen.pk}">x</a></p>'),
                    }
                ]
            ),
            related_insights=inline_formset([{"insight": other.pk}, {"insight": chosen.pk}]),
            body=streamfield([("heading", {"text": "Why", "level": "h2"})]),
        ),
    )
    assert address == "http://localhost/preview"
    assert query["content_type"] == "programmes.programmepage"
    shown = read(query)
    assert shown["id"] == page.pk
    assert shown["title"] == "Draft title"
    assert shown["summary"] == "A new summary"
    assert shown["image"]["title"] == "Harbour"
    assert shown["period"] == "2020 – 2029"
    assert shown["status"] == "active"
    assert [item["slug"] for item in shown["partners"]] == [second.slug, partner.slug]
    assert shown["themes"] == [
        {"id": theme.pk, "name": theme.name, "slug": theme.slug, "meta": {"type": "cms.Theme"}}
    ]
    figure = {"value": "7", "label": "things", "as_of": "2024-01-01"}
    assert shown["key_figures"] == [{"id": 0, **figure, "meta": {"type": "programmes.KeyFigure"}}]
    assert [phase["title"] for phase in shown["phases"]] == ["First"]
    assert chosen.slug in shown["phases"][0]["text"]
    assert [item["id"] for item in shown["related_insights"]] == [other.pk, chosen.pk]
    assert shown["body"][0]["value"] == {"text": "Why", "level": "h2"}
    assert shown["meta"]["html_url"] == "http://localhost/programmes/draft-slug/"
    assert set(shown) == set(before)
    assert set(shown["meta"]) == {*before["meta"], "draft"}
    # Readers see what they saw before, and nothing of the draft was saved.
    assert Client().get(f"/api/v2/pages/{page.pk}/").json() == before


def test_a_page_that_was_never_saved_has_a_real_path_and_no_nulls(editor: Client) -> None:
    theme = factories.ThemeFactory()
    related = factories.InsightPageFactory(themes=[theme])
    live = factories.ProgrammePageFactory(themes=[theme])
    began = timezone.now().replace(microsecond=0)
    _, query = preview(
        editor,
        add_address(ProgrammePage, factories.programme_index()),
        programme_form(
            themes=[theme.pk],
            partners=inline_formset([{"partner": factories.PartnerFactory().pk}]),
        ),
    )
    shown = read(query)
    reference = Client().get(f"/api/v2/pages/{live.pk}/").json()
    assert shown["id"] == 0
    assert shown["title"] == "Draft title"
    assert [item["id"] for item in shown["related_insights"]] == [related.pk]
    assert len(shown["partners"]) == 1
    assert shown["meta"]["html_url"] == "http://localhost/programmes/draft-slug/"
    assert shown["meta"]["parent"] == reference["meta"]["parent"]
    assert shown["meta"]["locale"] == reference["meta"]["locale"]
    assert set(shown) == set(reference)
    assert set(shown["meta"]) == {*reference["meta"], "draft"}
    for part, live_part in ((shown, reference), (shown["meta"], reference["meta"])):
        for name, value in live_part.items():
            if value is not None and name != "end_year":
                assert part[name] is not None, name
    published = datetime.datetime.fromisoformat(shown["meta"]["first_published_at"])
    assert began <= published <= timezone.now()
    assert not Page.objects.filter(slug="draft-slug").exists()


def test_an_incomplete_form_is_previewed_too(editor: Client) -> None:
    """An editor sees the page grow: a title is all that a preview needs."""
    form = programme_form(title="", slug="", start_year="")
    shown = read(preview(editor, add_address(ProgrammePage, factories.programme_index()), form)[1])
    assert shown["title"] == "Placeholder title"
    assert shown["start_year"] is None
    assert shown["period"] == ""
    assert re.fullmatch(r"http://localhost/programmes/[0-9a-f-]{36}/", shown["meta"]["html_url"])


def test_a_draft_preview_equals_the_page_that_it_becomes(editor: Client) -> None:
    page = factories.ProgrammePageFactory(
        themes=[factories.ThemeFactory()],
        partners=[factories.PartnerFactory(), factories.PartnerFactory()],
        figures=[{"value": "1", "label": "a"}, {"value": "2", "label": "b"}],
        parts=[{"title": "x", "start_year": 2015, "end_year": 2016}],
    )
    page.title = "Changed"
    page.slug = "changed"
    query = previews.query_for(page)
    shown = read(query)
    page.save_revision().publish()
    live = Client().get(f"/api/v2/pages/{page.pk}/").json()
    del shown["meta"]["draft"]
    for dated in (shown, live):
        dated["meta"].pop("last_published_at")
    assert shown == live


def test_a_preview_takes_fields(editor: Client) -> None:
    page = factories.ProgrammePageFactory(partners=[factories.PartnerFactory(name="INTERPOL")])
    assert read(previews.query_for(page), fields="_,title,partners(_,name)") == {
        "title": page.title,
        "partners": [{"name": "INTERPOL"}],
    }
    assert "nope" in read(previews.query_for(page), status=400, fields="nope")["detail"]


@pytest.mark.parametrize(
    "make",
    [
        factories.home,
        factories.programme_index,
        factories.insight_index,
        factories.ContentPageFactory,
        factories.InsightPageFactory,
        factories.ProgrammePageFactory,
        factories.EventPageFactory,
    ],
)
def test_every_page_type_has_previews(editor: Client, make: Any) -> None:
    """Through "View draft", which opens a new tab, and the plugin's type among them."""
    page = make()
    page.save_revision()
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 302
    target = urlsplit(response.headers["Location"])
    assert (target.netloc, target.path) == ("localhost", "/preview")
    shown = read({name: values[0] for name, values in parse_qs(target.query).items()})
    edit_url = f"http://localhost:8000/admin/pages/{page.pk}/edit/"
    state = shown["meta"].pop("draft")
    assert state.pop("edit")["/title"] == f"{edit_url}#:w:contentpath=title"
    assert state == {"is_draft": True, "live": True, "edit_url": edit_url}
    live = Client().get(f"/api/v2/pages/{page.pk}/").json()
    assert shown == live


def test_a_preview_opens_on_the_site_of_the_page(editor: Client, other_site: Site) -> None:
    page = factories.ContentPageFactory(parent=other_site.root_page.specific, slug="there")
    page.save_revision()
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.headers["Location"].startswith("https://other.example/preview?")
    shown = read(previews.query_for(page))
    assert shown["meta"]["html_url"] == "https://other.example/there/"
    assert shown["meta"]["locale"] == page.locale.language_code


def test_a_changed_slug_of_home_leaves_it_at_the_root(editor: Client) -> None:
    home = factories.home()
    home.slug = "welcome"
    assert read(previews.query_for(home))["meta"]["html_url"] == "http://localhost/"


def test_a_draft_sees_of_other_pages_what_its_editor_may_edit(editor: Client) -> None:
    """What was unpublished and left alone is nobody's draft."""
    gone = factories.InsightPageFactory(title="Zanzibar", live=False)
    secret = factories.InsightPageFactory(title="Zanzibar", live=False, last_published_at=None)
    page = factories.ProgrammePageFactory(
        insights=[secret, gone],
        body=[{"type": "rich_text", "value": f'<a linktype="page" id="{secret.pk}">x</a>'}],
    )
    shown = read(previews.query_for(page, editor_of(page)))
    assert "zanzibar" not in str(shown).lower()
    assert shown["related_insights"] == []
    assert shown["body"][0]["value"] == "x"
    shown = read(previews.query_for(page))
    assert [item["id"] for item in shown["related_insights"]] == [secret.pk]
    assert shown["body"][0]["value"] == f'<a href="/insight/{secret.slug}/">x</a>'


def malformed_queries() -> dict[str, Any]:
    good = previews.query_for(factories.ProgrammePageFactory())
    return {
        "no token": {"content_type": good["content_type"]},
        "no type": {"token": good["token"]},
        "an empty token": {**good, "token": ""},
        "a null character": {**good, "token": good["token"] + "\x00"},
        "a type without previews": {**good, "content_type": "wagtailcore.page"},
        "a model that is no page": {**good, "content_type": "cms.user"},
        "no such type": {**good, "content_type": "nope.nope"},
        "a type without a dot": {**good, "content_type": "programmepage"},
        "two dots": {**good, "content_type": "a.b.c"},
    }


def test_a_malformed_request_is_told_what_is_wrong() -> None:
    for name, query in malformed_queries().items():
        problem = read(query, status=400)
        assert problem["errors"][0]["parameter"] in {"token", "content_type"}, name


def test_a_token_is_given_once() -> None:
    """In the address, or in the header that it has moved to."""
    query = previews.query_for(factories.ProgrammePageFactory(title="A draft"))
    in_header = {"headers": previews.bearer(query["token"])}
    assert Client().get("/api/v2/preview/", **in_header).json()["title"] == "A draft"
    type_only = {"content_type": query["content_type"]}
    assert Client().get("/api/v2/preview/", type_only, **in_header).json()["title"] == "A draft"
    twice = Client().get("/api/v2/preview/", query, **in_header)
    assert twice.status_code == 400
    assert twice.json()["errors"][0]["parameter"] == "token"


def test_two_editors_of_one_page_see_each_their_own_text() -> None:
    page = factories.ProgrammePageFactory()
    shown = []
    for summary in ("Typed by one", "Typed by the other"):
        browser, _ = previews.log_in(factories.UserFactory(groups=["Editors"]))
        shown.append(preview(browser, edit_address(page), programme_form(summary=summary))[1])
    assert [read(query)["summary"] for query in shown] == ["Typed by one", "Typed by the other"]


def test_two_previews_in_one_second_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now)
    page = factories.ProgrammePageFactory(title="First")
    user = factories.UserFactory(is_superuser=True)
    first = previews.query_for(page, user)
    page.title = "Second"
    second = previews.query_for(page, user)
    assert [read(query)["title"] for query in (first, second)] == ["First", "Second"]


def test_a_preview_follows_a_page_that_moves() -> None:
    page = factories.ContentPageFactory(slug="there")
    query = previews.query_for(page)
    parent = factories.ContentPageFactory(slug="elsewhere")
    page.move(parent, pos="last-child")
    assert read(query)["meta"]["html_url"] == "http://localhost/elsewhere/there/"


def test_the_frontend_of_a_site_is_known_by_its_hostname(editor: Client, other_site: Site) -> None:
    pages = [
        factories.ContentPageFactory(slug="here"),
        factories.ContentPageFactory(slug="there", parent=other_site.root_page.specific),
    ]
    urls = {
        "default": "{SITE_ROOT_URL}/preview",
        "other.example": "https://preview.other.example/draft",
    }
    with override_settings(WAGTAIL_HEADLESS_PREVIEW={"CLIENT_URLS": urls}):
        opened = []
        for page in pages:
            page.save_revision()
            response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
            opened.append(response.headers["Location"].partition("?")[0])
    assert opened == ["http://localhost/preview/", "https://preview.other.example/draft/"]


def test_the_redirect_with_the_token_is_kept_by_nobody(editor: Client) -> None:
    page = factories.ContentPageFactory()
    page.save_revision()
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert set(response.headers["Cache-Control"].split(", ")) >= {"private", "no-store"}
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_nobody_previews_without_a_login() -> None:
    response = factories.ContentPageFactory().make_preview_request()
    assert response.status_code == 403
    assert not PagePreview.objects.exists()


def test_a_preview_is_stored_under_nothing_that_shows_it() -> None:
    query = previews.query_for(factories.ContentPageFactory())
    (stored,) = PagePreview.objects.all()
    assert query["token"] not in stored.token
    assert query["token"] not in stored.content_json
