"""Keeps the search index right where Wagtail's own handler comes too early."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.search import index
from wagtail.signals import page_published


@receiver(page_published)
def index_with_children(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Index a page anew once it is published whole.

    The index is written when the page's own row is saved, which is before its inline children are; the names of
    partners, say, would be searched only after the next save.
    """
    index.insert_or_update_object(instance)
