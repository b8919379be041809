"""Makes pages from their revisions, any number of them in the same few queries.

Wagtail's `as_object` queries for every object that the stored content refers to, page by page. Here the objects for
all revisions are fetched together. The results are the pages that publishing would make.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, models
from django.db.models import F, Model, Value
from modelcluster.fields import ParentalKey
from modelcluster.models import (
    get_all_child_m2m_relations,
    get_all_child_relations,
    model_from_serializable_data,
)
from wagtail.models import COMMENTS_RELATION_NAME, Revision

from frontend_api.introspection import Page

UNUSABLE = (
    AttributeError,
    LookupError,
    ObjectDoesNotExist,
    TypeError,
    ValidationError,
    ValueError,
)
"""What using a stored draft may raise when something that it relies on is gone: its parent, its type, a field."""

# The fields common to all pages that an editor writes; the rest describes what the page is today, and where.
WRITTEN = frozenset(
    {
        "title",
        "slug",
        "seo_title",
        "search_description",
        "show_in_menus",
        "go_live_at",
        "expire_at",
        "first_published_at",
    }
)

Target = tuple[type[Model], str]
"""A model, and the name of its field that a foreign key refers to."""

logger = logging.getLogger("frontend_api.revisions")


class Gone(ValueError):
    """A revision cannot be published because something that it requires is gone."""


def pages_of(rows: Mapping[int, Page]) -> dict[int, Page]:
    """Return the page that each revision would publish, by revision id; `rows` has the stored pages by the same ids.

    A revision that cannot be used is left out, and a warning is logged.
    """
    contents = {
        key: content
        for key, content in Revision.objects.filter(pk__in=rows).values_list("pk", "content")
        if rows[key].specific_class is not None and isinstance(content, dict)
    }
    named = _References()
    for key, content in list(contents.items()):
        # Comments are for editors, not for readers.
        content.pop(COMMENTS_RELATION_NAME, None)
        try:
            named.collect(rows[key].specific_class, content)
        except UNUSABLE:
            del contents[key]
    named.fetch()
    made = {}
    for key, row in rows.items():
        try:
            made[key] = _as_stored(named.built(row.specific_class, contents[key]), row)
        except UNUSABLE:
            logger.warning(
                "Revision %s of page %s cannot be used; the page is shown as it is stored.",
                key,
                row.pk,
                exc_info=True,
            )
    return made


def _as_stored(page: Page, row: Page) -> Page:
    """Copy what revisions do not decide from the stored page `row`, fill in missing dates, and return `page`."""
    for field in Page._meta.concrete_fields:
        if field.name not in WRITTEN:
            setattr(page, field.attname, getattr(row, field.attname))
    page.pk = row.pk
    if Page._meta.get_field("locale").is_cached(row):
        page.locale = row.locale
    page.first_published_at = (
        page.first_published_at or row.first_published_at or row.latest_revision_created_at
    )
    page.last_published_at = row.last_published_at or row.latest_revision_created_at
    return page


class _References:
    """What stored contents refer to: which keys still exist, and the objects of many-to-many choices."""

    def __init__(self) -> None:
        self.keys: dict[Target, set[Any]] = defaultdict(set)
        self.there: dict[Target, set[Any]] = {}
        self.chosen: dict[type[Model], dict[Any, Model]] = {}
        self._chosen_keys: dict[type[Model], set[Any]] = defaultdict(set)

    def collect(self, model: type[Model], content: Any) -> None:
        """Note what the content of an object of `model` and of its inline children refers to."""
        for field, key in _references(model, content):
            self.keys[_target(field)].add(key)
        for field in get_all_child_m2m_relations(model):
            self._chosen_keys[field.related_model].update(_several(field, content))
        for relation in get_all_child_relations(model):
            for child in content.get(relation.get_accessor_name(), ()):
                self.collect(relation.related_model, child)

    def fetch(self) -> None:
        """Look up all that was noted, with one query for each column type of keys and for each model of choices."""
        by_type: dict[str | None, list[Target]] = defaultdict(list)
        for target in self.keys:
            by_type[_column_type(target)].append(target)
            self.there[target] = set()
        for targets in by_type.values():
            parts = [
                model._default_manager.filter(**{f"{name}__in": self.keys[model, name]})
                .order_by()
                .values_list(Value(number), F(name))
                for number, (model, name) in enumerate(targets)
            ]
            for number, key in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
                self.there[targets[number]].add(key)
        for model, keys in self._chosen_keys.items():
            # In the same order as on a published page.
            found = model._default_manager.filter(pk__in=keys)
            self.chosen[model] = {
                obj.pk: obj for obj in found.order_by(*(model._meta.ordering or ()), "pk")
            }

    def built(self, model: Any, content: Any) -> Any:
        """Return the object that `content` describes, without references to what is gone.

        Raises `Gone` if it requires something that is gone.
        """
        several = {field.name: field for field in get_all_child_m2m_relations(model)}
        own = {name: value for name, value in content.items() if name not in several}
        for field, key in _references(model, content):
            if key not in self.there[_target(field)]:
                own[field.name] = _without(field)
        made = model_from_serializable_data(model, own, check_fks=False)
        for name, field in several.items():
            if name in content:
                keys = _several(field, content)
                found = self.chosen[field.related_model]
                setattr(made, name, [obj for pk, obj in found.items() if pk in keys])
        for relation in get_all_child_relations(model):
            name = relation.get_accessor_name()
            if name in content:
                # A child that would be deleted together with what it chooses is left out if that is gone.
                setattr(made, name, list(self._children(relation.related_model, content[name])))
        return made

    def _children(self, model: Any, contents: Collection[Any]) -> Iterator[Any]:
        for content in contents:
            if all(
                key in self.there[_target(field)]
                or field.remote_field.on_delete is not models.CASCADE
                for field, key in _references(model, content)
            ):
                yield self.built(model, content)


def _references(model: type[Model], content: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each foreign key of `model` that chooses something in `content`, with its value there."""
    for field in model._meta.concrete_fields:
        is_key = isinstance(field, models.ForeignKey) and not field.remote_field.parent_link
        is_choice = is_key and field.model is not Page and not isinstance(field, ParentalKey)
        if is_choice and content.get(field.name) is not None:
            yield field, _target_field(field).to_python(content[field.name])


def _several(field: Any, content: Mapping[str, Any]) -> set[Any]:
    """Return the keys of what a many-to-many field chooses in `content`."""
    key_field = _target_field(field.related_model._meta.pk)
    return {key_field.to_python(key) for key in content.get(field.name, ())}


def _without(field: Any) -> Any:
    """Return the value of a foreign key whose target is gone, as Wagtail does, or raise `Gone` if it is required."""
    if field.remote_field.on_delete in (models.CASCADE, models.SET_NULL):
        return None
    raise Gone(f"{field} refers to what is gone")


def _target(field: Any) -> Target:
    return field.related_model, field.target_field.name


def _target_field(field: Any) -> Any:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _column_type(target: Target) -> str | None:
    model, name = target
    column: str | None = _target_field(model._meta.get_field(name)).rel_db_type(connection)
    return column
