"""Makes rows of the feed of what was seen before and is seen now."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from frontend_api.changes.describe import kind_of
from frontend_api.changes.models import Kind
from frontend_api.changes.tags import EVERYTHING
from frontend_api.changes.writing import PendingChange

from .models import PublicChange, PublicKind
from .seen import PAGE, Key, Shown, is_named

_OF_COLLECTIONS = frozenset({Kind.RESTRICTED, Kind.UNRESTRICTED})


def of_object(
    key: Key, before: Shown | None, after: Shown | None, tags: Iterable[str], *, is_changed: bool
) -> Iterator[PublicChange]:
    """Yield what readers are told of something that can be hidden; nothing of what they neither saw nor see.

    `is_changed` says whether something of it is another, even if it is seen as before.
    """
    is_other = before is not None and after is not None and _essence(before) != _essence(after)
    if before is not None and (after is None or is_other):
        yield _row(key, before, PublicKind.GONE, tags, path_before=before.path)
    if after is None:
        return
    if before is None or is_other:
        yield _row(key, after, PublicKind.PUBLISHED, tags, path=after.path)
    elif before.path != after.path:
        paths = {"path": after.path, "path_before": before.path}
        yield _row(key, after, PublicKind.MOVED, tags, **paths)
    elif is_changed:
        yield _row(key, after, PublicKind.UPDATED, tags, path=after.path)


def _essence(shown: Shown) -> tuple[str, str]:
    """Return what readers choose changes by: of what has another one, those of the old one are told that it is gone."""
    return shown.shown_type, shown.locale


def _row(
    key: Key, shown: Shown, kind: PublicKind, tags: Iterable[str], **paths: str
) -> PublicChange:
    object_type = key.subject.object_type
    kept = sorted(together([tags]))
    if not is_named(object_type):
        return PublicChange(kind=_kind_of_model(apps.get_model(object_type)), tags=kept)
    if object_type != PAGE and kind != PublicKind.GONE:
        kind = _kind_of_model(apps.get_model(object_type))
    return PublicChange(
        kind=kind,
        object_type=shown.shown_type,
        object_id=key.subject.object_id,
        site_id=key.site_id or None,
        locale=shown.locale,
        tags=kept,
        **paths,
    )


def of_change(change: PendingChange) -> PublicChange:
    """Return what readers are told of a change to what nobody can hide; it names no object."""
    return PublicChange(
        kind=_kind(change), site_id=change.site_id, tags=sorted(together([change.tags]))
    )


def _kind(change: PendingChange) -> PublicKind:
    if change.kind in _OF_COLLECTIONS:
        return PublicKind.COLLECTION
    if change.kind.value in PublicKind.values:
        return PublicKind(change.kind.value)
    try:
        return _kind_of_model(apps.get_model(change.object_type))
    except (LookupError, ValueError):
        return PublicKind.OTHER


def _kind_of_model(model: type[Model]) -> PublicKind:
    return PublicKind(kind_of(model).value)


def together(tags: Iterable[Iterable[str]]) -> set[str]:
    """Return all of these tags, or that of everything alone if it is among them."""
    found = {tag for some in tags for tag in some}
    return {EVERYTHING} if EVERYTHING in found else found


def numbered(rows: Iterable[PublicChange], first: int, common: Mapping[str, Any]) -> list[Any]:
    """Return the rows with their numbers, and what all of them have in `common`."""
    made = []
    for number, row in enumerate(rows, first):
        row.number = number
        for name, value in common.items():
            setattr(row, name, value)
        made.append(row)
    return made
