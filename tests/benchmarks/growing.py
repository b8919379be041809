"""Grows the demo site: as many insights and programmes as one asks for, of many dates, themes, sources and partners.

Rows are written in bulk, past Django's signals, and the change log is told in the end that everything may have
changed. What a new page shows (its picture, its body) it has from one of the demo's, so that it has its renditions.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify
from wagtail.models import Page

from cms.models import Theme
from frontend_api.changes.transaction import invalidate_all
from insights.models import InsightPage, source_of
from programmes.models import Partner, ProgrammePage, ProgrammePartner, RelatedInsight

FIRST_DAY = datetime.date(1996, 1, 1)
LAST_DAY = datetime.date(2016, 12, 31)
"""What is added is older than what the demo has, so that it comes after it wherever the newest is first."""
DAYS = (LAST_DAY - FIRST_DAY).days
SOURCES = [f"https://www.source-{number}.example/article" for number in range(12)]
AT_ONCE = 2_000


def grow(insights: int, programmes: int) -> None:
    """Add pages to the demo site until it shows so many insights and programmes."""
    with transaction.atomic():
        added = _add(InsightPage, insights, _insight)
        _choose_themes(added)
        made = _add(ProgrammePage, programmes, _programme)
        _choose_themes(made)
        _choose_partners(made)
        _relate(made, added)
        invalidate_all()


def _insight(number: int) -> dict[str, Any]:
    # 7919 is prime to any number of days that is none of its multiples: neighbours in the tree are years apart.
    day = LAST_DAY - datetime.timedelta(days=number * 7919 % DAYS)
    values: dict[str, Any] = {"title": f"Insight {number} of {day:%B %Y}", "published_on": day}
    if number % 3 == 0:
        address = SOURCES[number // 3 % len(SOURCES)]
        values |= {"body": [], "external_url": address, "source": source_of(address)}
    return values


def _programme(number: int) -> dict[str, Any]:
    first = FIRST_DAY.year + number * 7 % 20
    last = None if number % 5 == 0 else first + 1 + number % 4
    return {"title": f"Programme {number} since {first}", "start_year": first, "end_year": last}


def _add(model: Any, until: int, different: Callable[[int], dict[str, Any]]) -> list[Any]:
    """Add pages of `model` until there are `until`, each a copy of one of the demo's in what is not `different`."""
    parent = model.objects.live().order_by("pk")[0].get_parent()
    templates = list(model.objects.live().child_of(parent).exclude(body=[]).order_by("pk"))
    place = parent.get_last_child()
    added: list[Any] = []
    for number in range(model.objects.live().count(), until):
        # treebeard has no public way to name the next place in the tree.
        place.path = place._inc_path()
        values = different(number)
        slug = slugify(values["title"])
        moment = datetime.datetime(2017, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(number)
        own = {
            "path": place.path,
            "slug": slug,
            "url_path": f"{parent.url_path}{slug}/",
            "draft_title": values["title"],
            "translation_key": uuid.uuid4(),
            "first_published_at": moment,
            "last_published_at": moment,
            "latest_revision_id": None,
            "live_revision_id": None,
        }
        added.append(_copy(templates[number % len(templates)], {**values, **own}))
    pages = [_copy_as(Page, page) for page in added]
    Page.objects.bulk_create(pages, AT_ONCE)
    for page, base in zip(added, pages, strict=True):
        page.pk = page.id = base.pk
    _insert(model, added)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.get_children().count())
    return added


def _copy(page: Any, different: dict[str, Any]) -> Any:
    copy = _copy_as(type(page), page)
    for name, value in different.items():
        setattr(copy, name, value)
    return copy


def _copy_as(model: Any, page: Any) -> Any:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return model(
        **{field.attname: getattr(page, field.attname) for field in fields if field.name != "id"}
    )


def _insert(model: type[Model], objects: Iterable[Any]) -> None:
    """Insert rows into the model's own table alone, which `bulk_create` does not do for one that has a parent's."""
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({values})"
    rows = (
        [field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields]
        for one in objects
    )
    with connection.cursor() as cursor:
        while some := list(islice(rows, AT_ONCE)):
            cursor.executemany(statement, some)


def _choose_themes(pages: list[Any]) -> None:
    """Give each page one theme or two."""
    if not pages:
        return
    through = type(pages[0]).themes.through
    owner = type(pages[0])._meta.get_field("themes").m2m_column_name()
    themes = list(Theme.objects.order_by("pk"))
    through.objects.bulk_create(
        [
            through(**{owner: page.pk, "theme_id": themes[place % len(themes)].pk})
            for number, page in enumerate(pages)
            for place in {number % len(themes), number // 2 % len(themes)}
        ],
        AT_ONCE,
    )


def _choose_partners(programmes: list[ProgrammePage]) -> None:
    partners = list(Partner.objects.order_by("pk"))
    ProgrammePartner.objects.bulk_create(
        ProgrammePartner(
            programme=programme, partner=partners[number % len(partners)], sort_order=0
        )
        for number, programme in enumerate(programmes)
    )


def _relate(programmes: list[ProgrammePage], insights: list[InsightPage]) -> None:
    """Let each programme name two insights: of ten that there are, eight at least are named nowhere."""
    RelatedInsight.objects.bulk_create(
        RelatedInsight(
            programme=programme,
            insight=insights[(2 * number + place) % len(insights)],
            sort_order=place,
        )
        for number, programme in enumerate(programmes)
        for place in range(2)
        if insights
    )
