"""`manage.py use_frontend_url`: the default site is at FRONTEND_URL."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from wagtail.models import Site

from cms.frontend_url import host_and_port
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
        host, port = host_and_port(settings.FRONTEND_URL)
        if (site.hostname, site.port) != (host, port):
            site.hostname, site.port = host, port
            with transaction():
                site.save()
        # The scheme is no part of a site, and what Wagtail keeps of its addresses has it.
        Site.clear_site_root_paths_cache()
        self.stdout.write(f"The default site is at {site.root_url}.")
