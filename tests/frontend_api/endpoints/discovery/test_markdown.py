"""A page as Markdown: who gets it, that it says all that the JSON says, and that no cache takes one for the other."""

import json
import re
from typing import Any

import pytest
import yaml
from django.core.wsgi import get_wsgi_application
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.serialization.markdown_text import Markdown, inline
from frontend_api.serialization.markdown_writer import MarkdownWriter
from frontend_api.serialization.page_markdown import document, front_matter
from tests import factories, previews
from tests.frontend_api.caching.scene import Asking
from tests.frontend_api.endpoints.discovery.conftest import Fetch
from tests.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARKDOWN = "text/markdown; charset=utf-8"
JSON = "application/json"
reader = MarkdownIt("commonmark").enable("table")


def text_of(markdown: str) -> str:
    """Return what somebody reads who sees Markdown drawn, with single spaces."""
    found = []
    stack = list(reversed(reader.parse(markdown)))
    while stack:
        token = stack.pop()
        if token.children:
            stack += reversed(token.children)
            # A paragraph ends here, and no word goes on in the next.
            found.append(" ")
        elif token.type in {"text", "text_special", "code_inline", "code_block", "html_block"}:
            found.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            found.append(" ")
    return " ".join("".join(found).split())


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html, */*", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("application/json, text/markdown", JSON),
        ("text/markdown;q=0.5, application/json", JSON),
        ("text/markdown;q=0, */*", JSON),
        ("text/markdown", MARKDOWN),
        ("TEXT/Markdown", MARKDOWN),
        ("text/markdown;charset=utf-8", MARKDOWN),
        ("text/markdown, text/html, */*", MARKDOWN),
        ("text/markdown, application/json;q=0.9", MARKDOWN),
        ("application/json;q=0.1, text/markdown;q=0.2", MARKDOWN),
        ("text/*", MARKDOWN),
        ("text/html", None),
        ("image/png, text/html;q=0.5", None),
    ],
)
def test_a_client_gets_the_form_that_it_likes_best_kept_or_not(
    quiet: None, accept: str, expected: str | None
) -> None:
    page = factories.ContentPageFactory(title="A title")
    services = [Asking(get_wsgi_application()), Asking(ResponseCache(get_wsgi_application()))]
    headers = {"Accept": accept} if accept else {}
    for ask in [*services, services[1]]:
        for place in (f"pages/{page.pk}/", f"pages/find/?id={page.pk}"):
            answer = ask(f"/api/v2/{place}", **headers)
            if expected is None:
                assert answer.status == 406
                assert answer.headers["Content-Type"] == "application/problem+json"
                continue
            assert (answer.status, answer.headers["Content-Type"]) == (200, expected)
            names = {name.strip().lower() for name in answer.headers["Vary"].split(",")}
            assert {"accept", "authorization"} <= names


def test_no_cache_takes_one_form_for_the_other(quiet: None) -> None:
    page = factories.ContentPageFactory(title="A title")
    ask = Asking(ResponseCache(get_wsgi_application()))
    address = f"/api/v2/pages/{page.pk}/"
    for _ in range(2):
        as_json = ask(address)
        text = ask(address, Accept="text/markdown")
        assert as_json.body.startswith(b"{")
        assert text.body.startswith(b"---\n")
        assert as_json.headers["ETag"] != text.headers["ETag"]
        assert text.headers["Cache-Tag"] == as_json.headers["Cache-Tag"]
        # What names the bytes of one form does not name those of the other.
        assert ask(address, If_None_Match=text.headers["ETag"]).status == 200
        again = ask(address, Accept="text/markdown", If_None_Match=text.headers["ETag"])
        assert again.status == 304
        assert "Accept" in again.headers["Vary"].split(", ")
    page.title = "Another"
    page.save_revision().publish()
    assert b"# Another" in ask(address, Accept="text/markdown").body


def test_a_listing_is_json_alone(fetch: Fetch) -> None:
    for place in ("pages/", "insights/", "site/", "images/"):
        response = fetch(place, accept="text/markdown, */*;q=0.1")
        assert response.headers["Content-Type"] == JSON
        assert "accept" not in response.headers["Vary"].lower().split(", ")
        fetch(place, expect=406, accept="text/markdown")


def test_an_error_is_a_problem_whatever_form_is_asked_for(fetch: Fetch) -> None:
    hidden = factories.ContentPageFactory(live=False)
    for place, status in (
        (f"pages/{hidden.pk}/", 404),
        (f"pages/{factories.home().pk}/?nonsense=1", 400),
        ("preview/", 400),
    ):
        response = fetch(place, expect=status, accept="text/markdown")
        assert response.headers["Content-Type"] == "application/problem+json"
        assert json.loads(response.content)["status"] == status


@pytest.fixture
def programme(db: None) -> Any:
    """A programme with a block of each kind."""
    about = factories.ContentPageFactory(slug="about", title="About us")
    image = factories.ImageFactory(description="A [boat]")
    document = factories.DocumentFactory(title="A report")
    insight = factories.InsightPageFactory(
        title="An insight", slug="an-insight", summary="What it is about"
    )
    elsewhere = factories.InsightPageFactory(
        title="Elsewhere", slug="elsewhere", external_url="https://elsewhere.example/a"
    )
    link = f'<p>To <a linktype="page" id="{about.pk}">about</a> and <b>on</b>.</p>'
    return factories.ProgrammePageFactory(
        title="# Sea | land",
        slug="sea",
        summary="1. It *starts* here",
        image=image,
        partners=[
            factories.PartnerFactory(
                name="A_partner", slug="a-partner", description="Line one\nline two"
            )
        ],
        themes=[factories.ThemeFactory(name="Sea"), factories.ThemeFactory(name="Land")],
        figures=[{"value": "10,000+", "label": "found"}],
        parts=[{"title": "First phase", "start_year": 2015, "end_year": 2016, "text": link}],
        insights=[insight],
        body=[
            {"type": "heading", "value": {"text": "A - B #", "level": "h3"}},
            {"type": "rich_text", "value": link},
            {"type": "quote", "value": {"text": "One\n\n> two", "attribution": "Some_body"}},
            {
                "type": "image",
                "value": {
                    "image": {"image": image.pk, "alt_text": "Alt | text", "decorative": False},
                    "caption": "A caption",
                    "credit": "A credit",
                },
            },
            {"type": "video", "value": {"video": "https://vimeo.com/1", "caption": "A film"}},
            {"type": "document", "value": {"document": document.pk, "label": "Download"}},
            {
                "type": "key_figures",
                "value": {"figures": [{"value": "5", "label": "years", "as_of": "2024-01-02"}]},
            },
            {
                "type": "table",
                "value": {
                    "caption": "A table",
                    "columns": [
                        {"type": "text", "heading": "A | B"},
                        {"type": "rich_text", "heading": "Text"},
                    ],
                    "rows": [{"values": ["x | y", link]}],
                },
            },
            {"type": "insights", "value": {"heading": "More", "insights": [elsewhere.pk]}},
            {"type": "call_to_action", "value": {"label": "Go", "page": about.pk, "url": ""}},
            {
                "type": "call_to_action",
                "value": {"label": "Out", "page": None, "url": "https://elsewhere.example/b_(c)"},
            },
        ],
    )


def test_a_page_is_whole_with_front_matter_and_addresses_of_the_frontend(
    fetch: Fetch, programme: Any
) -> None:
    text = fetch(f"programmes/{programme.pk}/", accept="text/markdown").content.decode()
    form = fetch(f"programmes/{programme.pk}/").json()
    root = factories.default_site().root_url
    _, head, body = text.split("---\n", 2)
    assert yaml.safe_load(head) == {
        "title": "# Sea | land",
        "url": f"{root}/programmes/sea/",
        "type": "programmes.ProgrammePage",
        "locale": "en-gb",
        "published": form["meta"]["first_published_at"],
        "updated": form["meta"]["last_published_at"],
        "summary": "1. It *starts* here",
        "image": form["image"]["src"],
    }
    about = f"{root}/about/"
    for part in (
        "# \\# Sea \\| land\n\n1\\. It \\*starts\\* here\n\n![A \\[boat\\]](",
        "- Start year: 2015\n",
        "- Themes: Land, Sea\n",
        "### A - B \\#\n",
        f"To [about]({about}) and **on**.",
        "> One\n>\n> \\> two\n>\n> — Some\\_body",
        "![Alt \\| text](http",
        "A caption\n\nA credit",
        "[https://vimeo.com/1](https://vimeo.com/1)\n\nA film",
        f"[Download]({form['body'][5]['value']['document']['url']})",
        "- **5** years (as of 2024-01-02)",
        f"| A \\| B | Text |\n| --- | --- |\n| x \\| y | To [about]({about}) and **on**. |",
        f"## More\n\n- [Elsewhere]({root}/insight/",
        "<https://elsewhere.example/a>",
        f"[Go]({about})",
        "[Out](https://elsewhere.example/b_%28c%29)",
        "## Partners\n\n- **A\\_partner**\n  - Description:\n\n    Line one\\\n    line two",
        "## Key figures",
        "First phase",
        "[An insight](",
        "What it is about",
    ):
        assert part in body, f"{part!r} is not in\n{body}"
    assert_golden("programme_as_markdown", text.splitlines())
    assert 'href="' not in text
    assert "](/" not in text


def test_a_preview_says_what_publishing_will(fetch: Fetch, programme: Any) -> None:
    programme.title = "Another title"
    programme.save_revision()
    shown = fetch("preview/", accept="text/markdown", **previews.query_for(programme))
    assert shown.headers["Content-Type"] == MARKDOWN
    assert "no-store" in shown.headers["Cache-Control"]
    programme.save_revision().publish()
    live = fetch(f"pages/{programme.pk}/", accept="text/markdown")
    # What a film is called is asked for once somebody has published it.
    before, after = (
        [
            line
            for line in one.content.decode().splitlines()
            if not re.match(r"updated: |\[.*vimeo", line)
        ]
        for one in (shown, live)
    )
    assert before == after


def test_fields_choose_what_is_said(fetch: Fetch, programme: Any) -> None:
    text = fetch(f"pages/{programme.pk}/?fields=_,title", accept="text/markdown")
    assert text.content.decode() == '---\ntitle: "# Sea | land"\n---\n\n# \\# Sea \\| land\n'
    fetch(f"pages/{programme.pk}/?fields=nonsense", expect=400, accept="text/markdown")


def test_nothing_private_is_said(fetch: Fetch, programme: Any) -> None:
    about = fetch("pages/find/?html_path=/about/").json()
    assert about["title"] == "About us"
    page = factories.home().get_children().get(slug="about")
    factories.restrict(page)
    text = fetch(f"pages/{programme.pk}/", accept="text/markdown").content.decode()
    assert "/about/" not in text
    assert "To about and **on**." in text
    assert "\nGo\n" in text


texts = st.text(
    st.one_of(
        st.sampled_from("#*_-+=>|`[]()!<>&~\\ \n\t.:1a"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=30,
)
addresses = texts.map(lambda text: f"https://example.org/{text}")
values = st.recursive(
    st.one_of(texts, st.none(), st.booleans(), st.integers()),
    lambda inside: st.one_of(
        st.lists(inside, max_size=3),
        st.dictionaries(st.sampled_from(["text", "label", "name", "title", "type"]), inside),
        st.fixed_dictionaries(
            {
                "id": st.just(1),
                "name": texts,
                "about": inside,
                "meta": st.fixed_dictionaries({"type": st.just("x.Y"), "html_url": addresses}),
            }
        ),
        st.fixed_dictionaries(
            {
                "caption": texts,
                "columns": st.just([{"type": "text", "heading": "A|b"}]),
                "rows": st.lists(
                    st.fixed_dictionaries({"values": st.lists(texts, min_size=1, max_size=1)})
                ),
            }
        ),
    ),
    max_leaves=8,
)


def said(value: Any) -> list[str]:
    """Return every text in a value."""
    if isinstance(value, dict):
        return [
            text
            for name, part in value.items()
            if name not in {"columns", "meta", "id"} and not ("meta" in value and name == "type")
            for text in said(part)
        ]
    if isinstance(value, list):
        return [text for part in value for text in said(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.once
@pytest.mark.hypothesis
@settings(max_examples=150, deadline=None)
@given(value=values)
def test_no_text_is_lost_whatever_is_in_it(value: Any) -> None:
    shown = text_of(MarkdownWriter("https://www.example.org").value(value))
    for text in said(value):
        # What is in several lines is in several paragraphs.
        for line in text.splitlines():
            assert " ".join(line.split()) in shown, (text, shown)


@pytest.mark.once
@pytest.mark.hypothesis
@settings(max_examples=100, deadline=None)
@given(title=texts, summary=texts, alt=texts)
def test_titles_and_front_matter_say_what_was_typed(title: str, summary: str, alt: str) -> None:
    page = {
        "title": title,
        "summary": summary,
        "image": {"src": "https://example.org/a b.png", "alt": alt},
        "meta": {"html_url": "https://example.org/"},
    }
    head = yaml.safe_load(front_matter(page).split("---\n")[1])
    assert (head.get("title", ""), head.get("summary", "")) == (title, summary)
    body = document(page, "https://example.org").partition("\n---\n\n")[2]
    tokens = reader.parse(body)
    words = " ".join(title.split())
    if words:
        assert tokens[0].tag == "h1"
        assert text_of(f"# {inline(title)}") == words
    pictures = [one for token in tokens for one in token.children or () if one.type == "image"]
    assert [one.attrs["src"] for one in pictures] == ["https://example.org/a%20b.png"]
    assert text_of(pictures[0].content) == " ".join(alt.split())


def test_what_is_markdown_already_stays_as_it_is() -> None:
    write = MarkdownWriter("https://www.example.org")
    assert write.value(Markdown("**bold**\n")) == "**bold**"
    assert write.value("**plain**") == "\\*\\*plain\\*\\*"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "http://["])
def test_nobody_is_sent_to_an_address_that_is_none(address: str) -> None:
    write = MarkdownWriter("https://www.example.org")
    assert "](" not in write.value({"url": address, "external": True})
    assert "](" not in write.link("Text", address)
