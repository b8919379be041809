"""What all parts of the demo site are built with."""

from collections.abc import Iterable
from typing import Any

from wagtail.models import Orderable


def in_order(children: Iterable[Orderable]) -> list[Orderable]:
    """Number inline children as the admin's form does; without a number, no database promises their order."""
    numbered = list(children)
    for place, child in enumerate(numbered):
        child.sort_order = place
    return numbered


def stored_body(body: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Return a body as it is stored."""
    return [{"type": kind, "value": value} for kind, value in body]


def menu_links(pages: Any, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Return links below an item of a menu, as they are stored, to pages in the order of the tree."""
    return [
        {"type": "link", "value": {"page": page.pk, "url": "", "label": labels[page.slug]}}
        for page in pages.order_by("path")
    ]
