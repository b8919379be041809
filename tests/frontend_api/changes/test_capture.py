"""Each thing that happens is one row of the change log, with what it makes old."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import Collection, Locale, Page, Site

from cms.models import SiteSettings
from cms.models.site_settings import NavigationItem
from frontend_api.changes.models import Change
from frontend_api.changes.transaction import transaction
from frontend_api.images.examination import examine_image
from insights.models import InsightPage
from programmes.models import KeyFigure
from tests import factories

pytestmark = pytest.mark.django_db

Happened = list[tuple[str, str, str]]


def changes(do: Callable[[], Any]) -> list[Change]:
    """Return what is logged of something that is done as one request would do it."""
    last = Change.objects.order_by("version").last()
    with transaction():
        do()
    return list(Change.objects.filter(version__gt=last.version if last else 0))


def happened(do: Callable[[], Any]) -> Happened:
    """Return what happened, to what; the search index, which tells of itself, is left out."""
    return [
        (one.kind, one.object_type, one.object_id) for one in changes(do) if one.kind != "search"
    ]


@pytest.fixture
def insight() -> InsightPage:
    """A live insight."""
    page: InsightPage = factories.InsightPageFactory(title="Before", slug="before")
    return page


def insights(page: Page, *kinds: str) -> Happened:
    """Return what happens to an insight."""
    return [(kind, "insights.insightpage", str(page.pk)) for kind in kinds]


def test_a_page_is_published_updated_unpublished_and_deleted() -> None:
    assert happened(lambda: factories.InsightPageFactory(live=False)) == []
    page = InsightPage.objects.get()
    assert happened(page.save_revision) == []
    assert happened(lambda: page.save_revision().publish()) == insights(page, "published")
    page.title = "Newer"
    assert happened(page.save_revision) == []
    assert happened(lambda: page.save_revision().publish()) == insights(page, "updated")
    page.refresh_from_db()
    assert happened(page.unpublish) == insights(page, "unpublished")
    assert happened(lambda: page.save_revision().publish()) == insights(page, "published")
    key = page.pk
    assert happened(page.delete) == [("deleted", "insights.insightpage", str(key))]


def test_a_change_says_what_where_when_and_who(insight: InsightPage) -> None:
    editor = factories.UserFactory(username="mira")
    index = factories.insight_index()
    began = timezone.now()
    insight.slug, insight.title = "after", "After"

    def publish() -> None:
        with LogContext(user=editor):
            insight.save_revision().publish()
            # The context ends before the transaction does.

    change = next(one for one in changes(publish) if one.kind == "updated")
    assert (change.path_before, change.path_after) == (
        f"{index.url_path}before/",
        f"{index.url_path}after/",
    )
    assert (change.site_id, change.locale) == (factories.default_site().pk, "en-gb")
    assert change.made_by == "mira"
    assert began <= change.made_at <= timezone.now()
    columns = ("slug", "title", "url_path", "last_published_at")
    assert set(change.tags) == {
        f"page:{insight.pk}",
        f"below:{insight.path}",
        f"translations:{insight.translation_key}",
        f"at:{index.url_path}before/",
        f"at:{index.url_path}after/",
        "insights_insightpage",
        "wagtailcore_page",
        # It is found by other words now.
        "search",
        *(
            f"{table}.{name}"
            for table in ("insights_insightpage", "wagtailcore_page")
            for name in columns
        ),
    }


def test_what_stays_as_it_was_makes_nothing_old(insight: InsightPage) -> None:
    insight = InsightPage.objects.get(pk=insight.pk)
    assert changes(insight.save) == []


def test_a_changed_text_makes_no_listing_old(insight: InsightPage) -> None:
    insight.body = [{"type": "rich_text", "value": "<p>Another text</p>"}]
    change = next(one for one in changes(insight.save) if one.kind == "updated")
    assert {tag for tag in change.tags if "." in tag} == {
        f"{table}.body" for table in ("insights_insightpage", "wagtailcore_page")
    }
    assert not any(tag.endswith("#") for tag in change.tags)


def test_a_child_and_a_choice_are_changes_of_their_page() -> None:
    programme = factories.ProgrammePageFactory()
    theme = factories.ThemeFactory()
    programme.key_figures.set([KeyFigure(value="7", label="Girls")])
    programme.themes.set([theme])
    (change,) = (one for one in changes(programme.save) if one.kind != "search")
    assert (change.kind, change.object_id) == ("updated", str(programme.pk))
    assert {
        f"page:{programme.pk}",
        "programmes_keyfigure#",
        "programmes_programmepage_themes#",
    } <= set(change.tags)


def test_a_choice_from_the_other_side_is_a_change_of_the_page_too(insight: InsightPage) -> None:
    theme = factories.ThemeFactory()
    for choose in (
        lambda: theme.insights.add(insight),
        lambda: theme.insights.remove(insight),
        lambda: theme.insights.add(insight),
        theme.insights.clear,
    ):
        (change,) = changes(choose)
        assert f"page:{insight.pk}" in change.tags


def test_moving_and_reordering(insight: InsightPage) -> None:
    other = factories.InsightPageFactory()
    section = factories.ContentPageFactory()
    index = factories.insight_index()
    (moved,) = (
        one
        for one in changes(lambda: insight.move(section, pos="last-child"))
        if one.kind == "moved"
    )
    assert moved.path_before == f"{index.url_path}before/"
    assert moved.path_after == f"/home/{section.slug}/before/"
    assert {f"page:{insight.pk}", f"below:{index.path}", f"below:{section.path}"} <= set(moved.tags)
    # Beside its siblings, which make room.
    insight = InsightPage.objects.get(pk=insight.pk)
    insight.move(index, pos="last-child")
    insight = InsightPage.objects.get(pk=insight.pk)
    (moved,) = (
        one for one in changes(lambda: insight.move(other, pos="left")) if one.kind == "moved"
    )
    assert moved.path_before == moved.path_after
    assert f"below:{index.path}" in moved.tags


def test_an_address_that_changes_makes_all_below_it_old() -> None:
    index = factories.insight_index()
    index.slug = "news"
    (change,) = (one for one in changes(lambda: index.save_revision().publish()) if one.object_id)
    assert f"below:{index.path}" in change.tags


def test_a_section_that_comes_or_goes_makes_everything_old(insight: InsightPage) -> None:
    (change,) = (one for one in changes(factories.insight_index().unpublish) if one.object_id)
    assert change.kind == "unpublished"
    assert "*" in change.tags


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_a_page_is_made_private_and_public(insight: InsightPage, kind: str) -> None:
    def restrict() -> None:
        restriction = insight.view_restrictions.create(restriction_type=kind, password="secret")
        restriction.groups.set(Group.objects.all())

    assert happened(restrict) == insights(insight, "restricted")
    assert happened(insight.view_restrictions.get().delete) == insights(insight, "unrestricted")


def test_copies_aliases_and_translations_are_published(insight: InsightPage) -> None:
    copy = insight.copy(update_attrs={"slug": "copy"}, keep_live=False)
    assert happened(lambda: insight.copy(update_attrs={"slug": "again"})) == insights(
        InsightPage.objects.get(slug="again"), "published"
    )
    assert not copy.live
    insight.create_alias(update_slug="alias")
    alias = InsightPage.objects.get(slug="alias")
    insight.title = "After"
    assert set(happened(lambda: insight.save_revision().publish())) == {
        *insights(insight, "updated"),
        *insights(alias, "updated"),
    }


def test_what_is_scheduled_changes_when_it_is_due(
    insight: InsightPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    insight.save_revision().publish()
    insight.refresh_from_db()
    insight.title, insight.go_live_at = "Later", now + datetime.timedelta(hours=1)
    assert happened(lambda: insight.save_revision().publish()) == []
    other = factories.InsightPageFactory(expire_at=now + datetime.timedelta(hours=2))
    later = now + datetime.timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert set(happened(lambda: call_command("publish_scheduled"))) == {
        *insights(insight, "updated"),
        *insights(other, "unpublished"),
    }


def test_an_image_and_its_renditions() -> None:
    image = factories.ImageFactory()
    key = str(image.pk)
    expected = [("image", "cms.cmsimage", key)]

    def change(**values: Any) -> Callable[[], None]:
        def do() -> None:
            for name, value in values.items():
                setattr(image, name, value)
            image.save()

        return do

    assert happened(change(title="After")) == expected
    assert happened(change(description="In words")) == expected
    assert happened(change(focal_point_x=1, focal_point_y=1)) == expected
    assert happened(change(file=ContentFile(factories.png(20, 20), "b.png"))) == expected
    assert happened(lambda: examine_image(image)) == []
    path = Path(image.file.path)
    path.write_text("no picture")
    assert happened(lambda: examine_image(image)) == expected
    assert happened(factories.file_of(image).delete) == expected

    def make(spec: str) -> Callable[[], Any]:
        picture = ContentFile(factories.png(), "c.png")
        return lambda: image.renditions.create(filter_spec=spec, file=picture)

    assert happened(make("width-480|format-jpeg")) == expected
    # What the admin makes for itself, nobody else sees.
    assert happened(make("max-165x165")) == []
    assert happened(image.renditions.get(filter_spec="width-480|format-jpeg").delete) == expected
    assert happened(image.delete) == [("deleted", "cms.cmsimage", key)]


def test_documents_snippets_settings_sites_locales_and_collections() -> None:
    document = factories.DocumentFactory()
    document.title = "After"
    assert happened(document.save) == [("document", "cms.cmsdocument", str(document.pk))]

    theme = factories.ThemeFactory()
    theme.name = "After"
    assert happened(theme.save) == [("snippet", "cms.theme", str(theme.pk))]

    site = factories.default_site()
    setting = SiteSettings.for_site(site)
    setting.navigation = [NavigationItem(label="A", url="https://example.org")]
    (change,) = changes(setting.save)
    assert (change.kind, change.object_type, change.site_id) == (
        "setting",
        "cms.sitesettings",
        site.pk,
    )

    site.hostname = "www.example.org"
    assert happened(site.save) == [("site", "wagtailcore.site", str(site.pk))]
    locale = Locale(language_code="fr")
    assert [one[0] for one in happened(locale.save)] == ["locale"]
    assert [one[0] for one in happened(locale.delete)] == ["deleted"]

    root = Collection.get_first_root_node()
    collection = root.add_child(name="Private")
    restriction = collection.view_restrictions
    assert happened(lambda: restriction.create(restriction_type="login")) == [
        ("restricted", "wagtailcore.collection", str(collection.pk))
    ]
    assert happened(restriction.get().delete) == [
        ("unrestricted", "wagtailcore.collection", str(collection.pk))
    ]
    collection.name = "After"
    (change,) = changes(collection.save)
    assert (change.kind, change.tags[0]) == ("collection", "*")


def test_a_bulk_action_that_tells_nobody_is_heard(admin_client: Client) -> None:
    images = [factories.ImageFactory() for _ in range(2)]
    collection = Collection.get_first_root_node().add_child(name="Elsewhere")
    address = reverse("wagtail_bulk_action", args=["cms", "cmsimage", "add_to_collection"])
    query = "&".join(f"id={image.pk}" for image in images)

    def act() -> None:
        response = admin_client.post(f"{address}?{query}", {"collection": collection.pk})
        assert response.status_code == 302

    assert happened(act) == [("image", "cms.cmsimage", str(image.pk)) for image in images]
    images[0].refresh_from_db()
    assert images[0].collection == collection


def test_a_fixture_makes_everything_old(tmp_path: Any) -> None:
    theme = factories.ThemeFactory()
    file = tmp_path / "theme.json"
    call_command("dumpdata", "cms.theme", output=str(file), verbosity=0)
    (change,) = changes(lambda: call_command("loaddata", str(file), verbosity=0))
    assert (change.object_id, change.tags) == (str(theme.pk), ["*"])


def test_what_nobody_outside_sees_is_no_change(insight: InsightPage) -> None:
    user = factories.UserFactory()
    user.first_name = "Mira"
    assert changes(user.save) == []
    assert changes(lambda: insight.save_revision()) == []
    draft = factories.ContentPageFactory(live=False)
    assert happened(draft.save) == []
    assert Site.objects.count() == 1
