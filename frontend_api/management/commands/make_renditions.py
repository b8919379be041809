"""`manage.py make_renditions`: puts files in order and makes missing renditions.

Run it after an upgrade, after `IMAGE_USES` has changed, and after files were restored.
"""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.models import Site
from wagtail.snippets.models import get_snippet_models

from frontend_api.images.finder import pictures_of
from frontend_api.images.renditions import make_missing, public_objects
from frontend_api.images.storing import put_stored_in_order
from frontend_api.visibility.perspective import Perspective


class Command(BaseCommand):
    """Makes the missing renditions of everything that is public, and leaves existing ones alone."""

    help = (
        "Stores image files upright and without metadata, where they are not, and makes the renditions that public "
        "pages, snippets and settings show and that are not there yet."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the images, then through the pages and settings of every site, then through all snippets."""
        replaced = put_stored_in_order()
        if replaced:
            self.stdout.write(f"Put {replaced} {'image' if replaced == 1 else 'images'} in order.")
        made = 0
        sites = list(Site.objects.select_related("root_page").order_by("-is_default_site", "pk"))
        for site in sites:
            for objects in public_objects(site):
                made += make_missing(pictures_of(objects, Perspective(site)))
        for model in get_snippet_models() if sites else ():
            if hasattr(model, "api_fields"):
                for snippet in model._default_manager.iterator():
                    made += make_missing(pictures_of([snippet], Perspective(sites[0])))
        self.stdout.write(f"Made {made} {'rendition' if made == 1 else 'renditions'}.")
