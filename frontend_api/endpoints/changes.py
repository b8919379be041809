"""`changes/`: what changed for readers after a cursor, for those who keep copies."""

from typing import Any

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api.errors import CursorGone, bad_parameter
from frontend_api.feed import cursors
from frontend_api.feed.items import items_of
from frontend_api.feed.parts import Narrowing, part_after
from frontend_api.feed.reading import state
from frontend_api.introspection import page_types

from . import parameters
from .base import ApiView
from .bounds import LONGEST_WAIT
from .locale_parameter import locale_named
from .page_filters import models_named
from .site_parameter import site_named

PARAMETERS = frozenset({"after", "limit", "locale", "site", "type", "wait"})


class ChangesView(ApiView):
    """Show what changed after a cursor, or without one, where to begin.

    {"cursor": "2a.3c0a91f2", "more": false,
     "items": [{"version": 42, "kind": "moved", "type": "insights.InsightPage", "id": 14,
                "html_url": "https://www.example.org/insights/new/", "path_before": "/insights/old/",
                "tags": ["s0mIu3Hq7A", …], "changed_at": "2026-11-24T20:01:02Z"}]}
    """

    # Another cursor is asked for each time, and what is new must not come late.
    is_cacheable = False

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists."""
        return frozenset({"type"})

    def get(self, request: Request) -> Response:
        """Return the changes; raises `CursorGone` for a cursor after which not all changes are known."""
        parameters.check(request.GET, PARAMETERS)
        narrowing, limit = _narrowing(request.GET), _limit(request.GET)
        # Who holds answers, in front of this, reads it as well.
        wait(request.GET)
        if "after" not in request.GET:
            now = state()
            return _answer(cursors.cursor_at(now.number, now.stamp), [], more=False)
        text = str(request.GET["after"])
        cursor = cursors.read(text)
        if cursor is None:
            raise bad_parameter(
                "after", f"after is '{text[:40]}'; it must be the cursor of an answer, as it is."
            )
        part = part_after(cursor, narrowing, limit)
        if part is None:
            raise CursorGone
        return _answer(part.cursor, items_of(part.changes), more=part.more)


def wait(query: QueryDict) -> int:
    """Return for how many seconds the answer may be held until something comes; raises `BadParameters`."""
    seconds = parameters.whole_number("wait", query.get("wait", "0"))
    if seconds > LONGEST_WAIT:
        raise bad_parameter("wait", f"wait is {seconds}; the most is {LONGEST_WAIT}.")
    return seconds


def _limit(query: QueryDict) -> int:
    limit, _ = parameters.limit_and_offset(query)
    if not limit:
        raise bad_parameter("limit", "limit is 0; it is 1 at least.")
    return limit


def _narrowing(query: QueryDict) -> Narrowing:
    locale = locale_named(query)
    types = models_named(str(query["type"])) if "type" in query else ()
    return Narrowing(
        site_id=site_named(str(query["site"])).pk if "site" in query else None,
        locale=locale.language_code if locale else None,
        types=frozenset(one._meta.label for model in types for one in page_types(model)) or None,
    )


def _answer(cursor: str, items: list[dict[str, Any]], *, more: bool) -> Response:
    answer = {"cursor": cursor, "items": items, "more": more}
    return Response(answer, headers={"Cache-Control": "no-store"})
