"""Updates the search index where Wagtail's own signal handler runs too early."""

from typing import Any

from django.dispatch import receiver
from modelsearch.tasks import insert_or_update_object_task
from wagtail.models import Page
from wagtail.signals import page_published


@receiver(page_published)
def index_with_children(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Index a page again once all of it is published.

    Wagtail indexes a page when its own row is saved, before its inline children are; the names of partners, say, would
    be found only after the next save.
    """
    insert_or_update_object_task.enqueue(
        instance._meta.app_label, instance._meta.model_name, str(instance.pk)
    )
