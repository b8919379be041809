"""Let editors and moderators translate pages, where a site has several languages."""

from django.db import migrations

from cms.initial_data import content_type

GROUPS = ("Editors", "Moderators")


def give(apps, schema_editor):
    for group in _groups(apps):
        group.permissions.add(_permission(apps))


def take(apps, schema_editor):
    for group in _groups(apps):
        group.permissions.remove(_permission(apps))


def _groups(apps):
    return apps.get_model("auth", "Group").objects.filter(name__in=GROUPS)


def _permission(apps):
    kind = content_type(apps, "simple_translation", "simpletranslation")
    # By id, because when migrations are reversed the models of two apps may come from different states.
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type_id=kind.pk,
        codename="submit_translation",
        defaults={"name": "Can submit translations"},
    )[0]


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0012_one_site_settings_a_language"),
        ("simple_translation", "0001_initial"),
    ]
    operations = [migrations.RunPython(give, take)]
