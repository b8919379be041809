"""Copies find a free slug by themselves; aliases are not asked for a title that they would not keep."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from insights.models import InsightIndexPage, InsightPage
from tests import factories
from tests.cms.admin import form_errors

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def page() -> InsightPage:
    return factories.InsightPageFactory(title="A report", slug="report")


def proposed(browser: Client, page: Page) -> dict[str, Any]:
    """Return what the form that copies a page proposes."""
    form = browser.get(reverse("wagtailadmin_pages:copy", args=[page.pk])).context["form"]
    initial = {name: field.initial for name, field in form.fields.items()}
    return {
        "new_title": initial["new_title"],
        "new_slug": initial["new_slug"],
        "new_parent_page": str(initial["new_parent_page"].pk),
    }


def copy(browser: Client, page: Page, **fields: str) -> Any:
    """Send the form that copies a page, as it was proposed but for `fields`."""
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    return browser.post(url, {**proposed(browser, page), **fields})


def test_a_copy_is_made_as_it_is_proposed_again_and_again(
    administrator: Client, page: InsightPage
) -> None:
    for _ in range(3):
        assert copy(administrator, page).status_code == 302
    slugs = set(InsightPage.objects.values_list("slug", flat=True))
    assert slugs == {"report", "report-1", "report-2", "report-3"}


def test_what_is_free_here_and_taken_there_is_made_free(
    administrator: Client, page: InsightPage
) -> None:
    home = factories.home()
    elsewhere = home.add_child(instance=InsightIndexPage(title="Elsewhere", slug="elsewhere"))
    for slug in ("report", "report-1"):
        factories.InsightPageFactory(slug=slug, parent=elsewhere)
    response = copy(administrator, page, new_parent_page=str(elsewhere.pk))
    assert response.status_code == 302
    assert elsewhere.get_children().filter(slug__startswith="report-1").count() == 2


def test_a_slug_that_is_typed_and_taken_is_an_error(
    administrator: Client, page: InsightPage
) -> None:
    assert set(form_errors(copy(administrator, page, new_slug="report"))) == {"new_slug"}


def test_an_alias_needs_no_title_and_is_given_none(
    administrator: Client, page: InsightPage
) -> None:
    errors = form_errors(copy(administrator, page, alias="on", new_title="Another"))
    assert "the title of its original" in errors["new_title"][0]
    sent = {**proposed(administrator, page), "alias": "on"}
    del sent["new_title"]
    url = reverse("wagtailadmin_pages:copy", args=[page.pk])
    assert administrator.post(url, sent).status_code == 302
    alias = InsightPage.objects.get(slug="report-1")
    assert (alias.title, alias.alias_of_id) == ("A report", page.pk)
    # A copy needs one.
    del sent["alias"]
    sent["new_slug"] = "a-copy"
    assert set(form_errors(administrator.post(url, sent))) == {"new_title"}


def test_an_alias_of_a_draft_is_first_published_with_it() -> None:
    draft = factories.InsightPageFactory(live=False, first_published_at=None)
    alias = draft.create_alias(update_slug="alias")
    second = alias.create_alias(update_slug="second")
    draft.save_revision().publish()
    draft.refresh_from_db()
    assert draft.first_published_at is not None
    for each in (alias, second):
        each.refresh_from_db()
        assert each.live
        assert each.first_published_at == draft.first_published_at


def test_an_alias_says_which_address_is_the_canonical_one(
    client: Client, page: InsightPage
) -> None:
    alias = page.create_alias(update_slug="alias")
    second = alias.create_alias(update_slug="second")
    for each in (alias, second):
        meta = client.get(f"/api/v2/pages/{each.pk}/").json()["meta"]
        assert meta["alias_of"]["id"] == page.pk
        assert meta["alias_of"]["meta"]["html_url"].endswith("/report/")
        assert meta["first_published_at"] is not None
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["meta"]["alias_of"] is None


class TestAlias:
    """An alias is on the website exactly while its original is."""

    @pytest.fixture
    def alias(self, page: InsightPage) -> Page:
        return page.create_alias(parent=factories.home(), update_slug="alias")

    @pytest.mark.parametrize("place", ["edit", "list", "header"])
    def test_it_is_not_offered_to_be_unpublished_alone(
        self, moderator: Client, page: InsightPage, alias: Page, place: str
    ) -> None:
        def offers(of: Page) -> bool:
            name, key = {
                "edit": ("edit", of.pk),
                "list": ("wagtailadmin_explore", of.get_parent().pk),
                "header": ("wagtailadmin_explore", of.pk),
            }[place]
            name = name if name.startswith("wagtail") else f"wagtailadmin_pages:{name}"
            shown = moderator.get(reverse(name, args=[key])).content.decode()
            return reverse("wagtailadmin_pages:unpublish", args=[of.pk]) in shown

        assert offers(page)
        assert not offers(alias)

    @pytest.mark.parametrize("following", ["", "/admin/insights/"])
    def test_it_is_refused_with_a_sentence(
        self, moderator: Client, alias: Page, following: str
    ) -> None:
        address = reverse("wagtailadmin_pages:unpublish", args=[alias.pk])
        for ask in (moderator.get, moderator.post):
            response = ask(f"{address}?next={following}" if following else address)
            edit = reverse("wagtailadmin_pages:edit", args=[alias.pk])
            assert response.headers["Location"] == (following or edit)
            assert "“A report” shows another page" in moderator.get(edit).content.decode()
        alias.refresh_from_db()
        assert alias.live

    def test_among_several_it_is_named(self, moderator: Client, alias: Page) -> None:
        other = factories.ContentPageFactory()
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
        moderator.post(f"{address}?id={alias.pk}&id={other.pk}&next=/admin/")
        said = moderator.get("/admin/").content.decode()
        assert "“A report” shows another page, and is unpublished with that one alone." in said
        live = Page.objects.filter(pk__in=[alias.pk, other.pk], live=True)
        assert [page.pk for page in live] == [alias.pk]

    def test_with_what_is_above_it_stays_as_its_original_is(
        self, moderator: Client, page: InsightPage
    ) -> None:
        section = factories.ContentPageFactory()
        alias = page.create_alias(parent=section, update_slug="alias")
        address = reverse("wagtailadmin_pages:unpublish", args=[section.pk])
        moderator.post(address, {"include_descendants": "on"})
        section.refresh_from_db()
        alias.refresh_from_db()
        assert not section.live
        assert alias.live

    def test_one_that_stayed_without_its_original_is_taken_off(
        self, moderator: Client, page: InsightPage, alias: Page
    ) -> None:
        InsightPage.objects.filter(pk=page.pk).update(live=False)
        moderator.post(reverse("wagtailadmin_pages:unpublish", args=[alias.pk]))
        alias.refresh_from_db()
        assert not alias.live
