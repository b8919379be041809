"""Menus of a site: links to pages and elsewhere, with more links below them, and their form in the API."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField

from cms.blocks import WebAddressBlock
from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import BOOLEAN, STRING, Schema, Types, array, record
from frontend_api.serialization.links import elsewhere, external_link
from frontend_api.serialization.loaders import pages
from frontend_api.serialization.nested import Level
from frontend_api.serialization.relations import with_children
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.other_sites import PageElsewhere
from frontend_api.visibility.perspective import Perspective

NO_LABEL = _("An address needs a label.")
TWO_PLACES = _("Choose a page or give an address, not both.")
NO_PLACE = _("Choose a page or give an address.")


def levels() -> int:
    """Return how many levels a menu has; see the setting `NAVIGATION_LEVELS`."""
    return int(settings.NAVIGATION_LEVELS)


class LinkBlock(blocks.StructBlock):
    """A link in a menu; it may have links below it."""

    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = WebAddressBlock(
        label=_("Address"),
        required=False,
        help_text=_("Instead of a page, the address of something elsewhere."),
    )
    label = blocks.CharBlock(
        label=_("Label"),
        max_length=60,
        required=False,
        help_text=_("Without it, the title of the page."),
    )

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{label} {page} {url}"

    def clean(self, value: Any) -> Any:
        """Check that the link leads to exactly one place, and has a label."""
        cleaned = super().clean(value)
        page, url = cleaned.get("page"), cleaned.get("url")
        errors: dict[str, Any] = {}
        if page and url:
            errors["url"] = TWO_PLACES
        elif not page and not url:
            errors["page"] = NO_PLACE
        elif url and not cleaned.get("label"):
            errors["label"] = NO_LABEL
        if errors:
            raise StructBlockValidationError(
                block_errors={name: ValidationError(text) for name, text in errors.items()}
            )
        return cleaned


def link_block(below: int) -> LinkBlock:
    """Return the block of a link with so many levels of links below it."""
    if below == 0:
        return LinkBlock()
    more = blocks.ListBlock(link_block(below - 1), label=_("Below it"), default=[])
    return LinkBlock([("children", more)])


class LinksField(StreamField):
    """The links below an item of a menu, as many levels deep as the project says, which changes no table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = args or ([("link", link_block(max(0, levels() - 2)))],)
        super().__init__(*given, **kwargs)

    def deconstruct(self) -> Any:
        """Stand in migrations as a body of no particular blocks."""
        name, _path, _args, kwargs = super().deconstruct()
        kwargs["block_lookup"] = {}
        return name, "wagtail.fields.StreamField", [[]], kwargs


@dataclass(frozen=True)
class Entry:
    """A link of a menu as it is stored: to a page or elsewhere, with those below it."""

    page: int | None
    url: str
    label: str
    children: tuple["Entry", ...]

    def pages(self) -> Iterator[int]:
        """Yield the ids of the pages that it and those below it lead to."""
        if self.page is not None:
            yield self.page
        for child in self.children:
            yield from child.pages()


def entries(items: Iterable[Any]) -> list[Entry]:
    """Return the links of a menu, given the items that hold them."""
    below = levels() - 1
    return [
        Entry(
            item.page_id,
            item.url,
            item.label,
            _below([child["value"] for child in item.children.raw_data], below),
        )
        for item in items
    ]


def _below(stored: Any, depth: int) -> tuple[Entry, ...]:
    """Return the links in the stored form of blocks, so many levels of them."""
    if depth < 1:
        return ()
    values = [value for value in stored or () if isinstance(value, dict)]
    return tuple(
        Entry(
            value.get("page"),
            value.get("url") or "",
            value.get("label") or "",
            _below([child.get("value") for child in value.get("children") or ()], depth - 1),
        )
        for value in values
    )


class Menu(RepresentedField):
    """A menu: `[{"label": "Programmes", "url": "/programmes/", "external": false, "children": […]}, …]`.

    A link whose page is not visible is left out with all that is below it. With `automatic`, a menu without items has
    the pages below home that are shown in menus.
    """

    def __init__(self, *, automatic: bool = False) -> None:
        super().__init__()
        self.automatic = automatic

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the links that lead somewhere visible."""

        def build(items: list[Any]) -> Any:
            found = entries(items)
            if not found and self.automatic:
                return _marked(instance, perspective)
            keys = list(dict.fromkeys(key for entry in found for key in entry.pages()))

            def shown(*seen: Any) -> Any:
                by_key = dict(zip(keys, seen, strict=True))
                # Pages that this site does not show may be those of another one.
                missing = [key for key, page in by_key.items() if page is None]

                def with_others(*others: Any) -> list[dict[str, Any]]:
                    return _shown(
                        found, by_key | dict(zip(missing, others, strict=True)), perspective
                    )

                return Deferred(with_others, *map(elsewhere, missing)) if missing else with_others()

            return Deferred(shown, *((pages, key) for key in keys))

        return with_children(instance, name, perspective, build)

    def json_schema(
        self, model: type[models.Model], name: str, types: Types, level: Level
    ) -> Schema:
        """Return the type of the items."""

        def describe() -> Schema:
            own = types.named("MenuItem", describe, Menu)
            return record(
                {"label": STRING, "url": STRING, "external": BOOLEAN, "children": array(own)}
            )

        return array(types.named("MenuItem", describe, Menu))


def _shown(
    found: Iterable[Entry], seen: dict[int, Any], perspective: Perspective
) -> list[dict[str, Any]]:
    made = []
    for entry in found:
        if entry.page is None:
            if not entry.url:
                # A draft may lack both.
                continue
            link = {"label": entry.label, **external_link(entry.url)}
        else:
            page = seen[entry.page]
            if page is None:
                continue
            link = _to_page(entry.label, page, perspective)
        made.append({**link, "children": _shown(entry.children, seen, perspective)})
    return made


def _marked(instance: Any, perspective: Perspective) -> list[dict[str, Any]]:
    """Return the pages below home, in the language of the settings, that are shown in menus."""
    home = next((root for root in perspective.roots if root.locale_id == instance.locale_id), None)
    if home is None:
        return []
    found = perspective.pages()
    below = found.filter(
        path__startswith=home.path, depth=len(home.path) // found.model.steplen + 1
    )
    if perspective.draft_overlay is None:
        # A draft may be shown in menus where what is stored of its page is not, and the other way round.
        below = below.filter(show_in_menus=True)
    return [
        {**_to_page("", page, perspective), "children": []}
        for page in perspective.seen(perspective.listed(below.order_by("path")))
        if page.show_in_menus
    ]


def _to_page(label: str, page: Any, perspective: Perspective) -> dict[str, Any]:
    if isinstance(page, PageElsewhere):
        return {"label": label or page.page.title, **external_link(page.url)}
    return {"label": label or page.title, "url": perspective.path(page), "external": False}
