"""`meta.seo`: what a page says of itself to search engines and where it is shared, ready to be written out.

What the page itself does not say, its site does; see `site_defaults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import to_locale

from frontend_api import conf
from frontend_api.images.pictures import PICTURES, Picture, has_file
from frontend_api.images.uses import DEFAULT, SHARE
from frontend_api.introspection import Page
from frontend_api.serialization.deferred import Deferred, Need
from frontend_api.serialization.images import shown
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.site_settings import published_settings

from . import structured_data
from .place import code_of, needs_of_ancestors, needs_of_code, with_original
from .said import Said, one_line, said_by
from .site_defaults import (
    DESCRIPTION,
    LOGO,
    ORGANISATION,
    SHARE_IMAGE,
    SiteDefaults,
    need_of_defaults,
)

INDEXED, NOT_INDEXED = "index, follow", "noindex"
# The use of a publisher's logo; where a project has none of this name, a logo is shown as any image is.
LOGO_USE = "logo"


def about(page: Any, perspective: Perspective) -> Any:
    """Return what a page says of itself; see `schemas.seo`."""
    # At once, as everything that the code of a page type may fail to give.
    said = said_by(page)
    return with_original(page, lambda original: _placed(page, said, original, perspective))


def pictures_of_defaults(obj: Any) -> list[Deferred]:
    """Return placeholders of the pictures that a setting lends to pages, so that they are made in advance."""
    if not isinstance(obj, tuple(published_settings())):
        return []
    uses = {SHARE_IMAGE: SHARE, LOGO: _logo_use()}
    chosen = [(getattr(obj, f"{name}_id", None), use) for name, use in uses.items()]
    return [Deferred(lambda picture: None, (PICTURES, (key, use))) for key, use in chosen if key]


def _placed(page: Any, said: Said, original: Page | None, perspective: Perspective) -> Deferred:
    language = needs_of_code(page)

    def build(defaults: SiteDefaults, *found: Any) -> Any:
        code = code_of(page, *found[: len(language)])
        above = [one for one in found[len(language) :] if one is not None]
        return _About(page, said, original, perspective, defaults, code, above).represented()

    return Deferred(
        build, need_of_defaults(page), *language, *needs_of_ancestors(page, perspective)
    )


@dataclass
class _About:
    """A page, what it says, and what is known of its place."""

    page: Any
    said: Said
    original: Page | None
    perspective: Perspective
    defaults: SiteDefaults
    language: str
    above: list[Page]

    def represented(self) -> Any:
        """Return what is said of the page, once its picture and the publisher's are there."""
        logo = self.defaults.image(LOGO)
        needs: list[Need] = [(PICTURES, (logo, _logo_use()))] if logo else []
        # The second is asked for only where the first is not there.
        pictures = [lambda: self.said.image, lambda: self.defaults.image(SHARE_IMAGE)]
        return _first_picture(pictures, self._with_pictures, needs)

    def _with_pictures(self, picture: Picture | None, logo: Picture | None = None) -> Any:
        facts = self._facts(picture, logo)
        times = {"published_time": facts.published, "modified_time": facts.modified}
        return {
            "title": facts.title,
            "description": facts.description,
            "canonical": facts.canonical,
            "robots": self._robots(),
            "open_graph": _open_graph(facts, picture),
            "article": times if facts.is_article else None,
            "json_ld": structured_data.graph(facts),
        }

    def _facts(self, picture: Picture | None, logo: Picture | None) -> structured_data.Facts:
        said, site = self.said, self.perspective.site
        organisation = self.defaults.text(ORGANISATION)
        own_address = self.perspective.html_url(self.original or self.page)
        return structured_data.Facts(
            root_url=site.root_url,
            site_name=site.site_name or organisation or site.hostname,
            organisation=organisation,
            schema=said.schema,
            canonical=said.elsewhere or own_address,
            title=said.title,
            heading=said.heading,
            description=said.description or self.defaults.text(DESCRIPTION) or None,
            language=self.language,
            trail=[(one_line(one.title), self.perspective.html_url(one)) for one in self.above],
            image=shown(picture) if picture else None,
            logo=shown(logo) if logo and has_file(logo) else None,
            published=said.published,
            modified=said.modified,
            is_elsewhere=bool(said.elsewhere),
        )

    def _robots(self) -> str:
        # What leads elsewhere has nothing to find here. A draft says what its page will; its response has a header.
        is_hidden = self.said.is_hidden or self.said.elsewhere
        return NOT_INDEXED if is_hidden else INDEXED


def _first_picture(
    candidates: list[Callable[[], Any]], then: Callable[..., Any], needs: list[Need]
) -> Any:
    """Return what `then` makes of the first of several pictures that can be shared, and of what `needs` gives.

    A candidate gives the key of its image, or None.
    """
    for at, candidate in enumerate(candidates, 1):
        key = candidate()
        if key:

            def build(picture: Picture | None, *found: Any, at: int = at) -> Any:
                if _can_be_shared(picture):
                    return then(picture, *found)
                return _first_picture(candidates[at:], then, needs)

            return Deferred(build, (PICTURES, (key, SHARE)), *needs)
    return Deferred(lambda *found: then(None, *found), *needs)


def _can_be_shared(picture: Picture | None) -> bool:
    """Return whether others can show a picture; none of them shows drawings."""
    return picture is not None and has_file(picture) and not picture.image.is_svg()


def _open_graph(facts: structured_data.Facts, picture: Picture | None) -> dict[str, Any]:
    image = facts.image
    return {
        "type": "article" if facts.is_article else "website",
        "title": facts.title,
        "description": facts.description,
        "url": facts.canonical,
        "site_name": facts.site_name,
        "locale": to_locale(facts.language),
        "image": {
            "url": image.url,
            "width": image.width,
            "height": image.height,
            "alt": picture.image.description,
        }
        if image and picture
        else None,
    }


def _logo_use() -> str:
    return LOGO_USE if LOGO_USE in conf.image_uses() else DEFAULT
