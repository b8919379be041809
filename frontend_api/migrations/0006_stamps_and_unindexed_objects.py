"""Versions get stamps, by which one log is told from another, and what is not indexed yet has a table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frontend_api", "0005_no_shared_revision"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnindexedObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=201)),
                ("object_id", models.CharField(max_length=255)),
            ],
        ),
        migrations.AddField(
            model_name="change",
            name="stamp",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="changelog",
            name="stamp",
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
