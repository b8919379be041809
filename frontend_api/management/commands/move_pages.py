"""Wagtail's `move_pages`, which moves pages from one parent to another, each in a transaction of its own."""

from typing import Any

from django.core.management.base import CommandError
from wagtail.management.commands.move_pages import Command as WagtailCommand
from wagtail.models import Page

from frontend_api.changes.transaction import transaction


class Command(WagtailCommand):
    """Does what Wagtail's does, and keeps nobody waiting for longer than one page takes."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Move what is below one page below the other."""
        from_page, to_page = (_page(options[name]) for name in ("from_id", "to_id"))
        pages = list(from_page.get_children())
        self.stdout.write(f'Moving {len(pages)} pages from "{from_page}" to "{to_page}"')
        for page in pages:
            with transaction():
                page.move(to_page, pos="last-child")
        self.stdout.write("Done")


def _page(key: int) -> Page:
    page: Page | None = Page.objects.filter(pk=key).first()
    if page is None:
        raise CommandError(f"There is no page with the id {key}.")
    return page
