"""Feeds in Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1."""

import datetime
import json
import mimetypes
from typing import Any
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import escape

from .feed_entries import Entry
from .xml import allowed

ATOM, RSS, JSON = "atom", "rss", "json"
CONTENT_TYPES = {
    ATOM: "application/atom+xml; charset=utf-8",
    RSS: "application/rss+xml; charset=utf-8",
    JSON: "application/feed+json",
}
JSON_FEED = "https://jsonfeed.org/version/1.1"
# When a feed without entries was last changed: never.
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class _Unmoved:
    """A feed whose time is that of its newest entry, and never now: the same entries make the same bytes."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime.datetime:
        """Return when an entry was last changed."""
        times = [item[key] for item in self.items for key in ("updateddate", "pubdate")]
        return max(filter(None, times), default=_NEVER)


class _Atom(_Unmoved, Atom1Feed):
    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class _Rss(_Unmoved, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        content = "http://purl.org/rss/1.0/modules/content/"
        return {**super().rss_attributes(), "xmlns:content": content}

    def add_item_elements(self, handler: Any, item: Any) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


def written(form: str, about: dict[str, Any], entries: list[Entry]) -> str:
    """Return a feed in a form; `about` has what it says of itself, as `FeedView` makes it."""
    return _json(about, entries) if form == JSON else _xml(form, about, entries)


def _xml(form: str, about: dict[str, Any], entries: list[Entry]) -> str:
    kind: Any = _Atom if form == ATOM else _Rss
    said = {name: allowed(value) for name, value in about.items()}
    feed = kind(
        title=said["title"],
        link=said["link"],
        description=said["description"] or said["title"],
        subtitle=said["description"] or None,
        language=said["language"],
        author_name=said["author"],
        feed_url=said["address"],
        feed_guid=said["id"],
    )
    for entry in entries:
        feed.add_item(
            title=allowed(entry.title),
            link=allowed(entry.url),
            # Both take it for HTML.
            description=escape(allowed(entry.summary)) or None,
            content=allowed(entry.html),
            author_name=said["author"],
            pubdate=entry.published,
            # Atom has to have one.
            updateddate=entry.updated or _NEVER,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            categories=[allowed(name) for name in entry.categories],
            enclosures=[_enclosure(entry.image)] if entry.image else [],
        )
    made: str = feed.writeString("utf-8")
    return made


def _enclosure(image: Any) -> Enclosure:
    # How many bytes a rendition has, no table says, and a read opens no file; RSS has 0 for what is not known.
    return Enclosure(image["src"], "0", media_type(image["src"]))


def media_type(address: str) -> str:
    """Return the media type of an image by the ending of its address."""
    return mimetypes.guess_type(urlsplit(address).path)[0] or "image/jpeg"


def _json(about: dict[str, Any], entries: list[Entry]) -> str:
    feed = {
        "version": JSON_FEED,
        "title": about["title"],
        "home_page_url": iri_to_uri(about["link"]),
        "feed_url": iri_to_uri(about["address"]),
        "description": about["description"],
        "language": about["language"],
        "authors": [{"name": about["author"]}],
        "items": [_item(entry) for entry in entries],
    }
    return json.dumps(_without_nothing(feed), ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    return _without_nothing(
        {
            "id": entry.id,
            "url": entry.url,
            "external_url": entry.url if entry.is_elsewhere else None,
            "title": entry.title,
            "summary": entry.summary,
            "content_html": entry.html,
            "image": entry.image["src"] if entry.image else None,
            "date_published": entry.published and entry.published.isoformat(),
            "date_modified": entry.updated and entry.updated.isoformat(),
            "tags": entry.categories,
            "language": entry.language,
        }
    )


def _without_nothing(members: dict[str, Any]) -> dict[str, Any]:
    """Return what is there: JSON Feed has no null, and an item has to have a text, if an empty one."""
    kept = {"content_html", "items"}
    return {name: value for name, value in members.items() if value or name in kept}
