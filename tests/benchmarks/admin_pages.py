"""`python -m tests.benchmarks.admin_pages`: what the pages of the admin cost among 20,000 pages.

Each is opened several times, as by somebody who works there. What is printed is for how long the second time keeps this
process and the database busy, its queries, and how much memory it takes at its height. `PAGES` in the environment makes
it shorter or longer.
"""

import os
import platform
import sys
import tracemalloc
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django

from tests.benchmarks.admin_rows import WORKFLOWS, add_rows
from tests.benchmarks.large_site import busy, large_site

PAGES = int(os.environ.get("PAGES", "20000"))
MOST_SECONDS, MOST_MEGABYTES = 2.0, 50
"""What no page may take more of."""
ENOUGH = 1.0
"""A page that takes so many seconds is not opened again for the time."""


class Opened(NamedTuple):
    """What one page took."""

    name: str
    status: int
    seconds: float
    queries: int
    megabytes: float
    kilobytes: float
    """How long the page is."""


def addresses() -> Iterator[str]:
    """Yield the address of each page that could grow with the site."""
    from django.urls import reverse
    from wagtail.images import get_image_model

    from cms.models import Theme
    from frontend_api.webhooks.models import WebhookRecipient
    from programmes.models import Partner, ProgrammePage

    last = edited()
    index = last.get_parent()
    programme = ProgrammePage.objects.order_by("-pk")[0]
    yield from _several("wagtailadmin_home")
    for action in ("delete", "publish", "unpublish", "move"):
        yield (
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            + f"?id=all&childOf={index.pk}"
        )
    orders = ["", "title", "-title", "latest_revision_created_at", "-latest_revision_created_at"]
    orders += ["content_type", "live", "-live", "ord"]
    for order in orders:
        yield from _several("wagtailadmin_explore", index.pk, ordering=order)
    yield from _several("wagtailadmin_explore", index.pk, p=str(PAGES * 3 // 4 // 50))
    yield from _several("wagtailadmin_explore", index.pk, q="insight")
    yield from _several("wagtailadmin_explore", index.pk, q="e")
    yield from _several("wagtailadmin_explore", index.pk, q="insight", ordering="title")
    yield from _several("wagtailadmin_explore_root")
    for words in ("insight", "e", "insight 1", "zzzz", "e a i o"):
        yield from _several("wagtailadmin_pages:search", q=words)
        yield from _several("wagtailadmin_choose_page_search", q=words)
    yield from _several("wagtailadmin_pages:search", q="e", ordering="title")
    yield from _several("wagtailadmin_pages:search")
    yield from _several("wagtailadmin_choose_page")
    yield from _several("wagtailadmin_choose_page_child", index.pk)
    yield from _several("wagtailadmin_choose_page_child", index.pk, p="100")
    for order in ("", "title", "published_on", "source", "latest_revision_created_at", "live"):
        yield from _several("insights:index", ordering=order)
    yield from _several("insights:index", q="e")
    yield from _several("insights:index", p="200")
    for order in ("", "title", "start_year", "latest_revision_created_at", "live"):
        yield from _several("programmes:index", ordering=order)
    yield from _several("programmes:index", q="e")
    yield from _several("programmes:index", partner=str(Partner.objects.all()[0].pk))
    yield from _several("insight_chooser:choose")
    yield from _several("insight_chooser:choose_results", q="e")
    yield from _several("wagtailadmin_reports:aging_pages")
    yield from _several("wagtailadmin_reports:aging_pages", export="csv")
    yield from _several("wagtailadmin_reports:aging_pages", export="xlsx")
    yield from _several("wagtailadmin_reports:site_history")
    yield from _several("wagtailadmin_reports:site_history", export="csv")
    yield from _several("wagtailadmin_reports:site_history", export="xlsx")
    yield from _several("wagtailadmin_reports:page_types_usage")
    for name in ("locked_pages", "workflow", "workflow_tasks"):
        yield from _several(f"wagtailadmin_reports:{name}")
    yield from _several("wagtailadmin_reports:workflow", export="csv")
    yield from _several("wagtailadmin_reports:workflow_tasks", export="csv")
    for query in ({}, {"name": "somebody1"}, {"kind": "shared"}, {"p": "900"}, {"export": "csv"}):
        yield from _several("audit:report", **query)
    yield from _several("frontend_api_webhooks:deliveries", WebhookRecipient.objects.all()[0].pk)
    yield from _several("wagtailredirects:index")
    yield from _several("wagtailredirects:index", q="9")
    yield from _several("wagtailredirects:index", export="csv")
    yield from _several("former-addresses:index")
    yield from _several("wagtailusers_users:index")
    yield from _several("accounts_sessions")
    yield from _several("operations_status")
    yield from _several("background:report")
    yield from _several("frontend_api_sharing:report")
    yield from _several("frontend_api_images:report")
    yield from _several("schedule:list")
    yield from _several("schedule:month")
    yield from _several("schedule:past")
    yield from _several("wagtailadmin_pages:type_use", "insights", "insightpage")
    yield from _several("wagtailadmin_pages:usage", index.pk)
    yield from _several("wagtailadmin_pages:history", last.pk)
    yield from _several("wagtailadmin_pages:edit", index.pk)
    yield from _several("wagtailadmin_pages:edit", last.pk)
    yield from _several("wagtailadmin_pages:edit", programme.pk)
    yield from _several("wagtailadmin_pages:delete", index.pk)
    yield from _several("wagtailadmin_pages:unpublish", index.pk)
    yield from _several("wagtailadmin_pages:move", index.pk)
    yield from _several("wagtailadmin_pages:copy", index.pk)
    yield from _several("wagtailadmin_pages:revisions_index", index.pk)
    for model in (Theme, Partner):
        viewset = model.snippet_viewset
        one = model.objects.order_by("pk")[0]
        yield from _several(viewset.get_url_name("usage"), one.pk)
        yield from _several(viewset.get_url_name("delete"), one.pk)
        yield from _several(viewset.get_url_name("edit"), one.pk)
    image = get_image_model().objects.order_by("pk")[0]
    yield from _several("wagtailimages:image_usage", image.pk)
    yield from _several("wagtailimages:edit", image.pk)
    yield from _several("wagtailimages:delete", image.pk)
    for order in ("", "title", "usage_count", "-usage_count"):
        yield from _several("wagtailimages:index", ordering=order)
    yield from _several("wagtailimages:index", q="picture")
    yield from _several("wagtailimages_chooser:choose")
    yield from _several("wagtailimages_chooser:choose_results", q="picture")
    for query in ({"fields": "*"}, {"search": "e"}, {"offset": "15000"}):
        yield from _several("wagtailadmin_api:pages:listing", **query)


def edited() -> Any:
    """Return the page that was edited again and again."""
    from insights.models import InsightPage

    return InsightPage.objects.order_by("-pk")[0]


def _several(name: str, *args: Any, **query: str) -> Iterator[str]:
    from django.urls import reverse

    asked = urlencode({key: value for key, value in query.items() if value})
    yield reverse(name, args=args) + (f"?{asked}" if asked else "")


def opened(client: Any, address: str) -> Opened:
    """Open a page to begin with, again for the time unless it takes long, and again for queries and memory."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def length() -> tuple[int, int]:
        response = client.get(address)
        if response.streaming:
            return response.status_code, sum(map(len, response.streaming_content))
        return response.status_code, len(response.content)

    began = busy()
    status, size = length()
    taken = busy() - began
    if taken < ENOUGH:
        began = busy()
        length()
        taken = busy() - began
    tracemalloc.start()
    try:
        with CaptureQueriesContext(connection) as queries:
            length()
        peak = tracemalloc.get_traced_memory()[1] / 1_000_000
    finally:
        tracemalloc.stop()
    return Opened(address, status, taken, len(queries), peak, size / 1000)


def main() -> int:
    """Make a site of our own, open its admin's pages, and print what they take; 1 if one takes more than it may."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from insights.models import InsightPage

    with large_site(PAGES, as_edited=True):
        add_rows(edited(), list(InsightPage.objects.order_by("pk")[:WORKFLOWS]))
        print(
            f"{os.cpu_count()} cores, Python {platform.python_version()}, "
            f"{settings.TEST_DATABASE}, {PAGES:,} pages\n",
            flush=True,
        )
        client = Client(headers={"host": "localhost"}, raise_request_exception=True)
        client.force_login(get_user_model().objects.filter(is_superuser=True)[0])
        print(
            "| milliseconds | queries | megabytes | kB of page | status | page |\n|" + " --- |" * 6
        )
        found = []
        for address in addresses():
            one = opened(client, address)
            found.append(one)
            print(
                f"| {one.seconds * 1000:.0f} | {one.queries} | {one.megabytes:.1f} "
                f"| {one.kilobytes:.0f} | {one.status} | `{one.name}` |",
                flush=True,
            )
    is_over = [one for one in found if one.seconds > MOST_SECONDS or one.megabytes > MOST_MEGABYTES]
    return 1 if is_over else 0


if __name__ == "__main__":
    sys.exit(main())
