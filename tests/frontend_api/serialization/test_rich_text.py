"""Rich text as display HTML."""

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.rich_text import LinkHandler, features

from frontend_api.serialization.resolver import resolve
from frontend_api.serialization.rich_text import rich_text
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.events.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def shown(stored: str | None, rich_text_format: str = "html") -> str:
    """Return rich text as the default site shows it."""
    perspective = Perspective(factories.default_site(), rich_text_format=rich_text_format)
    html: str = resolve(rich_text(stored, perspective), perspective)[0]
    return html


def test_text_without_references_is_as_it_is_stored() -> None:
    for stored in ("", "<p>A &amp; B</p>", '<p><a href="mailto:a@b.org">x</a></p>'):
        assert shown(stored) == stored
    assert shown(None) == ""


def test_a_link_to_a_page_is_a_path_of_the_frontend() -> None:
    page = factories.ContentPageFactory(slug="there")
    assert shown(f'<a linktype="page" id="{page.pk}">x</a>') == '<a href="/there/">x</a>'


def test_several_references_stand_in_their_places() -> None:
    first, second = factories.ContentPageFactory(slug="a"), factories.ContentPageFactory(slug="b")
    private = factories.ContentPageFactory(slug="c", live=False)
    stored = "-".join(
        f'<a linktype="page" id="{page.pk}"><b>{page.slug}</b></a>'
        for page in (second, private, first)
    )
    assert shown(stored) == '<a href="/b/"><b>b</b></a>-<b>c</b>-<a href="/a/"><b>a</b></a>'


def test_a_damaged_reference_is_one_to_nothing() -> None:
    for key in ("", "x", "-1", "9" * 30):
        assert shown(f'<a linktype="page" id="{key}">x</a>') == "x"
    assert shown('<embed embedtype="media" url="https://example.org/">') == ""
    assert shown('<embed embedtype="image" id="0" alt="x" format="left"/>') == ""


def test_what_is_of_an_unknown_type_never_leaves_as_it_is_stored() -> None:
    for opening in (
        '<a linktype="user" id="3">',
        '<a id="3" linktype="">',
        "<a linktype='page' id='3'>",
        "<a linktype=page id=3>",
        '<A LINKTYPE="user" id="3">',
    ):
        assert shown(f"<p>{opening}x</a>, y</p>") == "<p>x, y</p>", opening
    # Wagtail's editor closes what it opens; what an importer wrote may not.
    assert shown('<p><a linktype="user" id="3">x</p>') == "<p>x</p>"
    assert shown('<a href="/y/"><a linktype="user" id="3">x</a></a>') == '<a href="/y/">x</a></a>'
    for embed in ('<embed embedtype="secret" id="3"/>', "<embed embedtype='image' id='3'>"):
        assert shown(f"<p>x{embed}</p>") == "<p>x</p>", embed


def test_another_app_s_kind_of_link_is_made_by_its_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    class SpeakerLink(LinkHandler):
        identifier = "event"

        @staticmethod
        def get_model() -> type[Model]:
            return EventPage

        @classmethod
        def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
            return f'<a href="/events/{attrs["id"]}">'

    monkeypatch.setitem(features.get_link_types(), "event", SpeakerLink)
    public, draft = factories.EventPageFactory(), factories.EventPageFactory(live=False)
    stored = '<a linktype="event" id="{}">x</a>'
    assert shown(stored.format(public.pk)) == f'<a href="/events/{public.pk}">x</a>'
    assert shown(stored.format(draft.pk)) == "x"


def test_a_link_may_name_what_has_a_text_for_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    class KeyedLink(LinkHandler):
        identifier = "keyed"

        @staticmethod
        def get_model() -> type[Model]:
            # Of the models that are there, one whose key is no number.
            return Session

        @classmethod
        def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
            return f'<a href="/{attrs["id"]}">'

    monkeypatch.setitem(features.get_link_types(), "keyed", KeyedLink)
    Session.objects.create(session_key="a-key", expire_date=timezone.now())
    assert shown('<a linktype="keyed" id="a-key">x</a>') == '<a href="/a-key">x</a>'
    for gone in ('id="another"', 'id=""', ""):
        assert shown(f'<a linktype="keyed" {gone}>x</a>') == "x"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(alt=st.text(alphabet="ab\"'<>&é ", max_size=20))
def test_an_image_cannot_break_out_of_its_attributes(db: None, alt: str) -> None:
    from html.parser import HTMLParser

    image = factories.ImageFactory()
    seen = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attributes)))

    # As Wagtail stores it.
    escaped = alt.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = escaped.replace('"', "&quot;")
    stored = f'<embed embedtype="image" id="{image.pk}" alt="{escaped}" format="left"/>'
    Parser().feed(shown(stored))
    ((tag, attributes),) = seen
    assert tag == "img"
    assert attributes["alt"] == alt
    assert set(attributes) == {"src", "alt", "width", "height", "class", "loading"}


def test_text_is_written_in_markdown_with_links_and_images_of_the_perspective() -> None:
    page = factories.ContentPageFactory(slug="there")
    private = factories.ContentPageFactory(slug="secret-place", live=False)
    image = factories.ImageFactory()
    stored = (
        f'<h2>Title</h2><p>See <a linktype="page" id="{page.pk}">this <b>one</b></a>, '
        f'not <a linktype="page" id="{private.pk}">that one</a>.</p>'
        f'<embed embedtype="image" id="{image.pk}" alt="A [boat]" format="left"/>'
        "<ul><li>1 * 2</li></ul>"
    )
    assert shown(stored, "markdown") == (
        "## Title\n\nSee [this **one**](/there/), not that one.\n\n"
        f"![A \\[boat\\]](http://localhost:8000{image.file.url})\n\n- 1 \\* 2"
    )
    assert shown("", "markdown") == ""
    hidden = '<embed embedtype="image" id="0" alt="x" format="left"/>'
    assert shown(f"<p>a</p>{hidden}", "markdown") == "a"
    assert shown("<p>place0x</p>", "markdown") == "place0x"


@pytest.mark.parametrize("stored", ["<b></p>", "<b>", "<p><b></p>", "<b><p></p>", "<p>a<i></p>"])
def test_a_style_that_never_ends_is_no_error(stored: str) -> None:
    assert shown(stored, "markdown") in {"", "a"}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("a<![<", "a"),
        ("<p>a<![ x>b</p>", "ab"),
        ("a<![!<&#`", "a"),
        ("a<![other[x]]>b", "ab"),
        ("a<![CDATA[x]]></li>", "a"),
    ],
)
def test_a_section_of_xml_is_no_error(stored: str, text: str) -> None:
    assert shown(stored, "markdown") == text


@pytest.mark.parametrize("rich_text_format", ["html", "markdown"])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parts=st.lists(
        st.one_of(
            st.text(alphabet="ab <>&*_[]()!#`~\\\n\"'", max_size=12),
            st.sampled_from(
                [
                    '<a linktype="page" id="{page}">',
                    "</a>",
                    "<p>",
                    "</p>",
                    "<li>",
                    '<embed embedtype="image" id="{page}" alt="a" format="left"/>',
                ]
            ),
        ),
        max_size=12,
    )
)
def test_no_link_to_a_private_page_is_in_either_format(
    db: None, rich_text_format: str, parts: list[str]
) -> None:
    private = Page.objects.filter(slug="secret-place").first() or factories.ContentPageFactory(
        slug="secret-place", live=False
    )
    stored = "".join(part.replace("{page}", str(private.pk)) for part in parts)
    made = shown(stored, rich_text_format)
    assert "secret-place" not in made
    assert "linktype" not in made
    assert "wagtail://" not in made
