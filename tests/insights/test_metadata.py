"""What a page says of itself is read, however it says it, and however badly."""

import datetime
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.fetching import Fetched
from insights.metadata import Suggestion, suggestion_of

pytestmark = pytest.mark.once

DAY = datetime.date(2024, 3, 5)


def read(
    html: str | bytes, charset: str | None = None, url: str = "https://example.org/a/"
) -> Suggestion:
    """Return what is read of a page."""
    body = html if isinstance(html, bytes) else html.encode()
    return suggestion_of(Fetched(url, "text/html", charset, body))


OPEN_GRAPH = """<!DOCTYPE html><html><head><title>Article | Newspaper</title>
<meta property="og:title" content="How children are &quot;found&quot;">
<meta property="og:site_name" content="The Newspaper">
<meta property="og:description" content="  What investigators
 see.  ">
<meta property="og:image" content="/pictures/one.jpg"><meta property="og:image:alt" content="A desk">
<meta property="article:published_time" content="2024-03-05T12:00:00+00:00">
</head><body><h1>Other</h1>"""


def test_open_graph() -> None:
    assert read(OPEN_GRAPH) == Suggestion(
        title='How children are "found"',
        source="The Newspaper",
        summary="What investigators see.",
        published_on=DAY,
        image="https://example.org/pictures/one.jpg",
        alternative_text="A desk",
    )


ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "How children are found",
    "description": "What investigators see.",
    "publisher": {"@type": "Organization", "name": "The Newspaper"},
    "datePublished": "2024-03-05",
    "image": [{"@type": "ImageObject", "url": "https://example.org/one.jpg"}],
}


@pytest.mark.parametrize(
    "document",
    [
        ARTICLE,
        [{"@type": "Organization", "name": "No"}, ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "name": "No"}, ARTICLE]},
        {**ARTICLE, "@type": ["Article", "NewsArticle"], "image": "https://example.org/one.jpg"},
        {
            **ARTICLE,
            "publisher": [{"name": "The Newspaper"}],
            "headline": ["How children are found"],
        },
    ],
)
def test_json_ld(document: Any) -> None:
    text = json.dumps(document)
    found = read(f'<title>Page</title><script type="application/ld+json">{text}</script>')
    assert (found.title, found.source) == ("How children are found", "The Newspaper")
    assert (found.summary, found.published_on) == ("What investigators see.", DAY)
    assert found.image == "https://example.org/one.jpg"


def test_plain_html() -> None:
    found = read(
        "<title>A page</title><meta name=Description content='What it says'>"
        "<body><time datetime='2024-03-05'>5 March</time>"
    )
    assert (found.title, found.summary, found.published_on) == ("A page", "What it says", DAY)
    assert (found.source, found.image) == ("", "")


def test_long_texts_fit_their_fields() -> None:
    words = "word " * 500
    found = read(
        f"<meta property='og:title' content='{words}'><meta property='og:site_name' content='{words}'>"
        f"<meta name='description' content='{words}'>"
    )
    assert (len(found.title) <= 255, len(found.source) <= 100, len(found.summary) <= 300) == (
        True,
    ) * 3
    assert found.summary.endswith("word…")


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Café</title>".encode("latin-1"), "iso-8859-1"),
        ("<meta charset=windows-1252><title>Café</title>".encode("cp1252"), None),
        ("<title>Café</title>".encode(), "no-such-charset"),
        ("\ufeff<title>Café</title>".encode("utf-16"), None),
        ("<title>Café</title>".encode(), None),
    ],
)
def test_texts_in_any_charset(body: bytes, charset: str | None) -> None:
    assert read(body, charset).title == "Café"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-05", DAY),
        ("2024-03-05T23:30:00Z", DAY),
        ("2024-03-05 10:00", DAY),
        ("2024/03/05", DAY),
        ("yesterday", None),
        ("2024-13-45", None),
        ("2024-13-45T99:99:99Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
    ],
)
def test_days(text: str, day: datetime.date | None) -> None:
    found = read(f"<meta property='article:published_time' content='{text}'>")
    assert found.published_on == day


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:image/png;base64,AAAA", "http://[", "file:///etc/passwd", ""],
)
def test_what_is_no_picture_of_the_web_is_left_out(address: str) -> None:
    assert read(f'<meta property="og:image" content="{address}">').image == ""


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[[[" * 50_000,
        "null",
        "3",
        '{"@graph": 7, "@type": null}',
        '{"@type": "Article", "headline": {"a": 1}}',
        '{"@type": "Article", "headline": 3, "image": [[[]]], "publisher": {"name": {"name": []}}}',
    ],
)
def test_json_ld_that_makes_no_sense_is_left_out(text: str) -> None:
    html = f'<title>Page</title><script type="application/ld+json">{text}</script>'
    assert read(html).title == "Page"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<title",
        "<!--",
        "<![CDATA[",
        "<meta property content>",
        "<div>" * 100_000,
        "\0<title>\0a\0</title>",
    ],
)
def test_html_that_makes_no_sense_says_little(html: str) -> None:
    assert "\0" not in read(html).title


@pytest.mark.parametrize(
    "html",
    [
        "/etc/passwd",
        "index.html",
        "https://example.org/",
        "<![x",
        "<!DOCTYPE [",
        "<![if",
        "&#0;&#xFFFFFFFF;",
    ],
)
def test_what_is_hardly_html_is_no_error(html: str) -> None:
    assert read(html) == Suggestion("", "", "", None, "", "")


def test_xhtml() -> None:
    html = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><title>Page</title>'
    assert read(html).title == "Page"


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_anything_is_read(body: bytes) -> None:
    found = read(b"<meta property='og:title' content='" + body)
    assert "\0" not in found.title
    assert len(found.title) <= 255
