"""Where a sitemap is divided, so that each part is kept by the cache and none takes long to make.

A file may name 50,000 addresses and have 50 MB, which is more than a part ever has.
"""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.encoding import iri_to_uri

from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.visibility.perspective import Perspective

from .found import here

# As large as what the cache keeps may be. What a part takes is estimated, at more than it does.
MOST_BYTES = 1_000_000
# What an entry takes beside its own address and those of its translations: tags, times, and an image.
BYTES_OF_ENTRY = 600
BYTES_OF_ALTERNATE = 80
AT_A_TIME = 2_000


class Part(NamedTuple):
    """A part of a sitemap: the pages from one place in the tree up to another, which it does not have."""

    start: str
    end: str | None

    def of(self, pages: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of `pages` that are in this part."""
        pages = pages.filter(path__gte=self.start)
        return pages if self.end is None else pages.filter(path__lt=self.end)


def parts(perspective: Perspective, locale: str | None) -> list[Part]:
    """Return the parts of a website's sitemap, of which there is always one."""
    starts = _starts(perspective, locale)
    return [Part(*pair) for pair in zip(starts, [*starts[1:], None], strict=True)]


def _starts(perspective: Perspective, locale: str | None) -> tuple[str, ...]:
    """Return the place in the tree where each part begins: a fact, as finding it takes a look at every page."""
    dependencies = perspective.dependencies
    key = "sitemap", perspective.roots, perspective.site.root_url, locale
    known = facts.recall(key, perspective.state)
    if known is not None:
        dependencies.tags.update(known.validity.tags)
        dependencies.holds_until(known.validity.until)
        starts: tuple[str, ...] = known.value
        return starts
    pages = here(perspective, locale=locale).order_by("path")
    found_now = Dependencies()
    found_now.holds_until(dependencies.until)
    with dependencies.untracked(), found_now.tracking():
        starts = _divided(pages, perspective)
    facts.keep(key, starts, perspective.state, found_now)
    dependencies.tags |= found_now.tags
    if found_now.uncacheable:
        dependencies.never_cache(found_now.uncacheable)
    return starts


def _divided(pages: QuerySet[Any], perspective: Perspective) -> tuple[str, ...]:
    root = len(perspective.site.root_url)
    homes = len(perspective.roots)
    # Each translation names all of them, and one of them twice: as the default.
    alternates = homes + 1 if homes > 1 else 0
    starts, size = [""], 0
    rows = pages.values_list("path", "url_path").iterator(chunk_size=AT_A_TIME)
    for place, url_path in rows:
        address = root + len(iri_to_uri(perspective.path_at(place, url_path)))
        entry = BYTES_OF_ENTRY + address + alternates * (BYTES_OF_ALTERNATE + address)
        if size + entry > MOST_BYTES:
            starts.append(place)
            size = 0
        size += entry
    return tuple(starts)
