"""Store what each image's file is, and its placeholder, beside it; those that are there already are looked at here."""

import logging

from django.db import migrations, models

from frontend_api.images.files import UnreadableFileError, examine

logger = logging.getLogger(__name__)


def look_at_files(apps, schema_editor):
    images = apps.get_model("cms", "CmsImage").objects.all()
    for image in images.only("pk", "file").iterator():
        try:
            with image.file.storage.open(image.file.name) as file:
                kind, placeholder, *_ = examine(file.read())
        except (OSError, UnreadableFileError) as error:
            # Not called broken: the files may be elsewhere while the database is migrated.
            logger.warning("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
            continue
        images.filter(pk=image.pk).update(file_kind=kind, placeholder=placeholder)


class Migration(migrations.Migration):
    dependencies = [("cms", "0004_group_permissions")]
    operations = [
        migrations.AddField(
            model_name="cmsimage",
            name="file_kind",
            field=models.CharField(blank=True, default="", editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="cmsimage",
            name="placeholder",
            field=models.TextField(editable=False, null=True),
        ),
        migrations.RunPython(look_at_files, migrations.RunPython.noop),
    ]
