"""Bounds how many pages are copied, translated, unpublished or deleted with the page that they are below.

Each is done by itself, all of them in one request and one transaction: for 20,000, that takes many minutes, in which
SQLite lets nobody else save anything.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

MOST = 300
"""How many pages may be below those with which they are done."""


def is_large(pages: Iterable[Page], **only: Any) -> bool:
    """Return whether there are too many pages below these, of those that are as `only` says."""
    below = Q()
    for page in pages:
        below |= Q(path__startswith=page.path, depth__gt=page.depth)
    some = Page.objects.filter(below, **only).values_list("pk") if below else ()
    return len(some[: MOST + 1]) > MOST


def too_large() -> str:
    """Return the sentence that says so."""
    text = _(
        "More than %d pages are below what is chosen, and so many cannot be done at once. Nothing is changed. "
        "Begin with those below, in parts."
    )
    return text % MOST
