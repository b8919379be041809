"""Let editors and moderators use what stands beside pages: themes, and for moderators the site settings."""

from django.db import migrations

from cms.initial_data import grant, revoke

PERMISSIONS = [
    ("Editors", "cms", "theme", ["add", "change"]),
    ("Moderators", "cms", "theme", ["add", "change", "delete"]),
    ("Moderators", "cms", "sitesettings", ["change"]),
]


def give(apps, schema_editor):
    for group, app_label, model, actions in PERMISSIONS:
        grant(apps, group, app_label, model, actions)


def take(apps, schema_editor):
    for group, app_label, model, actions in PERMISSIONS:
        revoke(apps, group, app_label, model, actions)


class Migration(migrations.Migration):
    dependencies = [("cms", "0003_home_page")]
    operations = [migrations.RunPython(give, take)]
