"""What the website says of its pages to search engines and caches, and the one address that each has."""

import copy
import json
import re
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from .conftest import SmallApi, Visitor
from .test_website import SITE, page

pytestmark = pytest.mark.once

ROOT = "http://testserver"
HOME = {"id": 2, "type": "cms.HomePage", "title": "Home", "html_url": f"{ROOT}/"}


class Head(HTMLParser):
    """What is in the head of a page: the title, the elements with their attributes, and the data."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, str] = {}
        self._inside = ""
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text[self._inside] = self.text.get(self._inside, "") + data

    def meta(self, name: str) -> list[str | None]:
        return [
            one["content"]
            for tag, one in self.elements
            if tag == "meta" and name in (one.get("name"), one.get("property"))
        ]

    def links(self, rel: str) -> list[Any]:
        return [
            (one["hreflang"], one["href"]) if "hreflang" in one else one["href"]
            for tag, one in self.elements
            if tag == "link" and one.get("rel") == rel
        ]

    def languages(self) -> list[Any]:
        """Return the addresses of the page in each language, and not its other forms."""
        return [one for one in self.links("alternate") if isinstance(one, tuple)]


def seo(path: str, **fields: Any) -> dict[str, Any]:
    """Return what the API says of a page."""
    return {
        "title": "For search",
        "description": "In short.",
        "canonical": f"{ROOT}{path}",
        "robots": "index, follow",
        "open_graph": {
            "type": "article",
            "title": "For search",
            "description": "In short.",
            "url": f"{ROOT}{path}",
            "site_name": "HDF",
            "locale": "en_GB",
            "image": {"url": "http://cms/a.jpg", "width": 1200, "height": 630, "alt": "Boats"},
        },
        "article": {"published_time": "2021-06-16T00:00:00Z", "modified_time": None},
        "json_ld": {"@context": "https://schema.org", "@graph": []},
        **fields,
    }


def with_seo(path: str = "/about/", kind: str = "cms.ContentPage", **fields: Any) -> dict[str, Any]:
    shown = page(path, kind)
    shown["meta"] |= {
        "ancestors": [HOME],
        "translations": [],
        "x_default": None,
        "seo": seo(path),
        **fields,
    }
    return shown


@pytest.fixture(autouse=True)
def site(api: SmallApi) -> None:
    api.answers["/site/"] = 200, SITE


def head(api: SmallApi, website: Visitor, shown: dict[str, Any], address: str) -> Head:
    api.answers["/pages/find/"] = 200, shown
    response = website.get(address)
    assert response.status_code == 200, response.headers
    return Head(response.text)


def test_a_page_says_what_the_api_says_of_it(api: SmallApi, website: Visitor) -> None:
    found = head(api, website, with_seo(), "/about/?utm_source=letter")
    assert found.text["title"] == "For search – HDF"
    expected = {
        "description": ["In short."],
        "robots": ["index, follow"],
        "og:title": ["For search"],
        "og:type": ["article"],
        "og:url": [f"{ROOT}/about/"],
        "og:description": ["In short."],
        "og:site_name": ["HDF"],
        "og:locale": ["en_GB"],
        "og:image": ["http://cms/a.jpg"],
        "og:image:width": ["1200"],
        "og:image:height": ["630"],
        "og:image:alt": ["Boats"],
        "twitter:card": ["summary_large_image"],
        "article:published_time": ["2021-06-16T00:00:00Z"],
        "article:modified_time": [],
    }
    assert {name: found.meta(name) for name in expected} == expected
    assert found.links("canonical") == [f"{ROOT}/about/"]
    assert json.loads(found.text["script"]) == seo("/about/")["json_ld"]


@pytest.mark.parametrize(
    "text", ["</script><script>alert(1)</script>", "<!--<script>", "'\"&\\ \u2028"]
)
def test_whatever_a_title_says_stays_data(api: SmallApi, website: Visitor, text: str) -> None:
    shown = with_seo()
    shown["title"] = text
    shown["meta"]["seo"]["title"] = shown["meta"]["seo"]["description"] = text
    graph = [{"@type": "WebPage", "name": text}]
    shown["meta"]["seo"]["json_ld"]["@graph"] = graph
    shown["meta"]["ancestors"] = [{**HOME, "title": text}]
    found = head(api, website, shown, "/about/")
    assert json.loads(found.text["script"])["@graph"] == graph
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert found.meta("description") == [text]


def test_translations_are_named_for_search_engines(api: SmallApi, website: Visitor) -> None:
    languages = [
        {"locale": "en-gb", "html_url": f"{ROOT}/about/", "id": 1},
        {"locale": "fr", "html_url": f"{ROOT}/fr/a/", "id": 3},
    ]
    found = head(
        api, website, with_seo(translations=languages, x_default=f"{ROOT}/about/"), "/about/"
    )
    assert found.languages() == [
        ("en-gb", f"{ROOT}/about/"),
        ("fr", f"{ROOT}/fr/a/"),
        ("x-default", f"{ROOT}/about/"),
    ]


def test_the_way_to_a_page_is_shown(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 200, with_seo()
    html = website.get("/about/").text
    trail = re.search(r'<nav[^>]*aria-label="Breadcrumb">(.*?)</nav>', html, re.DOTALL)
    assert trail
    assert '<a href="/">Home</a>' in trail[1]
    assert '<li aria-current="page">About &lt;us&gt;</li>' in trail[1]
    api.answers["/pages/find/"] = 200, with_seo("/", "cms.HomePage", ancestors=[])
    assert "Breadcrumb" not in website.get("/").text


@pytest.fixture
def insights(api: SmallApi) -> dict[str, Any]:
    """A list of thirty insights."""
    shown = with_seo("/insight/", "insights.InsightIndexPage")
    shown["introduction"] = ""
    facets = {"theme": [{"value": "prevention", "label": "Prevention", "count": 30}]}
    api.answers["/insights/"] = 200, {"meta": {"total_count": 30, "facets": facets}, "items": []}
    return shown


@pytest.mark.parametrize(
    ("query", "title", "canonical", "robots"),
    [
        ("", "For search – HDF", "/insight/", "index, follow"),
        ("?page=1", "For search – HDF", "/insight/", "index, follow"),
        ("?page=2&fbclid=x", "For search – Page 2 of 4 – HDF", "/insight/?page=2", "index, follow"),
        (
            "?utm_source=x&theme=prevention",
            "For search: Prevention – HDF",
            "/insight/?theme=prevention",
            "noindex, follow",
        ),
        (
            "?page=2&theme=prevention&kind=external",
            "For search: Elsewhere, Prevention – Page 2 of 4 – HDF",
            "/insight/?kind=external&theme=prevention&page=2",
            "noindex, follow",
        ),
        ("?theme=%3Cb%3E", "For search – HDF", "/insight/?theme=%3Cb%3E", "noindex, follow"),
    ],
)
def test_parts_of_a_list_have_titles_and_addresses_of_their_own(
    api: SmallApi,
    website: Visitor,
    insights: dict[str, Any],
    query: str,
    title: str,
    canonical: str,
    robots: str,
) -> None:
    found = head(api, website, insights, f"/insight/{query}")
    assert found.text["title"] == title
    assert found.links("canonical") == found.meta("og:url") == [ROOT + canonical]
    assert found.meta("robots") == [robots]


def test_parts_of_a_list_name_those_before_and_after(
    api: SmallApi, website: Visitor, insights: dict[str, Any]
) -> None:
    insights["meta"]["translations"] = [{"locale": "fr", "html_url": f"{ROOT}/fr/", "id": 3}]
    pages = [head(api, website, insights, f"/insight/?page={number}") for number in (1, 2, 4)]
    assert [one.links("prev") for one in pages] == [
        [],
        [f"{ROOT}/insight/"],
        [f"{ROOT}/insight/?page=3"],
    ]
    assert [one.links("next") for one in pages] == [
        [f"{ROOT}/insight/?page=2"],
        [f"{ROOT}/insight/?page=3"],
        [],
    ]
    assert [len(one.languages()) for one in pages] == [1, 0, 0]


def test_a_search_has_a_title_and_is_not_listed(api: SmallApi, website: Visitor) -> None:
    api.answers["/search/"] = 200, {"meta": {"total_count": 30, "counts": {}}, "items": []}
    titles = [Head(website.get(f"/search{query}").text) for query in ("", "?q=a&page=2")]
    assert [one.text["title"] for one in titles] == [
        "Search – HDF",
        "Search: a – Page 2 of 3 – HDF",
    ]
    assert [one.meta("robots") for one in titles] == [["noindex"]] * 2


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "asked", ["/about/us", "//about/us/", "/about//us", "/about/us//", "///about///us///"]
)
def test_a_page_has_one_address(api: SmallApi, website: Visitor, asked: str, method: str) -> None:
    api.answers["/pages/find/?/about/us/"] = 200, with_seo("/about/us/")
    response = website.request(method, f"{ROOT}{asked}?a=1&b=%2F")
    assert response.status_code == 301
    assert response.headers["Location"] == "/about/us/?a=1&b=%2F"
    assert website.get("/about/us/").status_code == 200


def test_an_address_with_other_letters_is_one_address_too(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 200, with_seo("/prot%C3%A9ger/")
    assert website.get("/prot%C3%A9ger/").status_code == 200
    response = website.get("/prot%C3%A9ger")
    assert (response.status_code, response.headers["Location"]) == (301, "/prot%C3%A9ger/")


def test_where_nothing_is_nothing_is_redirected(api: SmallApi, website: Visitor) -> None:
    assert website.get("//example.org").status_code == 404
    assert website.get("/none").status_code == 404
    response = website.get("/search/?q=a")
    assert (response.status_code, response.headers["Location"]) == (301, "/search?q=a")


def test_a_page_is_kept_by_asking_whether_it_still_holds(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 200, with_seo()
    first = website.get("/about/")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.headers["Vary"] == "Cookie, Accept"
    known = {"If-None-Match": first.headers["ETag"]}
    again = website.get("/about/", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("Cache-Control", "ETag", "Vary", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]
    changed = copy.deepcopy(with_seo())
    changed["title"] = "Changed"
    api.answers["/pages/find/"] = 200, changed
    assert website.get("/about/", headers=known).status_code == 200


def test_what_is_wrong_for_now_is_not_kept(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 500, {}
    response = website.get("/about/")
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")


def test_icons_are_where_browsers_look_for_them(api: SmallApi, website: Visitor) -> None:
    found = head(api, website, with_seo(), "/about/")
    for rel, size in (("icon", (32, 32)), ("apple-touch-icon", (180, 180))):
        address = found.links(rel)[0]
        response = website.get(address)
        assert response.status_code == 200
        assert "max-age" in response.headers["Cache-Control"]
        with Image.open(BytesIO(response.content)) as picture:
            assert picture.size == size
    assert website.get(found.links("icon")[1]).headers["Content-Type"] == "image/svg+xml"


def test_the_home_page_leads_to_all_programmes(api: SmallApi, website: Visitor) -> None:
    shown = with_seo("/", "cms.HomePage", ancestors=[])
    shown |= {"heading": "", "introduction": "", "featured_insights": []}
    card = {
        "title": "One",
        "period": "2015",
        "status": "active",
        "summary": "",
        "image": None,
        "partners": [],
        "meta": {"html_url": f"{ROOT}/programmes/one/"},
    }
    shown["featured_programmes"] = [card]
    listed = {"meta": {"html_url": f"{ROOT}/programmes/"}}
    api.answers["/pages/find/"] = 200, shown
    api.answers["/pages/"] = 200, {"meta": {"total_count": 1}, "items": [listed]}
    assert '<a class="button" href="/programmes/">All programmes</a>' in website.get("/").text
