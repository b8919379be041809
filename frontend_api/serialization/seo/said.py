"""What a page itself says to search engines and where it is shared, by what its `api_seo` says of its fields."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.fields import RichTextField
from wagtail.rich_text import get_text_for_indexing

from .declaration import meanings_of

# What may stand in an address; whatever else is stored leads nowhere.
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x1f]+", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """The values of a page, texts in one line each and empty where it has none."""

    title: str
    heading: str
    description: str
    image: Any
    """The primary key of its image, or None."""
    published: str | None
    modified: str | None
    is_hidden: bool
    elsewhere: str
    schema: str


def said_by(page: Any) -> Said:
    """Return what a page says. This queries nothing that the page does not query by itself."""
    meanings = meanings_of(type(page))

    def value(name: str) -> Any:
        return getattr(page, name) if name else None

    heading = one_line(page.title)
    published = _moment(value(meanings.published) or page.first_published_at)
    modified = _moment(page.last_published_at)
    if published and modified:
        # An editor may give a date that is yet to come.
        modified = max(published, modified)
    elsewhere = str(value(meanings.elsewhere) or "")
    return Said(
        title=one_line(getattr(page, "seo_title", "")) or heading,
        heading=heading,
        description=one_line(getattr(page, "search_description", ""))
        or _plain(page, meanings.description),
        image=_key(page, meanings.image),
        published=_text_of(published),
        modified=_text_of(modified),
        is_hidden=bool(value(meanings.noindex)),
        elsewhere=elsewhere if _ADDRESS.fullmatch(elsewhere) else "",
        schema=meanings.schema,
    )


def one_line(text: Any) -> str:
    """Return a text in one line, with single spaces."""
    return " ".join(str(text or "").split())


def _key(page: Any, name: str) -> Any:
    return getattr(page, page._meta.get_field(name).attname) if name else None


def _plain(page: Any, name: str) -> str:
    """Return the words of a field of a page, which may be rich text."""
    if not name:
        return ""
    value = getattr(page, name)
    fields = {field.name: field for field in page._meta.concrete_fields}
    is_rich = isinstance(fields.get(name), RichTextField)
    return one_line(get_text_for_indexing(value or "") if is_rich else value)


def _moment(given: Any) -> datetime.datetime | None:
    """Return a date or time as a time with its zone, or None; a date begins at midnight where the site is."""
    if not isinstance(given, datetime.date):
        return None
    zone = timezone.get_default_timezone()
    if not isinstance(given, datetime.datetime):
        return datetime.datetime.combine(given, datetime.time(), tzinfo=zone)
    moment = timezone.make_aware(given, zone) if timezone.is_naive(given) else given
    return moment.astimezone(datetime.UTC)


def _text_of(moment: datetime.datetime | None) -> str | None:
    """Return a time as ISO 8601, to the millisecond, which is what drafts keep."""
    if moment is None:
        return None
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")
