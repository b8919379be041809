"""A theme knows the pages that have it, whichever way they came by it."""

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import ReferenceIndex

from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import DRAFT, PUBLISH, add_url, edit_url, insight_form, programme_form

pytestmark = pytest.mark.django_db


def used_by(theme: object) -> list[str]:
    """Return the titles of the pages that Wagtail shows as the uses of a theme."""
    usage = ReferenceIndex.get_grouped_references_to(theme)
    return [source.title for source, _references in usage]


def test_a_theme_is_used_by_a_page_as_soon_as_the_form_is_sent(moderator: Client) -> None:
    theme, other = factories.ThemeFactory(), factories.ThemeFactory()
    add = add_url(ProgrammePage, factories.programme_index())
    form = programme_form(title="Draft", themes=str(theme.pk))
    moderator.post(add, {**form, **DRAFT})
    assert used_by(theme) == ["Draft"]

    edit = edit_url(ProgrammePage.objects.get())
    moderator.post(edit, {**programme_form(title="Live", themes=str(other.pk)), **PUBLISH})
    assert used_by(theme) == []
    assert used_by(other) == ["Live"]

    moderator.post(edit, {**programme_form(title="Live"), **PUBLISH})
    assert used_by(other) == []


def test_a_theme_is_used_by_an_insight(moderator: Client) -> None:
    theme = factories.ThemeFactory()
    add = add_url(InsightPage, factories.insight_index())
    form = insight_form(themes=str(theme.pk), external_url="https://example.org/")
    moderator.post(add, {**form, **PUBLISH})
    assert used_by(theme) == ["An insight"]


def test_the_uses_of_a_theme_can_be_counted_anew() -> None:
    theme = factories.ThemeFactory()
    page = factories.InsightPageFactory(themes=[theme])
    ReferenceIndex.objects.all().delete()
    call_command("rebuild_references_index", verbosity=0)
    assert used_by(theme) == [page.title]


def test_a_page_that_is_deleted_uses_nothing() -> None:
    theme = factories.ThemeFactory()
    factories.InsightPageFactory(themes=[theme]).delete()
    assert used_by(theme) == []
