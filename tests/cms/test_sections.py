"""Who works in one section is named nothing of the others but what readers see."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.models import PageViewRestriction as Restriction

from cms.models import ContentPage, User
from tests import factories, previews

pytestmark = pytest.mark.django_db

CHOOSE = "wagtailadmin_choose_page"
CHILD = "wagtailadmin_choose_page_child"
SEARCH = "wagtailadmin_choose_page_search"
SEVERAL = "wagtailadmin_choose_page_chosen_multiple"


@pytest.fixture
def section() -> ContentPage:
    """The section that somebody works in."""
    return factories.ContentPageFactory(title="Own section")


@pytest.fixture
def group(section: ContentPage) -> Group:
    """A group that may edit it, and nothing else."""
    group = Group.objects.create(name="Of a section")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for action in ("add", "change"):
        GroupPagePermission.objects.create(group=group, page=section, permission_type=action)
    return group


@pytest.fixture
def browser(group: Group) -> Client:
    """The browser of somebody in that group."""
    user: User = factories.UserFactory(username="of-a-section", groups=["Of a section"])
    return previews.log_in(user)[0]


def drafted(page: Any, title: str) -> Any:
    """Give a page another title in its draft."""
    page.title = title
    page.save_revision()
    page.refresh_from_db()
    return page


@pytest.fixture
def others(section: ContentPage) -> dict[str, Page]:
    """Pages here and elsewhere, each with a title of its own."""
    secret = factories.ContentPageFactory(title="Behind Secretword", slug="behind")
    Restriction.objects.create(page=secret, restriction_type=Restriction.LOGIN)
    return {
        "own draft": factories.ContentPageFactory(
            title="Own Secretword", parent=section, live=False
        ),
        "public": factories.ContentPageFactory(title="Public Secretword", slug="public"),
        "draft": factories.ContentPageFactory(title="Draft Secretword", slug="draft", live=False),
        "private": secret,
        "below private": factories.ContentPageFactory(title="Below Secretword", parent=secret),
        "changed": drafted(
            factories.ContentPageFactory(title="Changed word", slug="changed"),
            "Changed Secretword",
        ),
    }


def text(browser: Client, name: str, *args: int, **query: Any) -> str:
    response = browser.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_window_names_ones_own_section_and_what_readers_see(
    browser: Client, others: dict[str, Page], section: ContentPage
) -> None:
    home = section.get_parent()
    shown = text(browser, CHOOSE) + text(browser, CHILD, home.pk)
    assert "Own section" in shown
    assert "Public Secretword" in shown
    # What readers see of it, and not what it is called in its draft.
    assert "Changed word" in shown
    for title in ("Draft Secretword", "Behind Secretword", "Changed Secretword"):
        assert title not in shown
    assert "Own Secretword" in text(browser, CHILD, section.pk)
    for name in ("private", "draft"):
        address = reverse(CHILD, args=[others[name].pk])
        assert browser.get(address).status_code == 404


@pytest.mark.indexed
def test_its_search_finds_nothing_by_what_is_hidden(
    browser: Client, others: dict[str, Page]
) -> None:
    found = text(browser, SEARCH, q="secretword")
    assert "Own Secretword" in found
    assert "Public Secretword" in found
    for title in ("Draft", "Behind", "Below", "Changed"):
        assert title not in found


def test_what_is_ticked_is_what_it_named(browser: Client, others: dict[str, Page]) -> None:
    address = reverse(SEVERAL)
    named = [others["own draft"].pk, others["public"].pk]
    assert browser.get(address, {"id": named}).status_code == 200
    for name in ("draft", "private", "below private"):
        assert browser.get(address, {"id": [*named, others[name].pk]}).status_code == 404


def test_who_works_everywhere_is_named_everything(
    editor: Client, others: dict[str, Page], section: ContentPage
) -> None:
    shown = text(editor, CHILD, section.get_parent().pk)
    for title in ("Draft Secretword", "Behind Secretword", "Changed Secretword"):
        assert title in shown


@pytest.mark.once
def test_the_window_takes_as_many_queries_for_its_limits_whatever_there_is(
    browser: Client, section: ContentPage
) -> None:
    def limits() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(browser, CHILD, section.get_parent().pk)
        return len(queries)

    factories.ContentPageFactory(title="One", slug="one")
    # What a process asks once, such as the types of content, is known by then.
    limits()
    # Wagtail asks a few things of each row; that is not more by what is looked at for the limits.
    one = limits()
    factories.ContentPageFactory(title="Two", slug="two", live=False)
    assert limits() == one


class TestInsights:
    def test_the_window_for_insights_names_no_draft_of_others(self, browser: Client) -> None:
        factories.InsightPageFactory(title="Seen insight")
        hidden = factories.InsightPageFactory(title="Hidden insight", live=False)
        changed = drafted(factories.InsightPageFactory(title="An insight"), "Another title")
        shown = text(browser, "insight_chooser:choose")
        assert "Seen insight" in shown
        assert "Hidden insight" not in shown
        assert "Another title" not in shown
        for page in (hidden, changed):
            address = reverse("insight_chooser:chosen", args=[page.pk])
            assert browser.get(address).status_code == 404


class TestTags:
    def suggested(self, browser: Client, term: str = "an") -> list[str]:
        tags: list[str] = browser.get(
            reverse("wagtailadmin_tag_autocomplete"), {"term": term}
        ).json()
        return tags

    @pytest.fixture
    def collections(self, group: Group) -> None:
        root = Collection.get_first_root_node()
        own, other = (root.add_child(name=name) for name in ("Own", "Other"))
        GroupCollectionPermission.objects.create(
            group=group,
            collection=own,
            permission=Permission.objects.get(codename="change_image"),
        )
        for name, collection in (("Annual", own), ("Anonymous source", other)):
            image = factories.ImageFactory(collection=collection)
            image.tags.add(name)
        document = factories.DocumentFactory(collection=other)
        document.tags.add("Anger")

    def test_only_those_are_suggested_of_what_one_may_see(
        self, browser: Client, administrator: Client, collections: None
    ) -> None:
        assert self.suggested(browser) == ["Annual"]
        assert self.suggested(administrator) == ["Anger", "Annual", "Anonymous source"]

    def test_odd_requests_end_in_no_error(self, browser: Client, collections: None) -> None:
        assert self.suggested(browser, "") == []
        assert self.suggested(browser, "\0") == []
        assert self.suggested(browser, "a" * 1000) == []
        address = reverse("wagtailadmin_tag_model_autocomplete", args=["cms", "theme"])
        assert browser.get(address, {"term": "a"}).status_code == 404
        assert Client().get(reverse("wagtailadmin_tag_autocomplete")).status_code == 302
