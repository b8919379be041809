"""Move what is known of image files from the images to the table that the delivery API has for it, and back."""

from django.db import migrations

BATCH = 500


def move(apps, schema_editor):
    # What has been examined since the table was made is in it already.
    apps.get_model("frontend_api", "ImageFile").objects.all().delete()
    images = apps.get_model("cms", "CmsImage").objects.exclude(file_kind="")
    files = apps.get_model("frontend_api", "ImageFile").objects
    columns = ("pk", "file", "file_kind", "placeholder")
    files.bulk_create(
        (
            files.model(image_key=str(key), name=name, kind=kind, placeholder=placeholder)
            for key, name, kind, placeholder in images.values_list(*columns).iterator()
        ),
        batch_size=BATCH,
    )


def move_back(apps, schema_editor):
    images = apps.get_model("cms", "CmsImage").objects
    files = apps.get_model("frontend_api", "ImageFile").objects
    for file in files.iterator():
        images.filter(pk=file.image_key, file=file.name).update(
            file_kind=file.kind, placeholder=file.placeholder
        )
    files.all().delete()


class Migration(migrations.Migration):
    dependencies = [("cms", "0005_image_files"), ("frontend_api", "0010_image_files")]
    operations = [
        migrations.RunPython(move, move_back),
        migrations.RemoveField(model_name="cmsimage", name="file_kind"),
        migrations.RemoveField(model_name="cmsimage", name="placeholder"),
    ]
