"""Wagtail's `rebuild_references_index`, with only a few objects per transaction.

Wagtail's own is a single transaction that begins by deleting every row: anyone publishing in the meantime would wait
for it to finish.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from wagtail.management.commands.rebuild_references_index import Command as WagtailCommand
from wagtail.models import ReferenceIndex

AT_ONCE = 50


class Command(WagtailCommand):
    """Writes the references of each object, then removes those of objects that are gone."""

    def handle(self, **options: Any) -> None:
        """Go through all models, with at most `AT_ONCE` objects per transaction."""
        self.verbosity = options["verbosity"]
        at_once = min(options["chunk_size"], AT_ONCE)
        count = 0
        self.write("Rebuilding reference index")
        for model in apps.get_models():
            if ReferenceIndex.is_indexed(model):
                self.write(str(model))
                for objects in self.print_iter_progress(_parts(model, at_once)):
                    with transaction.atomic():
                        for instance in objects:
                            ReferenceIndex.create_or_update_for_object(instance)
                    count += len(objects)
                self.print_newline()
        _remove_what_is_gone()
        self.write(f"Indexed {count} objects")
        self.print_newline()


def _parts(model: Any, size: int) -> Iterator[list[Any]]:
    """Yield the objects of a model in lists of `size`; any added in the meantime are indexed when they are saved."""
    objects = model.objects.order_by("pk")
    part = list(objects[:size])
    while part:
        yield part
        part = list(objects.filter(pk__gt=part[-1].pk)[:size])


def _remove_what_is_gone() -> None:
    types = ReferenceIndex.objects.order_by().values_list("base_content_type", flat=True).distinct()
    for key in list(types):
        model = ContentType.objects.get_for_id(key).model_class()
        stale = ReferenceIndex.objects.filter(base_content_type=key)
        if model is not None:
            keys = model._base_manager.annotate(key=Cast("pk", TextField())).values("key")
            stale = stale.exclude(object_id__in=keys)
        stale.delete()
