"""Give every site its list of insights."""

from django.db import migrations

from cms.initial_data import add_index_page, remove_empty_index_pages


def add(apps, schema_editor):
    add_index_page(apps, "insights", "insightindexpage", "Insight", "insight")


def remove(apps, schema_editor):
    remove_empty_index_pages(apps, "insights", "insightindexpage")


class Migration(migrations.Migration):
    dependencies = [("insights", "0001_initial"), ("cms", "0003_home_page")]
    operations = [migrations.RunPython(add, remove)]
