"""Listens to the signals of Django and Wagtail, and logs the changes that the public may see.

A saved row is compared with the row before, and only the columns that differ are logged: editing a page invalidates
the responses that show it, but no listing that orders by a column which stayed the same.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Model
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)
from django.dispatch import Signal, receiver
from wagtail.models import Collection
from wagtail.signals import post_page_move, pre_page_move

from frontend_api.introspection import Page, has_drafts, page_types, parental_keys

from . import describe
from .affected_tags import (
    all_tags,
    far_reaching_tags,
    has_followers,
    object_tags,
    place_tags,
    tables_of,
    tags_of_choices,
    tree_tags,
)
from .diff import changed_columns
from .logged_models import is_logged, meets_conditions
from .models import Kind
from .sites import forget_homes, is_home
from .tags import (
    EVERYTHING,
    branch_tag,
    column_tag,
    concrete_parents,
    membership_tag,
    object_tag,
    table,
)
from .transaction import log
from .writing import PendingChange

address_changed = Signal()
"""Sent once a public page with a new address is saved, or one that was not public, with `page` and `before`, the stored
page or None; in the same transaction, and before the pages below it get theirs."""

_BEFORE = "_change_log_before"
_TAGS = "_change_log_tags"


@receiver(pre_save)
def remember(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember the row as it is before an object is saved, so that `saved` can compare."""
    if is_logged(sender):
        before = None
        if instance.pk is not None:
            before = sender._base_manager.filter(pk=instance.pk).first()
        instance.__dict__[_BEFORE] = before


@receiver(post_save)
def saved(
    sender: type[Model],
    instance: Any,
    created: bool,
    raw: bool,
    update_fields: Any,
    **kwargs: Any,
) -> None:
    """Log what saving an object has changed."""
    if not is_logged(sender):
        return
    before = instance.__dict__.pop(_BEFORE, None)
    if raw:
        # In a fixture, what an object belongs to may come after it.
        log(
            PendingChange(Kind.OTHER, sender._meta.label_lower, str(instance.pk), tags={EVERYTHING})
        )
        return
    if created or before is None:
        if is_public(instance):
            log_change(instance, all_tags(instance), is_new=True)
            _tell_of_address(instance, None)
        return
    changed = changed_columns(before, instance, update_fields)
    if not (changed or isinstance(instance, Collection)):
        return
    if not (is_public(before) or is_public(instance)):
        return
    tags = object_tags(before) | object_tags(instance)
    for column in changed:
        tags |= {column_tag(name, column) for name in tables_of(instance)}
    if isinstance(instance, Page):
        tags |= tree_tags(before, instance, changed)
        _tell_of_address(instance, before, changed)
    if getattr(sender, "sort_order_field", None) in changed:
        # The admin moves the other objects without a signal.
        tags.add(EVERYTHING)
    log_change(instance, tags, before=before)


def _tell_of_address(instance: Any, before: Any, changed: Iterable[str] = ("live",)) -> None:
    is_other = not {"slug", "url_path", "live"}.isdisjoint(changed)
    if isinstance(instance, Page) and is_other and is_public(instance):
        address_changed.send(sender=type(instance), page=instance, before=before)


@receiver(pre_delete)
def remember_place(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remember the tags of an object before it is deleted, while what it belongs to can still be loaded."""
    if is_logged(sender):
        instance.__dict__[_TAGS] = all_tags(instance) if is_public(instance) else set()


@receiver(post_delete)
def deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Log that an object was deleted, with the tags of the rows that referred to it."""
    if not is_logged(sender):
        return
    tags = instance.__dict__.pop(_TAGS, set())
    if tags:
        log_change(instance, tags | tags_of_choices(sender), is_gone=True)


@receiver(m2m_changed)
def chosen(
    sender: Any, instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Log a change to a many-to-many field, made from either side."""
    if action not in {"post_add", "post_remove", "pre_clear"} or pk_set == set():
        return
    if not (is_logged(instance.__class__) and is_logged(model)) or not is_public(instance):
        return
    tags = {table(sender), membership_tag(table(sender)), *object_tags(instance)}
    if reverse:
        keys = pk_set
        if keys is None:
            own, other = (
                next(
                    field.name
                    for field in sender._meta.get_fields()
                    if field.is_relation and issubclass(of, field.related_model)
                )
                for of in (type(instance), model)
            )
            found = sender._default_manager.filter(**{own: instance.pk})
            keys = set(found.values_list(other, flat=True))
        tags |= {object_tag(model, key) for key in keys}
    log_change(instance, tags)


@receiver(pre_page_move)
def moving(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Log where a page is before it is moved: the tree is rewritten without signals for its rows."""
    log(_moved(instance))


@receiver(post_page_move)
def moved(
    sender: type[Page],
    instance: Page,
    parent_page_before: Page,
    parent_page_after: Page,
    url_path_before: str,
    **kwargs: Any,
) -> None:
    """Log where a page is after it was moved, and that its old and new siblings may have moved too."""
    pending = _moved(instance)
    pending.path_before = url_path_before
    # The paths of its siblings change as well, both where it came from and where it goes.
    pending.tags |= {branch_tag(parent.path) for parent in (parent_page_before, parent_page_after)}
    log(pending)


def _moved(page: Page) -> PendingChange:
    pending = describe.page(page, Kind.MOVED, before=page)
    pending.tags = {*object_tags(page), branch_tag(page.path), *place_tags(page)}
    # The pages below it may be of any type.
    for model in page_types():
        pending.tags |= {column_tag(table(model), name) for name in ("path", "url_path", "depth")}
    if has_followers(page) or is_home(page):
        pending.tags.add(EVERYTHING)
    return pending


def log_update(objects: Iterable[Model]) -> None:
    """Log objects that were changed without a signal, such as by `QuerySet.update`.

    Every column counts as changed.
    """
    forget_homes()
    for instance in objects:
        if is_logged(instance.__class__) and is_public(instance):
            tags = all_tags(instance)
            columns = [str(field.column) for field in instance._meta.concrete_fields]
            tags |= {column_tag(name, column) for name in tables_of(instance) for column in columns}
            log_change(instance, tags, before=instance)


def log_change(
    instance: Any,
    tags: set[str],
    *,
    before: Any = None,
    is_new: bool = False,
    is_gone: bool = False,
) -> None:
    """Log a change to one object that invalidates `tags`, and whatever else depends on the object."""
    pending = describe.change(instance, before=before, is_new=is_new, is_gone=is_gone)
    pending.tags = tags | far_reaching_tags(instance)
    log(pending)


def is_public(instance: Any) -> bool:
    """Return whether the public may see an object: what is not live is not public, nor are its inline children."""
    model: Any = type(instance)
    if has_drafts(model) and not _has_part_without_drafts(model):
        return bool(instance.live)
    return meets_conditions(instance) and all(is_public(owner) for owner in _known_owners(instance))


@cache
def _has_part_without_drafts(model: Any) -> bool:
    """Return whether a parent of `model` has no drafts: anyone may see the part of an object in its table."""
    return not all(map(has_drafts, concrete_parents(model)))


def _known_owners(instance: Any) -> Iterable[Any]:
    for field in parental_keys(type(instance)):
        if field.is_cached(instance) and getattr(instance, field.name) is not None:
            yield getattr(instance, field.name)
