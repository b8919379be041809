"""Insights are chosen by what tells them apart, and made where they are chosen."""

import datetime
import http.server
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from cms.models import CmsImage, HomePage
from insights.chooser import fetching as asking
from insights.models import InsightIndexPage, InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import add_url, edit_url, log_in, soup
from tests.internet import Internet, internet, page, server

__all__ = ["internet", "server"]

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SCRIPT = {"x-requested-with": "XMLHttpRequest"}


@pytest.fixture(autouse=True)
def asked_seldom() -> None:
    """Forget who asked what."""
    cache.clear()


def window(browser: Client, **parameters: str) -> BeautifulSoup:
    """Return the window as it opens."""
    response = browser.get(reverse("insight_chooser:choose"), parameters)
    assert response.status_code == 200
    return BeautifulSoup(response.json()["html"], "html.parser")


def rows(found: BeautifulSoup) -> list[list[str]]:
    """Return the lines of its list."""
    return [
        [cell.get_text(" ", strip=True) for cell in line.find_all("td")]
        for line in found.select("#search-results tbody tr")
    ]


def new_insight(**fields: Any) -> dict[str, Any]:
    """Return the form of a new insight as the browser sends it."""
    given = {
        "external_url": "",
        "title": "A teaser",
        "source": "",
        "summary": "",
        "published_on": "2024-03-05",
        "parent": str(factories.insight_index().pk),
        **fields,
    }
    return {f"new-insight-{name}": value for name, value in given.items()}


def create(browser: Client, *, multiple: bool = False, **fields: Any) -> Any:
    """Send the form of a new insight."""
    address = reverse("insight_chooser:create") + ("?multiple=1" if multiple else "")
    return browser.post(address, new_insight(**fields))


def errors(response: Any) -> str:
    """Return what the form says when it comes back."""
    assert response.json()["step"] == "reshow_creation_form"
    found = BeautifulSoup(response.json()["htmlFragment"], "html.parser")
    return " ".join(error.get_text(" ", strip=True) for error in found.select(".error-message"))


def uploaded(content: bytes, name: str) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content, "image/png")


class TestList:
    def test_it_shows_kind_source_date_and_status(self, editor: Client) -> None:
        factories.InsightPageFactory(
            title="Theirs", external_url="https://example.org/a", source="EXAMPLE.ORG"
        )
        factories.InsightPageFactory(title="Ours", live=False)
        assert sorted(rows(window(editor))) == [
            ["Ours", "Our article", "", "1 May 2024", "draft"],
            ["Theirs", "Elsewhere", "EXAMPLE.ORG", "1 May 2024", "live"],
        ]

    def test_what_it_lacks_takes_no_place(self, editor: Client) -> None:
        factories.InsightPageFactory(source="")
        [[_title, _kind, source, *_rest]] = [
            line.find_all("td") for line in window(editor).select("#search-results tbody tr")
        ]
        # On a phone there is a dot after each cell that is not empty, and white space is not.
        assert source.decode_contents() == ""

    def test_a_draft_has_its_newest_title(self, editor: Client) -> None:
        insight = factories.InsightPageFactory(title="Old")
        insight.title = "New"
        insight.save_revision()
        [[title, *_rest]] = rows(window(editor))
        assert title == "New"
        chosen = editor.get(reverse("insight_chooser:chosen", args=[insight.pk])).json()
        assert chosen["result"]["title"] == "New"

    def test_it_is_searched(self, editor: Client) -> None:
        factories.InsightPageFactory(title="Finding victims")
        factories.InsightPageFactory(title="Other")
        response = editor.get(reverse("insight_chooser:choose_results"), {"q": "victim"})
        assert "Finding victims" in response.text
        assert "Other" not in response.text

    def test_it_says_whether_readers_see_it(self, editor: Client) -> None:
        insight = factories.InsightPageFactory()
        factories.restrict(insight.get_parent())
        [[*_rest, status]] = rows(window(editor))
        assert status == "private"

    def test_several_are_chosen_at_once(self, editor: Client) -> None:
        insights = [factories.InsightPageFactory() for _ in range(2)]
        assert window(editor, multiple="1").select("input[type=checkbox][name=id]")
        address = reverse("insight_chooser:chosen_multiple")
        chosen = editor.get(address, {"id": [one.pk for one in insights], "multiple": "1"}).json()
        assert {int(one["id"]) for one in chosen["result"]} == {one.pk for one in insights}


class TestPlaces:
    """Wherever an insight is chosen, it is in this window."""

    def test_programmes(self, editor: Client) -> None:
        programme = factories.ProgrammePageFactory(insights=[factories.InsightPageFactory()])
        for address in (edit_url(programme), add_url(ProgrammePage, factories.programme_index())):
            response = editor.get(address)
            assert f'"modalUrl": "{reverse("insight_chooser:choose")}"' in response.text
            # And in rows of insights in the body, of which scripts make the form.
            assert "wagtail.admin.widgets.Chooser" in response.text
            assert "insights/fetch-address.js" in response.text

    def test_home_pages(self, editor: Client) -> None:
        home = HomePage.objects.get(pk=factories.home().pk)
        home.featured_insights.add(
            home.featured_insights.model(page=factories.InsightPageFactory())
        )
        home.save_revision()
        text = editor.get(edit_url(home)).text
        assert f'"modalUrl": "{reverse("insight_chooser:choose")}"' in text


class TestMaking:
    def test_a_teaser_is_saved_as_a_draft_and_chosen(self, client: Client) -> None:
        user = log_in(client, "Editors")
        theme = factories.ThemeFactory()
        response = create(
            client,
            multiple=True,
            external_url="https://www.example.org/a",
            summary="What it says",
            themes=[str(theme.pk)],
        )
        insight = InsightPage.objects.get()
        assert response.json()["step"] == "chosen"
        assert [int(one["id"]) for one in response.json()["result"]] == [insight.pk]
        assert insight.get_parent().pk == factories.insight_index().pk
        assert (insight.live, insight.owner, insight.slug) == (False, user, "a-teaser")
        draft = insight.get_latest_revision_as_object()
        assert (draft.source, draft.summary) == ("EXAMPLE.ORG", "What it says")
        assert draft.published_on == datetime.date(2024, 3, 5)
        assert [one.pk for one in draft.themes.all()] == [theme.pk]
        assert insight.latest_revision.user == user
        assert {entry.user for entry in PageLogEntry.objects.filter(page=insight.pk)} == {user}

    def test_it_goes_to_the_list_that_was_chosen(self, administrator: Client) -> None:
        other = InsightIndexPage(title="Other", slug="other")
        factories.home().get_parent().add_child(instance=HomePage(title="Second", slug="second"))
        HomePage.objects.get(slug="second").add_child(instance=other)
        assert create(administrator, parent=str(other.pk)).json()["step"] == "chosen"
        assert InsightPage.objects.get().get_parent().pk == other.pk
        assert "valid choice" in errors(create(administrator, parent="0"))

    def test_two_with_one_title(self, editor: Client) -> None:
        for _ in range(2):
            assert create(editor).json()["step"] == "chosen"
        assert set(InsightPage.objects.values_list("slug", flat=True)) == {"a-teaser", "a-teaser-2"}

    def test_the_title_of_an_article_of_our_own_is_enough(self, editor: Client) -> None:
        assert create(editor, title="Written later").json()["step"] == "chosen"
        response = editor.get(edit_url(InsightPage.objects.get()))
        assert response.status_code == 200

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"title": ""}, "required"),
            ({"title": "!"}, ""),
            ({"external_url": "javascript:alert(1)"}, "web address"),
            ({"external_url": "https://example.org/" + "a" * 600}, "at most 500"),
            ({"summary": "a" * 301}, "at most 300"),
            ({"published_on": "soon"}, "valid date"),
            ({"themes": ["no"]}, "not a valid"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field(
        self, editor: Client, fields: dict[str, str], said: str
    ) -> None:
        if said:
            assert said in errors(create(editor, **fields))
            assert not InsightPage.objects.exists()
        else:
            assert create(editor, **fields).json()["step"] == "chosen"

    def test_a_picture_is_stored_with_it(self, client: Client) -> None:
        user = log_in(client, "Editors")
        file = uploaded(factories.png(40, 30), "one.png")
        create(client, picture=file, alternative_text="A desk", picture_is="fetched")
        image = CmsImage.objects.get()
        assert InsightPage.objects.get().image == image
        assert (image.title, image.description) == ("A teaser", "A desk")
        assert image.uploaded_by_user == user

    def test_a_fetched_picture_that_is_bad_stops_nothing(self, editor: Client) -> None:
        file = uploaded(b"no picture", "one.png")
        response = create(editor, picture=file, picture_is="fetched")
        assert response.json()["step"] == "chosen"
        assert InsightPage.objects.get().image is None
        assert "could not be used" in soup(editor.get(reverse("wagtailadmin_home"))).get_text()

    def test_a_chosen_picture_that_is_bad_is_marked(self, editor: Client) -> None:
        file = uploaded(b"no picture", "one.png")
        assert errors(create(editor, picture=file))
        assert not CmsImage.objects.exists()
        assert not InsightPage.objects.exists()

    def test_who_may_add_no_insights_sees_no_form(self, client: Client) -> None:
        user = programme_manager(client)
        assert window(client).select_one("[data-chooser-modal-creation-form]") is None
        assert create(client).status_code in {302, 403}
        assert not InsightPage.objects.exists()
        assert client.get(SUGGESTION, {"address": "x"}, headers=SCRIPT).status_code != 200
        assert user.is_active

    def test_who_may_has_one(self, editor: Client) -> None:
        form = window(editor).select_one("[data-chooser-modal-creation-form]")
        assert form is not None
        assert form.select_one("[data-fetch-address]")


def programme_manager(client: Client) -> Any:
    """Log in as somebody who may edit programmes and nothing else."""
    group = Group.objects.create(name="Programme managers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for name in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=name)
        GroupPagePermission.objects.create(
            group=group, page=factories.programme_index(), permission=permission
        )
    return log_in(client, "Programme managers")


SUGGESTION, PICTURE = "/admin/insight-chooser/suggestion/", "/admin/insight-chooser/picture/"


class TestAsking:
    def test_a_page_says_what_it_is(self, editor: Client, internet: Internet) -> None:
        html = (
            b'<meta property="og:title" content="Title"><meta property="og:image" content="/a.png">'
        )
        url = internet.at("/page", page(html))
        response = editor.get(SUGGESTION, {"address": url}, headers=SCRIPT)
        assert response.json() == {
            "title": "Title",
            "source": "",
            "summary": "",
            "published_on": "",
            "image": "http://example.org/a.png",
            "alternative_text": "",
        }

    def test_it_waits_in_no_transaction(self, editor: Client, internet: Internet) -> None:
        blocks = []
        outer = len(connection.savepoint_ids)

        def look(handler: http.server.BaseHTTPRequestHandler) -> None:
            page(b"<title>Page</title>")(handler)

        original = asking.fetch_suggestion

        def fetch(address: str) -> Any:
            blocks.append(len(connection.savepoint_ids) - outer)
            return original(address)

        url = internet.at("/page", look)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asking, "fetch_suggestion", fetch)
            editor.get(SUGGESTION, {"address": url}, headers=SCRIPT)
        assert blocks == [0]

    @pytest.mark.parametrize(
        "address", ["", "nonsense", "http://127.0.0.1/", "http://[", "a" * 5000]
    )
    def test_what_cannot_be_fetched_is_a_sentence(
        self, editor: Client, internet: Internet, address: str
    ) -> None:
        for place in (SUGGESTION, PICTURE):
            response = editor.get(place, {"address": address}, headers=SCRIPT)
            assert response.status_code == 400
            assert response.json()["error"].endswith((".", "?"))
        assert internet.connected == []

    def test_other_websites_cannot_have_a_browser_ask(
        self, editor: Client, internet: Internet
    ) -> None:
        url = internet.at("/page", page(b"<title>Page</title>"))
        assert editor.get(SUGGESTION, {"address": url}).status_code in {302, 403}
        assert editor.post(SUGGESTION, {"address": url}, headers=SCRIPT).status_code == 405
        assert internet.connected == []

    def test_a_picture_is_handed_on(self, editor: Client, internet: Internet) -> None:
        picture = factories.png(40, 30)
        url = internet.at("/a.png", page(picture, "image/png"))
        response = editor.get(PICTURE, {"address": url}, headers=SCRIPT)
        assert (response.content, response["Content-Type"]) == (picture, "image/png")
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"<script>alert(1)</script>", "image/png"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            (b"<p>Hello", "text/html"),
            (b"", "image/jpeg"),
        ],
    )
    def test_what_is_no_picture_is_not(
        self, editor: Client, internet: Internet, body: bytes, content_type: str
    ) -> None:
        url = internet.at("/a.png", page(body, content_type))
        response = editor.get(PICTURE, {"address": url}, headers=SCRIPT)
        assert response.status_code == 400
        assert response.json()["error"]

    def test_nobody_asks_without_an_end(self, editor: Client, internet: Internet) -> None:
        url = internet.at("/page", page(b"<title>Page</title>"))
        answers = [
            editor.get(SUGGESTION, {"address": url}, headers=SCRIPT).status_code
            for _ in range(asking.MOST_REQUESTS + 2)
        ]
        assert answers == [200] * asking.MOST_REQUESTS + [429] * 2
        assert len(internet.connected) == asking.MOST_REQUESTS

    def test_one_thing_at_a_time(self, client: Client, internet: Internet) -> None:
        user = log_in(client, "Editors")
        cache.set(f"insights.asking:{user.pk}:now", True)
        assert client.get(SUGGESTION, {"address": "x"}, headers=SCRIPT).status_code == 429
