"""`sitemap.xml`: every page that search engines are told of, by the protocol of sitemaps.org.

A website with more pages than one file may name has an index in its place, of `sitemap-1.xml` and so on. Its addresses
are those of the frontend, which passes the files on.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.encoding import iri_to_uri
from rest_framework.exceptions import NotFound
from wagtail.images import get_image_model

from frontend_api.serialization.addresses import absolute_url
from frontend_api.visibility.perspective import Perspective

from .base import DiscoveryView
from .found import columns, here
from .sitemap_parts import Part, parts
from .xml import DECLARATION, element, empty

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
XHTML = "http://www.w3.org/1999/xhtml"
# Beyond so many, their ids are not named in a query: databases limit how many values one may have.
MOST_NAMED = 900
# The protocol has no longer address.
LONGEST = 2_048

Alternates = dict[Any, dict[str, str]]


class _Row(NamedTuple):
    pk: int
    place: str
    url_path: str
    published: datetime.datetime | None
    key: Any


class SitemapView(DiscoveryView):
    """Every address of a website that search engines are told of, or an index of its parts."""

    content_type = "application/xml; charset=utf-8"

    def written(self) -> Iterable[str]:
        """Return a part of the sitemap or, without a number, all of it: an index where there are several parts."""
        number: int | None = self.kwargs.get("number")
        found = parts(self.perspective, self.locale)
        if number is None and len(found) > 1:
            return self._index(len(found))
        if number is not None and not 0 < number <= len(found):
            raise NotFound("The sitemap has no such part.")
        return _entries(self.perspective, found[(number or 1) - 1], self.locale)

    def _index(self, count: int) -> Iterator[str]:
        query = f"?locale={self.locale}" if self.locale else ""
        yield f'{DECLARATION}<sitemapindex xmlns="{SITEMAPS}">\n'
        for number in range(1, count + 1):
            address = f"{self.perspective.site.root_url}/sitemap-{number}.xml{query}"
            yield f"<sitemap>{element('loc', address)}</sitemap>\n"
        yield "</sitemapindex>\n"


def _entries(perspective: Perspective, part: Part, locale: str | None) -> Iterator[str]:
    pages = part.of(here(perspective, locale=locale))
    names = ("pk", "path", "url_path", "last_published_at", "translation_key")
    rows = [_Row(*row) for row in pages.order_by("path").values_list(*names)]
    alternates = _alternates(perspective, pages)
    images = _images(perspective, part)
    yield (
        f'{DECLARATION}<urlset xmlns="{SITEMAPS}" xmlns:image="{IMAGES}" xmlns:xhtml="{XHTML}">\n'
    )
    for row in rows:
        address = _address(perspective, row.place, row.url_path)
        if len(address) <= LONGEST:
            yield _entry(address, row, alternates.get(row.key, {}), images.get(row.pk))
    yield "</urlset>\n"


def _entry(address: str, row: _Row, alternates: dict[str, str], image: str | None) -> str:
    said = [element("loc", address)]
    if row.published is not None:
        said.append(element("lastmod", row.published.isoformat(timespec="seconds")))
    said += [
        empty("xhtml:link", {"rel": "alternate", "hreflang": language, "href": other})
        for language, other in alternates.items()
    ]
    if image:
        said.append(f"<image:image>{element('image:loc', image)}</image:image>")
    return f"<url>{''.join(said)}</url>\n"


def _address(perspective: Perspective, place: str, url_path: str) -> str:
    return str(iri_to_uri(f"{perspective.site.root_url}{perspective.path_at(place, url_path)}"))


def _alternates(perspective: Perspective, pages: QuerySet[Any]) -> Alternates:
    """Return the addresses of the public translations of pages, by language, with that for all others."""
    if len(perspective.roots) < 2:
        return {}
    translations = here(perspective).filter(
        translation_key__in=pages.order_by().values("translation_key")
    )
    names = ("translation_key", "path", "url_path", "locale__language_code")
    found: Alternates = defaultdict(dict)
    default = perspective.roots[0].path
    for key, place, url_path, language in translations.order_by("path").values_list(*names):
        address = _address(perspective, place, url_path)
        found[key][language] = address
        if place.startswith(default):
            found[key]["x-default"] = address
    # A page alone is in one language, or in one and the default.
    return {
        key: by_language
        for key, by_language in found.items()
        if len(by_language.keys() - {"x-default"}) > 1
    }


def _images(perspective: Perspective, part: Part) -> dict[int, str]:
    """Return the address of the public image of each page of a part that has one."""
    chosen = [
        part.of(model._default_manager.filter(**{f"{name}__isnull": False}))
        .order_by()
        .values_list("pk", name)
        for model, name in columns("image")
        if model._meta.get_field(name).related_model is get_image_model()
    ]
    if not chosen:
        return {}
    image_of = dict(chosen[0].union(*chosen[1:], all=True))
    keys = set(image_of.values())
    visible = perspective.images()
    if len(keys) <= MOST_NAMED:
        visible = visible.filter(pk__in=keys)
    files = dict(visible.order_by().values_list("pk", "file"))
    storage = get_image_model()._meta.get_field("file").storage
    return {
        page: absolute_url(iri_to_uri(storage.url(files[image])))
        for page, image in image_of.items()
        if image in files
    }
