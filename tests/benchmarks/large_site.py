"""A database of our own with a site of many pages, and for how long a request keeps cores busy."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def busy() -> float:
    """Return for how many seconds this process, and the database, have kept a core busy.

    Other work on the machine changes that less than it changes the time that passes.
    """
    from django.db import connection

    here = time.process_time()
    if connection.vendor == "sqlite":
        return here
    connection.ensure_connection()
    server = connection.connection.info.backend_pid
    return here + int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def large_site(pages: int, *, as_edited: bool = False) -> Iterator[None]:
    """Make the demo site as large as that for as long as the block lasts, three insights for each programme.

    It has what readers search through, or, `as_edited`, what editors leave behind: a history, schedules, uses, and what
    the admin searches through.
    """
    from django.conf import settings
    from django.db import connection
    from django.test import override_settings

    from tests import databases

    with tempfile.TemporaryDirectory(prefix="cms-bench-") as name:
        folder = Path(name)
        here = databases.for_run(folder)
        try:
            databases.own_copy(here, folder, "bench")
            # Without the limit, what takes longer than it is seen.
            unlimited = {**settings.FRONTEND_API, "STATEMENT_TIMEOUT": 0}
            with override_settings(
                MEDIA_ROOT=folder / "media",
                ALLOWED_HOSTS=["*"],
                DEBUG=False,
                FRONTEND_API=unlimited,
            ):
                _fill(pages, as_edited)
                yield
        finally:
            connection.close()
            here.stop()


def _fill(pages: int, as_edited: bool) -> None:
    from django.db import connection

    from examples.demo.loading import load
    from frontend_api.search import indexing
    from tests.benchmarks.growing import grow

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # To make so many pages at once takes longer than any request may. A query is to keep one core busy.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    load()
    grow(insights=pages * 3 // 4, programmes=pages // 4)
    if as_edited:
        _edit()
    else:
        indexing.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _edit() -> None:
    """Give every page what editing leaves behind, as its demo page has it where that takes long to make."""
    from django.db.models import F
    from wagtail.models import Page

    from cms.models.search import SearchedText
    from insights.models import InsightPage
    from programmes.models import ProgrammePage

    Page.objects.filter(depth__gt=3).update(latest_revision_created_at=F("last_published_at"))
    for model in (InsightPage, ProgrammePage):
        pages = list(model.objects.order_by("pk"))
        kept = SearchedText.objects.filter(model="wagtailcore.page")
        words = set(kept.values_list("key", flat=True))
        known = [page for page in pages if str(page.pk) in words]
        added = [page for page in pages if str(page.pk) not in words]
        _refer(known, added)
        _keep_words(known[-1], added)
        _schedule(added[: len(added) // 20])
        _log(added)


def _refer(known: list[Any], added: list[Any]) -> None:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, ReferenceIndex

    of_pages = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    rows = [[*of_pages.filter(object_id=str(page.pk)).order_by("pk")] for page in known]
    copies = []
    for number, page in enumerate(added):
        for row in rows[number % len(rows)]:
            values = {
                field.attname: getattr(row, field.attname)
                for field in ReferenceIndex._meta.concrete_fields
                if not field.primary_key
            }
            copies.append(ReferenceIndex(**{**values, "object_id": str(page.pk)}))
    ReferenceIndex.objects.bulk_create(copies, 2_000)


def _keep_words(known: Any, added: list[Any]) -> None:
    from cms.admin_search import fold
    from cms.models.search import SearchedName, SearchedText

    like = SearchedText.objects.get(model="wagtailcore.page", key=str(known.pk))
    names = [*like.names.all()]
    rows = SearchedText.objects.bulk_create(
        [
            SearchedText(
                model=like.model,
                key=str(page.pk),
                name=fold(page.title),
                text=f"{fold(page.title)} {page.slug} {like.text}",
            )
            for page in added
        ],
        2_000,
    )
    SearchedName.objects.bulk_create(
        [
            SearchedName(owner=row, in_draft=False, source=one.source, text=one.text)
            for row in rows
            for one in names
        ],
        2_000,
    )


def _schedule(pages: list[Any]) -> None:
    from datetime import timedelta

    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import Page, Revision

    base = ContentType.objects.get_for_model(Page)
    now = timezone.now()
    Revision.objects.bulk_create(
        [
            Revision(
                content_type=ContentType.objects.get_for_model(page),
                base_content_type=base,
                object_id=str(page.pk),
                created_at=now,
                object_str=page.title,
                content=page.serializable_data(),
                approved_go_live_at=now + timedelta(hours=number),
            )
            for number, page in enumerate(pages)
        ],
        500,
    )


def _log(pages: list[Any]) -> None:
    import uuid
    from datetime import timedelta

    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import PageLogEntry

    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page_id=page.pk,
                content_type=ContentType.objects.get_for_model(page),
                label=page.title,
                action=action,
                timestamp=now - timedelta(minutes=number),
                uuid=uuid.uuid4(),
                content_changed=True,
            )
            for number, page in enumerate(pages)
            for action in ("wagtail.create", "wagtail.publish")
        ],
        2_000,
    )
