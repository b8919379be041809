"""What readers saw until now, of all that can be hidden: `PublicObject`."""

from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_

from django.db.models import Q

from .models import PublicObject
from .seen import Key, Shown, Subject

Known = Mapping[Key, tuple[int, Shown]]
"""How each was seen, with the id of its row."""
AT_ONCE = 500


def known(wanted: Mapping[str, Collection[str]] | None) -> Known:
    """Return how readers saw the objects `wanted`, by type and id, or everything for None."""
    if wanted is not None and not wanted:
        return {}
    objects = PublicObject.objects.all()
    if wanted is not None:
        one_of = (Q(object_type=name, object_id__in=ids) for name, ids in wanted.items())
        objects = objects.filter(reduce(or_, one_of))
    columns = ("pk", "object_type", "object_id", "site_id", "shown_type", "path", "locale")
    return {
        Key(Subject(object_type, object_id), site_id): (pk, Shown(*rest))
        for pk, object_type, object_id, site_id, *rest in objects.values_list(*columns)
    }


def shown(before: Known, key: Key) -> Shown | None:
    """Return how something was seen, or None if it was not."""
    row = before.get(key)
    return row[1] if row else None


def write(before: Known, now: Mapping[Key, Shown]) -> None:
    """Write how things are seen now, which were looked for as those `before`."""
    changed = [key for key, one in now.items() if shown(before, key) != one]
    left = [before[key][0] for key in before if key not in now or key in changed]
    for start in range(0, len(left), AT_ONCE):
        PublicObject.objects.filter(pk__in=left[start : start + AT_ONCE]).delete()
    if changed:
        PublicObject.objects.bulk_create(
            (
                PublicObject(
                    object_type=key.subject.object_type,
                    object_id=key.subject.object_id,
                    site_id=key.site_id,
                    **now[key]._asdict(),
                )
                for key in changed
            ),
            batch_size=AT_ONCE,
        )
