"""Finds what there is of a site in each of its languages: home pages, and translations of pages."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.utils.translation import get_language_info
from wagtail.models import Locale

from frontend_api.changes.tags import translations_tag
from frontend_api.introspection import Page

from .compiled_query import is_filtered
from .paths import page_at
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


def public_homes(perspective: Perspective) -> list[Page]:
    """Return the visible home pages of a site, that of the site itself first, each in another language."""
    places = [root.pk for root in perspective.roots]
    # By their ids, so that the response depends on these pages, and not on which others there are.
    found = perspective.specific_pages(places)
    return sorted(found, key=lambda page: places.index(page.pk))


def translated(perspective: Perspective, page: Page, locale: Locale) -> Page | None:
    """Return a visible page in another language as its specific type, or None where there is none of it."""
    if page.locale_id == locale.pk:
        return page
    same = perspective.pages().filter(translation_key=page.translation_key, locale=locale)
    keys = [found.pk for found in perspective.listed(same.order_by("path")[:1])]
    return next(iter(perspective.specific_pages(keys)), None) if keys else None


def page_at_in_default(perspective: Perspective, path: str) -> Page | None:
    """Return the page that a path of another language, such as `/fr/about/`, leads to in the site's own: `/about/`.

    By the path alone: whether something unpublished is translated from it is nobody's business.
    """
    own, *others = perspective.roots
    prefixes = [root.prefix for root in others if path.startswith(root.prefix)]
    longest = max(prefixes, key=len, default=None)
    if longest is None or longest == own.prefix:
        return None
    return page_at(perspective, own.prefix + path[len(longest) :])


def name_of(locale: Locale) -> str:
    """Return what a language is called: as the setting `WAGTAIL_CONTENT_LANGUAGES` says, or in the language itself."""
    code = locale.language_code
    names = dict(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", ()))
    if code in names:
        return str(names[code])
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        # A code of the project's own, or one that is no longer among the languages.
        return str(code)
