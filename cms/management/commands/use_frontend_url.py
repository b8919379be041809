"""`manage.py use_frontend_url`: the default site is at FRONTEND_URL."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from wagtail.models import Site

from frontend_api.changes.transaction import transaction


class Command(BaseCommand):
    """Sets the hostname and port of the default site, from which every address of a reader's page is made."""

    help = "Gives the default site the address that FRONTEND_URL names."

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the address, or say why there is nothing to set it on."""
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError(
                "There is no default site; make one in the admin under Settings, Sites."
            )
        address = urlsplit(settings.FRONTEND_URL)
        port = address.port or (443 if address.scheme == "https" else 80)
        if (site.hostname, site.port) != (address.hostname, port):
            site.hostname, site.port = address.hostname, port
            with transaction():
                site.save()
        self.stdout.write(f"The default site is at {site.root_url}.")
