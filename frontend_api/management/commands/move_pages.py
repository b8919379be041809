"""Wagtail's `move_pages`, which moves pages from one parent to another, with one transaction per page."""

from typing import Any

from django.core.management.base import CommandError
from wagtail.management.commands.move_pages import Command as WagtailCommand

from frontend_api.changes.transaction import transaction
from frontend_api.introspection import Page


class Command(WagtailCommand):
    """Does what Wagtail's command does, but nobody has to wait for longer than one page takes."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Move the children of one page to another; raises `CommandError` if there is no such page."""
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
