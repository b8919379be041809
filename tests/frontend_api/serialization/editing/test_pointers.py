"""`meta.draft.edit`: where in the admin what an editor's preview shows is edited; nobody else is told."""

import datetime
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail import blocks
from wagtail.admin.admin_url_finder import finder_classes
from wagtail.models import Page

from cms.models import ContentPage, SiteSettings
from frontend_api.previews import tokens
from frontend_api.previews.sharing.actions import share
from frontend_api.serialization.editing.addresses import NestedAddresses
from frontend_api.serialization.editing.forms import form_of
from frontend_api.serialization.editing.pointers import _Found
from programmes.models import KeyFigure, Phase, ProgrammePage, ProgrammePartner, RelatedInsight
from tests import factories, previews
from tests.filled import Filler, page_types
from tests.frontend_api.conftest import Get
from tests.frontend_api.draft_site import editor_of, seen_by
from tests.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADMIN = "http://localhost:8000/admin/"
FRAGMENT = re.compile(
    r"#(:w:contentpath=[\w.-]+|block-[\w-]+-section|inline_child_\w+-\d+-panel-section|id_\w+-FORMS)"
)


def at(answer: Any, pointer: str) -> Any:
    """Return what a JSON pointer leads to."""
    for step in pointer.split("/")[1:]:
        answer = answer[int(step) if isinstance(answer, list) else step]
    return answer


def read(path: str, token: str, **query: str) -> Any:
    response = Client().get(f"/api/v2/{path}", query, headers=previews.bearer(token))
    assert response.status_code == 200, response.content
    return response.json()


def without_addresses(answer: Any) -> Any:
    """Return an answer as those get it who are told no addresses."""
    return {**answer, "meta": {**answer["meta"], "draft": None}}


def check_addresses(answer: Any, edit: dict[str, str]) -> None:
    """Check that every pointer leads to something, and every address into the admin, or into a form beside it."""
    for pointer, address in edit.items():
        at(answer, pointer)
        place, mark, fragment = address.partition("#")
        assert place.startswith(ADMIN) or not place, (pointer, address)
        assert not mark or FRAGMENT.fullmatch(mark + fragment), (pointer, address)


def figures(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "key_figures", "value": {"figures": list(items)}, "id": "figures"}


def item(key: str, value: Any) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": key}


@pytest.fixture
def programme() -> Any:
    """A programme that has and names one of everything."""
    page = factories.ProgrammePageFactory(
        title="Online",
        slug="online",
        summary="Short.",
        body=[
            {"type": "heading", "value": {"text": "Why", "level": "h2"}, "id": "why"},
            figures(
                item("ten", {"value": "10", "label": "cases", "as_of": None}),
                item("two", {"value": "2", "label": "files", "as_of": None}),
            ),
            {
                "type": "insights",
                "value": {
                    "heading": "More",
                    "insights": [item("first", factories.InsightPageFactory(title="A").pk)],
                },
                "id": "more",
            },
            {
                "type": "call_to_action",
                "value": {"label": "Go", "url": "https://e.org/"},
                "id": "go",
            },
        ],
    )
    partner = factories.PartnerFactory(name="INTERPOL", slug="interpol")
    related = factories.InsightPageFactory(title="B", slug="b")
    ProgrammePartner.objects.create(programme=page, partner=partner, sort_order=0)
    KeyFigure.objects.create(programme=page, value="7", label="things", sort_order=0)
    for place, title in enumerate(["First", "Second"]):
        Phase.objects.create(programme=page, title=title, start_year=2020, sort_order=place)
    RelatedInsight.objects.create(programme=page, insight=related, sort_order=0)
    return ProgrammePage.objects.get(pk=page.pk)


def test_golden_addresses(programme: Any) -> None:
    shown = read("preview/", previews.token_for(programme))
    edit = shown["meta"]["draft"]["edit"]
    check_addresses(shown, edit)
    names = {page.pk: page.title for page in Page.objects.all()}

    def stable(address: str) -> str:
        address = re.sub(
            r"/pages/(\d+)/", lambda found: f"/pages/({names[int(found[1])]})/", address
        )
        return re.sub(r"/edit/\d+/", "/edit/(id)/", address)

    assert_golden("edit", {pointer: stable(address) for pointer, address in edit.items()})


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model._meta.label)
def test_a_preview_without_addresses_is_the_published_page(get: Get, model: type[Page]) -> None:
    page = Filler(2).page(model)
    model.objects.filter(pk=page.pk).update(last_published_at=factories.PUBLISHED_AT)
    page = model.objects.get(pk=page.pk)
    shown = read("preview/", previews.token_for(page))
    live = get(f"pages/{page.pk}/")
    assert list(shown["meta"].pop("draft")) == ["is_draft", "live", "edit_url", "edit"]
    assert shown == live
    assert "draft" not in live["meta"]


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model._meta.label)
def test_every_field_of_the_form_that_is_shown_has_an_address(model: Any) -> None:
    page = Filler(2).page(model)
    shown = read("preview/", previews.token_for(model.objects.get(pk=page.pk)))
    edit = shown["meta"]["draft"]["edit"]
    check_addresses(shown, edit)
    form = form_of(model)
    for name in (form.fields | form.relations) & set(shown):
        assert f"/{name}" in edit
    for place, block in enumerate(shown.get("body", ())):
        assert edit[f"/body/{place}"].endswith(
            f"/pages/{page.pk}/edit/#block-{block['id']}-section"
        )


HEADINGS = st.fixed_dictionaries({"text": st.text(max_size=5), "level": st.just("h2")})
FIGURES = st.fixed_dictionaries(
    {"value": st.text(max_size=3), "label": st.text(max_size=3), "as_of": st.none()}
)
BLOCKS = st.lists(
    st.one_of(
        st.tuples(st.just("heading"), HEADINGS),
        st.tuples(st.just("rich_text"), st.just("<p>Text</p>")),
        st.tuples(st.just("gone_from_the_code"), st.just("x")),
        st.tuples(st.just("key_figures"), st.lists(FIGURES, max_size=3)),
    ),
    max_size=6,
)


def test_any_order_and_nesting_of_blocks_leads_to_the_block_itself(get: Get) -> None:
    page = factories.ContentPageFactory()
    _, user = previews.log_in()

    @settings(max_examples=15)
    @given(BLOCKS, st.booleans())
    def check(blocks: list[Any], is_old: bool) -> None:
        body = []
        for place, (kind, value) in enumerate(blocks):
            if kind == "key_figures":
                # Lists that were stored long ago have items without ids.
                items = [
                    one if is_old else item(f"item-{place}-{number}", one)
                    for number, one in enumerate(value)
                ]
                value = {"figures": items}
            body.append({"type": kind, "value": value, "id": f"id-{place}"})
        page.body = json.dumps(body)
        page.save()
        stored = ContentPage.objects.get(pk=page.pk)
        shown = read("preview/", previews.token_for(stored, user))
        edit = shown["meta"].pop("draft")["edit"]
        check_addresses(shown, edit)
        assert shown == get(f"pages/{page.pk}/")
        kept = [block for block in body if block["type"] != "gone_from_the_code"]
        assert [block["id"] for block in shown["body"]] == [block["id"] for block in kept]
        form = f"{ADMIN}pages/{page.pk}/edit/"
        for place, block in enumerate(kept):
            assert edit[f"/body/{place}"] == f"{form}#block-{block['id']}-section"
            for number, one in enumerate(
                block["value"].get("figures", ()) if "figures" in block["value"] else ()
            ):
                pointer = f"/body/{place}/value/figures/{number}"
                assert at(shown, pointer)["label"] == (one if is_old else one["value"])["label"]
                assert edit.get(pointer) == (
                    None if is_old else f"{form}#block-{one['id']}-section"
                )

    check()


def test_an_item_that_was_stored_long_ago_may_have_a_field_that_is_called_id() -> None:
    list_block = blocks.ListBlock(blocks.StructBlock([("id", blocks.CharBlock())]))
    found, stored = _Found(), [{"id": "a field"}]
    found._add_block(list_block, stored, stored, "form/", "/body", "body")
    assert found.addresses == {}


def test_nobody_but_editors_is_told_an_address(programme: Any, get: Get) -> None:
    user = factories.UserFactory(is_superuser=True)
    terms = {"made_for": "", "expires_at": timezone.now() + datetime.timedelta(days=1)}
    _, seed = share(programme, factories.default_site(), user, terms)
    shared = previews.bearer(tokens.derived_token(tokens.SHARE, seed))
    key = programme.pk
    paths = [
        "preview/",
        "pages/",
        f"pages/{key}/",
        f"programmes/{key}/",
        "programmes/",
        "insights/",
        "site/",
        "partners/",
        "themes/",
        "images/",
        "documents/",
        "search/?q=online",
        "autocomplete/?q=onl",
        "pages/?view=detail",
        f"pages/find/?id={key}",
    ]
    for path in paths:
        for headers in ({}, shared):
            response = Client().get(f"/api/v2/{path}", headers=headers)
            if path != "preview/" or headers:
                assert response.status_code == 200, (path, response.content)
            text = response.content.decode()
            assert "/admin/" not in text
            assert '"edit"' not in text
            assert "contentpath" not in text
    draft = Client().get("/api/v2/preview/", headers=shared).json()["meta"]["draft"]
    assert draft == {"is_draft": True, "live": True, "edit_url": None}


def test_listings_lead_to_what_they_list(programme: Any) -> None:
    with seen_by(editor_of(factories.home())):
        for path in ("programmes/", "pages/", "search/?q=online"):
            listing = Client().get(f"/api/v2/{path}").json()
            edit = listing["meta"]["draft"]["edit"]
            check_addresses(listing, edit)
            place = next(
                number for number, one in enumerate(listing["items"]) if one["id"] == programme.pk
            )
            form = f"{ADMIN}pages/{programme.pk}/edit/"
            assert edit[f"/items/{place}"] == form
            assert edit[f"/items/{place}/title"] == f"{form}#:w:contentpath=title"
        whole = Client().get("/api/v2/programmes/?view=detail").json()
        assert "draft" not in whole["meta"]
        assert whole["items"][0]["meta"]["draft"]["edit"]["/title"].endswith("contentpath=title")
        assert "meta" not in Client().get("/api/v2/autocomplete/?q=onl").json()


def test_a_page_that_may_not_be_edited_has_addresses_of_what_it_names_alone(programme: Any) -> None:
    """Whether those may be edited would cost a query; the admin says so there."""
    section = factories.ContentPageFactory()
    with seen_by(editor_of(section)):
        edit = Client().get(f"/api/v2/pages/{programme.pk}/").json()["meta"]["draft"]["edit"]
        assert {pointer.split("/")[1] for pointer in edit} == {
            "body",
            "partners",
            "related_insights",
        }
        assert set(edit) >= {"/related_insights/0", "/body/2/value/insights/0"}


def test_a_page_that_was_never_saved_has_fragments_of_its_form() -> None:
    typed = ContentPage(title="New", slug="new", body=[("heading", {"text": "H", "level": "h2"})])
    home = factories.home()
    typed.path, typed.depth = home.path + "0001", home.depth + 1
    typed.locale = home.locale
    shown = read("preview/", previews.token_for(typed))
    edit = shown["meta"]["draft"]["edit"]
    assert edit["/title"] == "#:w:contentpath=title"
    assert edit["/body/0"] == f"#block-{shown['body'][0]['id']}-section"
    assert shown["meta"]["draft"]["edit_url"] is None


def test_fields_that_are_not_asked_for_have_no_address(programme: Any) -> None:
    token = previews.token_for(programme)
    shown = read("preview/", token, fields="_,summary,slug")
    assert set(shown["meta"]["draft"]["edit"]) == {"/summary", "/meta/slug"}
    assert read("preview/", token, fields="_,summary") == {"summary": "Short."}


def test_an_alias_is_edited_at_its_original(programme: Any) -> None:
    alias = programme.create_alias(update_slug="alias")
    shown = read(f"pages/{alias.pk}/", previews.token_for(programme))
    edit = shown["meta"]["draft"]["edit"]
    assert "/title" not in edit
    assert edit["/partners/0"].startswith(f"{ADMIN}snippets/programmes/partner/")


def test_what_stands_around_a_page_is_edited_in_the_settings_of_its_site() -> None:
    kept = SiteSettings.for_site(factories.default_site())
    token = previews.token_for(factories.home())
    shown = read("site/", token)
    form = f"{ADMIN}snippets/cms/sitesettings/edit/{kept.pk}/"
    assert shown["meta"]["draft"] == {
        "edit": {
            "/organisation": f"{form}#:w:contentpath=organisation",
            "/footer_text": f"{form}#:w:contentpath=footer_text",
            "/social_links": f"{form}#id_social_links-FORMS",
            "/navigation": f"{form}#id_navigation-FORMS",
            "/footer_navigation": f"{form}#id_footer_navigation-FORMS",
            "/words": f"{form}#id_words-FORMS",
        }
    }


def test_addresses_take_as_many_queries_for_many_as_for_one(programme: Any) -> None:
    token = previews.token_for(factories.home())

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            read(path, token)
        return len(asked)

    paths = [f"pages/{programme.pk}/", "partners/"]
    read(paths[0], token)
    one = [queries(path) for path in paths]
    for place in range(1, 50):
        partner = factories.PartnerFactory()
        ProgrammePartner.objects.create(programme=programme, partner=partner, sort_order=place)
    assert [queries(path) for path in paths] == one
    edit = read(paths[0], token)["meta"]["draft"]["edit"]
    assert sum(bool(re.fullmatch(r"/partners/\d+", pointer)) for pointer in edit) == 50


class BySite:
    """The address of what is edited by its site, as the settings of a site are: a key alone leads nowhere."""

    def __init__(self, user: Any = None) -> None:
        """Know of nobody."""

    def get_edit_url(self, instance: Any) -> str:
        """Return the address, for which a site has to be known."""
        return reverse("wagtailadmin_pages:edit", args=[instance.__dict__.get("site_id")])


def test_what_is_not_edited_by_its_key_alone_has_no_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = {"id": 7, "meta": {"type": "programmes.Partner"}}
    assert NestedAddresses().find(named)
    monkeypatch.setattr(finder_classes, "get", lambda instance: BySite)
    assert NestedAddresses().find(named) is None
