"""Reads what a web page says of itself: Open Graph, JSON-LD, and what plain HTML has."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer
from bs4.exceptions import ParserRejectedMarkup
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from cms.fetching import MEGABYTE, Fetched, fetch

PAGE_TYPES = ("text/html", "application/xhtml+xml")
MOST_BYTES = 2 * MEGABYTE
TITLE, SOURCE, SUMMARY, ADDRESS = 255, 100, 300, 500
# What an article says of itself goes before what its website, or a picture in it, says.
ARTICLES = re.compile(r"Article|Posting|Report|WebPage|CreativeWork|Review|Event|VideoObject")
MOST_OBJECTS = 1_000
XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*>")


@dataclass(frozen=True)
class Suggestion:
    """What a page says of itself, as an insight has it; "" or None where it says nothing."""

    title: str
    source: str
    summary: str
    published_on: date | None
    image: str
    """The address of a picture."""
    alternative_text: str


def fetch_suggestion(url: str) -> Suggestion:
    """Fetch a page and return what it says of itself; raises `cms.fetching.Unfetchable`."""
    return suggestion_of(fetch(url, PAGE_TYPES, MOST_BYTES))


def suggestion_of(page: Fetched) -> Suggestion:
    """Return what a page says of itself, however malformed it is."""
    soup = _soup(page)
    said = _meta(soup)
    linked = _json_ld(soup)

    def first(*names: str) -> str:
        return next((said[name] for name in names if said.get(name)), "")

    heading = soup.find("title") or soup.find("h1")
    title = first("og:title", "twitter:title") or _text(
        linked.get("headline") or linked.get("name")
    )
    time = soup.find("time", attrs={"datetime": True})
    days = (
        first("article:published_time", "og:published_time"),
        _text(linked.get("datePublished")),
        first("date", "dc.date", "dcterms.date", "dc.date.issued", "citation_publication_date"),
        str(time["datetime"]) if time else "",
    )
    image = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image") or _address(
        linked.get("image") or linked.get("thumbnailUrl")
    )
    return Suggestion(
        title=_shortened(title or (heading.get_text() if heading else ""), TITLE),
        source=_shortened(first("og:site_name") or _text(linked.get("publisher")), SOURCE),
        summary=_shortened(
            first("og:description", "description", "twitter:description")
            or _text(linked.get("description")),
            SUMMARY,
        ),
        published_on=next((day for day in map(_day, days) if day), None),
        image=_absolute(page.url, image),
        alternative_text=_shortened(first("og:image:alt", "twitter:image:alt"), 255),
    )


def _soup(page: Fetched) -> BeautifulSoup:
    """Return the few elements of a page that are read; none of what is no HTML at all."""
    wanted = SoupStrainer(["meta", "title", "h1", "script", "time"])
    # The parser warns of text that may be the name of a file, and of a declaration of XML.
    body = XML_DECLARATION.sub(b"", page.body) if b"<" in page.body else b""
    try:
        return BeautifulSoup(body, "html.parser", from_encoding=page.charset, parse_only=wanted)
    except ParserRejectedMarkup:
        return BeautifulSoup("", "html.parser")


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    """Return what the page's `meta` elements say, the first of a name."""
    said: dict[str, str] = {}
    for element in soup.find_all("meta"):
        name = element.get("property") or element.get("name")
        content = element.get("content")
        if isinstance(name, str) and isinstance(content, str):
            said.setdefault(name.strip().lower(), _clean(content))
    return said


def _json_ld(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what the page's JSON-LD says of its article, or {}."""
    objects: list[dict[str, Any]] = []
    for script in soup.find_all("script", attrs={"type": "application/ld+json"}):
        try:
            objects += _objects(json.loads(script.get_text()))
        except (ValueError, RecursionError):
            # Whatever it is, it is not for us.
            continue
    articles = [found for found in objects if ARTICLES.search(str(found.get("@type")))]
    with_headline = [found for found in articles if found.get("headline")]
    return next(iter(with_headline or articles), {})


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Return the objects of a document: itself, those in a list of them, or in its graph."""
    left, seen = [value], 0
    while left and seen < MOST_OBJECTS:
        found = left.pop(0)
        seen += 1
        if isinstance(found, list):
            left += found[:MOST_OBJECTS]
        elif isinstance(found, dict):
            yield found
            left += [found.get("@graph"), found.get("mainEntity")]


def _text(value: Any) -> str:
    """Return the text of a value of JSON-LD, which may be an object with a name, or a list."""
    for _depth in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value") or ""
    return _clean(value) if isinstance(value, str) else ""


def _address(value: Any) -> str:
    for _depth in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
    return _clean(value) if isinstance(value, str) else ""


def _absolute(base: str, address: str) -> str:
    """Return an address with all its parts, or "" if it is none of the web."""
    try:
        absolute = urljoin(base, address) if address else ""
        is_web = urlsplit(absolute).scheme in {"http", "https"}
    except ValueError:
        return ""
    return absolute if is_web and len(absolute) <= 2 * ADDRESS else ""


def _day(text: str) -> date | None:
    """Return the day of an ISO date or time, in the time zone of the service; None for anything else."""
    try:
        moment = parse_datetime(text) if len(text) > 10 else None
        if moment is not None:
            return _local(moment).date()
        return parse_date(text[:10].replace("/", "-"))
    except (ValueError, OverflowError):
        return None


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _clean(text: str) -> str:
    """Return a text in one line, without what cannot be printed or stored."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _shortened(text: str, most: int) -> str:
    text = _clean(text)
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return f"{start.rpartition(' ')[0] or start}…"
