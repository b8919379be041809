"""A table of what is known of image files, so that a project may use any image model."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("frontend_api", "0009_paths_of_tasks")]
    operations = [
        migrations.CreateModel(
            name="ImageFile",
            fields=[
                (
                    "image_key",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("name", models.TextField()),
                ("kind", models.CharField(max_length=16)),
                ("placeholder", models.TextField(null=True)),
            ],
        ),
    ]
