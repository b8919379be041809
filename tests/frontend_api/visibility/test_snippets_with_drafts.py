"""Snippets that are published, as pages are: one that is not, or not any more, is nowhere."""

import datetime
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from frontend_api.caching.wsgi import ResponseCache
from tests import factories
from tests.events.models import MeetingPage, Sponsor
from tests.frontend_api.caching.scene import Asking
from tests.frontend_api.conftest import Clock, Get

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)


def meeting(sponsor: Sponsor) -> MeetingPage:
    """A page that names a sponsor wherever one can be named."""
    page: MeetingPage = factories.MeetingPageFactory(
        sponsor=sponsor,
        supporters=[sponsor],
        body=[{"type": "sponsor", "value": sponsor.pk}],
    )
    return page


def shown(page: dict[str, Any]) -> list[Any]:
    """Return what a page shows of its sponsor."""
    return [page[name] for name in ("sponsor", "supporters", "sponsor_name")] + [
        block["value"] for block in page["body"]
    ]


NOTHING = [None, [], None, None]


def never_published() -> Sponsor:
    sponsor: Sponsor = factories.SponsorFactory(name="Zanzibar", live=False)
    sponsor.save_revision()
    return sponsor


def unpublished() -> Sponsor:
    sponsor: Sponsor = factories.SponsorFactory(name="Zanzibar")
    sponsor.unpublish()
    return sponsor


def expired() -> Sponsor:
    # The command that unpublishes has not run yet.
    sponsor: Sponsor = factories.SponsorFactory(name="Zanzibar", expire_at=timezone.now() - HOUR)
    return sponsor


def scheduled() -> Sponsor:
    sponsor: Sponsor = factories.SponsorFactory(name="Zanzibar", live=False)
    sponsor.go_live_at = timezone.now() + HOUR
    sponsor.save_revision().publish()
    return sponsor


def deleted() -> Sponsor:
    sponsor: Sponsor = factories.SponsorFactory(name="Zanzibar")
    Sponsor.objects.get(pk=sponsor.pk).delete()
    return sponsor


@pytest.mark.parametrize(
    "make", [never_published, unpublished, expired, scheduled], ids=lambda make: make.__name__
)
def test_what_is_not_published_is_nowhere(get: Get, make: Callable[[], Sponsor]) -> None:
    page = meeting(make())
    assert shown(get(f"pages/{page.pk}/")) == NOTHING
    assert shown(get("meetings/", fields="*")["items"][0]) == NOTHING
    everything = [
        get("pages/", fields="*", type="events.MeetingPage"),
        get("pages/", search="zanzibar"),
        get("meetings/"),
    ]
    assert "Zanzibar" not in str(everything)
    # Nor can it be told by a filter that it is chosen.
    assert get("meetings/", supporter="Zanzibar")["items"] == []
    assert get("pages/", type="events.MeetingPage", sponsor=str(page.sponsor_id))["items"] == []


def test_what_is_deleted_is_null_in_a_text_that_names_it(get: Get) -> None:
    page = factories.MeetingPageFactory(body=[{"type": "sponsor", "value": deleted().pk}])
    assert [block["value"] for block in get(f"pages/{page.pk}/")["body"]] == [None]


def test_what_is_published_is_everywhere(get: Get) -> None:
    sponsor = factories.SponsorFactory(name="zanzibar")
    page = meeting(sponsor)
    form = {"id": sponsor.pk, "name": "zanzibar", "meta": {"type": "events.Sponsor"}}
    found = shown(get(f"pages/{page.pk}/"))
    assert found == [form, [form], "zanzibar", form]
    assert len(get("meetings/", supporter="zanzibar")["items"]) == 1
    assert len(get("pages/", type="events.MeetingPage", sponsor=str(sponsor.pk))["items"]) == 1
    # A draft of what is published shows what is published.
    sponsor.name = "The next name"
    sponsor.save_revision()
    assert shown(get(f"pages/{page.pk}/")) == found


@pytest.fixture
def ask(quiet: None) -> Asking:
    """A service with the cache in front of it."""
    return Asking(ResponseCache(get_wsgi_application()))


def publish(sponsor: Sponsor, **changes: Any) -> None:
    """Publish a sponsor as the admin does."""
    sponsor = Sponsor.objects.get(pk=sponsor.pk)
    for name, value in changes.items():
        setattr(sponsor, name, value)
    sponsor.save_revision().publish()


def test_no_answer_is_stale_when_it_is_published_unpublished_or_expires(
    ask: Asking,
    clock: Clock,
) -> None:
    sponsor = factories.SponsorFactory(name="Zanzibar", live=False)
    page = meeting(sponsor)

    def is_shown() -> bool:
        answers = {
            b"Zanzibar" in ask(address).body
            for address in (f"/api/v2/pages/{page.pk}/", "/api/v2/meetings/?fields=*")
            for _ in range(2)
        }
        assert len(answers) == 1
        return answers.pop()

    assert not is_shown()
    publish(sponsor)
    assert is_shown()
    Sponsor.objects.get().unpublish()
    assert not is_shown()
    publish(sponsor, expire_at=timezone.now() + HOUR)
    assert is_shown()
    clock.shift = 2 * HOUR
    assert not is_shown()
    publish(sponsor, expire_at=None)
    assert is_shown()
    publish(sponsor, go_live_at=timezone.now() + HOUR, name="The next name")
    assert is_shown()


def test_the_command_publishes_and_unpublishes_what_is_due(
    get: Get,
    clock: Clock,
) -> None:
    page = meeting(scheduled())
    clock.shift = 2 * HOUR
    call_command("publish_scheduled", stdout=StringIO())
    assert get(f"pages/{page.pk}/")["sponsor_name"] == "Zanzibar"
    publish(Sponsor.objects.get(), go_live_at=None, expire_at=timezone.now() + HOUR)
    clock.shift = 4 * HOUR
    call_command("publish_scheduled", stdout=StringIO())
    assert not Sponsor.objects.get().live


def test_a_serialiser_of_somebody_elses_shows_nothing_private(get: Get) -> None:
    # `StringRelatedField` and `source="sponsor.name"` read the object itself.
    draft = factories.EventPageFactory(title="A secret event", live=False)
    page = factories.MeetingPageFactory(prepares=draft, sponsor=unpublished())
    found = get(f"pages/{page.pk}/")
    assert (found["prepared"], found["sponsor_name"]) == (None, None)
    draft.live = True
    draft.save()
    assert get(f"pages/{page.pk}/")["prepared"] == "A secret event"
    factories.restrict(draft)
    assert get(f"pages/{page.pk}/")["prepared"] is None
