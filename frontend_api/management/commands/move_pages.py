"""Wagtail's `move_pages`, which moves pages from one parent to another, recorded."""

from wagtail.management.commands.move_pages import Command as WagtailCommand

from frontend_api.management.recorded import Recorded


class Command(Recorded, WagtailCommand):
    """Does what Wagtail's does."""
