"""Keeps the words by which the admin finds each object, in the transaction that changes it.

Which objects, and which of their fields, says the `search_fields` of their models, as it does to Wagtail. What an
object names and what has a life of its own, such as a partner, is kept apart, so that a new name is one statement.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from django.db.models.functions import Cast
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.dispatch import receiver
from wagtail.models import RevisionMixin
from wagtail.search import index

from cms.admin_search import fold, root_of
from cms.models.search import SearchedName, SearchedText
from frontend_api.introspection import Page, is_inline_child

AT_ONCE = 200

Names = dict[str, str]


@cache
def is_kept(model: Any) -> bool:
    """Return whether the words of the objects of `model` are kept: the admin searches by what it can complete."""
    return (
        model._meta.apps is apps
        and bool(index.class_is_indexed(model))
        and bool(model.get_autocomplete_search_fields())
    )


@receiver(post_save)
def saved(
    sender: Any, instance: Any, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any
) -> None:
    """Keep the words of what was saved, and those of its new name with whatever names it."""
    if raw:
        # In a fixture, what an object names may come after it; `migrate` keeps it.
        return
    if is_kept(sender):
        if update_fields is None:
            keep(instance)
        elif "latest_revision" in update_fields:
            # Wagtail has just saved the object as a draft, and stores none of its fields.
            keep_draft(instance)
        elif not {field.field_name for field in sender.get_search_fields()}.isdisjoint(
            update_fields
        ):
            keep(sender._base_manager.get(pk=instance.pk))
    for source, fields in _sources(sender):
        names = SearchedName.objects.filter(source=_source(source, instance))
        if names.exists():
            names.update(text=_words(*read(instance, fields, source)))


@receiver(m2m_changed)
def chosen(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    """Keep the words of tags, themes and the like, which are stored after the object itself."""
    if not reverse and is_kept(instance.__class__) and action.startswith("post_"):
        keep(instance)


@receiver(post_delete)
def deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Forget the words of what is deleted, and of those who named it."""
    if is_kept(sender):
        SearchedText.objects.filter(**_identity(instance)).delete()
    for source, _ in _sources(sender):
        SearchedName.objects.filter(source=_source(source, instance)).delete()


@receiver(post_migrate)
def fill(sender: Any, **kwargs: Any) -> None:
    """Keep the words of what was there before, once nothing is left to migrate."""
    if sender.label != SearchedText._meta.app_label:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        for model in index.get_indexed_models():
            if is_kept(model) and root_of(model) is model:
                keep_missing(model)


def keep_missing(model: Any) -> None:
    """Keep the words of all objects of which none are kept yet."""
    rows = SearchedText.objects.filter(model=model._meta.label_lower)
    kept = rows.values_list(Cast("key", model._meta.pk))
    missing = model._base_manager.exclude(pk__in=kept).order_by("pk").values_list("pk", flat=True)
    keys = list(missing)
    for start in range(0, len(keys), AT_ONCE):
        objects = model.objects.filter(pk__in=keys[start : start + AT_ONCE])
        for instance in objects.specific() if model is Page else objects:
            keep(instance)


def keep(instance: Any) -> None:
    """Keep the words of an object as it is stored, and of its latest draft if that is another."""
    if type(instance) is Page:
        instance = instance.specific
    texts, names = read(instance)
    columns = {"text": " ".join(texts), "draft": ""}
    drafted: Names = {}
    if isinstance(instance, RevisionMixin) and getattr(instance, "has_unpublished_changes", False):
        revision = instance.latest_revision
        if revision is not None:
            texts, drafted = read(revision.as_object())
            columns["draft"] = " ".join(texts)
    row = _write(instance, **columns)
    _write_names(row, names, in_draft=False)
    _write_names(row, drafted, in_draft=True)


def keep_draft(instance: Any) -> None:
    """Keep the words of an object that was just saved as a draft."""
    texts, names = read(instance)
    row = _write(instance, draft=" ".join(texts))
    _write_names(row, names, in_draft=True)


def read(
    instance: Any, fields: Iterable[Any] | None = None, path: str = ""
) -> tuple[list[str], Names]:
    """Return the different words of an object, and of what it names by where and what that is."""
    model = type(instance)
    words: dict[str, None] = {}
    names: Names = {}
    if fields is None:
        fields, path = model.get_search_fields(), model._meta.label_lower
        words |= dict.fromkeys(fold(f"{instance} {getattr(instance, 'slug', '')}").split())
    for field in fields:
        if not isinstance(field, index.RelatedFields):
            for text in _texts(model, field, instance):
                words |= dict.fromkeys(fold(text).split())
            continue
        below = f"{path}.{field.field_name}"
        for related in _related(field, instance):
            found, further = read(related, field.fields, below)
            if is_inline_child(type(related)):
                words |= dict.fromkeys(found)
                names |= further
            else:
                names[_source(below, related)] = _words(found, further)
    return list(words), names


def _texts(model: Any, field: Any, instance: Any) -> Iterator[str]:
    """Yield the texts of a field; of those that only filter, those of people's own, and years."""
    if isinstance(field, index.FilterField):
        try:
            of_model = field.get_field(model)
        except FieldDoesNotExist:
            return
        # What every page has there is Wagtail's own, such as its path in the tree.
        if of_model.model is Page or of_model.is_relation or of_model.primary_key:
            return
    value = field.get_value(instance)
    for text in value if isinstance(value, list | tuple) else [value]:
        if isinstance(text, str) or type(text) is int:
            yield str(text)


def _related(field: Any, instance: Any) -> Iterable[Any]:
    try:
        value = field.get_value(instance)
    except ObjectDoesNotExist:
        # A draft can name what is gone.
        return ()
    if value is None:
        return ()
    return value.all() if hasattr(value, "all") else (value,)


def _words(texts: Iterable[str], names: Names) -> str:
    return " ".join([*texts, *names.values()])


def _key(instance: Any) -> str:
    # SQLite keeps a UUID without hyphens.
    return instance.pk.hex if isinstance(instance.pk, UUID) else str(instance.pk)


def _source(path: str, instance: Any) -> str:
    return f"{path}:{_key(instance)}"


def _identity(instance: Any) -> dict[str, str]:
    return {"model": root_of(type(instance))._meta.label_lower, "key": _key(instance)}


def _write(instance: Any, **columns: str) -> SearchedText:
    columns["name"] = fold(f"{instance} {getattr(instance, 'draft_title', '')}")
    identity = _identity(instance)
    kept = SearchedText.objects.filter(**identity).first()
    if kept is not None and all(getattr(kept, name) == text for name, text in columns.items()):
        # A command that goes over everything would lock what an editor is about to save.
        return kept
    row = SearchedText(**identity, **columns)
    # No signal, and one statement whether or not there is a row.
    [row] = SearchedText.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["model", "key"],
        update_fields=[*columns],
    )
    return row


def _write_names(row: SearchedText, names: Names, *, in_draft: bool) -> None:
    kept = SearchedName.objects.filter(owner=row, in_draft=in_draft)
    before = {name.source: name for name in kept}
    gone = [name.pk for source, name in before.items() if names.get(source) != name.text]
    if gone:
        kept.filter(pk__in=gone).delete()
    SearchedName.objects.bulk_create(
        SearchedName(owner=row, in_draft=in_draft, source=source, text=text)
        for source, text in names.items()
        if source not in before or before[source].text != text
    )


def _sources(model: type[Model]) -> list[tuple[str, list[Any]]]:
    """Return where objects of `model` are named, and which of their fields count there."""
    return [
        source
        for named, sources in _all_sources().items()
        if model is named or named in model.__mro__
        for source in sources
    ]


@cache
def _all_sources() -> dict[Any, list[tuple[str, list[Any]]]]:
    sources: dict[Any, list[tuple[str, list[Any]]]] = defaultdict(list)

    def add(model: Any, fields: Iterable[Any], path: str) -> None:
        for field in fields:
            if isinstance(field, index.RelatedFields):
                below = f"{path}.{field.field_name}"
                related = field.get_field(model).related_model
                if is_inline_child(related):
                    add(related, field.fields, below)
                else:
                    sources[related].append((below, field.fields))

    for model in index.get_indexed_models():
        if is_kept(model):
            add(model, model.get_search_fields(), model._meta.label_lower)
    return sources
