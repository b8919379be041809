"""Keeps an alias unpublished until its original is live, and says since when it is there.

Wagtail publishes a page's aliases whenever a revision of the page is published, even if it is scheduled for later:
the page itself waits, but its aliases would go live with its text. `Perspective` shows none of these, whatever their
rows say. The rows have to be right, too, because an alias may be copied, converted to an ordinary page, or left
behind when its original is deleted.

An alias that was made of a draft never gets a date of its own: Wagtail sets it where a revision is published, and an
alias has none.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import receiver

from frontend_api.introspection import Page


@receiver(pre_save)
def follow_original(
    sender: type[Model], instance: Any, raw: bool, update_fields: Any, **kwargs: Any
) -> None:
    """Keep an alias that is about to be published unpublished while its original is; else give it its first date."""
    if raw or not isinstance(instance, Page) or instance.alias_of_id is None:
        return
    is_published = instance.live and (update_fields is None or "live" in update_fields)
    if not is_published:
        return
    original = Page.objects.filter(pk=instance.alias_of_id, live=True).first()
    if original is None:
        instance.live = False
        instance.has_unpublished_changes = True
    elif instance.first_published_at is None:
        instance.first_published_at = original.first_published_at
