"""Make the tables of the words that the admin searches; they are filled once all is migrated."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0006_image_files_in_their_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=64)),
                ("name", models.TextField()),
                ("text", models.TextField(default="")),
                ("draft", models.TextField(default="")),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("model", "key"), name="searched_text_of_object")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchedName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_draft", models.BooleanField()),
                ("source", models.CharField(db_index=True, max_length=255)),
                ("text", models.TextField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="cms.searchedtext",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
