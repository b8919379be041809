"""Finds the translations of pages that may be seen."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from frontend_api.changes.tags import translations_tag
from frontend_api.introspection import Page

from .compiled_query import is_filtered
from .perspective import Perspective


def translations(perspective: Perspective, keys: Iterable[Any]) -> dict[Any, list[Page]]:
    """Return the visible pages with each of these translation keys, by the code of their language.

    An alias is no translation: it shows another page, in the language of that.
    """
    keys = list(keys)
    dependencies = perspective.dependencies
    # Those that cannot be seen now may be seen one day.
    dependencies.tags.update(map(translations_tag, keys))
    found = perspective.pages().filter(translation_key__in=keys, alias_of=None)
    with nullcontext() if is_filtered(Page) else dependencies.untracked():
        pages = list(found.order_by("locale__language_code"))
    by_key: dict[Any, list[Page]] = defaultdict(list)
    for page in pages:
        dependencies.add_page(page)
        by_key[page.translation_key].append(page)
    return by_key
