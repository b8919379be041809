"""`python -m tests.benchmarks.searching`: print how long searches take among 100,000 pages, beside Wagtail's own.

On PostgreSQL, which also makes the pages. Their words are drawn as often as words are in a language: few of them nearly
everywhere, most of them hardly anywhere. Nothing is kept between two reads. What is asked for is as mixed as what
readers type: a word of each frequency, several words, a beginning, a slip, and what is not there.
"""

import itertools
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import django

from tests.benchmarks.large_site import busy

PAGES = int(os.environ.get("PAGES", "100000"))
VOCABULARY = 50_000
TITLE, SUMMARY, ALL = 6, 26, 246
"""How many words of a page are in its title, in that and its summary, and in all of it."""
ROUNDS = 240
KINDS = 8
ONLY_BUSY = "BUSY" in os.environ
"""Whether to take the time that cores were busy, which other work on the machine changes less."""
BUDGET = 50
"""Milliseconds within which 95 of 100 searches have to answer."""

LETTERS = "bdfgklmnprstvzae"
_WORD = f"translate(lpad(to_hex((%s::bigint * 7919) %% 1048576), 5, '0'), '0123456789abcdef', '{LETTERS}')"
_RANK = f"floor(exp(random() * ln({VOCABULARY})))::int"


def word(rank: int) -> str:
    """Return the word that is so many times as rare as the first, as the database makes it."""
    digits = f"{rank * 7919 % 1048576:05x}"
    return "".join(LETTERS[int(digit, 16)] for digit in digits)


def queries() -> Iterator[tuple[str, str]]:
    """Yield what is asked for, with what kind of question that is."""
    some = random.Random(1)
    while True:
        common, usual = word(some.randrange(1, 50)), word(some.randrange(50, 2_000))
        rare = word(some.randrange(2_000, 12_000))
        yield "a common word", common
        yield "a usual word", usual
        yield "a rare word", rare
        yield "two words", f"{usual} {word(some.randrange(50, 2_000))}"
        yield "a beginning", usual[:4]
        yield "a slip", f"{usual[:2]}{usual[3]}{usual[2]}{usual[4:]}"
        yield "nothing", f"{usual} qxqxqx"
        yield "three words", f"{common} {usual} {rare}"


def main() -> None:
    """Make a database of our own, fill it, and measure."""
    os.environ["TEST_DATABASE"] = "postgres"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.db import connection
    from django.test import override_settings

    from tests import databases

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "bench")
            with override_settings(
                ROOT_URLCONF="tests.benchmarks.urls",
                MEDIA_ROOT=folder / "media",
                ALLOWED_HOSTS=["*"],
                DEBUG=False,
            ):
                fill()
                print(
                    f"{os.cpu_count()} cores, Python {platform.python_version()}, {PAGES:,} pages\n"
                )
                measure()
        finally:
            connection.close()
            here.stop()


def fill() -> None:
    """Add pages, with their words in both indexes as if each had been saved."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction

    from frontend_api.changes.transaction import invalidate_all
    from frontend_api.search import spellings
    from insights.models import InsightPage
    from tests import factories

    page = factories.InsightPageFactory(
        title="The first of many", summary="All others are like it."
    )
    kind = ContentType.objects.get_for_model(InsightPage).pk
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    steps = " || ".join(
        f"substr('{alphabet}', n / {36**power} % 36 + 1, 1)" for power in (3, 2, 1, 0)
    )
    title = f"array_to_string(words[1:{TITLE}], ' ')"
    different = {
        "id": f"{page.pk} + n",
        "page_ptr_id": f"{page.pk} + n",
        "path": f"'{page.path[:-4]}' || {steps}",
        "slug": "'page-' || n",
        "url_path": f"'{page.url_path}' || n || '/'",
        "title": title,
        "draft_title": title,
        "translation_key": "gen_random_uuid()",
        "first_published_at": "now() - n * interval '1 hour'",
        "last_published_at": "now() - n * interval '1 hour'",
        "published_on": "current_date - n / 24",
        "summary": f"array_to_string(words[{TITLE + 1}:{SUMMARY}], ' ')",
    }
    statements = [
        f"CREATE TEMPORARY TABLE texts AS SELECT n, array_agg({_WORD % _RANK}) AS words "
        f"FROM generate_series(100, {PAGES} + 99) AS n, generate_series(1, {ALL}) GROUP BY n",
        *(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT "
            f"{', '.join(different.get(column, f'page.{column}') for column in columns)} "
            f"FROM texts, {table} AS page WHERE page.{key} = {page.pk}"
            for table, key, columns in (
                ("wagtailcore_page", "id", _columns("wagtailcore_page")),
                ("insights_insightpage", "page_ptr_id", _columns("insights_insightpage")),
            )
        ),
        "INSERT INTO frontend_api_searchentry "
        "(kind, number, type_key, title_words, lead_words, words, sort_key, text, digest) "
        f"SELECT 'wagtailcore.page', {page.pk} + n, {kind}, {_vector(TITLE)}, {_vector(SUMMARY)}, {_vector(ALL)}, "
        f"convert_to({title}, 'UTF8'), array_to_string(words[{TITLE + 1}:], ' '), "
        "md5(n::text) FROM texts",
        "INSERT INTO wagtailsearch_indexentry "
        "(content_type_id, object_id, title_norm, title, body, autocomplete, title_text, body_text) "
        f"SELECT {kind}, {page.pk} + n, 1, setweight(to_tsvector({title}), 'A'), "
        f"to_tsvector(array_to_string(words[{TITLE + 1}:], ' ')), to_tsvector('simple', {title}), '', '' FROM texts",
    ]
    indexes = _without_indexes()
    with connection.cursor() as cursor:
        # To make so many pages at once takes longer than any request may.
        cursor.execute("SET statement_timeout = 0")
        for statement in [*statements, *indexes]:
            cursor.execute(statement)
    with transaction.atomic():
        spellings.keep(map(word, range(1, VOCABULARY)))
        invalidate_all()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _columns(table: str) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        return [
            column.name for column in connection.introspection.get_table_description(cursor, table)
        ]


def _vector(count: int) -> str:
    return f"array_to_tsvector(words[1:{count}])"


def _without_indexes() -> list[str]:
    """Drop the indexes of words, and return what makes them again, which is faster than to fill them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%' "
            "AND tablename IN ('frontend_api_searchentry', 'wagtailsearch_indexentry')"
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def measure() -> None:
    """Ask both for the same, by turns, and print how long it took."""
    from tests.benchmarks.compare import wsgi

    read = wsgi()
    # What every process remembers is there, as after the first search since something was published.
    read("/api/v2/search/?q=first")
    times: dict[str, dict[str, list[float]]] = {}
    for number, (kind, text) in enumerate(itertools.islice(queries(), ROUNDS)):
        addresses = {
            "search/": f"/api/v2/search/?q={quote(text)}",
            "search=": f"/api/v2/insights/?search={quote(text)}",
            "autocomplete/": f"/api/v2/autocomplete/?q={quote(text)}",
            "Wagtail": f"/stock/pages/?search={quote(text)}&type=insights.InsightPage",
        }
        for name, address in addresses.items():
            if name == "Wagtail" and number // KINDS % 6:
                # It takes seconds, so that fewer have to do.
                continue
            start, was_busy = time.perf_counter(), busy()
            read(address)
            taken = (time.perf_counter() - start) * 1000
            if ONLY_BUSY:
                taken = (busy() - was_busy) * 1000
            for group in (kind, "all"):
                times.setdefault(group, {}).setdefault(name, []).append(taken)
    names = list(times["all"])
    print(f"| what is asked for | {' | '.join(f'`{name}` median | p95' for name in names)} |")
    print(f"|{' --- |' * (1 + 2 * len(names))}")
    for group, by_name in times.items():
        cells = [
            f"{statistics.median(taken):.0f} ms | {p95(taken):.0f} ms" for taken in by_name.values()
        ]
        print(f"| {group} | {' | '.join(cells)} |")
    own, stock = (p95(times["all"][name]) for name in ("search/", "Wagtail"))
    print(
        f"\nWagtail's own takes {stock / own:.1f} times as long, and finds no beginnings and no slips."
    )
    print(f"The budget of {BUDGET} ms is {'kept' if own <= BUDGET else 'NOT kept'}.")


def p95(taken: list[float]) -> float:
    """Return within how many milliseconds 95 of 100 were answered."""
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.exit(main())
