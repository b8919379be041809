"""Note whether a file is stored in order and what is wrong with it, and keep replaced files for a while."""

from typing import Any

from django.db import migrations, models


def let_old_code_insert(apps: Any, schema_editor: Any) -> None:
    """Give new columns a default in the database: a server with the code before this one inserts rows without them."""
    if schema_editor.connection.vendor == "postgresql":
        for column, value in (("is_in_order", "false"), ("problem", "''")):
            schema_editor.execute(
                f"ALTER TABLE frontend_api_imagefile ALTER COLUMN {column} SET DEFAULT {value}"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("frontend_api", "0011_first_publication_of_aliases"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetiredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("image_key", models.CharField(db_index=True, max_length=64)),
                ("name", models.TextField()),
                ("is_rendition", models.BooleanField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="imagefile",
            name="is_in_order",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="imagefile",
            name="problem",
            field=models.CharField(default="", max_length=32),
        ),
        migrations.RunPython(let_old_code_insert, migrations.RunPython.noop),
    ]
