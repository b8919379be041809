"""Tasks that wait in the database to be run are named by where their functions are, and these have moved."""

from typing import Any

from django.db import migrations

# Of django-tasks-db, which a project may have or not: so the table is looked for, and no dependency is declared.
TABLE = "django_tasks_database_dbtaskresult"
MOVED = {
    "frontend_api.purging.tasks.purge_caches": "frontend_api.caching.cdn.tasks.purge_caches",
    "frontend_api.rendition_tasks.image_changed": "frontend_api.images.tasks.image_changed",
    "frontend_api.rendition_tasks.object_changed": "frontend_api.images.tasks.object_changed",
    "frontend_api.rendition_tasks.pictures_chosen": "frontend_api.images.tasks.pictures_chosen",
}


def follow(apps: Any, schema_editor: Any) -> None:
    """Name tasks by where they are now."""
    _rename(schema_editor.connection, MOVED)


def go_back(apps: Any, schema_editor: Any) -> None:
    """Name tasks by where older code has them."""
    _rename(schema_editor.connection, {now: before for before, now in MOVED.items()})


def _rename(connection: Any, names: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            for before, after in names.items():
                cursor.execute(
                    f"UPDATE {TABLE} SET task_path = %s WHERE task_path = %s",  # noqa: S608
                    [after, before],
                )


class Migration(migrations.Migration):
    dependencies = [("frontend_api", "0008_seen_versions")]

    operations = [migrations.RunPython(follow, go_back, elidable=True)]
