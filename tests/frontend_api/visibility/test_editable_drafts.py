"""The draft site: what an editor reads where every draft that they may edit stands in its page's place."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, Site

from cms.models import HomePage, NavigationItem, SiteSettings, User
from frontend_api.changes.transaction import transaction
from frontend_api.serialization import objects
from frontend_api.visibility import specific_pages
from programmes.models import KeyFigure, ProgrammePartner, RelatedInsight
from tests import factories
from tests.events.models import Speaker
from tests.filled import Filler, copies, page_types
from tests.frontend_api.conftest import Get, titles
from tests.frontend_api.draft_site import editor_of, seen_by

pytestmark = pytest.mark.django_db

# What `docs/performance.md` says of pages that have everything a page can have.
MOST_QUERIES = 22
# What one more type of the plugin adds: see `test_queries`. What a draft chooses is read twice, for it may be gone.
MORE_WITH_MEETINGS = 7
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor() -> User:
    """Somebody who may edit the whole site."""
    user: User = factories.UserFactory(groups=["Editors"])
    return user


@pytest.fixture
def drafts(editor: User) -> Iterator[None]:
    """Have every request see what the editor may."""
    with seen_by(editor):
        yield


def save_draft(page: Any, **changed: Any) -> Any:
    """Save a draft of `page` with these changes, as the admin does, and return the page as it is stored."""
    page = Page.objects.get(pk=page.pk).specific
    for name, value in changed.items():
        if name in {"partners", "key_figures", "related_insights", "speakers", "themes"}:
            getattr(page, name).set(value)
        else:
            setattr(page, name, value)
    page.save_revision()
    return Page.objects.get(pk=page.pk).specific


@pytest.mark.usefixtures("drafts")
def test_a_draft_stands_wherever_its_page_does(get: Get) -> None:
    insight = factories.InsightPageFactory(title="Live", slug="live")
    programme = factories.ProgrammePageFactory(
        insights=[insight],
        body=[
            {"type": "insights", "value": {"heading": "", "insights": [insight.pk]}},
            {"type": "rich_text", "value": f'<a linktype="page" id="{insight.pk}">x</a>'},
        ],
    )
    save_draft(insight, title="Draft", slug="draft", summary="New")
    for shown in (
        get(f"pages/{insight.pk}/"),
        get(f"insights/{insight.pk}/"),
        get("pages/find/", html_path="/insight/draft/"),
        get("pages/find/", id=insight.pk),
        get("insights/")["items"][0],
        get("pages/", id=insight.pk)["items"][0],
        get("pages/", type="insights.InsightPage")["items"][0],
        get(f"pages/{programme.pk}/")["related_insights"][0],
        get(f"pages/{programme.pk}/")["body"][0]["value"]["insights"][0],
    ):
        assert (shown["title"], shown["summary"]) == ("Draft", "New")
        assert shown["meta"]["slug"] == "draft"
        assert shown["meta"]["html_url"] == "http://localhost/insight/draft/"
        assert shown["link"]["url"] == "/insight/draft/"
    assert get(f"pages/{programme.pk}/")["body"][1]["value"] == '<a href="/insight/draft/">x</a>'
    get("pages/find/", html_path="/insight/live/", expect=404)


@pytest.mark.usefixtures("drafts")
def test_what_is_suggested_and_what_is_in_menus_is_shown_as_drafts(get: Get) -> None:
    theme = factories.ThemeFactory()
    insight = factories.InsightPageFactory(title="Live", themes=[theme])
    programme = factories.ProgrammePageFactory(themes=[theme])
    save_draft(insight, title="Draft")
    assert titles_of(get(f"pages/{programme.pk}/")["related_insights"]) == ["Draft"]
    in_menus = factories.ContentPageFactory(title="In menus", show_in_menus=True)
    hidden = factories.ContentPageFactory(title="Hidden", slug="hidden")
    save_draft(in_menus, show_in_menus=False)
    save_draft(hidden, title="Shown", slug="shown", show_in_menus=True)
    labels = {item["label"]: item["url"] for item in get("site/")["navigation"]}
    assert labels["Shown"] == "/shown/"
    assert "In menus" not in labels
    settings = SiteSettings.for_site(factories.default_site())
    settings.navigation.set([NavigationItem(page=hidden)])
    settings.save()
    item = {"label": "Shown", "url": "/shown/", "external": False, "children": []}
    assert get("site/")["navigation"] == [item]


@pytest.mark.usefixtures("drafts")
def test_a_section_s_new_slug_is_in_the_paths_of_all_below_it(get: Get) -> None:
    section = factories.ContentPageFactory(slug="old", title="Old")
    below = factories.ContentPageFactory(parent=section, slug="below")
    lowest = factories.ContentPageFactory(parent=below, slug="lowest")
    save_draft(section, slug="new", title="New")
    save_draft(lowest, slug="deepest")
    shown = get("pages/find/", html_path="/new/below/")
    assert shown["id"] == below.pk
    assert shown["meta"]["html_url"] == "http://localhost/new/below/"
    assert shown["meta"]["parent"]["title"] == "New"
    assert shown["meta"]["parent"]["meta"]["html_url"] == "http://localhost/new/"
    assert get("pages/find/", html_path="/new/below/deepest/")["id"] == lowest.pk
    for gone in ("/old/below/", "/new/below/lowest/", "/old/below/deepest/"):
        get("pages/find/", html_path=gone, expect=404)
    listed = get("pages/", descendant_of=section.pk)["items"]
    assert [item["meta"]["html_url"] for item in listed] == [
        "http://localhost/new/below/",
        "http://localhost/new/below/deepest/",
    ]


@pytest.mark.usefixtures("drafts")
def test_slugs_that_two_pages_exchange_lead_to_the_other_one(get: Get) -> None:
    first, second = (factories.ContentPageFactory(slug=slug) for slug in ("one", "two"))
    for page, slug in ((first, "two"), (second, "one")):
        # The admin would refuse it while the other page has the slug.
        page.save_revision()
        page.latest_revision.content["slug"] = slug
        page.latest_revision.save()
    assert get("pages/find/", html_path="/two/")["id"] == first.pk
    assert get("pages/find/", html_path="/one/")["id"] == second.pk


@pytest.mark.usefixtures("drafts")
def test_the_home_stays_at_the_root_with_another_slug(get: Get) -> None:
    save_draft(factories.home(), slug="welcome", title="Welcome")
    page = factories.ContentPageFactory(slug="about")
    assert get("pages/find/", html_path="/")["title"] == "Welcome"
    assert get("pages/find/", html_path="/about/")["meta"]["html_url"] == "http://localhost/about/"
    assert get(f"pages/{page.pk}/")["meta"]["parent"]["title"] == "Welcome"


@pytest.mark.usefixtures("drafts")
def test_children_and_choices_are_those_of_the_draft(get: Get) -> None:
    old, new = factories.PartnerFactory(name="Old"), factories.PartnerFactory(name="New")
    themes = [factories.ThemeFactory(name=name) for name in ("B", "A")]
    insights = [factories.InsightPageFactory() for _ in range(2)]
    page = factories.ProgrammePageFactory(
        partners=[old], insights=insights[:1], figures=[{"value": "1", "label": "x"}]
    )
    save_draft(
        page,
        partners=[ProgrammePartner(partner=new), ProgrammePartner(partner=old)],
        themes=themes,
        key_figures=[KeyFigure(value="2", label="y"), KeyFigure(value="3", label="z")],
        related_insights=[RelatedInsight(insight=insight) for insight in reversed(insights)],
    )
    shown = get(f"pages/{page.pk}/")
    assert [item["name"] for item in shown["partners"]] == ["New", "Old"]
    assert [item["name"] for item in shown["themes"]] == ["A", "B"]
    assert [item["value"] for item in shown["key_figures"]] == ["2", "3"]
    assert [item["id"] for item in shown["related_insights"]] == [insights[1].pk, insights[0].pk]
    [listed] = get("programmes/")["items"]
    assert [item["name"] for item in listed["partners"]] == ["New", "Old"]
    assert [item["name"] for item in listed["themes"]] == ["A", "B"]


@pytest.mark.usefixtures("drafts")
def test_an_alias_shows_what_is_published_and_names_the_draft(get: Get) -> None:
    page = factories.ContentPageFactory(title="Live")
    alias = page.create_alias(update_slug="alias")
    save_draft(page, title="Draft")
    shown = get(f"pages/{alias.pk}/")
    assert shown["title"] == "Live"
    assert shown["meta"]["alias_of"]["title"] == "Draft"


@pytest.mark.usefixtures("drafts")
def test_filters_order_and_search_go_by_what_is_stored(get: Get) -> None:
    first = factories.ContentPageFactory(title="Apple", slug="apple")
    second = factories.ContentPageFactory(title="Banana", slug="banana")
    save_draft(first, title="Cherry")
    listing = get("pages/", type="cms.ContentPage", order="title")
    assert titles(listing) == ["Cherry", "Banana"]
    assert listing["meta"]["total_count"] == 2
    assert titles(get("pages/", title="Apple")) == ["Cherry"]
    assert titles(get("pages/", search="Apple")) == ["Cherry"]
    assert titles(get("pages/", search="Cherry")) == []
    assert titles(get("pages/", type="cms.ContentPage", order="title", limit=1, offset=1)) == [
        second.title
    ]


def never_published() -> Page:
    return factories.ContentPageFactory(
        live=False, first_published_at=None, last_published_at=None, has_unpublished_changes=True
    )


def scheduled() -> Page:
    page = never_published()
    page.go_live_at = timezone.now() + HOUR
    page.save_revision().publish()
    return page


def rescheduled() -> Page:
    page: Page = factories.ContentPageFactory()
    page.save_revision().publish()
    return save_draft_and_publish(page, go_live_at=timezone.now() + HOUR)


def save_draft_and_publish(page: Page, **changed: Any) -> Page:
    save_draft(page, **changed).latest_revision.publish()
    return Page.objects.get(pk=page.pk).specific


def unpublished() -> Page:
    page: Page = factories.ContentPageFactory()
    page.save_revision().publish()
    page.refresh_from_db()
    page.unpublish()
    return page


def saved_since() -> Page:
    return save_draft(unpublished())


def expired() -> Page:
    page: Page = factories.ContentPageFactory(expire_at=timezone.now() - HOUR)
    return page


def taken_off_by_time() -> Page:
    page = expired()
    page.unpublish(set_expired=True)
    return page


def expired_and_prolonged() -> Page:
    return save_draft(expired(), expire_at=None)


def to_have_expired() -> Page:
    return save_draft(factories.ContentPageFactory(), expire_at=timezone.now() - HOUR)


def restricted() -> Page:
    page = save_draft(factories.ContentPageFactory())
    factories.restrict(page)
    return page


def another_home() -> Page:
    page: Page = factories.home().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=page)
    return save_draft(page)


@pytest.mark.parametrize(
    ("make", "is_shown"),
    [
        (never_published, True),
        (lambda: save_draft(never_published()), True),
        (scheduled, True),
        (rescheduled, True),
        (unpublished, False),
        (saved_since, True),
        (expired, False),
        (taken_off_by_time, False),
        (expired_and_prolonged, True),
        (to_have_expired, False),
        (restricted, False),
        (another_home, False),
    ],
)
@pytest.mark.usefixtures("drafts")
def test_what_would_be_published_is_shown_and_with_it_what_is_below(
    get: Get, make: Callable[[], Page], is_shown: bool
) -> None:
    page = make()
    below = factories.ContentPageFactory(parent=Page.objects.get(pk=page.pk), slug="below")
    status = 200 if is_shown else 404
    for shown in (page, below):
        get(f"pages/{shown.pk}/", expect=status)
    get("pages/find/", html_path=f"/{page.slug}/below/", expect=status)
    listed = {item["id"] for item in get("pages/", limit=100)["items"]}
    assert ({page.pk, below.pk} <= listed) == is_shown
    assert bool({page.pk, below.pk} & listed) == is_shown


@pytest.mark.usefixtures("drafts")
def test_a_draft_that_was_never_published_has_the_dates_of_its_last_change(get: Get) -> None:
    page = save_draft(never_published())
    meta = get(f"pages/{page.pk}/")["meta"]
    assert meta["first_published_at"] == meta["last_published_at"] is not None


def test_only_what_the_reader_may_edit_is_a_draft(get: Get) -> None:
    own, other = (factories.ContentPageFactory(title="Live", slug=slug) for slug in ("own", "no"))
    secret = factories.ContentPageFactory(parent=other, live=False, last_published_at=None)
    for page in (own, other):
        save_draft(page, title="Draft", slug=f"{page.slug}-draft")
    with seen_by(editor_of(own)):
        assert get("pages/find/", html_path="/own-draft/")["title"] == "Draft"
        assert get("pages/find/", html_path="/no/")["title"] == "Live"
        get("pages/find/", html_path="/no-draft/", expect=404)
        get(f"pages/{secret.pk}/", expect=404)
    for nobody in (
        factories.UserFactory(),
        factories.UserFactory(is_superuser=True, is_active=False),
    ):
        with seen_by(nobody):
            assert get(f"pages/{own.pk}/")["title"] == "Live"
    with seen_by(factories.UserFactory(is_superuser=True)):
        assert get(f"pages/{other.pk}/")["title"] == "Draft"


def test_whoever_may_only_add_pages_sees_the_drafts_of_their_own(get: Get) -> None:
    user = editor_of(factories.home(), may="add_page")
    own, other = (factories.ContentPageFactory(title="Live", owner=one) for one in (user, None))
    for page in (own, other):
        save_draft(page, title="Draft")
    with seen_by(user):
        assert get(f"pages/{own.pk}/")["title"] == "Draft"
        assert get(f"pages/{other.pk}/")["title"] == "Live"


def test_the_public_sees_nothing_of_it(get: Get) -> None:
    page = factories.ContentPageFactory(title="Live")
    save_draft(page, title="Draft", slug="draft")
    shown = get(f"pages/{page.pk}/")
    assert shown["title"] == "Live"
    assert "draft" not in shown["meta"]


def test_one_draft_alone_stands_for_itself_and_for_nothing_else(get: Get, editor: User) -> None:
    """What a shared draft opens: the page, at its own path, and otherwise what is public."""
    page = never_published()
    below = factories.ContentPageFactory(parent=page)
    other = save_draft(factories.ContentPageFactory(title="Live"), title="Secret")
    page = Page.objects.get(pk=page.pk).specific
    page.title, page.slug = "In memory", "in-memory"
    page.body = [
        {"type": "rich_text", "value": f'<a linktype="page" id="{page.pk}">x</a>'},
        {"type": "rich_text", "value": f'<a linktype="page" id="{below.pk}">x</a>'},
    ]
    page.set_url_path(page.get_parent())
    listed = get("pages/", limit=100)
    with seen_by(None, draft=page):
        shown = get("pages/find/", html_path="/in-memory/")
        assert shown["title"] == "In memory"
        assert [block["value"] for block in shown["body"]] == ['<a href="/in-memory/">x</a>', "x"]
        assert get(f"pages/{page.pk}/") == shown
        assert get(f"pages/{other.pk}/")["title"] == "Live"
        get(f"pages/{below.pk}/", expect=404)
        assert get("pages/", limit=100) == listed
    with seen_by(editor, draft=page):
        assert get(f"pages/{below.pk}/")["meta"]["html_url"] == (
            f"http://localhost/in-memory/{below.slug}/"
        )
        assert get(f"pages/{below.pk}/")["meta"]["parent"]["title"] == "In memory"
        assert get(f"pages/{other.pk}/")["title"] == "Secret"


def test_an_answer_says_whether_its_page_is_a_draft_and_where_it_is_edited(get: Get) -> None:
    drafted, published = (factories.ContentPageFactory() for _ in range(2))
    foreign, new = factories.ContentPageFactory(parent=factories.insight_index()), never_published()
    below = factories.ContentPageFactory(parent=new)
    save_draft(drafted)

    def state(page: Page) -> Any:
        draft = get(f"pages/{page.pk}/")["meta"]["draft"]
        if (edit := draft.pop("edit", None)) is not None:
            own = draft["edit_url"] and f"{draft['edit_url']}#:w:contentpath=title"
            assert edit.get("/title") == own
        return draft

    def edit_url(page: Page) -> str:
        return f"http://localhost:8000/admin/pages/{page.pk}/edit/"

    with seen_by(editor_of(drafted, published, new)):
        for page, is_draft, live in (
            (drafted, True, True),
            (published, False, True),
            (new, True, False),
            (below, False, False),
        ):
            expected = {"is_draft": is_draft, "live": live, "edit_url": edit_url(page)}
            assert state(page) == expected, page
        assert state(foreign) == {"is_draft": False, "live": True, "edit_url": None}
        assert "draft" not in get("pages/", id=drafted.pk)["items"][0]["meta"]
        assert get(f"pages/{drafted.pk}/", fields="_,title") == {"title": drafted.title}
    with seen_by(None, draft=drafted):
        assert state(drafted) == {"is_draft": True, "live": True, "edit_url": None}
        assert "edit" not in get(f"pages/{drafted.pk}/")["meta"]["draft"]
        assert "draft" not in get(f"pages/{published.pk}/")["meta"]


UNUSABLE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no key": lambda content: content.pop("pk"),
    "a year that is none": lambda content: content.update(start_year="soon"),
    "a date that is none": lambda content: content.update(expire_at=None, first_published_at="x"),
    "children of another kind": lambda content: content.update(partners=7),
    "children without fields": lambda content: content.update(partners=[{}]),
    "choices that are none": lambda content: content.update(themes=["x"]),
    "choices of another kind": lambda content: content.update(themes=7),
    "an image that is none": lambda content: content.update(image="x"),
}


@pytest.mark.parametrize("name", UNUSABLE)
@pytest.mark.usefixtures("drafts")
def test_a_draft_that_cannot_be_used_leaves_what_is_published(
    get: Get, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    page = save_draft(factories.ProgrammePageFactory(title="Live"), title="Draft")
    other = save_draft(factories.ProgrammePageFactory(title="Live"), title="Other")
    UNUSABLE[name](page.latest_revision.content)
    page.latest_revision.save()
    shown = get(f"pages/{page.pk}/")
    assert shown["title"] == "Live"
    assert shown["meta"]["draft"]["is_draft"] is False
    assert f"Revision {page.latest_revision.pk} of page {page.pk} cannot be used" in caplog.text
    assert sorted(titles(get("programmes/"))) == ["Live", "Other"]
    assert get(f"pages/{other.pk}/")["title"] == "Other"


@pytest.mark.usefixtures("drafts")
def test_a_draft_is_shown_without_a_block_that_lacks_what_its_code_relies_on(
    get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    page = save_draft(factories.EventPageFactory(title="Live"), title="Draft")
    page.latest_revision.content["body"] = [
        {"type": "age", "value": {"youngest": None}, "id": "1"},
        {"type": "age", "value": {"youngest": 18}, "id": "2"},
    ]
    page.latest_revision.save()
    shown = get(f"pages/{page.pk}/")
    assert shown["title"] == "Draft"
    assert shown["meta"]["draft"]["is_draft"] is True
    assert shown["body"] == [{"type": "age", "value": {"from": 18, "adults": True}, "id": "2"}]
    assert "The block age is not finished" in caplog.text


@pytest.mark.usefixtures("drafts")
def test_a_draft_with_a_child_that_lacks_something_leaves_what_is_published(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factories.EventPageFactory(title="Live")
    page = save_draft(page, title="Draft", speakers=[Speaker(name="Unwell"), Speaker(name="Well")])

    def first_letter_after_z(self: Speaker) -> str:
        return self.name.split("z")[1]

    monkeypatch.setattr(Speaker, "letter", first_letter_after_z, raising=False)
    monkeypatch.setattr(Speaker, "api_fields", [*Speaker.api_fields, "letter"])
    objects.plan.cache_clear()
    shown = get(f"pages/{page.pk}/")
    objects.plan.cache_clear()
    assert shown["title"] == "Live"
    assert shown["meta"]["draft"]["is_draft"] is False


@pytest.mark.usefixtures("drafts")
def test_what_a_draft_names_and_is_gone_is_left_out_as_publishing_would(get: Get) -> None:
    partner, theme = factories.PartnerFactory(), factories.ThemeFactory()
    insight, image = factories.InsightPageFactory(), factories.ImageFactory()
    page = save_draft(
        factories.ProgrammePageFactory(),
        title="Draft",
        image=image,
        themes=[theme],
        partners=[ProgrammePartner(partner=partner)],
        related_insights=[RelatedInsight(insight=insight)],
        body=[{"type": "insights", "value": {"heading": "x", "insights": [insight.pk]}}],
    )
    for gone in (partner, theme, insight, image):
        gone.delete()
    shown = get(f"pages/{page.pk}/")
    assert (shown["title"], shown["image"]) == ("Draft", None)
    assert shown["partners"] == shown["themes"] == shown["related_insights"] == []


@pytest.mark.usefixtures("drafts")
def test_a_revision_of_a_type_that_is_gone_is_passed_over(get: Get) -> None:
    page = save_draft(factories.ContentPageFactory(title="Live"), title="Draft")
    content_type = page.content_type
    gone = type(content_type).objects.create(app_label="gone", model="gonepage")
    Page.objects.filter(pk=page.pk).update(content_type=gone)
    assert get(f"pages/{page.pk}/")["title"] == "Live"


@pytest.mark.usefixtures("drafts")
def test_more_types_than_one_query_joins_are_drafts_too(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(specific_pages, "MOST_TYPES", 1)
    page = save_draft(factories.ContentPageFactory(title="Live"), title="Draft")
    assert get(f"pages/{page.pk}/")["title"] == "Draft"
    assert "Draft" in titles(get("pages/", limit=100))


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/api/v2/{path}")
    assert response.status_code == 200, response.content
    return len(captured)


@pytest.mark.once
@pytest.mark.usefixtures("drafts")
@pytest.mark.parametrize("times", [8, pytest.param(50, marks=pytest.mark.nightly)])
def test_fifty_drafts_take_as_many_queries_as_one(client: Client, editor: User, times: int) -> None:
    """So many of each type are fifty and more together, and fifty of each at night."""
    Page.objects.update(first_published_at=None)
    filler = Filler(2)
    pages = [filler.page(model) for model in page_types()]
    # What the drafts name is older, so that the newest are the drafts.
    listings = {"pages/?": len(pages), "programmes/?": 1, "insights/?": 1} | {
        f"pages/?type={model._meta.label}&": 1 for model in page_types()
    }
    details = [f"pages/{page.pk}/" for page in pages]

    def counts(times: int) -> dict[str, int]:
        query = "{}order=-first_published_at&fields=*&limit={}"
        read = {
            path: query.format(path, min(number * times, 100)) for path, number in listings.items()
        }
        read |= {path: path for path in details}
        return {path: queries(client, address) for path, address in read.items()}

    for page in pages:
        save_draft(page, title="Draft")
    counts(1)
    few = counts(1)
    for path, count in few.items():
        has_meetings = path == "pages/?" or "Meeting" in path
        assert count <= MOST_QUERIES + has_meetings * MORE_WITH_MEETINGS, few
    with transaction():
        for page in pages:
            for copy in copies(page, times)[1:]:
                save_draft(copy, title="Draft")
    assert counts(times) == few
    drafts = min(times * len(pages), 100)
    assert drafts >= 50
    newest = f"pages/?order=-first_published_at&fields=*&limit={drafts}"
    assert titles(client.get(f"/api/v2/{newest}").json()) == ["Draft"] * drafts


def titles_of(items: list[dict[str, Any]]) -> list[str]:
    return [item["title"] for item in items]
