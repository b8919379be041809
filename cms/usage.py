"""Lists what uses something page by page: Wagtail fetches every user, one after the other, to show twenty of them."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import PROTECT, Q, QuerySet
from wagtail.models import ReferenceIndex
from wagtail.models.reference_index import ReferenceGroups

Used = tuple[Any, list[ReferenceIndex]]
"""An object, and its references to what is used."""


def list_uses_in_pages() -> None:
    """Let all of Wagtail's lists of uses do so, and its forms that delete something read no more than they say."""
    given_item = ReferenceGroups.__getitem__
    given_protected = ReferenceGroups.is_protected.func

    def item(self: Any, key: Any) -> Any:
        if isinstance(key, slice) and isinstance(self.qs, QuerySet):
            return _some(self.qs, key)
        return given_item(self, key)

    def is_protected(self: Any) -> bool:
        if not isinstance(self.qs, QuerySet):
            return bool(given_protected(self))
        # It depends on the field alone.
        fields = self.qs.order_by().values("content_type_id", "model_path").distinct()
        return any(ReferenceIndex(**field).on_delete == PROTECT for field in fields)

    ReferenceGroups.__getitem__ = item
    ReferenceGroups.is_protected = property(is_protected)


def _some(references: QuerySet[ReferenceIndex], part: slice) -> list[Used]:
    """Return part of the objects that refer; an object that is gone, which the index does not know yet, is left out."""
    in_order = references.order_by("base_content_type_id", "object_id")
    keys = list(in_order.values_list("base_content_type_id", "object_id").distinct()[part])
    of_kind: dict[int, list[str]] = defaultdict(list)
    for kind, object_id in keys:
        of_kind[kind].append(object_id)
    wanted = Q(pk=None)
    objects: dict[tuple[int, str], Any] = {}
    for kind, ids in of_kind.items():
        wanted |= Q(base_content_type_id=kind, object_id__in=ids)
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        if model is not None:
            found = model._base_manager.in_bulk(ids)
            objects |= {(kind, one): found.get(model._meta.pk.to_python(one)) for one in ids}
    groups: dict[tuple[int, str], list[ReferenceIndex]] = defaultdict(list)
    for reference in in_order.filter(wanted):
        groups[reference.base_content_type_id, reference.object_id].append(reference)
    return [(objects[key], groups[key]) for key in keys if objects.get(key) is not None]
