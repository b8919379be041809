"""Leads from the parts of an answer to where each is edited: JSON pointers (RFC 6901), and an address for each.

    {"/title": "https://cms.example.org/admin/pages/3/edit/#:w:contentpath=title",
     "/body/0": "https://cms.example.org/admin/pages/3/edit/#block-5b1c…-section",
     "/phases/1": "https://cms.example.org/admin/pages/3/edit/#inline_child_phases-1-panel-section",
     "/partners/0": "https://cms.example.org/admin/snippets/programmes/partner/edit/7/"}

A part that has no pointer of its own is edited where the nearest part around it is. Fields are named by their content
path, as Wagtail names them where it lists what is used; the ids of panels are made of headings, which are translated.
Blocks and inline children have ids of their own in the form.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue

from frontend_api.introspection import Page
from frontend_api.serialization.blocks import representation_of
from frontend_api.serialization.native_values import list_value
from frontend_api.visibility.perspective import Perspective

from .addresses import NestedAddresses, address_of
from .forms import form_of

Part = tuple[Any, Collection[str]]
"""An object, and the names of those fields of an answer that are its own."""


def edit_addresses(
    shown: Mapping[str, Any], parts: Iterable[Part], perspective: Perspective
) -> dict[str, str]:
    """Return the pointers into an answer that an editor gets, each with an address; `parts` is whose fields it has."""
    if perspective.drafts is None:
        return {}
    found = _Found()
    for instance, names in parts:
        base = _form_address(instance, perspective)
        if base is not None:
            found.add_own(shown, instance, names, base)
    found.add_nested(shown, NestedAddresses())
    return found.addresses


def _form_address(instance: Any, perspective: Perspective) -> str | None:
    """Return the address of the form of an object, which is empty while a page was never saved; None if it has none."""
    if isinstance(instance, Page):
        if instance.pk is None:
            return ""
        if instance.alias_of_id is not None:
            # An alias is not edited, but its original is.
            return None
    return address_of(instance, perspective)


class _Found:
    """The addresses that were found, by pointer."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}

    def add_own(
        self, shown: Mapping[str, Any], instance: Any, names: Collection[str], base: str
    ) -> None:
        """Add the fields of `instance`, whose form is at `base`."""
        model: type[Model] = type(instance)
        meta = shown.get("meta")
        self._add_fields(shown, model, names, base, "")
        if isinstance(instance, Page) and isinstance(meta, dict):
            self._add_fields(meta, model, meta, base, "/meta")
        for name in names:
            value = shown.get(name)
            is_written = name in form_of(model).fields and isinstance(value, list)
            # Reading another field, such as a choice, could take a query.
            body = getattr(instance, name) if is_written else None
            if isinstance(body, StreamValue):
                raw = [dict(child) for child in body.raw_data]
                self._add_stream(body.stream_block, raw, value, base, _below("", name), name)

    def _add_fields(
        self,
        shown: Mapping[str, Any],
        model: type[Model],
        names: Iterable[str],
        base: str,
        pointer: str,
    ) -> None:
        form = form_of(model)
        for name in names:
            if name not in shown:
                continue
            at = _below(pointer, name)
            if name in form.fields:
                self.addresses[at] = _content_path(base, name)
            elif name in form.relations:
                # Wagtail gives the list of an inline panel's forms this id.
                self.addresses[at] = f"{base}#id_{name}-FORMS"
                self._add_children(model, name, shown[name], base, at)

    def _add_children(self, model: Any, relation: str, shown: Any, base: str, pointer: str) -> None:
        """Add inline children that are shown as themselves, in the order in which the form has them."""
        # As Wagtail's inline panels find it: a relation may be known by another name than its own in queries.
        label = getattr(model, relation).rel.related_model._meta.label
        for place, child in enumerate(shown if isinstance(shown, list) else ()):
            meta = child.get("meta") if isinstance(child, dict) else None
            if isinstance(meta, dict) and meta.get("type") == label:
                address = f"{base}#inline_child_{relation}-{place}-panel-section"
                self.addresses[_below(pointer, place)] = address

    def _add_stream(
        self, block: Any, raw: Any, shown: Any, base: str, pointer: str, path: str
    ) -> None:
        stored = {child["id"]: child for child in raw or () if child.get("id")}
        for place, child in enumerate(shown):
            at, key = _below(pointer, place), child.get("id")
            if key in stored:
                self.addresses[at] = _block(base, key)
                inner, value = block.child_blocks[child["type"]], stored[key]["value"]
                self._add_block(inner, value, child["value"], base, f"{at}/value", f"{path}.{key}")

    def _add_block(
        self, block: Any, raw: Any, shown: Any, base: str, pointer: str, path: str
    ) -> None:
        """Add what is in a block, if its JSON has the form that its definition has."""
        if representation_of(block) is None:
            return
        if isinstance(block, blocks.BaseStreamBlock) and isinstance(shown, list):
            self._add_stream(block, raw, shown, base, pointer, path)
        elif isinstance(block, blocks.BaseStructBlock) and isinstance(shown, dict):
            # A block of an image is a struct in the form, and an image in the JSON.
            for name, child in block.child_blocks.items():
                if name in shown:
                    at, inner = _below(pointer, name), f"{path}.{name}"
                    self.addresses[at] = _content_path(base, inner)
                    self._add_block(child, (raw or {}).get(name), shown[name], base, at, inner)
        elif isinstance(block, blocks.ListBlock) and isinstance(shown, list):
            items = [item for item in raw or () if list_value(item) is not item and item.get("id")]
            # A preview leaves out what is not finished; then nobody knows which item is which.
            for place, item in enumerate(items if len(items) == len(shown) else ()):
                at, key = _below(pointer, place), item["id"]
                self.addresses[at] = _block(base, key)
                self._add_block(
                    block.child_block, item["value"], shown[place], base, at, f"{path}.{key}"
                )

    def add_nested(self, value: Any, nested: NestedAddresses, pointer: str = "") -> None:
        """Add the objects that `value` names, and what their own forms have of what it shows."""
        if isinstance(value, list):
            for place, item in enumerate(value):
                self.add_nested(item, nested, _below(pointer, place))
        elif isinstance(value, dict):
            edited = nested.find(value) if pointer else None
            if edited:
                model, base = edited
                self.addresses[pointer] = base
                self._add_fields(value, model, value, base, pointer)
            for name, item in value.items():
                # What `meta` names is the place of a page, and is not edited.
                if name != "meta":
                    self.add_nested(item, nested, _below(pointer, name))


def _below(pointer: str, step: str | int) -> str:
    escaped = str(step).replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{escaped}"


def _content_path(base: str, path: str) -> str:
    return f"{base}#:w:contentpath={path}"


def _block(base: str, key: str) -> str:
    return f"{base}#block-{key}-section"
