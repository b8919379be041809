"""Whatever changes, and whenever somebody reads: what the cache gives is what rendering anew would give."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from cms.settings import base
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes import versions
from frontend_api.changes.transaction import invalidate_all
from frontend_api.dependencies import memo
from tests import factories
from tests.frontend_api.caching.scene import Asking, BehindFront, Got
from tests.frontend_api.changes import changing_site
from tests.frontend_api.changes.changing_site import CHANGES
from tests.frontend_api.crawler import AS

HEADERS = ("Content-Type", "ETag", "Vary")
START = datetime.datetime(2026, 12, 30, 9, 30, tzinfo=datetime.UTC)
STEPS = {
    "an hour": datetime.timedelta(hours=1),
    "a day": datetime.timedelta(hours=20),
    "two days": datetime.timedelta(hours=49),
}


class Reader:
    """Reads through the cache, and holds each answer to one that is rendered anew."""

    def __init__(self) -> None:
        self.before: Callable[[], None] | None = None
        self.after: Callable[[], None] | None = None
        self.rendered = 0
        self.remembers = True
        """Whether what is rendered may be made of facts that are remembered."""
        django = get_wsgi_application()

        def application(environ: Any, start_response: Any) -> Any:
            self.rendered += 1
            before, after, self.before, self.after = self.before, self.after, None, None
            if before:
                before()
            chunks = django(environ, start_response)
            if after:
                after()
            return chunks

        cached = ResponseCache(application)
        # The front answers whatever is kept, and the cache behind it the rest; without the front it does all.
        self._front = BehindFront(cached)
        self._cached = [Asking(self._front), Asking(cached)]
        self._anew = Asking(get_wsgi_application())
        self.cached: set[str] = set()

    @property
    def front_answered(self) -> int:
        """How many answers the front has given."""
        return self._front.hits

    def read(self, address: str) -> Got:
        """Read, and remember the address."""
        self.cached.add(address)
        return self._ask(self._cached[0], address)

    def _ask(self, service: Asking, address: str) -> Got:
        place, _, form = address.partition(AS)
        return service(f"/api/v2/{place}", **({"Accept": form} if form else {}))

    def check(self) -> None:
        """Hold every address that was ever read to what it is now."""
        for address in sorted(self.cached):
            cached = [self._ask(service, address) for service in self._cached]
            self.remembers = False
            anew = self._ask(self._anew, address)
            self.remembers = True
            for one in cached:
                assert (one.status, one.body) == (anew.status, anew.body), address


@contextmanager
def site(now: Callable[[], datetime.datetime]) -> Iterator[Reader]:
    """A reader of a site that is gone afterwards, with a clock."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(timezone, "now", now)
        changing_site.build()
        # The versions of a transaction that is taken back will be given out again.
        invalidate_all()
        memo.facts.clear()
        reader = Reader()
        # All of this is one transaction, in which nothing would be remembered.
        patch.setattr(
            memo, "settled_state", lambda: versions.current() if reader.remembers else None
        )
        yield reader
        transaction.set_rollback(True)


names = st.sampled_from(range(len(CHANGES)))
steps = st.lists(
    st.tuples(
        st.one_of(names, names, names, st.sampled_from(sorted(STEPS))),
        st.integers(0, 2**32 - 1),
        st.sampled_from(["then", "then", "then", "before it is rendered", "while it is sent"]),
    ),
    min_size=5,
    max_size=12,
)


@pytest.fixture(params=["in process", "valkey"])
def kept(request: pytest.FixtureRequest, quiet: None) -> None:
    """Where responses are kept: in the memory of the process, or in a server; tasks wait until a step runs them.

    One of the two has a site in several languages.
    """
    settings = request.getfixturevalue("settings")
    settings.TASKS = base.TASKS
    settings.WAGTAIL_I18N_ENABLED = request.param == "in process"
    if request.param == "valkey":
        request.getfixturevalue("use_server")


@pytest.mark.hypothesis
@settings(
    max_examples=settings().max_examples // 50,
    deadline=None,
    # To make a failing example smaller would take an hour; the report has its steps.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_no_answer_from_the_cache_is_stale(kept: None, steps: list[tuple[Any, int, str]]) -> None:
    clock = [START]
    with site(lambda: clock[0]) as reader:
        for address in changing_site.addresses(Random(0)):
            reader.read(address)
        for what, seed, when in steps:
            random = Random(seed)
            if isinstance(what, str):
                clock[0] += STEPS[what]
            elif when == "then":
                CHANGES[what](random)
            else:
                # A slow reader: what it reads changes after it has begun.
                if when == "before it is rendered":
                    reader.before = partial(CHANGES[what], random)
                else:
                    reader.after = partial(CHANGES[what], random)
                clock[0] += datetime.timedelta(seconds=1)
                for address in changing_site.addresses(random):
                    reader.read(address)
                reader.before = reader.after = None
            for address in changing_site.addresses(random):
                reader.read(address)
            reader.check()
        assert reader.front_answered


def test_a_site_begins_and_ends_in_another_language(quiet: None, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    with site(lambda: START) as reader:
        home = Page.objects.get(pk=factories.default_site().root_page_id).specific
        french = Locale.objects.get(language_code="fr")

        def begins() -> None:
            # A draft, of which the log says nothing, and then the home page of readers.
            there = home.get_translation_or_none(french) or home.copy_for_translation(french)
            there.specific.save_revision().publish()

        def ends() -> None:
            home.get_translation(french).specific.unpublish()

        for act in (begins, ends, begins):
            for address in ("llms.txt", "pages/", "pages/find/?html_path=/fr/", "sitemap.xml"):
                reader.read(address)
            act()
            reader.check()


def test_what_is_drawn_by_lot_is_drawn_each_time(quiet: None) -> None:
    with site(lambda: START):
        reader = Reader()
        for _ in range(2):
            answer = reader.read("pages/?order=random")
            assert answer.headers["Cache-Control"] == "no-cache"
        assert reader.rendered == 2
