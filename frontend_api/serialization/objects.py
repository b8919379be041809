"""Turns objects into JSON, in one form everywhere: which fields are shown, and which of them go into `meta`.

What objects of a model show for a `fields=` expression is worked out once and cached as a `Plan`; after that, an
object costs only the reading of its field values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model
from wagtail.api import APIField

from frontend_api.dependencies.bounded import memoized
from frontend_api.introspection import Page, page_types
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.revisions import UNUSABLE

from . import media
from .addresses import detail_url
from .declarations import declared, has_attribute
from .deferred import Deferred
from .loaders import pages
from .model_fields import is_terminal, nested_model, renderer
from .nested import Level, Medium, Nested
from .relations import Renderer
from .selection import Selection, choose, refuse_nested
from .seo.fields import OF_A_PAGE
from .seo.place import code_of, needs_of_code, with_original
from .stream_child import StreamChild

Field: TypeAlias = APIField | Renderer


# The size of the cache of plans, in bytes. It is limited because clients choose what is planned.
MOST_BYTES = 8 * 1024 * 1024
# Roughly the bytes that Python needs for one field of a plan, with its function and what that has captured.
BYTES_PER_FIELD = 800


@dataclass(frozen=True)
class Plan:
    """The fields to show, in order, each with the function that gives its JSON."""

    body: tuple[tuple[str, Renderer], ...]
    meta: tuple[tuple[str, Renderer], ...]

    def __sizeof__(self) -> int:
        """Return roughly how many bytes the plan takes, with its functions."""
        return object.__sizeof__(self) + BYTES_PER_FIELD * (len(self.body) + len(self.meta))


def represent(
    instance: Any,
    perspective: Perspective,
    selection: Selection = (),
    level: Level = Level.DETAIL,
    *,
    ignore_unknown: bool = False,
) -> dict[str, Any]:
    """Return the JSON of a page, snippet, image, document or inline child, with its `Deferred` and `Nested` parts.

    Raises a bad-parameter problem for an unknown name in `selection`, unless `ignore_unknown` says to skip it.
    """
    asked = type(instance), selection, level, ignore_unknown
    # A request shows many objects in the same way.
    shown = perspective.plans.get(asked)
    if shown is None:
        shown = perspective.plans[asked] = plan(*asked)
    if isinstance(instance, Page):
        perspective.dependencies.add_page(instance)
    else:
        perspective.dependencies.add_objects(type(instance), [instance.pk])
    try:
        form = {name: render(instance, perspective) for name, render in shown.body}
        if shown.meta:
            form["meta"] = {name: render(instance, perspective) for name, render in shown.meta}
        if perspective.holds_in_memory(instance):
            # Its inline children belong to the draft: if one of them cannot be shown, the draft cannot either.
            form = _with_nested(form, perspective)
    except UNUSABLE as error:
        # An unpublished draft may lack something that a property or block of its type relies on.
        stored = perspective.draft_overlay and perspective.draft_overlay.given_up(instance, error)
        if not stored:
            raise
        return represent(stored, perspective, selection, level, ignore_unknown=ignore_unknown)
    return form


def represent_nested(nested: Nested, perspective: Perspective) -> dict[str, Any]:
    """Return the JSON of a nested object, with its own `Deferred` and `Nested` parts."""
    found, selection, level = nested.found, nested.selection, nested.level
    if isinstance(found, Medium):
        return media.represent_medium(found, perspective, selection, level)
    # A place may hold pages of several types; skip the fields that only other types have.
    is_page = isinstance(found, Page)
    return represent(found, perspective, selection, level, ignore_unknown=is_page)


def _with_nested(value: Any, perspective: Perspective) -> Any:
    """Return a part of a form with all that it nests in place, but for what has to be fetched first."""
    if isinstance(value, Nested):
        return _with_nested(represent_nested(value, perspective), perspective)
    if isinstance(value, dict):
        form = {name: _with_nested(part, perspective) for name, part in value.items()}
        return StreamChild(form, value.block) if isinstance(value, StreamChild) else form
    if isinstance(value, list):
        return [_with_nested(part, perspective) for part in value]
    return value


@memoized(MOST_BYTES)
def plan(model: type[Model], selection: Selection, level: Level, ignore_unknown: bool) -> Plan:
    """Return which fields an object of `model` shows.

    Raises a bad-parameter problem for an unknown name. `ignore_unknown` skips such names instead, for a listing of
    several types in which only other models may have them.
    """
    body, meta = body_fields(model, level), meta_fields(model)
    shown = choose(
        selection, {*body, *meta}, default_names(model, level), ignore_unknown=ignore_unknown
    )

    def renderers(fields: dict[str, Field]) -> tuple[tuple[str, Renderer], ...]:
        return tuple(
            (name, _renderer(model, name, field, shown[name], level))
            for name, field in fields.items()
            if name in shown
        )

    return Plan(renderers(body), renderers(meta))


def check(model: type[Model], selection: Selection, level: Level) -> None:
    """Raise a bad-parameter problem if `selection` names a field that no object of `model` has.

    Pages of one model may be of several types; it is enough that one of them has the field.
    """
    if issubclass(model, Page):
        types = page_types(model)
        choose(selection, set().union(*map(known_names, types)), ())
        for candidate in types:
            plan(candidate, selection, level, True)
    elif is_terminal(model):
        media.plan(model, selection, Level.LINK)
    else:
        plan(model, selection, level, False)


def known_names(model: type[Model]) -> set[str]:
    """Return every field name that `fields=` accepts for `model`."""
    return {*body_fields(model), *meta_fields(model)}


def _renderer(
    model: type[Model], name: str, field: Any, selection: Selection, level: Level
) -> Renderer:
    if not isinstance(field, APIField):
        refuse_nested(name, selection)
        own: Renderer = field
        return own
    target = nested_model(model, field)
    if target is None:
        refuse_nested(name, selection)
    elif selection:
        check(target, selection, level.below())
    return renderer(model, field, selection, level)


def body_fields(model: type[Model], level: Level = Level.DETAIL) -> dict[str, Field]:
    """Return every field of `model` outside `meta`, as declared or as the function that gives its JSON."""
    fields: dict[str, Field] = {**declared(model, "api_fields")}
    if level is not Level.DETAIL:
        # A teaser may declare a field differently, such as with a smaller image.
        short = declared(model, "api_teaser_fields")
        fields = {name: short.get(name, field) for name, field in fields.items()}
    if issubclass(model, Page):
        return {"id": _id, "title": APIField("title"), "type": _type, **fields}
    return {"id": _id, **fields}


# A base of pages that a project has in the place of Wagtail's own need not have them.
_FOR_PROMOTION = ("show_in_menus", "seo_title", "search_description")


def meta_fields(model: type[Model]) -> dict[str, Field]:
    """Return every field in the `meta` of an object of `model`: its type, and much more for a page."""
    if not issubclass(model, Page):
        return {"type": _type_of_object, **declared(model, "api_meta_fields")}
    return {
        "type": _type,
        "detail_url": _detail_url,
        "html_url": lambda page, perspective: perspective.html_url(page),
        "slug": APIField("slug"),
        **{name: APIField(name) for name in _FOR_PROMOTION if has_attribute(model, name)},
        "first_published_at": APIField("first_published_at"),
        "last_published_at": APIField("last_published_at"),
        "locale": _locale,
        "parent": _parent,
        "alias_of": _alias_of,
        **OF_A_PAGE,
        **declared(model, "api_meta_fields"),
    }


_SHORT_PAGE = (
    "id",
    "title",
    "type",
    "detail_url",
    "html_url",
    "slug",
    "first_published_at",
    "locale",
)


def default_names(model: type[Model], level: Level) -> Iterable[str]:
    """Return the names of the fields that `model` shows at `level` unless the request says otherwise."""
    if issubclass(model, Page):
        if level is Level.DETAIL:
            return known_names(model)
        if level is Level.TEASER:
            return (*_SHORT_PAGE, *declared(model, "api_teaser_fields"))
        return _SHORT_PAGE
    fields = {**body_fields(model), **meta_fields(model)}
    if level is Level.LINK:
        return [name for name, field in fields.items() if not _nests(model, field)]
    return fields


def _nests(model: type[Model], field: Any) -> bool:
    """Return whether a field nests objects that may nest others, so that showing it could be endless."""
    target = nested_model(model, field) if isinstance(field, APIField) else None
    return target is not None and not is_terminal(target)


def _id(instance: Any, perspective: Perspective) -> int:
    # A page or inline child that was never saved has no id; 0, which none has, keeps the field a number.
    return instance.pk or 0


def _type(page: Any, perspective: Perspective) -> str:
    return str((page.specific_class or type(page))._meta.label)


def _type_of_object(instance: Any, perspective: Perspective) -> str:
    return str(type(instance)._meta.label)


def _detail_url(page: Any, perspective: Perspective) -> str:
    return detail_url("page", page.pk or 0)


def _locale(page: Any, perspective: Perspective) -> Any:
    needs = needs_of_code(page)
    return Deferred(lambda found: code_of(page, found), *needs) if needs else code_of(page)


def _link(page: Page | None) -> Nested | None:
    return page and Nested(page, level=Level.LINK)


def _parent(page: Any, perspective: Perspective) -> Deferred | None:
    if any(page.path == root.path for root in perspective.roots):
        return None
    return Deferred(_link, (pages, page.path[: -page.steplen]))


def _alias_of(page: Any, perspective: Perspective) -> Any:
    return with_original(page, _link)
