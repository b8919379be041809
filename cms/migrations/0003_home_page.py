"""Make Wagtail's welcome page the home page, so that an empty install has a site to edit."""

from django.db import migrations
from django.utils import timezone

from cms.initial_data import content_type


def make_home_page(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    HomePage = apps.get_model("cms", "HomePage")
    site = apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).first()
    if site is None or HomePage.objects.exists():
        return
    welcome = Page.objects.get(pk=site.root_page_id)
    if welcome.content_type != content_type(apps, "wagtailcore", "page"):
        return
    now = timezone.now()
    welcome.content_type = content_type(apps, "cms", "homepage")
    welcome.title = welcome.draft_title = "Home"
    welcome.first_published_at = welcome.first_published_at or now
    welcome.last_published_at = welcome.last_published_at or now
    welcome.save()
    # The page is there; only the row of its new type is missing.
    HomePage(page_ptr_id=welcome.pk).save_base(raw=True)


def make_welcome_page(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    homes = apps.get_model("cms", "HomePage").objects
    Page.objects.filter(pk__in=homes.values("pk")).update(
        content_type=content_type(apps, "wagtailcore", "page")
    )
    # The page stays; only the row of its type goes.
    for home in homes.all():
        home.delete(keep_parents=True)


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_content")]
    operations = [migrations.RunPython(make_home_page, make_welcome_page)]
