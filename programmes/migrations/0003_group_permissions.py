"""Let editors and moderators keep the partners."""

from django.db import migrations

from cms.initial_data import grant, revoke

PERMISSIONS = [
    ("Editors", "programmes", "partner", ["add", "change"]),
    ("Moderators", "programmes", "partner", ["add", "change", "delete"]),
]


def give(apps, schema_editor):
    for group, app_label, model, actions in PERMISSIONS:
        grant(apps, group, app_label, model, actions)


def take(apps, schema_editor):
    for group, app_label, model, actions in PERMISSIONS:
        revoke(apps, group, app_label, model, actions)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0002_programme_index"), ("cms", "0004_group_permissions")]
    operations = [migrations.RunPython(give, take)]
