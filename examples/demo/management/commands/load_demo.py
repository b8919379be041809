"""`manage.py load_demo`: the demo site, for an empty database on one's own machine."""

from typing import Any

from django.core.management import BaseCommand
from wagtail.models import Page

from examples.demo.loading import load
from frontend_api.changes.transaction import transaction


class Command(BaseCommand):
    """Loads the demo site once: where there is content, it stays as it is."""

    help = "Fills an empty database with the demo site and its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say why not."""
        # The migrations make a home page and two index pages, at depth 3; whatever is deeper, somebody wrote.
        if Page.objects.filter(depth__gt=3).exists():
            self.stdout.write("There is content already; the demo site was not loaded.")
            return
        with transaction():
            load()
        self.stdout.write("The demo site is loaded.")
