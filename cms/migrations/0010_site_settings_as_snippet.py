"""Make the settings of a site a snippet with drafts, one for each of its languages, with menus that have levels."""

import uuid

import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import cms.validators
import cms.words


def _item(related_name):
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
        (
            "url",
            models.CharField(
                blank=True,
                help_text="Instead of a page, the address of something elsewhere.",
                max_length=500,
                validators=[cms.validators.validate_web_address],
                verbose_name="address",
            ),
        ),
        (
            "label",
            models.CharField(
                blank=True,
                help_text="Without it, the title of the page.",
                max_length=60,
                verbose_name="label",
            ),
        ),
        ("children", _children()),
        (
            "page",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="page",
            ),
        ),
        (
            "settings",
            modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name=related_name,
                to="cms.sitesettings",
            ),
        ),
    ]


def _children():
    return wagtail.fields.StreamField(
        [],
        blank=True,
        default=[],
        help_text="Links that stand under this item. Where its page is not shown, nor are they.",
        verbose_name="below it",
    )


def _revision(name):
    return models.ForeignKey(
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to="wagtailcore.revision",
        verbose_name=name,
    )


_DRAFTS = {
    "expire_at": models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
    "expired": models.BooleanField(default=False, editable=False, verbose_name="expired"),
    "first_published_at": models.DateTimeField(
        blank=True, db_index=True, null=True, verbose_name="first published at"
    ),
    "go_live_at": models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
    "has_unpublished_changes": models.BooleanField(
        default=False, editable=False, verbose_name="has unpublished changes"
    ),
    "last_published_at": models.DateTimeField(
        editable=False, null=True, verbose_name="last published at"
    ),
    "latest_revision": _revision("latest revision"),
    "live": models.BooleanField(default=True, editable=False, verbose_name="live"),
    "live_revision": _revision("live revision"),
    # Filled in by the next migration.
    "locale": models.ForeignKey(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="wagtailcore.locale",
        verbose_name="locale",
    ),
    "translation_key": models.UUIDField(default=uuid.uuid4, editable=False, null=True),
}


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0009_share_defaults"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="sitesettings",
            name="site",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="wagtailcore.site",
                verbose_name="site",
            ),
        ),
        *(
            migrations.AddField(model_name="sitesettings", name=name, field=field)
            for name, field in _DRAFTS.items()
        ),
        migrations.AddField(model_name="navigationitem", name="children", field=_children()),
        migrations.CreateModel(
            name="FooterItem",
            fields=_item("footer_navigation"),
            options={"ordering": ["sort_order"], "abstract": False},
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(choices=cms.words.choices, max_length=40, verbose_name="word"),
                ),
                (
                    "text",
                    models.CharField(
                        help_text="Keep what stands in braces, such as {count}: the website fills it in.",
                        max_length=100,
                        verbose_name="instead",
                    ),
                ),
                (
                    "settings",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="cms.sitesettings",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.UniqueConstraint(fields=("settings", "name"), name="one_text_a_word"),
        ),
    ]
