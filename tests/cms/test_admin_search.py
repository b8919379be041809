"""What the admin's search finds: every word that editors know something by, wherever in it, and however it is typed."""

import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from taggit.models import Tag
from wagtail.models import Collection, Page
from wagtail.search.backends import get_search_backend
from wagtail.test.utils.form_data import inline_formset

from cms.admin_search import MOST_WORDS, matching
from cms.models import CmsDocument, CmsImage, SearchedName, SearchedText, Theme
from cms.searched_text import fill
from frontend_api.changes.models import Change
from insights.models import InsightPage
from programmes.models import Partner, ProgrammePage
from tests import factories
from tests.cms.admin import DRAFT, PUBLISH, edit_url, insight_form, programme_form, soup, titles
from tests.events.models import EventPage

pytestmark = pytest.mark.django_db


def found(words: str, model: Any = Page) -> list[str]:
    return sorted(str(one) for one in matching(model.objects.all(), words))


@pytest.fixture
def programme() -> ProgrammePage:
    """A programme of which each part has a word of its own."""
    return factories.ProgrammePageFactory(
        title="Rescuing victims",
        slug="a-slug-of-its-own",
        summary="Zusammenfassung",
        start_year=1987,
        end_year=2023,
        partners=[factories.PartnerFactory(name="Harbour Network", slug="hn")],
        themes=[factories.ThemeFactory(name="Prevention", slug="pv")],
        body=[
            {"type": "rich_text", "value": "<p>A <b>paragraph</b> of text</p>"},
            {"type": "quote", "value": {"text": "Quoted saying", "attribution": "Somebody"}},
        ],
    )


@pytest.fixture
def insight() -> InsightPage:
    """Somebody else's article."""
    page = factories.InsightPageFactory(
        title="Theirs", external_url="https://www.end-violence.org/articles/x?y=1"
    )
    page.full_clean()
    page.save()
    return page


@pytest.mark.parametrize(
    "words",
    [
        "rescuing",
        "RESCUING victims",
        "victims rescuing",
        "escu",
        "a-slug-of",
        "/programmes/a-slug-of-its-own/",
        "http://localhost/programmes/a-slug-of-its-own/?x=1#top",
        "zusammen",
        "1987",
        "harbour",
        "work",
        "prevent",
        "graph",
        "saying",
        "victims harbour prevention paragraph",
        "“Rescuing victims”",
        "Rescuing, victims!",
    ],
)
def test_a_page_is_found_by_whatever_editors_know_of_it(programme: Page, words: str) -> None:
    assert found(words) == ["Rescuing victims"]


@pytest.mark.parametrize(
    "words", ["victims absent", "rescuingvictims", "<b>a</b>", "000100010001", str(10**9), "en/uk"]
)
def test_a_page_is_not_found_by_what_is_nowhere(programme: Page, words: str) -> None:
    assert found(words) == []


@pytest.mark.parametrize(
    "words", ["END-VIOLENCE.ORG", "violence", "www.end-violence.org/articles/x?y=1", "articles/x"]
)
def test_an_insight_is_found_by_its_source_and_address(insight: Page, words: str) -> None:
    assert found(words) == ["Theirs"]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Zürich-Süd", "ZURICH-SÜD"),
        ("zurich", "Zürich"),
        ("ÉCOLE", "ecole"),
        ("Łódź", "lodz"),
        ("Sørensen", "SORENSEN"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "café"),
        ("Caf\u00e9", "cafe\u0301"),
        ("İstanbul", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("МОСКВА", "москва"),
        ("children’s", "children's"),
        ("2015–2023", "2015-2023"),
        ("co\u00adoperation", "cooperation"),
        ("ﬁnance", "finance"),
        ("北京大学", "京大"),
        ("हिन्दी", "हिन्दी"),
        ("100 %", "%"),
        ("a_b", "a_b"),
        ("back\\slash", "k\\s"),
        ("rock'n'roll", "k'n'r"),
    ],
)
def test_case_accents_and_typography_make_no_difference(stored: str, typed: str) -> None:
    factories.ContentPageFactory(title=f"Before {stored} after", slug="x")
    factories.ContentPageFactory(title="Axb another", slug="y")
    assert found(typed) == [f"Before {stored} after"]


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "\0",
        "\u0301",
        "x" * 1_000_000,
        "word " * 100_000,
        " ".join(str(number) for number in range(5_000)),
        "%",
        "_",
        "\\",
        "'; DROP TABLE cms_searchedtext; --",
        '"',
        "http://[",
        "//[",
        "https://",
        "\ud800",
        "live:true",
    ],
)
def test_nothing_that_is_typed_ends_in_an_error(administrator: Client, words: str) -> None:
    page = factories.ContentPageFactory(title="Any")
    assert isinstance(found(words), list)
    if "\ud800" in words:
        return
    administrator.raise_request_exception = True
    for url in (
        reverse("insights:index"),
        reverse("programmes:index_results"),
        reverse("wagtailadmin_explore", args=[page.get_parent().pk]),
        reverse("wagtailadmin_pages:search"),
        reverse("wagtailadmin_choose_page_search"),
        reverse("wagtailsnippets_cms_theme:list"),
        reverse("wagtailimages:index"),
        reverse("wagtaildocs:index"),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtaildocs_chooser:choose"),
    ):
        assert administrator.get(url, {"q": words[:20_000]}).status_code == 200


def test_many_words_are_read_up_to_a_bound() -> None:
    words = [f"w{number}" for number in range(MOST_WORDS)]
    factories.ContentPageFactory(
        title="Long", body=[{"type": "rich_text", "value": " ".join(words)}]
    )
    assert found(" ".join(words)) == ["Long"]
    assert found(" ".join([*words[1:], "absent"])) == []


def save(browser: Client, page: Page, form: dict[str, str]) -> None:
    assert browser.post(edit_url(page), form).status_code == 302


def test_what_is_in_a_draft_is_found_until_it_is_replaced(moderator: Client) -> None:
    page = factories.InsightPageFactory(title="Published", slug="an-insight")
    theme = factories.ThemeFactory(name="Recovery")

    def form(title: str) -> dict[str, str]:
        return insight_form(title=title, external_url="https://e.org/", source="Whose")

    save(moderator, page, {**form("Another title"), "themes": str(theme.pk), **DRAFT})
    assert [found(words) for words in ("published", "another title", "whose", "recovery")] == [
        ["Published"]
    ] * 4
    save(moderator, page, {**form("A third title"), **DRAFT})
    assert found("another") == []
    assert found("recovery") == []
    assert found("third whose published") == ["Published"]
    save(moderator, page, {**form("Now live"), **PUBLISH})
    assert found("third") == found("published", InsightPage) == []
    assert found("now live whose") == ["Now live"]


def test_an_earlier_draft_that_is_published_hides_no_later_one() -> None:
    page = factories.ContentPageFactory(title="First")
    page.title = "Earlier"
    earlier = page.save_revision()
    page.title = "Later"
    later = page.save_revision()
    later.publish()
    earlier.publish()
    assert found("earlier") == found("later") == ["Earlier"]


def test_partners_of_a_draft_are_found_and_follow_their_names(moderator: Client) -> None:
    page = factories.ProgrammePageFactory(title="P", slug="a-programme")
    partner = factories.PartnerFactory(name="Old Quay")
    chosen = inline_formset([{"id": "", "partner": str(partner.pk)}])
    form = programme_form(title="P", partners=chosen)
    save(moderator, page, {**form, **DRAFT})
    assert found("quay") == ["P"]
    partner.name = "New Pier"
    partner.save()
    assert found("quay") == []
    assert found("pier") == ["P"]
    partner.delete()
    assert found("pier") == []


def test_what_a_page_names_follows_its_name(programme: ProgrammePage) -> None:
    for model, old in ((Partner, "harbour"), (Theme, "prevention")):
        assert found(old) == ["Rescuing victims"]
        one = model.objects.get()
        one.name = "Something else"
        one.save()
        assert found(old) == []
        assert found("something") == ["Rescuing victims"]
        assert found("something", model) == ["Something else"]
        one.delete()
        assert found("something") == []
        assert found("something", model) == []


def test_copies_and_aliases_are_found_and_what_is_deleted_is_not(programme: ProgrammePage) -> None:
    copy = programme.copy(update_attrs={"title": "A copy", "slug": "copied"})
    alias = programme.create_alias(update_slug="aliased")
    assert found("harbour paragraph copied") == ["A copy"]
    assert found("harbour paragraph aliased") == ["Rescuing victims"]
    programme.title = "Renamed"
    programme.save_revision().publish()
    assert found("aliased renamed") == ["Renamed"]
    alias.delete()
    copy.delete()
    programme.delete()
    assert found("harbour") == []
    assert not SearchedText.objects.filter(key=str(programme.pk), model="wagtailcore.page").exists()
    assert not SearchedName.objects.exists()


def test_pages_below_are_forgotten_with_what_is_above(programme: ProgrammePage) -> None:
    factories.programme_index().delete()
    assert not SearchedText.objects.filter(text__contains="rescuing").exists()


def test_a_plugin_is_found_by_what_its_search_fields_declare() -> None:
    factories.EventPageFactory(title="Gathering", slug="gathering-slug")
    assert found("gathering-slug", EventPage) == ["Gathering"]


def test_what_is_kept_for_the_search_is_no_change_of_its_own(programme: Page) -> None:
    Change.objects.all().delete()
    programme.title = "Renamed"
    programme.save()
    types = set(Change.objects.values_list("object_type", flat=True))
    assert types <= {"programmes.programmepage", ""}
    assert found("renamed") == ["Renamed"]


def test_what_was_there_before_is_kept_once_all_is_migrated(programme: Page) -> None:
    SearchedText.objects.all().delete()
    assert found("harbour") == []
    fill(type("Config", (), {"label": "cms"}))
    assert found("harbour") == ["Rescuing victims"]
    assert found("harbour", Partner) == ["Harbour Network"]
    SearchedText.objects.update(text="")
    assert found("paragraph") == []
    call_command("update_index", verbosity=0)
    assert found("paragraph") == ["Rescuing victims"]


def test_a_model_of_one_type_finds_its_own(programme: ProgrammePage, insight: Page) -> None:
    assert found("e", InsightPage) == ["Theirs"]
    assert found("e", ProgrammePage) == ["Rescuing victims"]


class TestPlaces:
    """Wherever the admin searches."""

    @pytest.fixture(autouse=True)
    def pages(self, programme: ProgrammePage, insight: InsightPage) -> None:
        """What there is to be found."""

    def table(self, browser: Client, url: str, **parameters: Any) -> str:
        response = browser.get(url, parameters)
        assert response.status_code == 200
        return " ".join(soup(response).get_text(" ", strip=True).split())

    @pytest.mark.parametrize("words", ["harbour", "revent", "paragraph", "a-slug"])
    def test_the_list_of_programmes(self, editor: Client, words: str) -> None:
        assert titles(editor, "programmes:index", q=words) == ["Rescuing victims"]

    @pytest.mark.parametrize("words", ["violence.org", "END", "articles"])
    def test_the_list_of_insights(self, editor: Client, words: str) -> None:
        assert titles(editor, "insights:index", q=words) == ["Theirs"]

    def test_search_and_filters_together(self, editor: Client) -> None:
        partner, theme = Partner.objects.get(), Theme.objects.get()
        choices = {"partner": partner.pk, "themes": theme.pk, "running": "completed"}
        assert titles(editor, "programmes:index", q="paragraph", **choices) == ["Rescuing victims"]
        for ordering in ("title", "-start_year", "live"):
            assert titles(editor, "programmes:index", q="paragraph", ordering=ordering)

    @pytest.mark.parametrize("words", ["harbour", "ictim", "paragraph live:true", '"harbour net"'])
    def test_the_explorer_and_the_search_of_all_pages(self, editor: Client, words: str) -> None:
        home = factories.home()
        search = reverse("wagtailadmin_pages:search")
        assert "Rescuing victims" in self.table(editor, search, q=words)
        assert "Rescuing victims" in self.table(editor, search, q=words, ordering="title")
        assert "Rescuing victims" in self.table(
            editor, search, q=words, content_type="programmes.programmepage"
        )
        assert "Rescuing victims" not in self.table(editor, search, q="absent harbour")
        if ":" not in words:
            explorer = reverse("wagtailadmin_explore", args=[home.pk])
            assert "Rescuing victims" in self.table(editor, explorer, q=words)

    @pytest.mark.parametrize(
        "more", [{}, {"multiple": "1"}, {"page_type": "programmes.ProgrammePage"}]
    )
    def test_the_page_chooser(self, editor: Client, more: dict[str, str]) -> None:
        search = reverse("wagtailadmin_choose_page_search")
        assert "Rescuing victims" in self.table(editor, search, q="bour", **more)
        assert "Rescuing victims" not in self.table(editor, search, q="absent", **more)

    def test_the_lists_and_choosers_of_snippets(self, editor: Client) -> None:
        Partner.objects.update_or_create(
            name="Harbour Network", defaults={"website": "https://quay.example/"}
        )
        lists = reverse("wagtailsnippets_programmes_partner:list_results")
        choosers = [
            reverse("wagtailsnippetchoosers_programmes_partner:choose_results"),
        ]
        for words in ("bour", "HARB", "quay"):
            for url in (lists, *choosers):
                assert "Harbour Network" in self.table(editor, url, q=words)
        assert "Harbour Network" not in self.table(editor, lists, q="absent")
        themes = reverse("wagtailsnippets_cms_theme:list_results")
        assert "Prevention" in self.table(editor, themes, q="vention")

    def test_images_and_documents_by_file_tag_and_collection(self, administrator: Client) -> None:
        root = Collection.get_first_root_node()
        collection = root.add_child(name="Férien")
        image = factories.ImageFactory(
            title="A picture", collection=collection, description="Two boats"
        )
        document = factories.DocumentFactory(
            title="A paper",
            collection=collection,
            file=ContentFile(b"x", name="Annual-Figures.txt"),
        )
        for one in (image, document):
            one.tags.add("seaside")
        name = image.filename.rpartition(".")[0]
        places = {
            "A picture": [
                ("wagtailimages:index_results", name),
                ("wagtailimages_chooser:choose_results", name),
            ],
            "A paper": [
                ("wagtaildocs:index_results", "l-figures"),
                ("wagtaildocs_chooser:choose_results", "l-figures"),
            ],
        }
        for title, urls in places.items():
            for url, file in urls:
                for words in (file, "easid", "ferie", title[2:]):
                    assert title in self.table(administrator, reverse(url), q=words)
                assert title not in self.table(administrator, reverse(url), q="absent")
        collection.name = "Arbeit"
        collection.save()
        Tag.objects.get(name="seaside").delete()
        for model in (CmsImage, CmsDocument):
            assert found("ferie", model) == found("seaside", model) == []
            assert len(found("arbeit", model)) == 1

    def test_a_bulk_action_on_all_that_was_found(self, administrator: Client) -> None:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
        chosen = {"id": "all", "childOf": factories.home().pk, "q": "harbour"}
        assert "Rescuing victims" in self.table(administrator, url, **chosen)


def test_what_is_called_so_comes_first_then_what_was_edited_last(editor: Client) -> None:
    for number, title in enumerate(["Body only", "The harbour", "Other", "Harbour first"]):
        page = factories.InsightPageFactory(
            title=title,
            body=[{"type": "rich_text", "value": "<p>harbour</p>"}],
        )
        page.latest_revision_created_at = datetime.datetime(
            2024, 1, 1 + number, tzinfo=datetime.UTC
        )
        page.save()
    assert titles(editor, "insights:index", q="harbour") == [
        "Harbour first",
        "The harbour",
        "Other",
        "Body only",
    ]


def test_the_public_search_is_what_it_was(programme: Page) -> None:
    for words, count in (("rescuing", 1), ("escuing", 0), ("a-slug-of-its-own", 0)):
        assert len(get_search_backend().search(words, Page.objects.all())) == count
