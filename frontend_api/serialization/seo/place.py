"""Where a page stands: the pages above it, its translations, and the page that an alias shows."""

from collections.abc import Callable, Mapping
from typing import Any

from wagtail.models import Locale

from frontend_api.introspection import Page
from frontend_api.serialization.deferred import EARLY, Deferred, Need
from frontend_api.serialization.loaders import Objects, pages
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.roots import root_of
from frontend_api.visibility.translations import translations as visible_translations


class Translations:
    """Fetches the visible translations of pages by their translation keys, those of a whole response together."""

    turn = EARLY

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, list[Page]]:
        """Return the visible pages with each key."""
        return visible_translations(perspective, keys)


_TRANSLATIONS = Translations()


def ancestors(page: Any, perspective: Perspective) -> Deferred:
    """Return the visible pages above a page, from its home down: `[{"id", "type", "title", "html_url"}, …]`."""
    return Deferred(
        lambda *found: [
            {
                "id": above.pk,
                "type": above._meta.label,
                "title": above.title,
                "html_url": perspective.html_url(above),
            }
            for above in found
            if above is not None
        ],
        *needs_of_ancestors(page, perspective),
    )


def needs_of_ancestors(page: Any, perspective: Perspective) -> list[Need]:
    """Return the needs for the pages above a page, from its home down; one that may not be seen is not found."""
    home = root_of(perspective.roots, page.path).path
    # A draft that was never saved may have no place yet.
    if not page.path.startswith(home):
        return []
    ends = range(len(home), len(page.path), page.steplen)
    return [(pages, page.path[:end]) for end in ends]


def translations(page: Any, perspective: Perspective) -> Any:
    """Return the page and its translations, `[{"locale", "html_url", "id"}, …]`; nothing where it is the only one."""
    return _with_translations(
        page,
        lambda found: [
            {"locale": code, "html_url": perspective.html_url(one), "id": one.pk or 0}
            for code, one in found
        ],
    )


def x_default(page: Any, perspective: Perspective) -> Any:
    """Return the address for readers of any other language: that in the locale of the site's own home, or None."""
    default = perspective.site.root_page.locale_id

    def build(found: list[tuple[str, Page]]) -> str | None:
        fitting = (one for _, one in found if one.locale_id == default)
        return next(map(perspective.html_url, fitting), None)

    return _with_translations(page, build)


def _with_translations(page: Any, then: Callable[[list[tuple[str, Page]]], Any]) -> Any:
    """Return what `then` makes of a page and its translations, each with its language, in the order of these."""
    if page.alias_of_id:
        return then([])

    def build(found: list[Page] | None, *own: Locale) -> Any:
        others = [(one.locale.language_code, one) for one in found or () if one.pk != page.pk]
        if not others:
            return then([])
        return then(sorted([*others, (code_of(page, *own), page)], key=lambda pair: pair[0]))

    return Deferred(build, (_TRANSLATIONS, page.translation_key), *needs_of_code(page))


def needs_of_code(page: Any) -> list[Need]:
    """Return what is needed for the code of a page's language.

    Pages from a perspective come with their locale; drafts and pages that apps fetch themselves do not.
    """
    is_known = page._meta.get_field("locale").is_cached(page)
    return [] if is_known else [(Objects(Locale), page.locale_id)]


def code_of(page: Any, *found: Locale) -> str:
    """Return the code of a page's language; `found` is what was found for `needs_of_code`."""
    return str((found[0] if found else page.locale).language_code)


def with_original(page: Any, then: Callable[[Any], Any], nearest: Page | None = None) -> Any:
    """Return what `then` makes of the page that an alias shows in the end; for a page that is no alias, of None.

    Where the reader may not see that page, it is the last on the way to it that may be seen.
    """
    if not page.alias_of_id:
        return then(nearest)
    # An alias can be one of another alias, whose address is no more canonical than its own.
    return Deferred(
        lambda found: with_original(found, then, found) if found else then(nearest),
        (pages, page.alias_of_id),
    )
