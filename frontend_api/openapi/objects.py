"""Schemas of pages and other objects, from the same lists of fields that `serialization.objects` shows."""

import inspect

from django.db.models import Model
from drf_spectacular.plumbing import ComponentRegistry
from wagtail.api import APIField
from wagtail.images import get_image_model

from frontend_api.introspection import Page, is_inline_child, page_types
from frontend_api.serialization import media, objects
from frontend_api.serialization.json_schema import (
    ANY,
    BOOLEAN,
    COUNT,
    STRING,
    Schema,
    Untyped,
    array,
    constant,
    discriminated,
    nullable,
    record,
)
from frontend_api.serialization.model_fields import is_terminal, nested_model
from frontend_api.serialization.nested import Level
from frontend_api.serialization.seo.fields import SCHEMAS

from . import fields
from .components import SUFFIXES, Components, name_of
from .media import ADDRESS, DOCUMENT, IMAGE, medium

FORMS = {
    Level.DETAIL: "with all its fields",
    Level.TEASER: "as a listing, or a page that names it, shows it",
    Level.LINK: "as something that is nested itself names it",
}

_ALIAS_OF = (
    "The page that this one shows at another address, and whose `meta.html_url` is the canonical one; null for a page "
    "that is no alias, and where the reader may not see the original."
)

EDIT_ADDRESSES: Schema = {
    "type": "object",
    "additionalProperties": {"type": "string", "format": "uri-reference"},
    "description": "Where in the admin what is shown is edited: JSON pointers into this object, each with an address. "
    "What has none is edited where the nearest part around it is. Only in answers to editors' previews; while a page "
    "was never saved, those of its own fields are fragments of the address of its form.",
}

DRAFT_STATE = {
    **record(
        {
            "is_draft": {
                **BOOLEAN,
                "description": "Whether the page, or what stands around it, is shown as a draft.",
            },
            "live": {**BOOLEAN, "description": "Whether the public sees the page, too."},
            "edit_url": {
                **nullable(ADDRESS),
                "description": "Where its reader can edit the page; null without permission, or before it is saved.",
            },
            "edit": EDIT_ADDRESSES,
        },
        "What a preview's banner needs: only in answers to whoever sees drafts.",
    ),
    # Whoever a draft is shared with has no editor.
    "required": ["is_draft", "live", "edit_url"],
}


def draft_addresses(components: Components) -> Schema:
    """Return the schema of the `meta.draft` of what is no page: where it is edited, for editors alone."""
    return components.named(
        "EditAddresses",
        record({"edit": EDIT_ADDRESSES}, "Only in answers to editors' previews."),
    )


def of(model: type[Model], level: Level, components: Components) -> Schema:
    """Return the schema of an object of `model`, other than media; for a page model, a union of all its page types."""
    if not issubclass(model, Page):
        return _of_object(model, level, components)
    types = page_types(model)
    if types == [model]:
        return _of_page(model, level, components)

    def describe() -> Schema:
        members = {one._meta.label: _of_page(one, level, components) for one in types}
        return discriminated(members, f"A page of any type, {FORMS[level]}.")

    name = ("Page" if model is Page else f"Any{name_of(model)}") + SUFFIXES[level]
    return components.named(name, describe, model)


def components(registry: ComponentRegistry | None = None, *, is_strict: bool = False) -> Components:
    """Return the components of a new document, or of the one that `registry` belongs to."""
    return Components(of, registry, is_strict=is_strict)


def _of_page(model: type[Page], level: Level, components: Components) -> Schema:
    """Return the schema of a page of exactly this model."""

    def describe() -> Schema:
        body, meta = properties(model, level, components)
        own = record(meta)
        if level is Level.DETAIL:
            # The only property that may be missing: public responses do not have it.
            own["properties"]["draft"] = components.named("DraftState", DRAFT_STATE)
        return record({**body, "meta": own}, f"{_about(model)} Here {FORMS[level]}.")

    return components.named(name_of(model) + SUFFIXES[level], describe, model)


def _of_object(model: type[Model], level: Level, components: Components) -> Schema:
    """Return the schema of a snippet, an inline child or another object that is not a page."""
    suffix = SUFFIXES[level] if _depends_on_level(model) else ""

    def describe() -> Schema:
        body, meta = properties(model, level, components)
        return record({**body, "meta": record(meta)}, _about(model))

    return components.named(name_of(model) + suffix, describe, model)


def of_medium(model: type[Model], level: Level, components: Components) -> Schema:
    """Return the schema of an image or document in its library: in the listing (`TEASER`) or alone (`DETAIL`)."""
    kind, form = (
        ("Image", IMAGE) if issubclass(model, get_image_model()) else ("Document", DOCUMENT)
    )
    own = media.own_fields(model) if level is Level.DETAIL else {}
    more: tuple[dict[str, Schema], dict[str, Schema]] = {}, {"tags": array(STRING)}
    for name, (field, is_meta) in own.items():
        more[is_meta][name] = _of_field(model, field, Level.LINK, components)
    name = f"{kind}Detail" if own else f"{kind}InLibrary"
    return components.named(name, medium(form, model, *more))


def properties(
    model: type[Model], level: Level, components: Components
) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """Return the schemas of the fields that an object of `model` shows at `level`: those in its body and in `meta`."""
    shown = set(objects.default_names(model, level))

    def of(declared: dict[str, objects.Field]) -> dict[str, Schema]:
        return {
            name: _of_field(model, field, level, components)
            if isinstance(field, APIField)
            else _own(name, model, components)
            for name, field in declared.items()
            if name in shown
        }

    return of(objects.body_fields(model, level)), of(objects.meta_fields(model))


def _of_field(model: type[Model], field: APIField, level: Level, components: Components) -> Schema:
    try:
        return fields.of_field(model, field, level, components)
    except Untyped:
        # A check warns of it and says how to annotate it.
        return ANY


def _own(name: str, model: type[Model], components: Components) -> Schema:
    """Return the schema of a field that the API itself adds to objects."""
    if name == "id":
        return (
            {**COUNT, "description": "0 in a draft, for what was never saved."}
            if issubclass(model, Page) or is_inline_child(model)
            else COUNT
        )
    if name == "type":
        return constant(model._meta.label)
    if name in {"detail_url", "html_url"}:
        return ADDRESS
    if name == "locale":
        return {**STRING, "description": "A language code, such as `en-gb`."}
    if name in SCHEMAS:
        return SCHEMAS[name](components)
    if name == "alias_of":
        return {**nullable(components.of(Page, Level.LINK)), "description": _ALIAS_OF}
    return nullable(components.of(Page, Level.LINK))


def _depends_on_level(model: type[Model]) -> bool:
    """Return whether objects of `model` nest others, of which less is shown the deeper they are nested."""
    for name, field in objects.body_fields(model).items():
        if not isinstance(field, APIField):
            continue
        target = nested_model(model, field)
        if target is None and field.serializer is None:
            try:
                target = fields.model_given(model, name)
            except Untyped:
                continue
        if target is not None and not is_terminal(target):
            return True
    return False


def _about(model: type[Model]) -> str:
    text = inspect.getdoc(model) or ""
    # A model without a docstring of its own gets one from Django, which lists its fields.
    if not text or text.startswith(f"{model.__name__}("):
        return f"{model.__name__}."
    return " ".join(text.split("\n\n")[0].split())
