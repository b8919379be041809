"""`site/`: menus as trees, languages, what is shared, and words; per site and language, with drafts for editors."""

import datetime
import json
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from cms.models import FooterItem, NavigationItem, SiteSettings, SocialLink, Word
from cms.words import WORDS
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.surrogate_keys import of_everything
from frontend_api.previews import tokens
from frontend_api.previews.sharing.actions import share
from tests import factories, previews
from tests.bilingual import Bilingual, bilingual, translated
from tests.cms.admin import form_data
from tests.frontend_api.caching.scene import Asking
from tests.frontend_api.conftest import Get

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENGLISH = {
    "code": "en-gb",
    "name": "English",
    "html_url": "http://localhost/",
    "is_default": True,
}
FRENCH = {
    "code": "fr",
    "name": "Français",
    "html_url": "http://localhost/fr/",
    "is_default": False,
}


@pytest.fixture
def two_languages(db: None, settings: Any) -> Bilingual:
    """The default site in English and French."""
    return bilingual(settings)


def link(page: Any = None, url: str = "", label: str = "", *children: Any) -> dict[str, Any]:
    """Return a link below an item, as it is stored."""
    value = {"page": page and page.pk, "url": url, "label": label}
    if children:
        value["children"] = [{"type": "item", "value": child["value"]} for child in children]
    return {"type": "link", "value": value}


def labels(menu: list[dict[str, Any]]) -> list[Any]:
    """Return the labels of a menu, with those below each."""
    return [(item["label"], labels(item["children"])) for item in menu]


class TestMenus:
    """Menus are trees of what readers see."""

    def test_what_is_not_seen_is_left_out_with_what_is_below_it(self, get: Get) -> None:
        about = factories.ContentPageFactory(title="About")
        team = factories.ContentPageFactory(title="Team", parent=about)
        draft = factories.ContentPageFactory(title="Draft", live=False)
        private = factories.ContentPageFactory(title="Private")
        factories.restrict(private)
        kept = SiteSettings.for_site(factories.default_site())
        for relation, model in (("navigation", NavigationItem), ("footer_navigation", FooterItem)):
            items = [
                model(
                    page=about,
                    children=[link(team), link(draft), link(url="https://e.org/", label="E")],
                ),
                model(page=draft, children=[link(team)]),
                model(page=private, children=[link(team)]),
                model(
                    url="https://e.org/",
                    label="Elsewhere",
                    children=[link(private), link(team, label="Us")],
                ),
            ]
            setattr(kept, relation, items)
        kept.save()
        shown = get("site/")
        expected = [("About", [("Team", []), ("E", [])]), ("Elsewhere", [("Us", [])])]
        assert labels(shown["navigation"]) == labels(shown["footer_navigation"]) == expected
        about.unpublish()
        assert labels(get("site/")["navigation"]) == [("Elsewhere", [])]

    def test_a_page_that_is_deleted_leaves_the_rest(self, get: Get) -> None:
        page, other = factories.ContentPageFactory(), factories.ContentPageFactory(title="Other")
        kept = SiteSettings.for_site(factories.default_site())
        kept.navigation = [NavigationItem(page=other, children=[link(page), link(other)])]
        kept.save()
        page.delete()
        assert labels(get("site/")["navigation"]) == [("Other", [("Other", [])])]

    @pytest.mark.parametrize("levels", [1, 2, 3])
    def test_there_are_as_many_levels_as_the_project_says(
        self, get: Get, settings: Any, levels: int
    ) -> None:
        settings.NAVIGATION_LEVELS = levels
        page = factories.ContentPageFactory(title="P")
        kept = SiteSettings.for_site(factories.default_site())
        below = link(page, "", "2", link(page, "", "3", link(page, "", "4")))
        kept.navigation = [NavigationItem(page=page, label="1", children=[below])]
        kept.save()
        found, menu = [], get("site/")["navigation"]
        while menu:
            found.append(menu[0]["label"])
            menu = menu[0]["children"]
        assert found == ["1", "2", "3"][:levels]

    def test_a_long_menu_takes_as_many_queries_as_a_short_one(self, client: Client) -> None:
        kept = SiteSettings.for_site(factories.default_site())
        pages = [factories.ContentPageFactory() for _ in range(8)]

        def queries(few: int) -> int:
            below = [link(page) for page in pages[:few]]
            kept.navigation = [NavigationItem(page=one, children=below) for one in pages[:few]]
            kept.footer_navigation = [FooterItem(page=one) for one in pages[:few]]
            kept.words = [Word(name=name, text="x") for name in [*WORDS][:few]]
            kept.save()
            with CaptureQueriesContext(connection) as captured:
                assert len(client.get("/api/v2/site/").json()["navigation"]) == few
            return len(captured)

        queries(1)
        assert queries(8) == queries(1) <= 10


class TestWordsAndShare:
    """What templates need, and what stands in where a page is shared."""

    def test_editors_put_a_word_otherwise(self, get: Get) -> None:
        assert get("site/")["words"]["read_more"] == "Read more"
        kept = SiteSettings.for_site(factories.default_site())
        kept.words = [Word(name="read_more", text="Go on"), Word(name="gone_since", text="x")]
        kept.save()
        shown = get("site/")["words"]
        assert shown["read_more"] == "Go on"
        assert set(shown) == set(WORDS)

    def test_what_is_shared_is_there_or_null(self, get: Get) -> None:
        assert get("site/")["share"] == {
            "image": None,
            "description": "",
            "publisher": "",
            "logo": None,
        }
        kept = SiteSettings.for_site(factories.default_site())
        kept.organisation, kept.description = "HDF", "What we do."
        kept.share_image, kept.logo = factories.ImageFactory(title="S"), factories.ImageFactory()
        kept.save()
        share = get("site/")["share"]
        assert (share["description"], share["publisher"]) == ("What we do.", "HDF")
        assert share["image"]["title"] == "S"
        assert share["logo"]["id"] == kept.logo.pk


class TestLanguages:
    """A site in two languages says so, and has settings in each."""

    def test_the_languages_are_those_with_a_public_home_page(
        self, get: Get, two_languages: Bilingual
    ) -> None:
        assert get("site/")["locales"] == [ENGLISH, FRENCH]
        two_languages.accueil.unpublish()
        assert get("site/")["locales"] == [ENGLISH]

    def test_a_site_in_one_language_has_one(self, get: Get) -> None:
        shown = get("site/")
        assert [one["code"] for one in shown["locales"]] == ["en-gb"]
        assert shown["meta"] == {"locale": "en-gb", "tag_of_everything": of_everything()}

    def test_each_language_has_its_own_menu_and_words(
        self, get: Get, two_languages: Bilingual
    ) -> None:
        french = SiteSettings.for_site(factories.default_site(), two_languages.french)
        shown = get("site/", locale="fr")
        assert shown["meta"] == {"locale": "fr", "tag_of_everything": of_everything()}
        # Without items of its own, the menu has the French pages that are shown in menus.
        assert [item["url"] for item in shown["navigation"]] == ["/fr/a-propos/"]
        assert shown["words"]["read_more"] == "Lire la suite"
        french.navigation = [NavigationItem(page=two_languages.accueil, label="Début")]
        french.footer_text, french.organisation = "<p>Bonjour</p>", "FDH"
        french.save()
        shown = get("site/", locale="fr")
        assert [item["label"] for item in shown["navigation"]] == ["Début"]
        assert (shown["footer_text"], shown["organisation"]) == ("<p>Bonjour</p>", "FDH")
        assert get("site/")["words"]["read_more"] == "Read more"
        assert get("site/")["organisation"] == ""
        assert set(get("site/")) == set(shown)

    def test_what_is_missing_is_missing_unless_one_falls_back(
        self, get: Get, two_languages: Bilingual
    ) -> None:
        own = SiteSettings.for_site(factories.default_site())
        own.organisation = "HDF"
        own.save()
        assert get("site/", locale="fr")["organisation"] == ""
        given = get("site/", locale="fr", fallback="default")
        assert (given["organisation"], given["meta"]["locale"]) == ("HDF", "en-gb")
        french = SiteSettings.for_site(factories.default_site(), two_languages.french)
        assert get("site/", locale="fr", fallback="default")["meta"]["locale"] == "fr"
        french.unpublish()
        assert get("site/", locale="fr", fallback="default")["meta"]["locale"] == "en-gb"
        two_languages.accueil.unpublish()
        get("site/", locale="fr", expect=404)
        assert get("site/", locale="fr", fallback="default")["meta"]["locale"] == "en-gb"

    def test_an_unknown_language_is_named(self, get: Get) -> None:
        for address in ("site/", "pages/", "programmes/", "insights/"):
            (error,) = get(address, locale="xx", expect=404)["errors"]
            assert error["parameter"] == "locale"
        (error,) = get("site/", fallback="fr", expect=400)["errors"]
        assert error["parameter"] == "fallback"


class TestDrafts:
    """Editors see the drafts of what stands around pages, and nobody else does."""

    def test_a_draft_is_in_the_draft_site_alone(self, get: Get, client: Client) -> None:
        kept = SiteSettings.for_site(factories.default_site())
        kept.organisation = "Published"
        kept.save_revision().publish()
        kept.organisation = "Draft"
        kept.navigation = [NavigationItem(url="https://e.org/", label="Draft")]
        kept.words = [Word(name="search", text="Seek")]
        kept.save_revision()
        assert get("site/")["organisation"] == "Published"

        def seen(user: Any) -> Any:
            token = previews.token_for(factories.home(), user)
            return client.get("/api/v2/site/", headers=previews.bearer(token)).json()

        moderator = factories.UserFactory(groups=["Moderators"])
        shown = seen(moderator)
        assert (shown["organisation"], shown["words"]["search"]) == ("Draft", "Seek")
        assert labels(shown["navigation"]) == [("Draft", [])]
        assert set(shown) == set(get("site/"))
        # Who may not change it sees what is published.
        editor = factories.UserFactory(groups=["Editors"])
        assert seen(editor)["organisation"] == "Published"

    def test_a_draft_is_shown_as_what_it_becomes(self, get: Get, client: Client) -> None:
        page = factories.ContentPageFactory(title="P")
        kept = SiteSettings.for_site(factories.default_site())
        kept.organisation, kept.description = "HDF", "What we do."
        kept.share_image, kept.footer_text = factories.ImageFactory(), "<p>Footer</p>"
        kept.navigation = [NavigationItem(page=page, children=[link(page, label="Below")])]
        kept.footer_navigation = [FooterItem(url="https://e.org/", label="E")]
        kept.social_links = [SocialLink(label="L", url="https://l.example/")]
        kept.words = [Word(name="search", text="Seek")]
        revision = kept.save_revision()
        headers = previews.bearer(previews.token_for(factories.home()))
        draft = client.get("/api/v2/site/", headers=headers).json()
        typed = client.get("/api/v2/site/", headers=previews.bearer(previews.token_for(kept)))
        revision.publish()
        published = get("site/")
        typed_draft = typed.json()
        # Where it is edited is what only editors are told.
        edits = [one["meta"].pop("draft")["edit"] for one in (draft, typed_draft)]
        edit = f"http://localhost:8000/admin/snippets/cms/sitesettings/edit/{kept.pk}/"
        for addresses in edits:
            assert addresses["/organisation"] == f"{edit}#:w:contentpath=organisation"
            assert addresses["/navigation"] == f"{edit}#id_navigation-FORMS"
        # A row that was never saved has no id yet.
        for one in (draft, typed_draft, published):
            assert [item.pop("id") for item in one["social_links"]]
            one["share"]["image"].pop("sources")
        assert draft == typed_draft == published

    def test_who_has_a_link_to_a_draft_sees_what_is_published_around_it(
        self, get: Get, client: Client
    ) -> None:
        kept = SiteSettings.for_site(factories.default_site())
        kept.organisation = "Draft"
        kept.save_revision()
        user = factories.UserFactory(is_superuser=True)
        terms = {"made_for": "", "expires_at": timezone.now() + datetime.timedelta(days=1)}
        _, seed = share(factories.home(), factories.default_site(), user, terms)
        headers = previews.bearer(tokens.derived_token(tokens.SHARE, seed))
        assert client.get("/api/v2/site/", headers=headers).json()["organisation"] == ""

    def test_a_draft_that_cannot_be_used_is_passed_over(self, get: Get, client: Client) -> None:
        kept = SiteSettings.for_site(factories.default_site())
        kept.organisation = "Published"
        kept.save_revision().publish()
        kept.organisation = "Draft"
        revision = kept.save_revision()
        revision.content = {**revision.content, "pk": "x", "navigation": [3]}
        revision.save()
        headers = previews.bearer(previews.token_for(factories.home()))
        shown = client.get("/api/v2/site/", headers=headers).json()
        assert shown["organisation"] == "Published"

    def test_what_was_never_published_is_in_the_draft_site(self, get: Get, client: Client) -> None:
        kept = SiteSettings.for_site(factories.default_site(), live=False)
        kept.organisation = "Draft"
        kept.save()
        assert get("site/")["organisation"] == ""
        headers = previews.bearer(previews.token_for(factories.home()))
        assert client.get("/api/v2/site/", headers=headers).json()["organisation"] == "Draft"

    def test_a_preview_opens_at_home_with_what_is_typed(self, get: Get, client: Client) -> None:
        moderator, _ = previews.log_in(factories.UserFactory(groups=["Moderators"]))
        kept = SiteSettings.for_site(factories.default_site())
        address = reverse(
            SiteSettings.snippet_viewset.get_url_name("preview_on_edit"), args=[kept.pk]
        )
        form = form_data(
            {"organisation": "Typed", "footer_text": "null"},
            *("navigation", "footer_navigation", "social_links", "words"),
        )
        assert moderator.post(address, form).json()["is_valid"]
        opened = moderator.get(address)
        assert opened.status_code == 302, opened.content
        assert opened.headers["Location"].startswith("http://localhost/preview?")
        query = dict(
            part.split("=") for part in opened.headers["Location"].partition("?")[2].split("&")
        )
        token = query["token"].replace("%3A", ":")
        headers = previews.bearer(token)
        draft = client.get("/api/v2/preview/", headers=headers).json()
        assert draft["meta"]["html_url"] == "http://localhost/"
        assert draft["meta"]["draft"]["is_draft"]
        assert draft["meta"]["draft"]["edit_url"].endswith(f"/cms/sitesettings/edit/{kept.pk}/")
        named = {"content_type": "cms.sitesettings", "token": token}
        assert client.get("/api/v2/preview/", named).json()["id"] == draft["id"]
        assert client.get("/api/v2/site/", headers=headers).json()["organisation"] == "Typed"
        assert get("site/")["organisation"] == ""
        moderator.logout()
        assert client.get("/api/v2/site/", headers=headers).status_code == 401

    def test_a_preview_in_french_opens_at_the_french_home(
        self, client: Client, two_languages: Bilingual
    ) -> None:
        kept = SiteSettings.for_site(factories.default_site(), two_languages.french)
        kept.organisation = "FDH"
        headers = previews.bearer(previews.token_for(kept))
        draft = client.get("/api/v2/preview/", headers=headers).json()
        assert draft["meta"]["html_url"] == "http://localhost/fr/"
        shown = client.get("/api/v2/site/", {"locale": "fr"}, headers=headers).json()
        assert shown["organisation"] == "FDH"
        assert client.get("/api/v2/site/", headers=headers).json()["organisation"] == ""

    def test_a_translation_that_waits_is_no_language_yet(
        self, get: Get, client: Client, settings: Any
    ) -> None:
        settings.WAGTAIL_I18N_ENABLED = True
        french = Locale.objects.create(language_code="fr")
        translated(factories.home(), french, live=False, title="Accueil")
        assert len(get("site/")["locales"]) == 1
        headers = previews.bearer(previews.token_for(factories.home()))
        assert len(client.get("/api/v2/site/", headers=headers).json()["locales"]) == 2


def test_the_tag_of_everything_is_one_that_all_answers_have(quiet: None) -> None:
    factories.ProgrammePageFactory()
    ask = Asking(ResponseCache(get_wsgi_application()))
    everything = json.loads(ask("/api/v2/site/").body)["meta"]["tag_of_everything"]
    for place in ("site/", "pages/", "programmes/", "pages/find/?html_path=/none/"):
        sent = ask(f"/api/v2/{place}").headers
        assert everything in sent["Cache-Tag"].split(",")
    limited = ask("/api/v2/pages/", Cache_Tag_Limit="2").headers
    assert everything in limited["Cache-Tag"].split(",")
