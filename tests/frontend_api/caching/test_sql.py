"""What a query reads is told from its SQL, whoever wrote it."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from wagtail.models import Page

from cms.models import Theme
from frontend_api.caching import sql
from insights.models import InsightPage
from programmes.models import ProgrammePage, RelatedInsight

pytestmark = pytest.mark.django_db

INSIGHT, PAGE, THROUGH, THEME = (
    "insights_insightpage",
    "wagtailcore_page",
    "insights_insightpage_themes",
    "cms_theme",
)


def compared(queryset: QuerySet[Any]) -> set[str]:
    """Return the tags of what decides which objects a queryset finds."""
    reads = sql.compared_in(str(queryset.query))
    assert not reads.unknown
    return set(reads.tags)


def everything(queryset: QuerySet[Any]) -> set[str]:
    """Return the tags of all that a queryset reads."""
    reads = sql.everything_in(str(queryset.query))
    assert not reads.unknown
    return set(reads.tags)


MEMBERS = {f"{INSIGHT}#", f"{PAGE}#"}


def test_all_that_it_returns_is_left_to_who_shows_it() -> None:
    assert compared(InsightPage.objects.order_by()) == MEMBERS
    assert everything(InsightPage.objects.order_by()) == {INSIGHT, PAGE}


def test_a_page_has_what_all_pages_share_as_its_own() -> None:
    found = InsightPage.objects.filter(live=True).order_by("-published_on", "title")
    assert compared(found) == {
        *MEMBERS,
        f"{INSIGHT}.live",
        f"{INSIGHT}.published_on",
        f"{INSIGHT}.title",
    }
    assert compared(Page.objects.order_by().filter(live=True)) == {f"{PAGE}#", f"{PAGE}.live"}


def test_what_is_joined_counts_with_the_rows_that_it_has() -> None:
    found = InsightPage.objects.order_by().filter(themes__slug="a")
    assert compared(found) == {
        *MEMBERS,
        f"{THROUGH}#",
        f"{THROUGH}.insightpage_id",
        f"{THROUGH}.theme_id",
        f"{THEME}#",
        f"{THEME}.slug",
    }


def test_subqueries_count_wherever_they_stand() -> None:
    sharing = ProgrammePage.objects.filter(themes=OuterRef("themes"), live=True)
    within = RelatedInsight.objects.filter(programme__slug="a").values("insight")
    found = InsightPage.objects.filter(Q(pk__in=within) | Exists(sharing)).annotate(
        many=Count("themes")
    )
    assert {
        "programmes_relatedinsight#",
        "programmes_relatedinsight.insight_id",
        "programmes_programmepage#",
        "programmes_programmepage.slug",
        "programmes_programmepage.live",
        "programmes_programmepage_themes.theme_id",
        f"{THROUGH}#",
    } <= compared(found)


def test_what_is_worked_out_counts_where_it_is_returned_too() -> None:
    rank = Window(RowNumber(), partition_by=F("themes"), order_by=F("published_on").desc())
    found = InsightPage.objects.annotate(rank=rank)
    assert {f"{INSIGHT}.published_on", f"{THROUGH}.theme_id"} <= compared(found)


def test_parts_of_a_union_count_each() -> None:
    found = (
        Theme.objects.order_by()
        .filter(slug="a")
        .values("name")
        .union(Page.objects.order_by().filter(title="b").values("title"))
    )
    assert compared(found) == {f"{THEME}#", f"{THEME}.slug", f"{PAGE}#", f"{PAGE}.title"}


def test_what_nobody_logs_is_told() -> None:
    users = sql.everything_in(str(get_user_model().objects.all().query))
    assert users.unknown == {"cms_user"}
    raw = sql.compared_in('SELECT x."a" FROM "somewhere" x WHERE x."b" = \'FROM "cms_theme"\'')
    assert (raw.tags, raw.unknown) == (frozenset(), {"somewhere"})


def test_names_are_read_however_they_are_written() -> None:
    plain = "select t.name from cms_theme as t, wagtailcore_page p where t.slug = p.slug"
    assert set(sql.compared_in(plain).tags) == {
        f"{THEME}#",
        f"{THEME}.slug",
        f"{PAGE}#",
        f"{PAGE}.slug",
    }
    assert sql.everything_in("SAVEPOINT x").tags == frozenset()
