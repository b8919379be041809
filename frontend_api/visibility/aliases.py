"""Keeps an alias from being live before its original is.

Wagtail publishes the aliases of a page whenever one of its revisions is published, and with a time to come as well: the
page itself is then scheduled, and its aliases would be live with its text. The perspective shows none of them, whatever
their rows say; this is for the rows, by which an alias is copied, becomes an ordinary page, or is left behind when its
original is deleted.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import receiver
from wagtail.models import Page


@receiver(pre_save)
def follow_original(
    sender: type[Model], instance: Any, raw: bool, update_fields: Any, **kwargs: Any
) -> None:
    """Leave an alias unpublished that is about to be published without its original."""
    if raw or not isinstance(instance, Page) or instance.alias_of_id is None:
        return
    is_published = instance.live and (update_fields is None or "live" in update_fields)
    if is_published and not Page.objects.filter(pk=instance.alias_of_id, live=True).exists():
        instance.live = False
        instance.has_unpublished_changes = True
