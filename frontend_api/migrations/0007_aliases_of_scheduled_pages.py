"""Aliases that Wagtail published with the text of a page that is not live itself are taken off the site."""

from typing import Any

from django.conf import settings
from django.db import migrations


def unpublish(apps: Any, schema_editor: Any) -> None:
    """Unpublish what is live and is an alias of what is not; an alias may be that of another one."""
    pages = apps.get_model(settings.WAGTAIL_PAGE_MODEL).objects
    while True:
        keys = list(pages.filter(live=True, alias_of__live=False).values_list("pk", flat=True))
        if not keys:
            return
        pages.filter(pk__in=keys).update(live=False, has_unpublished_changes=True)


class Migration(migrations.Migration):
    dependencies = [
        ("wagtailcore", "0098_apitoken"),
        ("frontend_api", "0006_stamps_and_unindexed_objects"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [migrations.RunPython(unpublish, migrations.RunPython.noop, elidable=True)]
