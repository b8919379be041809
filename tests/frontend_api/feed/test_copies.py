"""Whatever happens, and whenever the feed is read: a copy that follows it is what a new crawl gives, byte for byte."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cms.settings import base
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.transaction import invalidate_all
from frontend_api.dependencies import memo
from tests.frontend_api.caching.scene import Asking, Got
from tests.frontend_api.changes import changing_site
from tests.frontend_api.changes.changing_site import CHANGES
from tests.frontend_api.feed.copies import Copy

START = datetime.datetime(2026, 12, 30, 9, 30, tzinfo=datetime.UTC)
STEPS = {
    "an hour": datetime.timedelta(hours=1),
    "a day": datetime.timedelta(hours=20),
    "two days": datetime.timedelta(hours=49),
}


def asking() -> Callable[[str], Got]:
    """Return what asks the service as it runs, by the part of an address behind its root."""
    service = Asking(ResponseCache(get_wsgi_application()))
    return lambda address: service(f"/api/v2/{address}")


@contextmanager
def site(now: Callable[[], datetime.datetime]) -> Iterator[None]:
    """A site that is gone afterwards, with a clock."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(timezone, "now", now)
        changing_site.build()
        # The versions of a transaction that is taken back will be given out again.
        invalidate_all()
        memo.facts.clear()
        yield
        transaction.set_rollback(True)


steps = st.lists(
    st.tuples(
        st.one_of(
            *[st.sampled_from(range(len(CHANGES)))] * 4,
            st.sampled_from(sorted(STEPS)),
            st.just("follow"),
        ),
        st.integers(0, 2**32 - 1),
    ),
    min_size=4,
    max_size=12,
)


@pytest.mark.hypothesis
@settings(
    max_examples=max(2, settings().max_examples // 40),
    deadline=None,
    # To make a failing example smaller would take an hour; the report has its steps.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(languages=st.booleans(), steps=steps)
def test_a_copy_that_follows_the_feed_is_what_a_new_crawl_gives(
    quiet: None, settings: Any, languages: bool, steps: list[tuple[Any, int]]
) -> None:
    settings.TASKS = base.TASKS
    settings.WAGTAIL_I18N_ENABLED = languages
    clock = [START]
    fetch = asking()
    with site(lambda: clock[0]):
        copies = [Copy(fetch)]
        for what, seed in steps:
            random = Random(seed)
            if what == "follow":
                copies[0].follow()
                copies.append(Copy(fetch))
            elif isinstance(what, str):
                clock[0] += STEPS[what]
            else:
                CHANGES[what](random)
            clock[0] += datetime.timedelta(seconds=1)
        crawled = Copy(fetch).said()
        for copy in copies:
            copy.follow()
            assert copy.said() == crawled
            assert copy.follow() == []
