"""Aliases that were made of drafts get the date at which their originals were published first."""

from typing import Any

from django.conf import settings
from django.db import migrations


def give_date(apps: Any, schema_editor: Any) -> None:
    """Give published aliases without a date that of their originals; an original may be an alias itself."""
    pages = apps.get_model(settings.WAGTAIL_PAGE_MODEL).objects
    undated = pages.filter(live=True, first_published_at=None)
    while True:
        found = list(
            undated.filter(alias_of__first_published_at__isnull=False).values_list(
                "pk", "alias_of__first_published_at"
            )
        )
        if not found:
            return
        for key, first_published_at in found:
            pages.filter(pk=key).update(first_published_at=first_published_at)


class Migration(migrations.Migration):
    dependencies = [
        ("frontend_api", "0010_image_files"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [migrations.RunPython(give_date, migrations.RunPython.noop, elidable=True)]
