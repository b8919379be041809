"""Tables for the public search, with an index of words of each database's own kind."""

from django.db import migrations, models

import frontend_api.search.fields

TABLE = "frontend_api_searchentry"
COLUMNS = ("title_words", "lead_words", "words")


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # A row is read for every page that is found, its words hardly ever: only what is read stays in the row.
        schema_editor.execute(f"ALTER TABLE {TABLE} SET (toast_tuple_target = 128)")
        schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN sort_key SET STORAGE MAIN")
        for column in COLUMNS:
            # With statistics, the planner would read all words of all rows for a word that most of them have.
            schema_editor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET STATISTICS 0")
            schema_editor.execute(f"CREATE INDEX {TABLE}_{column} ON {TABLE} USING gin ({column})")
    elif schema_editor.connection.vendor == "sqlite":
        names = ", ".join(COLUMNS)
        old, new = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("old", "new"))
        fts = f"{TABLE}_fts"
        # There is nothing to fold and nothing to cut: the words come as they are, with these signs in some.
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {fts} USING fts5({names}, content='{TABLE}', content_rowid='id', detail='column', "
            "tokenize=\"ascii tokenchars '+#.'\")"
        )
        add = f"INSERT INTO {fts}(rowid, {names}) VALUES (new.id, {new});"  # noqa: S608 - names of ours.
        remove = f"INSERT INTO {fts}({fts}, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
        for event, statements in (
            ("INSERT", add),
            ("DELETE", remove),
            (f"UPDATE OF {names}", remove + add),
        ):
            name = f"{TABLE}_{event.split()[0].lower()}"
            schema_editor.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {TABLE} BEGIN {statements} END"
            )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for event in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{event}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}_fts")


class Migration(migrations.Migration):
    dependencies = [("frontend_api", "0013_former_paths")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=100)),
                ("number", models.BigIntegerField()),
                ("type_key", models.PositiveIntegerField(null=True)),
                ("title_words", frontend_api.search.fields.WordsField()),
                ("lead_words", frontend_api.search.fields.WordsField()),
                ("words", frontend_api.search.fields.WordsField()),
                ("sort_key", models.BinaryField()),
                ("text", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=32)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("spelling", models.CharField(max_length=60)),
                ("word", models.CharField(max_length=60)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            model_name="searchentry",
            constraint=models.UniqueConstraint(
                fields=("kind", "number"), name="search_entry_of_object"
            ),
        ),
        migrations.AddConstraint(
            model_name="searchspelling",
            constraint=models.UniqueConstraint(
                fields=("spelling", "word"), name="search_spelling_of_word"
            ),
        ),
        migrations.RunPython(add_index, drop_index, elidable=False),
    ]
