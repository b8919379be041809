"""Fixed links to drafts keep what they show; they named a revision, which Wagtail saves over while its editor types."""

from typing import Any

import django.core.serializers.json
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def keep_content(apps: Any, schema_editor: Any) -> None:
    """Copy what each fixed link shows; a link whose revision was saved over since it was made ends."""
    for link in apps.get_model("frontend_api", "SharedDraft").objects.exclude(revision=None):
        link.is_fixed = True
        if link.revision.created_at <= link.created_at:
            content = link.revision.content
            link.content = {
                name: content[name] for name in content if name != "wagtail_admin_comments"
            }
        else:
            # What it is to show is lost, and what it shows was not meant to be shown.
            link.content = {}
            link.revoked_at = link.revoked_at or timezone.now()
        link.save()


def end_fixed_links(apps: Any, schema_editor: Any) -> None:
    """End the links whose content is about to be forgotten: without it they would follow the draft."""
    links = apps.get_model("frontend_api", "SharedDraft").objects
    links.filter(is_fixed=True, revoked_at=None).update(revoked_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("wagtailcore", "0098_apitoken"),
        ("frontend_api", "0003_cdn_purges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="shareddraft",
            name="is_fixed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The link shows the draft as it was when the link was made.",
                verbose_name="fixed",
            ),
        ),
        migrations.AddField(
            model_name="shareddraft",
            name="content",
            field=models.JSONField(
                editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
            ),
        ),
        migrations.RunPython(keep_content, end_fixed_links, elidable=True),
    ]
