"""What a query reads is told from its SQL, whoever wrote it."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from psycopg.sql import SQL, Literal
from wagtail.models import Page

from cms.models import Theme
from frontend_api.dependencies import sql_analysis
from insights.models import InsightPage
from programmes.models import ProgrammePage, RelatedInsight
from tests.events.models import MeetingPage

pytestmark = pytest.mark.django_db

INSIGHT, PAGE, THROUGH, THEME = (
    "insights_insightpage",
    "wagtailcore_page",
    "insights_insightpage_themes",
    "cms_theme",
)


def compared(queryset: QuerySet[Any]) -> set[str]:
    """Return the tags of what decides which objects a queryset finds."""
    reads = sql_analysis.compared_in(str(queryset.query))
    assert not reads.unknown
    return set(reads.tags)


def everything(queryset: QuerySet[Any]) -> set[str]:
    """Return the tags of all that a queryset reads."""
    reads = sql_analysis.everything_in(str(queryset.query))
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


def test_columns_that_are_named_by_their_number_count() -> None:
    # Django writes `GROUP BY 1`.
    grouped = InsightPage.objects.order_by().values("themes__slug").annotate(many=Count("pk"))
    assert f"{THEME}.slug" in compared(grouped)
    chosen = InsightPage.objects.order_by().annotate(
        chosen=Case(When(source="a", then=Value(1)), default=Value(2))
    )
    for found in (chosen.order_by("chosen"), chosen.values("chosen").annotate(many=Count("pk"))):
        assert f"{INSIGHT}.source" in compared(found)
    by_second = "SELECT t.name, {} FROM cms_theme t {} BY (SELECT 1), 2 LIMIT 1"
    for part in ("GROUP", "ORDER"):
        named = sql_analysis.compared_in(by_second.format("lower(t.slug)", part))
        assert named.tags == {f"{THEME}#", f"{THEME}.slug"}
        plain = sql_analysis.compared_in(by_second.format("t.slug", part))
        assert plain.tags == {f"{THEME}#", f"{THEME}.slug"}
        for unknown in ("t.*", "*"):
            assert sql_analysis.compared_in(
                f"SELECT {unknown} FROM cms_theme t {part} BY 1"
            ).unknown
    assert sql_analysis.compared_in("SELECT t.name FROM cms_theme t ORDER BY 2").unknown


def test_parts_of_a_union_count_each() -> None:
    found = (
        Theme.objects.order_by()
        .filter(slug="a")
        .values("name")
        .union(Page.objects.order_by().filter(title="b").values("title"))
    )
    assert compared(found) == {f"{THEME}#", f"{THEME}.slug", f"{PAGE}#", f"{PAGE}.title"}


def test_what_nobody_logs_is_told() -> None:
    users = sql_analysis.everything_in(str(get_user_model().objects.all().query))
    assert users.unknown == {"cms_user"}
    raw = sql_analysis.compared_in(
        'SELECT x."a" FROM "somewhere" x WHERE x."b" = \'FROM "cms_theme"\''
    )
    assert (raw.tags, raw.unknown) == (frozenset(), {"somewhere"})


def test_names_are_read_however_they_are_written() -> None:
    plain = "select t.name from cms_theme as t, wagtailcore_page p where t.slug = p.slug"
    assert set(sql_analysis.compared_in(plain).tags) == {
        f"{THEME}#",
        f"{THEME}.slug",
        f"{PAGE}#",
        f"{PAGE}.slug",
    }
    for savepoint in ('SAVEPOINT "s1_x2"', "RELEASE SAVEPOINT s1", "ROLLBACK TO SAVEPOINT x"):
        assert sql_analysis.everything_in(savepoint) == sql_analysis.Reads(frozenset(), frozenset())


def test_what_a_driver_composes_is_told() -> None:
    composed = SQL("SELECT {}").format(Literal(1))
    for read in (sql_analysis.everything_in, sql_analysis.compared_in):
        assert read(composed).unknown == {"a Composed"}


SOURCE = 'SELECT "insights_insightpage"."source" FROM "insights_insightpage"'


@pytest.mark.parametrize(
    "statement",
    [
        f"/* of a library */ {SOURCE}",
        f"-- of a library\n{SOURCE}",
        f"  \n\t{SOURCE}",
        f"({SOURCE})",
        f"{SOURCE};",
        SOURCE.lower(),
        SOURCE.replace(" FROM ", " /* FROM cms_theme */\nfrom\t"),
        "SELECT source FROM insights_insightpage",
        'SELECT "source" FROM "insights_insightpage" LIMIT %s',
        "SELECT 'FROM cms_theme', source FROM insights_insightpage",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM insights_insightpage WHERE source = 'it''s')",
    ],
)
def test_what_stands_around_a_query_hides_nothing(statement: str) -> None:
    reads = sql_analysis.everything_in(statement)
    assert INSIGHT in reads.tags
    assert THEME not in reads.tags
    assert reads.unknown == frozenset()


@pytest.mark.parametrize(
    "statement",
    [
        f"WITH x AS ({SOURCE}) SELECT * FROM x",
        f"/* of a library */ WITH RECURSIVE x AS ({SOURCE}) SELECT * FROM x",
        "VALUES (1)",
        "TABLE insights_insightpage",
        f"EXPLAIN {SOURCE}",
        "PRAGMA table_info(cms_theme)",
        "SHOW search_path",
        "CALL refresh()",
        "EXECUTE prepared",
        "FETCH NEXT FROM cursor",
        "SELECT names_of_everybody()",
        "SELECT * FROM names_of_everybody()",
        "SELECT dblink('…', 'SELECT 1')",
        "SELECT pg_read_file('a')",
        "SELECT nextval('a')",
        "SELECT random()",
        "SELECT now()",
        "SELECT 'now'::timestamptz",
        "SELECT * FROM cms_theme WHERE CAST('Today 10:00' AS timestamp) > %s",
        "SELECT date('now')",
        "SELECT strftime('%%s')",
        "SELECT * FROM cms_theme TABLESAMPLE BERNOULLI (10)",
        "SELECT query_to_xml('SELECT 1')",
        "SELECT CURRENT_DATE",
        f"SELECT 1; {SOURCE}",
        'UPDATE "cms_theme" SET "name" = %s',
        'INSERT INTO "cms_theme" ("name") VALUES (%s) RETURNING "id"',
        'DELETE FROM "cms_theme"',
        "SELECT $$FROM$$",
        "SAVEPOINT a; SELECT title FROM wagtailcore_page",
        "SAVEPOINT",
        "SELECT E'\\'' FROM cms_theme WHERE 'x' = '",
        "SELECT 'without an end",
        "",
        "   ",
        "-- nothing",
        b"SELECT 1",
        None,
        42,
    ],
)
def test_what_is_not_understood_is_told(statement: Any) -> None:
    for read in (sql_analysis.everything_in, sql_analysis.compared_in):
        assert read(statement).unknown, read


def test_a_view_or_a_table_of_nobody_is_told() -> None:
    for table in ("a_view", '"Insights_InsightPage"', "other.cms_theme", '"other"."cms_theme"'):
        assert sql_analysis.everything_in(f"SELECT a FROM {table}").unknown, table


def test_a_query_by_what_the_log_passes_over_is_told() -> None:
    later = Page.objects.filter(go_live_at__isnull=False)
    mine = Page.objects.filter(owner=1)
    drafts = InsightPage.objects.filter(has_unpublished_changes=True)
    for found in (later, mine, drafts, Page.objects.order_by("latest_revision_created_at")):
        assert sql_analysis.compared_in(str(found.query)).unknown
        assert sql_analysis.everything_in(str(found.query)).unknown
    for named in ("go_live_at", "owner_id", "locked_by_id", "draft_title"):
        assert sql_analysis.everything_in(str(Page.objects.values(named).query)).unknown
        assert sql_analysis.everything_in(f"SELECT {named} FROM wagtailcore_page").unknown
        # The same by whichever name, and where it is worked with.
        assert sql_analysis.everything_in(f"SELECT p.{named} AS a FROM wagtailcore_page p").unknown
        assert sql_analysis.everything_in(f"SELECT max({named}) FROM wagtailcore_page").unknown
    # Whoever fetches whole objects has not looked at them yet.
    assert not sql_analysis.everything_in(str(Page.objects.order_by("title").query)).unknown
    for whole in ("SELECT *", "SELECT p.*", "SELECT p", "SELECT json_agg(p)"):
        assert sql_analysis.everything_in(f"{whole} FROM wagtailcore_page p").unknown


def test_what_a_page_type_shows_is_logged_and_may_be_asked_for() -> None:
    # Meetings name it in their `api_fields`.
    found = MeetingPage.objects.order_by().filter(expire_at__isnull=False)
    assert compared(found) >= {"events_meetingpage#"}
