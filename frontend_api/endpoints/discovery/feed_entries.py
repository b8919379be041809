"""The newest pages of a collection as entries of a feed, with the whole text of each."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.encoding import iri_to_uri
from markdown_it import MarkdownIt

from frontend_api.endpoints.collections import CollectionViewSet, Feed
from frontend_api.endpoints.markdown_renderer import write_for_reading_elsewhere
from frontend_api.endpoints.ordering import order
from frontend_api.introspection import Page
from frontend_api.serialization.markdown_text import joined, paragraphs
from frontend_api.serialization.markdown_writer import MarkdownWriter, is_image
from frontend_api.serialization.objects import represent
from frontend_api.serialization.page_markdown import texts
from frontend_api.serialization.resolver import resolve
from frontend_api.visibility.perspective import Perspective

from .found import indexed

MOST_ENTRIES = 20
# HTML in a text is what somebody wrote about it, and no markup.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


class Entry(NamedTuple):
    """A page in a feed."""

    id: str
    url: str
    """The page on the frontend, or what it leads to on another website."""
    is_elsewhere: bool
    title: str
    summary: str
    html: str
    image: Mapping[str, Any] | None
    categories: list[str]
    language: str
    published: datetime.datetime | None
    updated: datetime.datetime | None


def entries(
    perspective: Perspective, viewset: type[CollectionViewSet], feed: Feed, locale: str | None
) -> list[Entry]:
    """Return the newest entries of a collection, in the order that it has by default."""
    write_for_reading_elsewhere(perspective)
    pages = indexed(perspective, viewset.model, locale)
    newest = order(pages, QueryDict(), viewset.order_fields, viewset.default_order)[:MOST_ENTRIES]
    found = perspective.listed(newest)
    forms, _ = resolve([represent(page, perspective) for page in found], perspective)
    write = MarkdownWriter(perspective.link_base)
    return [_entry(page, form, feed, write) for page, form in zip(found, forms, strict=True)]


def entry_id(page: Page, language: str) -> str:
    """Return what names an entry for ever, wherever its page moves: readers are shown an entry once."""
    return uuid.uuid5(page.translation_key, language).urn


def _entry(page: Any, form: dict[str, Any], feed: Feed, write: MarkdownWriter) -> Entry:
    link = form.get(feed.link) or {"url": form["meta"]["html_url"], "external": False}
    image = form.get(feed.image)
    image = image if is_image(image) else None
    summary = form.get(feed.summary) or ""
    language = page.locale.language_code
    published = _moment(form.get(feed.published)) or page.first_published_at
    return Entry(
        id=entry_id(page, language),
        url=str(iri_to_uri(write.absolute(link["url"]))),
        is_elsewhere=bool(link["external"]),
        title=form["title"],
        summary=summary,
        html=_html(form, summary, image, write),
        image=image,
        categories=[_name(one) for one in form.get(feed.categories) or ()],
        language=language,
        published=published,
        updated=page.last_published_at or published,
    )


def _name(category: Any) -> str:
    return str(category.get("name", "")) if isinstance(category, dict) else str(category)


def _html(form: dict[str, Any], summary: str, image: Any, write: MarkdownWriter) -> str:
    """Return the whole text of a page as HTML; of a page without one, its summary."""
    text = texts(form, write) or paragraphs(summary)
    html: str = _markdown.render(joined(write.image(image) if image else "", text))
    return html


def _moment(value: Any) -> datetime.datetime | None:
    """Return when a page says that it was published; a day begins at midnight in the website's time zone."""
    if isinstance(value, str):
        value = (parse_date(value) if len(value) == 10 else parse_datetime(value)) or None
    if isinstance(value, datetime.datetime):
        return value if timezone.is_aware(value) else timezone.make_aware(value)
    if isinstance(value, datetime.date):
        return timezone.make_aware(datetime.datetime.combine(value, datetime.time()))
    return None
