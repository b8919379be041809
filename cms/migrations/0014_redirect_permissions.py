"""Let moderators, who publish, say where old addresses lead, too: that holds for readers at once."""

from django.db import migrations

from cms.initial_data import content_type, grant, revoke

ACTIONS = ["add", "change", "delete"]


def former_addresses(apps):
    # Made here, as Django would, so that this depends on no migration of the delivery API.
    kind = content_type(apps, "frontend_api", "formerpath")
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type_id=kind.pk,
        codename="delete_formerpath",
        defaults={"name": "Can delete former address"},
    )[0]


def give(apps, schema_editor):
    grant(apps, "Moderators", "wagtailredirects", "redirect", ACTIONS)
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.add(former_addresses(apps))


def take(apps, schema_editor):
    revoke(apps, "Moderators", "wagtailredirects", "redirect", ACTIONS)
    for group in apps.get_model("auth", "Group").objects.filter(name="Moderators"):
        group.permissions.remove(former_addresses(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0013_who_translates"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]
    operations = [migrations.RunPython(give, take)]
