"""Changes as the API gives them."""

from collections.abc import Iterable
from typing import Any

from wagtail.models import Site

from frontend_api.changes.surrogate_keys import of_change

from .models import PublicChange


def items_of(changes: Iterable[PublicChange]) -> list[dict[str, Any]]:
    """Return changes as JSON, in a query for their sites, however many there are.

    {"version": 41, "kind": "moved", "type": "insights.InsightPage", "id": 14,
     "html_url": "https://www.example.org/insights/new/", "path_before": "/insights/old/",
     "tags": ["s0mIu3Hq7A", …], "changed_at": "2026-11-24T20:01:02Z"}
    """
    changes = list(changes)
    keys = {change.site_id for change in changes if change.path}
    sites = Site.objects.in_bulk(keys) if keys else {}
    return [_item(change, sites.get(change.site_id)) for change in changes]


def item_of(change: PublicChange) -> dict[str, Any]:
    """Return one change as JSON."""
    return items_of([change])[0]


def _item(change: PublicChange, site: Site | None) -> dict[str, Any]:
    path = change.path
    return {
        "version": change.number,
        "kind": change.kind,
        "type": change.object_type or None,
        "id": _id(change.object_id),
        # The address of today: its site may have another name by now, or none.
        "html_url": f"{site.root_url}{path}" if path and site is not None else None,
        "path_before": change.path_before or None,
        "tags": of_change(change.tags),
        "changed_at": change.changed_at,
    }


def _id(text: str) -> int | str | None:
    """Return an id as the API gives it; of images and documents of a project's own it may be no number."""
    return int(text) if text.isascii() and text.isdigit() else text or None
