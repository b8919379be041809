"""Nothing private, ever: random sites are read whole, and nothing that the public may not see is met.

Three things are asked of each site. No answer has a marker of what its reader may not see. When all that is private
is deleted, every answer stays what it was, so that no count, order, filter or error tells that it was there. And all
that is public is shown, so that an API that says nothing does not pass.
"""

import json
import logging
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, Phase, given, settings

from frontend_api.changes import transaction as changes
from tests import factories
from tests.frontend_api.crawler import Answer, Crawler, Values, listings
from tests.frontend_api.draft_site import editor_of, seen_by
from tests.frontend_api.random_redirects import check_where_paths_lead, lead_to_everything
from tests.frontend_api.random_references import fill
from tests.frontend_api.random_sites import FIRST, NOBODY, SECOND, Plan, RandomSite, plans
from tests.frontend_api.random_texts import MARKER

pytestmark = [pytest.mark.django_db, pytest.mark.indexed]

IS_DEEP = settings.get_current_profile_name() == "deep"
# How many values of each parameter to ask about.
FEW = 20 if IS_DEEP else 2
LANGUAGES = [("en-gb", "English"), ("fr", "French")]
OTHERS = {FIRST: (NOBODY, SECOND), SECOND: (NOBODY, FIRST)}


HYPOTHESIS = settings(
    # One site is as good as many small examples; the deep profile makes more of them, other ones each time.
    max_examples=settings().max_examples // 50 if IS_DEEP else 1,
    derandomize=not IS_DEEP,
    deadline=None,
    # A failure says what was met and where; to make the site smaller would take minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@HYPOTHESIS
@given(plan=plans())
def test_nothing_private_is_ever_met(
    db: None, client: Client, caplog: pytest.LogCaptureFixture, plan: Plan
) -> None:
    # Thousands of requests are refused, and a report on each would take longer than the requests.
    caplog.set_level(logging.CRITICAL, "django.request")
    with (
        transaction.atomic(),
        override_settings(WAGTAIL_CONTENT_LANGUAGES=LANGUAGES, LANGUAGES=LANGUAGES),
    ):
        # Wagtail keeps the addresses of sites there.
        cache.clear()
        with changes.transaction():
            site = RandomSite(plan)
            fill(site)
            lead_to_everything(site)
        for audience, name in ((SECOND, "second.example"), (FIRST, None)):
            crawler = Crawler(client, name, values(site, audience))
            crawler.crawl()
            crawler.ask(Random(plan.seed), FEW if audience == FIRST else 1)
            check_markers(site, crawler, audience)
            check_what_is_public(site, crawler, audience)
            check_where_paths_lead(site, crawler, audience)
        check_methods(crawler)
        check_private_documents(site, client)
        with changes.transaction():
            site.delete_private()
        check_nothing_depended_on_it(crawler)
        transaction.set_rollback(True)


# An editor's answers differ from a reader's in which pages are seen, so that one site says most of it.
@settings(HYPOTHESIS, max_examples=settings().max_examples // 50 if IS_DEEP else 1)
@given(plan=plans())
def test_an_editor_of_one_section_meets_no_draft_of_another(
    db: None, client: Client, caplog: pytest.LogCaptureFixture, plan: Plan
) -> None:
    caplog.set_level(logging.CRITICAL, "django.request")
    with (
        transaction.atomic(),
        override_settings(WAGTAIL_CONTENT_LANGUAGES=LANGUAGES, LANGUAGES=LANGUAGES),
    ):
        cache.clear()
        with changes.transaction():
            site = RandomSite(plan)
            fill(site)
        numbers = range(len(site.pages))
        section = max(
            (number for number in numbers if not site.on_second_site(number)),
            key=lambda number: len({*drafts_of_section(site, number)}),
        )
        with seen_by(editor_of(site.pages[section])):
            crawler = Crawler(client, None, values(site, FIRST))
            crawler.crawl()
            crawler.ask(Random(plan.seed), FEW if IS_DEEP else 1)
            check_markers_for_editor(site, crawler, section)
            check_what_an_editor_sees(site, crawler, section)
            with changes.transaction():
                site.delete_private(section)
            check_nothing_depended_on_it(crawler, None if IS_DEEP else 300)
        transaction.set_rollback(True)


def drafts_of_section(site: RandomSite, section: int) -> list[int]:
    """Return the numbers of the pages that whoever edits a section sees as drafts."""
    return [
        number
        for number, node in enumerate(site.plan.nodes)
        if node.state != "live"
        and node.alias_of is None
        and site.in_section(number, section)
        and site.seen_by_editor(number, section)
    ]


def check_markers_for_editor(site: RandomSite, crawler: Crawler, section: int) -> None:
    """Check that no answer says anything but what is public, and what pages of the section say."""
    private = {
        marker
        for marker in site.texts.of(NOBODY, SECOND)
        if (number := site.texts.page_of[marker]) is None
        or not site.in_section(number, section)
        or not site.seen_by_editor(number, section)
    }
    linked = addresses_elsewhere(site, FIRST)
    for address, answer in crawler.answers.items():
        met = (markers_without(answer, linked) & private) - set(MARKER.findall(address))
        assert not met, f"{address} says {[site.texts.meaning[marker] for marker in met][:5]}"
        assert answer.status in {200, 302, 400, 404}, (address, answer)


def check_what_an_editor_sees(site: RandomSite, crawler: Crawler, section: int) -> None:
    """Check that all that the public sees is listed, and the drafts of the section, which say what they are."""
    expected = {
        page.pk for number, page in enumerate(site.pages) if site.seen_by_editor(number, section)
    }
    listed = crawler.get("pages/", limit="100").json
    own = {site.home.pk, factories.programme_index().pk, factories.insight_index().pk}
    assert {item["id"] for item in listed["items"]} == expected | own
    assert listed["meta"]["total_count"] == len(expected | own)
    drafts = {site.pages[number].pk for number in drafts_of_section(site, section)}
    assert drafts
    for pk in expected:
        state = crawler.get(f"pages/{pk}/").json["meta"]["draft"]
        assert state["is_draft"] == (pk in drafts), (pk, state)


def values(site: RandomSite, audience: str) -> Values:
    """Return what the readers of one site could ask about."""

    def split(is_public: bool) -> dict[str, list[str]]:
        audiences = (audience,) if is_public else OTHERS[audience]
        numbers = [
            number for number in range(len(site.pages)) if (site.audience(number) in audiences)
        ]
        media = [
            item for item in (*site.images, *site.documents) if site.is_public(item) == is_public
        ]
        return {
            "id": [str(site.pages[number].pk) for number in numbers],
            "medium": [str(item.pk) for item in media],
            "slug": [site.pages[number].slug for number in numbers],
            "path": [site.path(number) for number in numbers],
            "text": site.texts.of(*audiences),
        }

    return Values(split(True), split(False))


def check_markers(site: RandomSite, crawler: Crawler, audience: str) -> None:
    """Check that no answer says anything that the question did not."""
    private = set(site.texts.of(*OTHERS[audience]))
    linked = addresses_elsewhere(site, audience)
    for address, answer in crawler.answers.items():
        met = (markers_without(answer, linked) & private) - set(MARKER.findall(address))
        assert not met, f"{address} says {[site.texts.meaning[marker] for marker in met][:5]}"
        assert answer.status in {200, 302, 400, 404}, (address, answer)


def addresses_elsewhere(site: RandomSite, audience: str) -> list[str]:
    """Return the addresses of what the other site's readers see, to which links of this one may lead."""
    there, root = (SECOND, site.second) if audience == FIRST else (FIRST, site.first)
    paths = site.public_paths(there)
    # The longest first, as one may begin with another.
    return sorted((f"{root.root_url}{path}" for path in paths), key=len, reverse=True)


def markers_without(answer: Answer, linked: list[str]) -> set[str]:
    """Return the markers in an answer, but for those in whole addresses that links may have."""
    body = answer.body
    for address in linked if "://" in body else ():
        body = (
            body.replace(f'{address}\\"', "").replace(f'{address}"', "").replace(f"({address})", "")
        )
    return replace(answer, body=body).markers()


def check_what_is_public(site: RandomSite, crawler: Crawler, audience: str) -> None:
    """Check that every public page and medium is listed, and found by id and path, and every public text read."""
    paths = site.public_paths(audience)
    home = site.home if audience == FIRST else site.second_home
    own = (
        [home, factories.programme_index(), factories.insight_index()]
        if audience == FIRST
        else [home]
    )
    listed = crawler.get("pages/", limit="100").json
    assert {item["id"] for item in listed["items"]} == {*paths.values(), *(page.pk for page in own)}
    assert listed["meta"]["total_count"] == len(listed["items"])
    for path, pk in {**paths, "/": home.pk}.items():
        assert crawler.get("pages/find/", html_path=path).json["id"] == pk
        assert crawler.get(f"pages/{pk}/").json["meta"]["html_url"].endswith(path)
    shown = {marker for answer in crawler.answers.values() for marker in answer.markers()}
    unseen = [site.texts.meaning[marker] for marker in set(site.texts.of(audience)) - shown]
    # The text of an image that is left out is left out with it.
    assert not [what for what in unseen if not what.startswith("alt")]
    for kind, media in (("images", site.images), ("documents", site.documents)):
        expected = {item.pk for item in media if site.is_public(item)}
        assert {item["id"] for item in crawler.get(f"{kind}/").json["items"]} == expected


def check_methods(crawler: Crawler) -> None:
    """Check that what is asked in other ways says no more: `HEAD` what `GET` says, `OPTIONS` nothing."""
    for path in listings():
        address = f"/api/v2/{path}"
        head = crawler.client.head(address)
        assert not head.content
        assert json.dumps(dict(head.headers.items())) == crawler.fetch(address).headers
        assert not MARKER.search(crawler.client.options(address).content.decode())


def check_private_documents(site: RandomSite, client: Client) -> None:
    """Check that whoever guesses the address of a private document gets nothing of it."""
    for document in site.documents:
        response: Any = client.get(document.url)
        shown = set(MARKER.findall(f"{response.headers} {response.getvalue().decode()}"))
        private = shown & set(site.texts.of(NOBODY)) - set(MARKER.findall(document.url))
        assert not private, document
        assert response.streaming == site.is_public(document)


def check_nothing_depended_on_it(crawler: Crawler, most: int | None = None) -> None:
    """Check that the API answers as it did before what is private went, at `most` so many addresses."""
    again = Crawler(crawler.client, None, crawler.values)
    answers = list(crawler.answers.items())
    for address, before in Random(0).sample(answers, min(most or len(answers), len(answers))):
        after = again.fetch(address)
        assert (after.status, after.body) == (before.status, before.body), address
