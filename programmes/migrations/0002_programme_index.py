"""Give every site its list of programmes, before its list of insights."""

from django.db import migrations

from cms.initial_data import add_index_page, remove_empty_index_pages


def add(apps, schema_editor):
    add_index_page(apps, "programmes", "programmeindexpage", "Programmes", "programmes")


def remove(apps, schema_editor):
    remove_empty_index_pages(apps, "programmes", "programmeindexpage")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial"), ("cms", "0003_home_page")]
    run_before = [("insights", "0002_insight_index")]
    operations = [migrations.RunPython(add, remove)]
