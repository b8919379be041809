"""Keep what the settings of each site say, as published, in the language of its home page.

Whoever could change them can publish them. Backwards only that language is kept, and what is published of it.
"""

import uuid

from django.db import migrations

from cms.initial_data import content_type


def keep(apps, schema_editor):
    for kept in apps.get_model("cms", "SiteSettings").objects.select_related("site__root_page"):
        kept.locale_id = kept.site.root_page.locale_id
        kept.translation_key = uuid.uuid4()
        kept.save(update_fields=["locale", "translation_key"])
    change, publish = (_permission(apps, action) for action in ("change", "publish"))
    for group in apps.get_model("auth", "Group").objects.filter(permissions=change):
        group.permissions.add(publish)
    for user in apps.get_model("cms", "User").objects.filter(user_permissions=change):
        user.user_permissions.add(publish)


def give_up(apps, schema_editor):
    for kept in apps.get_model("cms", "SiteSettings").objects.select_related("site__root_page"):
        if not kept.live or kept.locale_id != kept.site.root_page.locale_id:
            kept.delete()
    _permission(apps, "publish").delete()


def _permission(apps, action):
    kind = content_type(apps, "cms", "sitesettings")
    # By id, because when migrations are reversed the models of two apps may come from different states.
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type_id=kind.pk,
        codename=f"{action}_sitesettings",
        defaults={"name": f"Can {action} site settings"},
    )[0]


class Migration(migrations.Migration):
    dependencies = [("cms", "0010_site_settings_as_snippet")]
    operations = [migrations.RunPython(keep, give_up)]
