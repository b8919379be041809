"""Which page may stand where."""

import pytest
from django.test import Client
from wagtail.models import Page

from cms.models import ContentPage, HomePage
from insights.models import InsightIndexPage, InsightPage
from programmes.models import ProgrammeIndexPage, ProgrammePage
from tests import factories
from tests.cms.admin import PUBLISH, add_url, content_form
from tests.events.models import EventPage, MeetingPage

CHILDREN = {
    HomePage: {ContentPage, ProgrammeIndexPage, InsightIndexPage, EventPage, MeetingPage},
    ProgrammeIndexPage: {ProgrammePage},
    ProgrammePage: set(),
    InsightIndexPage: {InsightPage},
    InsightPage: set(),
    ContentPage: {ContentPage},
}


@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_a_page_allows_these_pages_below_it_and_no_others(model: type[Page]) -> None:
    """A plugin's page that names no parents of its own stands wherever no children are named either."""
    allowed = {child for child in model.allowed_subpage_models() if child.is_creatable}
    assert allowed == CHILDREN[model]


def test_a_home_page_is_the_root_of_a_site() -> None:
    assert HomePage.allowed_parent_page_models() == [Page]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ProgrammeIndexPage, InsightIndexPage])
def test_a_site_has_one_list_of_each_kind(administrator: Client, model: type[Page]) -> None:
    home = factories.home()
    assert not model.can_create_at(home)
    response = administrator.get(add_url(model, home))
    assert response.status_code == 302
    model.objects.get().delete()
    home.refresh_from_db()
    assert model.can_create_at(home)


@pytest.mark.django_db
def test_every_site_can_have_its_own_lists() -> None:
    root = Page.objects.get(depth=1)
    other = root.add_child(instance=HomePage(title="Another site", slug="another"))
    assert ProgrammeIndexPage.can_create_at(other)
    assert InsightIndexPage.can_create_at(other)


@pytest.mark.django_db
def test_content_pages_stand_below_each_other(moderator: Client) -> None:
    parent = factories.ContentPageFactory()
    form = {**content_form(title="Deeper", slug="deeper"), **PUBLISH}
    assert moderator.post(add_url(ContentPage, parent), form).status_code == 302
    parent.refresh_from_db()
    assert parent.get_children().live().get().title == "Deeper"
