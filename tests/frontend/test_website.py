"""The reference frontend: what readers and editors see, whatever the API says."""

from typing import Any

import pytest

from cms.words import words_in

from .conftest import SmallApi, Visitor

pytestmark = pytest.mark.once


SITE = {
    "name": "HDF",
    "root_url": "http://testserver",
    "organisation": "HDF",
    "footer_text": "<p>Footer</p>",
    "social_links": [{"label": "Net", "url": "javascript:alert(1)"}],
    "navigation": [
        {"label": "Programmes", "url": "/programmes/", "external": False, "children": []},
        {"label": "Bad", "url": "javascript:alert(2)", "external": True, "children": []},
    ],
    "footer_navigation": [],
    "locales": [
        {
            "code": "en-gb",
            "name": "English",
            "html_url": "http://testserver/",
            "is_default": True,
        }
    ],
    "words": words_in("en-gb"),
    "meta": {"locale": "en-gb"},
}


def page(path: str = "/about/", kind: str = "cms.ContentPage", **fields: Any) -> dict[str, Any]:
    """Return a page as the API gives it."""
    return {
        "id": 1,
        "title": "About <us>",
        "type": kind,
        "summary": "Who we are",
        "image": None,
        "body": [],
        **fields,
        "meta": {
            "type": kind,
            "detail_url": "http://localhost:8000/api/v2/pages/1/",
            "html_url": f"http://testserver{path}",
            "slug": "about",
            "show_in_menus": True,
            "seo_title": "",
            "search_description": "",
            "first_published_at": "2024-05-01T08:00:00Z",
            "last_published_at": "2024-05-01T08:00:00Z",
            "locale": "en-gb",
            "parent": None,
            "alias_of": None,
            "hide_from_search_engines": False,
        },
    }


def insight(**fields: Any) -> dict[str, Any]:
    """Return an insight that leads elsewhere."""
    link = {"url": "https://example.org/x", "external": True}
    more = {"published_on": "2021-06-16", "source": "EXAMPLE.ORG", "link": link, "themes": []}
    return page("/insight/x/", "insights.InsightPage", **{**more, **fields})


@pytest.fixture(autouse=True)
def site(api: SmallApi) -> None:
    api.answers["/site/"] = 200, SITE


def show(api: SmallApi, website: Visitor, shown: dict[str, Any], path: str = "/about/") -> str:
    """Return the HTML of a page."""
    api.answers["/pages/find/"] = 200, shown
    response = website.get(path)
    assert response.status_code == 200
    return response.text


def test_a_page_is_looked_up_by_its_path(api: SmallApi, website: Visitor) -> None:
    html = show(api, website, page(), "/about/us/")
    assert ("/pages/find/", {"html_path": "/about/us/"}) in api.asked
    assert "<h1>About &lt;us&gt;</h1>" in html
    assert website.head("/about/").status_code == 200


def test_headers_are_on_every_response(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 200, page()
    for path, status in (
        ("/about/", 200),
        ("/static/site.css", 200),
        ("/search", 200),
    ):
        headers = website.get(path).headers
        assert website.get(path).status_code == status
        assert headers["X-Content-Type-Options"] == "nosniff"
        # Nobody frames what readers see, the CMS included.
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "script" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"]


def test_there_is_no_script_and_no_style_in_the_html(api: SmallApi, website: Visitor) -> None:
    html = show(api, website, page())
    # Data for search engines is none, whatever the element is called.
    assert "<script" not in html.replace('<script type="application/ld+json">', "")
    assert "style=" not in html


def test_addresses_that_a_browser_would_run_are_no_links(api: SmallApi, website: Visitor) -> None:
    body = [
        {
            "type": "call_to_action",
            "value": {"label": "Go", "link": {"url": "javascript:alert(3)", "external": True}},
            "id": "1",
        }
    ]
    assert "javascript:" not in show(api, website, page(body=body))


def test_a_type_that_is_not_known_is_drawn_plainly(api: SmallApi, website: Visitor) -> None:
    html = show(api, website, page(kind="events.EventPage", body="no body"))
    assert "Who we are" in html


def test_what_is_gone_and_what_is_unknown_is_left_out(api: SmallApi, website: Visitor) -> None:
    values: list[tuple[str, Any]] = [
        ("image", {"image": None, "caption": "Gone", "credit": ""}),
        ("document", {"document": None, "label": "Gone"}),
        ("video", {"video": None, "caption": "Gone"}),
        ("call_to_action", {"label": "Gone", "link": None}),
        ("insights", {"heading": "Gone", "insights": [None]}),
        ("carousel", {"text": "Gone"}),
    ]
    body = [{"type": kind, "value": value, "id": "1"} for kind, value in values]
    assert "Gone" not in show(api, website, page(body=body))


def picture(fallback: str) -> dict[str, Any]:
    """Return an image in two formats."""
    return {
        "id": 1,
        "title": "t",
        "alt": "Alternative",
        "width": 640,
        "height": 427,
        "focal_point": None,
        "src": "http://localhost:8000/media/b",
        "sources": [
            {
                "type": kind,
                "srcset": [
                    {"url": f"http://localhost:8000/media/{name}", "width": width}
                    for name, width in (("a", 320), ("b", 640))
                ],
            }
            for kind in ("image/avif", fallback)
        ],
        "placeholder": "data:image/webp;base64,AAAA",
    }


def test_a_picture_is_offered_in_every_format_and_width(api: SmallApi, website: Visitor) -> None:
    srcset = "http://localhost:8000/media/a 320w, http://localhost:8000/media/b 640w"
    html = show(api, website, page(image=picture("image/jpeg")))
    for kind in ("image/avif", "image/jpeg"):
        assert f'<source type="{kind}" srcset="{srcset}" sizes="(min-width' in html
    assert 'alt="Alternative" width="640" height="427" fetchpriority="high">' in html
    # The first picture is what readers wait for; all others wait for the reader.
    assert "lazy" not in html
    assert '<img class="placeholder" src="data:image/webp;base64,AAAA" alt=""' in html
    assert "style=" not in html
    # What is behind a picture that one can see through would be seen.
    assert "placeholder" not in show(api, website, page(image=picture("image/png")))
    block = {"image": picture("image/jpeg"), "caption": "", "credit": ""}
    html = show(api, website, page(body=[{"type": "image", "value": block, "id": "1"}]))
    assert 'sizes="(min-width: 44.5rem)' in html
    assert 'loading="lazy"' in html


def test_every_block_is_drawn(api: SmallApi, website: Visitor) -> None:
    image = {
        "id": 1,
        "title": "t",
        "alt": "Alternative",
        "width": 8,
        "height": 6,
        "focal_point": None,
        "src": "http://localhost:8000/media/a.jpg",
        "sources": [],
        "placeholder": None,
    }
    document = {
        "id": 1,
        "title": "Report",
        "url": "http://localhost:8000/documents/1/r.pdf",
        "filename": "r.pdf",
        "extension": "pdf",
        "size": 48_213,
    }
    video = {"url": "https://vimeo.com/1", "title": "v", "html": "<iframe title='film'></iframe>"}
    values: list[tuple[str, Any, str]] = [
        ("heading", {"text": "Head", "level": "h3"}, "<h3>Head</h3>"),
        ("rich_text", "<p>Rich <b>text</b></p>", "<p>Rich <b>text</b></p>"),
        ("quote", {"text": "Words", "attribution": "Her"}, "Words"),
        ("image", {"image": image, "caption": "Cap", "credit": "Cred"}, 'alt="Alternative"'),
        ("video", {"video": video, "caption": ""}, "<iframe title='film'>"),
        ("document", {"document": document, "label": ""}, "48.2 kB"),
        (
            "key_figures",
            {"figures": [{"value": "7", "label": "l", "as_of": "2024-01-01"}]},
            "1 January 2024",
        ),
        (
            "table",
            {
                "caption": "Cap",
                "columns": [
                    {"type": "text", "heading": "A"},
                    {"type": "rich_text", "heading": "B"},
                ],
                "rows": [{"values": ["<x>", "<p>y</p>"]}],
            },
            "&lt;x&gt;",
        ),
        ("insights", {"heading": "More", "insights": [insight()]}, "leads to EXAMPLE.ORG"),
        (
            "call_to_action",
            {"label": "Go", "link": {"url": "/apply/", "external": False}},
            'href="/apply/"',
        ),
    ]
    body = [{"type": kind, "value": value, "id": "1"} for kind, value, _ in values]
    html = show(api, website, page(body=body))
    for kind, _, expected in values:
        assert expected in html, kind


def test_an_external_insight_leads_out(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = 200, insight()
    response = website.get("/insight/x/")
    assert response.status_code == 302
    assert response.headers["Location"] == "https://example.org/x"


def test_a_listing_takes_what_readers_may_type(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = (
        200,
        page("/insight/", "insights.InsightIndexPage", introduction=""),
    )
    api.answers["/insights/"] = 200, {"meta": {"total_count": 20}, "items": [insight()]}
    assert website.get("/insight/?kind=external&page=3").status_code == 200
    asked = [query for path, query in api.asked if path == "/insights/"]
    query = {"kind": "external", "limit": "9", "offset": "18"}
    assert {**query, "locale": "en-gb", "facets": "theme"} in asked
    html = website.get("/insight/?kind=external&page=2").text
    assert 'href="?kind=external"' in html
    assert 'href="?kind=external&amp;page=3"' in html
    for wrong in ("0", "-1", "abc", "4", "9" * 30, "٣"):
        assert website.get("/insight/", params={"page": wrong}).status_code == 404
    assert website.get("/insight/?unknown=1").status_code == 200


def test_a_choice_says_how_much_it_would_give(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = (
        200,
        page("/insight/", "insights.InsightIndexPage", introduction=""),
    )
    themes = [{"value": "a", "label": "A & B", "count": 3}]
    meta = {"total_count": 1, "facets": {"theme": themes}}
    api.answers["/insights/"] = 200, {"meta": meta, "items": [insight()]}
    html = website.get("/insight/?theme=a").text
    assert '<option value="a" selected>A &amp; B (3)</option>' in html
    # One that nothing has any more, with what else is chosen, is still what is chosen.
    html = website.get("/insight/?theme=gone").text
    assert '<option value="gone" selected>gone (0)</option>' in html
    assert len([path for path, _ in api.asked if path == "/insights/"]) == 2


def test_a_filter_that_the_api_refuses_is_left_out(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/"] = (
        200,
        page("/programmes/", "programmes.ProgrammeIndexPage", introduction=""),
    )
    errors = [{"parameter": "status", "detail": "status is 'foo'"}]
    refused = 400, {"status": 400, "detail": "status is 'foo'", "errors": errors}
    api.answers["/programmes/"] = refused
    assert website.get("/programmes/?status=foo").status_code == 404

    listing = 200, {"meta": {"total_count": 0}, "items": []}
    plain = api.answer

    def answer(path: str, query: dict[str, str], token: str = "") -> tuple[int, Any]:
        if path == "/programmes/":
            return refused if "status" in query else listing
        return plain(path, query)

    api.answer = answer  # type: ignore[method-assign]
    response = website.get("/programmes/?status=foo")
    assert response.status_code == 200
    assert "No programme fits" in response.text


def test_search_shows_what_is_found(api: SmallApi, website: Visitor) -> None:
    marks = {"title": "About <mark>us</mark> &amp; you", "excerpt": "… of <mark>us</mark>"}
    found = {**page(), "highlight": marks}
    counts = {"cms.ContentPage": 1, "cms.HomePage": 2, "insights.InsightPage": 4}
    api.answers["/search/"] = 200, {"meta": {"total_count": 7, "counts": counts}, "items": [found]}
    html = website.get("/search?q=us").text
    assert "7 results for “us”" in html
    assert all(text in html for text in marks.values())
    query = {"limit": "10", "offset": "0", "locale": "en-gb", "q": "us"}
    assert ("/search/", query) in api.asked
    assert 'href="?q=us&amp;type=insights.InsightPage">Insight <span class="number">4<' in html
    assert 'href="?q=us&amp;type=cms.ContentPage%2Ccms.HomePage">Other pages <' in html
    website.get("/search?q=us&type=insights.InsightPage&page=1")
    assert api.asked[-1][1].get("type", "insights.InsightPage") == "insights.InsightPage"
    assert website.get("/search").status_code == 200


def test_what_is_typed_into_the_search_is_completed(api: SmallApi, website: Visitor) -> None:
    api.answers["/autocomplete/"] = 200, {"items": [{"title": "About us"}]}
    assert website.get("/search/suggestions?q=abo").json() == ["About us"]
    assert website.get("/search/suggestions?q=").json() == []
    api.answers["/autocomplete/"] = 500, {}
    assert website.get("/search/suggestions?q=abou").json() == []
    html = website.get("/search").text
    assert 'list="suggestions"' in html
    assert website.get("/static/search.js").status_code == 200


def test_a_path_that_has_moved_is_a_redirect_with_the_readers_query(
    api: SmallApi, website: Visitor
) -> None:
    def moved(url: str, status: int, external: bool = False) -> tuple[int, Any]:
        return 404, {
            "status": 404,
            "redirect": {"url": url, "external": external, "status": status},
        }

    api.answers["/pages/find/?/old/"] = moved("/new/", 301)
    api.answers["/pages/find/?/old/?a=1&b=%20"] = moved("/new/?a=1&b=%20", 301)
    api.answers["/pages/find/?/out/"] = moved("https://example.org/x", 302, external=True)
    api.answers["/pages/find/?/index.php/?id=5"] = moved("/five/", 301)
    for path, status, location in (
        ("/old/", 301, "/new/"),
        ("/old/?a=1&b=%20", 301, "/new/?a=1&b=%20"),
        ("/out/", 302, "https://example.org/x"),
        ("/index.php?id=5", 301, "/five/"),
    ):
        response = website.get(path)
        assert (response.status_code, response.headers["Location"]) == (status, location)
        assert response.headers["Cache-Control"] == "no-cache"
    for bad in ("javascript:alert(1)", "//example.org/"):
        api.answers["/pages/find/?/bad/"] = moved(bad, 301)
        assert website.get("/bad/").status_code == 404


def test_a_page_is_found_whatever_the_query(api: SmallApi, website: Visitor) -> None:
    show(api, website, page(), "/about/?utm_source=x")
    asked = [query for path, query in api.asked if path == "/pages/find/"]
    assert asked == [{"html_path": "/about/"}]


def test_what_is_gone_for_good_is_a_410(api: SmallApi, website: Visitor) -> None:
    api.answers["/pages/find/?/ended/"] = 410, {"status": 410, "detail": "Gone."}
    response = website.get("/ended/")
    assert response.status_code == 410
    assert "gone for good" in response.text


def test_nothing_is_a_404(website: Visitor) -> None:
    response = website.get("/nothing/")
    assert response.status_code == 404
    assert "Page not found" in response.text


@pytest.mark.parametrize("path", ["/", "/a/", "/search?q=x"])
def test_an_api_that_does_not_answer_at_this_host_is_an_error_and_no_missing_page(
    api: SmallApi, website: Visitor, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    said = "The API does not answer at the host cms:8000. Ask at cms.example.org"
    for known in ("/site/", "/pages/find/", "/search/"):
        api.answers[known] = 400, {"status": 400, "detail": said}
    response = website.get(path)
    assert response.status_code == 503
    assert "Please try again soon" in response.text
    assert said in caplog.text


@pytest.mark.parametrize("path", ["/", "/a/", "/search?q=x"])
@pytest.mark.parametrize("answer", ["<h1>Not Found</h1>", {"detail": "There is no such endpoint."}])
def test_an_address_at_which_there_is_no_api_is_an_error_and_no_missing_page(
    api: SmallApi, website: Visitor, path: str, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for known in ("/site/", "/pages/find/", "/search/"):
        api.answers[known] = 404, answer
    response = website.get(path)
    assert response.status_code == 503
    assert "Please try again soon" in response.text
    assert "API_URL is http://" in caplog.text
    assert "not the address of the API" in caplog.text


@pytest.mark.parametrize(
    "path", ["/", "/a/", "/search?q=x", "/preview?content_type=a.b&token=share_c"]
)
@pytest.mark.parametrize("broken", [500, "closed"])
def test_an_api_that_is_down_is_a_503(
    api: SmallApi, website: Visitor, path: str, broken: int | str
) -> None:
    if broken == "closed":
        website.ask("http://127.0.0.1:9/api/v2/")
    else:
        for known in ("/site/", "/pages/find/", "/search/", "/preview/"):
            api.answers[known] = int(broken), {}
    response = website.get(path)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    expected = "cannot be shown right now" if "preview" in path else "Please try again soon"
    assert expected in response.text


def test_the_canonical_address_of_an_alias_is_that_of_its_original(
    api: SmallApi, website: Visitor
) -> None:
    own, alias = page(), page("/second/")
    alias["meta"]["alias_of"] = {"id": 1, "meta": {"html_url": "http://testserver/about/"}}
    api.answers["/pages/find/"] = 200, own
    canonical = '<link rel="canonical" href="http://testserver/about/">'
    assert canonical in website.get("/about/").text
    api.answers["/pages/find/"] = 200, alias
    assert canonical in website.get("/second/").text
