"""Keeps the words of what is saved, in the transaction that changes it, and logs what changes for readers."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.dispatch import receiver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.search import index

from frontend_api.changes.capture import is_public
from frontend_api.changes.models import Kind
from frontend_api.changes.tags import SEARCH
from frontend_api.changes.transaction import before_commit, log, log_along, transaction
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page, is_inline_child, parental_keys

from . import spellings
from .contents import contents_of, kind_of, root_of
from .models import SearchEntry, SearchSpelling
from .sort_keys import sort_key
from .words import words_of

AT_ONCE = 100
IN_ONE_TRANSACTION = 10
"""How many objects a command writes before those may go on who publish meanwhile."""
MOST_WORDS = 20_000
"""How many different words of an object are kept; a book of a thousand pages has fewer."""
LONGEST_TEXT = 100_000
"""How many characters are kept for excerpts."""

Key = tuple[str, int]


@receiver(post_save)
def saved(
    sender: Any,
    instance: Any,
    created: bool,
    update_fields: Iterable[str] | None,
    **kwargs: Any,
) -> None:
    """Keep the words of what was saved, and of what it is a part of or is named by."""
    if root_of(sender) is not None:
        if update_fields is None or not _searched_names(sender).isdisjoint(update_fields):
            note(sender, instance.pk)
    elif is_inline_child(sender):
        for field in parental_keys(sender):
            note(field.related_model, getattr(instance, field.attname))
    elif not created:
        for field in _naming(sender):
            _note_all(field, instance.pk)


@receiver(m2m_changed)
def chosen(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    """Keep the words of what an object now names."""
    if action.startswith("post_") and not reverse:
        note(type(instance), instance.pk)


@receiver(post_delete)
def deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Forget the words of what is deleted."""
    root = root_of(sender)
    if root is not None:
        SearchEntry.objects.filter(kind=kind_of(sender), number=instance.pk).delete()
        if is_public(instance):
            _log_with(instance)
    elif is_inline_child(sender):
        for field in parental_keys(sender):
            note(field.related_model, getattr(instance, field.attname))


@receiver(post_migrate)
def fill(sender: Any, **kwargs: Any) -> None:
    """Keep the words of what was there before, once nothing is left to migrate."""
    if sender.label != SearchEntry._meta.app_label:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        for model in searched_models():
            kept = SearchEntry.objects.filter(kind=kind_of(model)).values("number")
            missing = model._base_manager.exclude(pk__in=kept).order_by("pk")
            write_all(model, list(missing.values_list("pk", flat=True)))


def rebuild() -> int:
    """Keep the words of everything anew, and return how many objects that are."""
    SearchSpelling.objects.all().delete()
    count = 0
    for model in searched_models():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        SearchEntry.objects.filter(kind=kind_of(model)).exclude(
            number__in=model._base_manager.values("pk")
        ).delete()
        SearchEntry.objects.filter(kind=kind_of(model)).update(digest="")
        write_all(model, keys)
        count += len(keys)
    log(PendingChange(Kind.SEARCH, tags={SEARCH}))
    return count


def searched_models() -> list[Any]:
    """Return the models of which objects are searched: pages, images and documents."""
    models = (Page, get_image_model(), get_document_model())
    return [model for model in models if root_of(model) is not None]


def note(model: Any, key: Any) -> None:
    """Have the words of an object kept at the end of the transaction."""
    if key is not None and root_of(model) is not None:
        before_commit(_write, (kind_of(model), key))


def write_all(model: Any, keys: list[int]) -> None:
    """Keep the words of objects, a few in each transaction."""
    for start in range(0, len(keys), IN_ONE_TRANSACTION):
        with transaction():
            _write([(kind_of(model), key) for key in keys[start : start + IN_ONE_TRANSACTION]])


def _write(noted: list[Key]) -> None:
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, key in noted:
        keys[kind].append(key)
    words: set[str] = set()
    for model in searched_models():
        of_kind = sorted(keys.get(kind_of(model), ()))
        for start in range(0, len(of_kind), AT_ONCE):
            words |= _write_some(model, of_kind[start : start + AT_ONCE])
    if words:
        spellings.keep(words)


def _write_some(model: Any, keys: list[int]) -> set[str]:
    """Keep the words of some objects, and return those that may be new."""
    objects = model._base_manager.filter(pk__in=keys)
    if model is Page:
        objects = Page.objects.filter(pk__in=keys).specific()
    kind = kind_of(model)
    kept = SearchEntry.objects.filter(kind=kind, number__in=keys)
    digests = dict(kept.values_list("number", "digest"))
    entries, words = [], set()
    for instance in objects:
        entry = _entry(kind, instance)
        if digests.get(instance.pk) == entry.digest:
            continue
        entries.append(entry)
        words.update(entry.words)
        if is_public(instance):
            _log_with(instance)
    if entries:
        columns = ["type_key", "title_words", "lead_words", "words", "sort_key", "text", "digest"]
        SearchEntry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["kind", "number"],
            update_fields=columns,
        )
    return words


def _log_with(instance: Any) -> None:
    """Log that readers may find something else, along with the change to the object from which it follows."""
    label, key = instance._meta.label_lower, str(instance.pk)
    log_along(PendingChange(Kind.SEARCH, label, key, tags={SEARCH}), label, key)


def _entry(kind: str, instance: Any) -> SearchEntry:
    contents = contents_of(instance)
    title = words_of(contents.title)[:MOST_WORDS]
    lead = _merged(title, contents.lead)
    every = _merged(lead, contents.rest)
    text = "\n".join(contents.shown)[:LONGEST_TEXT].replace("\0", " ")
    text = text.encode("utf-8", "replace").decode()
    key = sort_key(contents.title)
    digest = hashlib.blake2b(digest_size=16)
    for part in (" ".join(title), " ".join(lead), " ".join(every), text):
        digest.update(part.encode() + b"\0")
    digest.update(key)
    return SearchEntry(
        kind=kind,
        number=instance.pk,
        type_key=getattr(instance, "content_type_id", None),
        title_words=title,
        lead_words=lead,
        words=every,
        sort_key=key,
        text=text,
        digest=digest.hexdigest(),
    )


def _merged(words: list[str], texts: list[str]) -> list[str]:
    merged = dict.fromkeys(words)
    for text in texts:
        merged |= dict.fromkeys(words_of(text))
    return [*merged][:MOST_WORDS]


@cache
def _searched_names(model: Any) -> frozenset[str]:
    names = {str(getattr(field, "field_name", "")) for field in model.get_search_fields()}
    return frozenset(names | {"title"})


@cache
def _naming(model: Any) -> tuple[Any, ...]:
    """Return the relations by which searched objects, or their parts, are found by what they name of `model`."""
    return tuple(
        field
        for root in searched_models()
        for searched in index.get_indexed_models()
        if issubclass(searched, root)
        for field in _relations(searched, searched.get_search_fields())
        if field.related_model is not None and issubclass(model, field.related_model)
    )


def _relations(model: Any, fields: Iterable[Any]) -> Iterable[Any]:
    for field in fields:
        if isinstance(field, index.RelatedFields):
            try:
                relation = field.get_field(model)
            except FieldDoesNotExist:
                # A property, of which nothing is known.
                continue
            if relation.related_model is not None and is_inline_child(relation.related_model):
                yield from _relations(relation.related_model, field.fields)
            elif relation.concrete or relation.many_to_many:
                yield relation


def _note_all(field: Any, key: Any) -> None:
    """Note all objects that name another by a relation of theirs, or of their parts."""
    for owner in field.model._base_manager.filter(**{field.name: key}):
        if root_of(field.model) is not None:
            note(field.model, owner.pk)
        else:
            for parent in parental_keys(field.model):
                note(parent.related_model, getattr(owner, parent.attname))
