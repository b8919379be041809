"""What the log passes over is heard by whoever reads it of a page, so that no answer is kept that is made of it."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from wagtail.models import Page

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes import private_columns
from frontend_api.dependencies.attributes import TrackedAttribute, TrackedKey
from frontend_api.serialization import objects
from tests import factories
from tests.events.models import Credit, EventPage, Person, Sponsor
from tests.frontend_api.caching.scene import Asking

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def ask(quiet: None) -> Asking:
    """A service with the cache in front of it."""
    return Asking(ResponseCache(get_wsgi_application()))


def show(patch: pytest.MonkeyPatch, *names: str, **properties: Callable[[Any], Any]) -> None:
    """Let events show more."""
    for name, function in properties.items():
        patch.setattr(EventPage, name, property(function), raising=False)
    patch.setattr(EventPage, "api_fields", [*EventPage.api_fields, *names, *properties])
    objects.plan.cache_clear()


@pytest.fixture(autouse=True)
def _plans() -> Any:
    yield
    objects.plan.cache_clear()


def value(ask: Asking, page: EventPage, name: str) -> Any:
    """Return what the API shows of an event, from the cache where it is there."""
    return json.loads(ask(f"/api/v2/events/{page.pk}/").body)[name]


def test_every_column_that_the_log_passes_over_is_heard() -> None:
    for field in private_columns.fields():
        kind = type(Page.__dict__[field.attname])
        assert kind in {TrackedAttribute, TrackedKey}, (
            f"Django has another descriptor for {field.name}: frontend_api.dependencies.attributes has to know it."
        )
    # They do what Django's do, in the same way.
    assert TrackedAttribute.__base__ is DeferredAttribute
    assert TrackedKey.__base__ is ForeignKeyDeferredAttribute
    assert set(vars(DeferredAttribute)) - {"__dict__", "__weakref__", "__doc__", "__module__"} == {
        "__init__",
        "__get__",
        "_check_parent_chain",
    }


def test_a_page_has_its_columns_as_ever() -> None:
    page = factories.EventPageFactory()
    assert (page.locked, page.owner_id, page.draft_title) == (False, None, page.title)
    page.owner = factories.UserFactory()
    page.locked = True
    page.save()
    deferred = Page.objects.only("title").get(pk=page.pk)
    assert deferred.get_deferred_fields() >= {"locked", "owner_id"}
    assert (deferred.locked, deferred.owner) == (True, page.owner)
    page.owner_id = None
    assert page.owner is None


LATER = datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("go_live_at", LATER),
        ("locked", True),
        ("locked_at", LATER),
        ("has_unpublished_changes", True),
        ("latest_revision_created_at", LATER),
        ("expired", True),
        ("draft_title", "Another"),
    ],
)
def test_what_a_page_type_names_is_logged(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, name: str, later: Any
) -> None:
    show(monkeypatch, name)
    page = factories.EventPageFactory()
    before = value(ask, page, name)
    setattr(page, name, later)
    page.save(clean=False)
    assert value(ask, page, name) != before


@pytest.mark.parametrize(
    ("read", "change"),
    [
        (lambda page: page.locked, {"locked": True}),
        (lambda page: page.owner_id is None, {"owner": factories.UserFactory}),
        (lambda page: page.owner is None, {"owner": factories.UserFactory}),
        (lambda page: page.go_live_at is None, {"go_live_at": lambda: LATER}),
        (lambda page: page.status_string, {"has_unpublished_changes": True}),
        (lambda page: page.page_ptr.locked, {"locked": True}),
        (lambda page: getattr(page, "draft_title"), {"draft_title": "Another"}),  # noqa: B009
        (lambda page: Page.objects.get(pk=page.pk).locked, {"locked": True}),
        (lambda page: Page.objects.values_list("locked")[0][0], {"locked": True}),
        (lambda page: Page.objects.filter(pk=page.pk, locked=True).exists(), {"locked": True}),
    ],
)
def test_what_a_property_reads_behind_its_name_is_never_old(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, read: Callable[[Any], Any], change: dict[str, Any]
) -> None:
    show(monkeypatch, behind=read)
    page = factories.EventPageFactory()
    for _ in range(2):
        value(ask, page, "behind")
    for name, later in change.items():
        setattr(page, name, later() if callable(later) else later)
    page.save(clean=False)
    assert value(ask, page, "behind") == read(EventPage.objects.get(pk=page.pk))


def test_whoever_has_children_is_never_old(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    # A page without children asks no query for them, so that no query tells of it.
    show(monkeypatch, below=lambda page: [child.title for child in page.get_children()])
    page = factories.EventPageFactory()
    assert value(ask, page, "below") == []
    factories.ContentPageFactory(parent=page, title="Below")
    assert value(ask, page, "below") == ["Below"]


RAW = {
    "a plain query": "SELECT max(name) FROM events_person",
    "a comment first": "/* of the site */ SELECT max(name) FROM events_person",
    "another comment": "-- of the site\nSELECT max(name) FROM events_person",
    "a common table": "WITH x AS (SELECT name FROM events_person) SELECT max(name) FROM x",
    "values": "VALUES ((SELECT max(name) FROM events_person))",
}


@pytest.mark.parametrize("statement", RAW)
def test_what_a_property_reads_by_sql_is_never_old(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    def read(page: Any) -> str | None:
        with connection.cursor() as cursor:
            cursor.execute(RAW[statement])
            return cursor.fetchone()[0]

    show(monkeypatch, shout=read)
    page = factories.EventPageFactory()
    for _ in range(2):
        assert value(ask, page, "shout") is None
    Person.objects.create(name="Ada")
    assert value(ask, page, "shout") == "Ada"


def test_rows_between_two_that_are_made_by_themselves_are_never_old(ask: Asking) -> None:
    page = factories.EventPageFactory()
    ada, grace = (Person.objects.create(name=name) for name in ("Ada", "Grace"))

    def people() -> list[str]:
        return [person["name"] for person in value(ask, page, "people")]

    assert people() == []
    # A row may lead to nobody.
    nobody = Credit.objects.create(event=page)
    assert people() == []
    nobody.person = ada
    nobody.save()
    assert people() == ["Ada"]
    nobody.delete()
    credit = Credit.objects.create(event=page, person=ada)
    assert people() == ["Ada"]
    credit.person = grace
    credit.save()
    assert people() == ["Grace"]
    other = factories.EventPageFactory()
    credit.event = other
    credit.save()
    assert people() == []
    assert [person["name"] for person in value(ask, other, "people")] == ["Grace"]
    credit.delete()
    assert value(ask, other, "people") == []


def test_what_is_in_two_tables_is_old_by_either(ask: Asking) -> None:
    # Half of a sponsor is a person, who is shown as such, and of whom the public sees drafts too.
    sponsor = factories.SponsorFactory(name="Ada", live=False)
    event = factories.EventPageFactory()
    Credit.objects.create(event=event, person=sponsor)
    meeting = factories.MeetingPageFactory(sponsor=sponsor, supporters=[sponsor])

    def shown() -> tuple[list[str], str | None, int]:
        people = [person["name"] for person in value(ask, event, "people")]
        found = json.loads(ask(f"/api/v2/meetings/{meeting.pk}/").body)
        named = json.loads(ask(f"/api/v2/meetings/?supporter={people[0]}").body)
        return people, found["sponsor_name"], named["meta"]["total_count"]

    for _ in range(2):
        assert shown() == (["Ada"], None, 0)
    sponsor.name = "Grace"
    sponsor.save()
    assert shown() == (["Grace"], None, 0)
    sponsor.save_revision().publish()
    assert shown() == (["Grace"], "Grace", 1)
    person = Person.objects.get(pk=sponsor.pk)
    person.name = "Hedy"
    person.save()
    assert shown() == (["Hedy"], "Hedy", 1)
    Sponsor.objects.get().unpublish()
    assert shown() == (["Hedy"], None, 0)
    Sponsor.objects.get().delete(keep_parents=True)
    assert shown() == (["Hedy"], None, 0)
    person.delete()
    assert value(ask, event, "people") == []
