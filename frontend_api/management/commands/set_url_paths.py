"""Wagtail's `set_url_paths`, which works out the path of every page anew, recorded."""

from wagtail.management.commands.set_url_paths import Command as WagtailCommand

from frontend_api.management.recorded import Recorded


class Command(Recorded, WagtailCommand):
    """Does what Wagtail's does."""
