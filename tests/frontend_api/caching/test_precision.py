"""A change of one page makes old what shows that page, and leaves the rest of a large site in the cache."""

import json
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.redirects.models import FormerPath
from insights.models import InsightPage
from programmes.models import RelatedInsight
from tests.benchmarks.growing import grow
from tests.frontend_api.caching.scene import Asking

pytestmark = [pytest.mark.django_db, pytest.mark.once]

INSIGHTS, PROGRAMMES = 400, 40
VALID, CHANGED = 0.95, 0.8


@dataclass
class Dropped:
    """What a change made old: which of so many responses were rendered anew, and which of them had changed."""

    of: int
    rendered: list[str]
    changed: list[str]

    @property
    def valid(self) -> float:
        """Which part of all was left in the cache."""
        return 1 - len(self.rendered) / self.of

    @property
    def precision(self) -> float:
        """Which part of what was rendered anew had changed."""
        return len(self.changed) / len(self.rendered)

    def __str__(self) -> str:
        return (
            f"{self.valid:.1%} of {self.of} left; of {len(self.rendered)} rendered anew {len(self.changed)} changed: "
            f"{sorted(self.rendered)}"
        )


class Frontend:
    """Reads all that a frontend of the grown demo site shows, through the cache."""

    def __init__(self) -> None:
        """Know the addresses."""
        django = get_wsgi_application()
        self.rendered: list[str] = []

        def application(environ: Any, start_response: Any) -> Any:
            self.rendered.append(environ["PATH_INFO"] + "?" + environ["QUERY_STRING"])
            return django(environ, start_response)

        self.ask = Asking(ResponseCache(application))
        self.listings = [
            *_listings("insights", INSIGHTS // 20),
            *_listings("programmes", PROGRAMMES // 20),
        ]
        home = Page.objects.get(depth=2)
        pages = Page.objects.live().descendant_of(home, inclusive=True).order_by("pk")
        self.pages = [
            f"/api/v2/pages/find/?html_path=/{page.url_path.removeprefix(home.url_path)}"
            for page in pages
        ]
        self.bodies: dict[str, bytes] = {}

    def read(self) -> Dropped:
        """Read everything, and say what was made old since the last time."""
        self.rendered.clear()
        before = self.bodies
        addresses = ["/api/v2/site/?", *self.pages, *self.listings]
        self.bodies = {address: self.ask(address).body for address in addresses}
        changed = [one for one in addresses if self.bodies[one] != before.get(one)]
        return Dropped(len(addresses), [*self.rendered], changed)

    def listed(self) -> set[int]:
        """Return the ids of the pages that a listing shows."""
        bodies = (json.loads(self.bodies[address]) for address in self.listings)
        return {item["id"] for body in bodies for item in body["items"]}


def _listings(name: str, pages: int) -> list[str]:
    """Return the first pages of a collection, some deep ones, and those of each of its filters."""
    filters = {
        "insights": [
            *(f"theme={theme}" for theme in ("prevention", "research", "recovery")),
            *(
                "kind=article",
                "kind=external",
                "source=www.source-3.example",
                "programme=identifying-victims-online",
            ),
            *("published_after=2016-06-01", "published_before=1996-02-01"),
        ],
        "programmes": [
            *(f"theme={theme}" for theme in ("prevention", "research", "recovery")),
            *("status=active", "status=completed", "running_in=2010", "partner=interpol"),
        ],
    }[name]
    offsets = [20 * page for page in sorted({0, 1, 2, pages // 2, pages - 1})]
    asked = ["", *(f"{one}&" for one in filters)]
    return [
        f"/api/v2/{name}/?{one}limit=20&offset={at}" for one, at in product(asked, offsets[:3])
    ] + [f"/api/v2/{name}/?limit=20&offset={at}" for at in offsets[3:]]


@pytest.fixture
def frontend(demo: None, quiet: None) -> Frontend:
    grow(INSIGHTS, PROGRAMMES)
    caches["api"].clear()
    return Frontend()


def test_an_edit_of_what_no_list_shows_leaves_the_cache_as_it_is(frontend: Frontend) -> None:
    assert frontend.read().precision == 1, "the first time everything is new"
    nothing = frontend.read()
    assert not nothing.rendered

    insight = unlisted(frontend)
    insight.summary = "Another summary."
    insight.save_revision().publish()
    edited = frontend.read()
    insight.title = "Another title"
    insight.save_revision().publish()
    renamed = frontend.read()
    for dropped in (edited, renamed):
        print(dropped)
        assert dropped.changed
        assert dropped.valid >= VALID, dropped
        assert dropped.precision >= CHANGED, dropped

    # A redirect, and what ends, are seen where there is no page.
    Redirect.add_redirect("/old", insight)
    FormerPath.objects.create(site=Site.objects.get(is_default_site=True), path="/ended")
    led = frontend.read()
    assert not led.rendered


def unlisted(frontend: Frontend) -> InsightPage:
    """Return an old insight that no list shows and no programme names."""
    old = InsightPage.objects.live().exclude(pk__in=frontend.listed()).filter(external_url="")
    related = RelatedInsight.objects.values("insight")
    return old.exclude(pk__in=related).order_by("published_on")[0]
