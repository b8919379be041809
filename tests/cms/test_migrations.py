"""What the migrations make of an empty database, and that each of them can be taken back.

What a migration that is released makes of rows changes no more. So most of that is tried at night.
"""

import importlib
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, migrations
from wagtail.models import GroupPagePermission, Locale, Page, Site

from cms.models import HomePage, NavigationItem, SiteSettings
from frontend_api.images.models import ImageFile
from insights.models import InsightIndexPage
from programmes.models import ProgrammeIndexPage
from tests import factories

OURS = {"cms", "programmes"}


def tree() -> list[tuple[int, str, type[Page], str, bool, bool, int]]:
    """Return the pages below the root, in order."""
    return [
        (
            page.depth,
            page.title,
            page.specific_class,
            page.url_path,
            page.live,
            page.show_in_menus,
            page.numchild,
        )
        for page in Page.objects.filter(depth__gt=1).order_by("path")
    ]


SITE_TREE = [
    (2, "Home", HomePage, "/home/", True, False, 2),
    (3, "Programmes", ProgrammeIndexPage, "/home/programmes/", True, True, 0),
    (3, "Insight", InsightIndexPage, "/home/insight/", True, True, 0),
]

PERMISSIONS = {
    "Editors": {
        "cms.add_theme",
        "cms.change_theme",
        "programmes.add_partner",
        "programmes.change_partner",
    },
    "Moderators": {
        "cms.add_theme",
        "cms.change_theme",
        "cms.delete_theme",
        "cms.change_sitesettings",
        "cms.publish_sitesettings",
        "programmes.add_partner",
        "programmes.change_partner",
        "programmes.delete_partner",
    },
}


def permissions() -> dict[str, set[str]]:
    """Return what each group may do with models of ours."""
    return {
        group.name: {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in group.permissions.filter(content_type__app_label__in=OURS)
        }
        for group in Group.objects.all()
    }


@pytest.mark.django_db
def test_an_empty_install_has_a_home_page_and_both_lists() -> None:
    assert tree() == SITE_TREE
    site = Site.objects.get()
    assert site.is_default_site
    assert site.root_page.specific == factories.home()
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.django_db
def test_the_pages_of_an_empty_install_are_whole() -> None:
    for page in Page.objects.filter(depth__gt=1).specific():
        page.full_clean()
        assert page.first_published_at
        assert page.last_published_at
        assert page.draft_title == page.title
        assert page.locale_id == Page.objects.get(depth=1).locale_id
    assert Page.objects.values("translation_key").distinct().count() == Page.objects.count()


@pytest.mark.django_db
def test_a_page_can_be_added_after_those_that_the_migrations_made() -> None:
    assert factories.ContentPageFactory().path == "000100010003"


@pytest.mark.django_db
def test_the_groups_may_do_exactly_this_with_what_is_ours() -> None:
    assert permissions() == PERMISSIONS


@pytest.mark.django_db
def test_editors_edit_pages_and_moderators_publish_them() -> None:
    granted: dict[str, set[str]] = {"Editors": set(), "Moderators": set()}
    for permission in GroupPagePermission.objects.select_related("group", "permission", "page"):
        assert permission.page.is_root()
        granted[permission.group.name].add(permission.permission.codename)
    assert granted["Editors"] == {"add_page", "change_page"}
    assert granted["Moderators"] == {
        "add_page",
        "change_page",
        "publish_page",
        "lock_page",
        "unlock_page",
    }


@pytest.mark.django_db
def test_the_models_have_no_change_that_no_migration_makes() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_first_migration_holds_the_user_alone() -> None:
    """Wagtail's tables refer to the user, and everything else of ours refers to Wagtail's."""
    migration = importlib.import_module("cms.migrations.0001_user").Migration
    assert [(type(step).__name__, step.name) for step in migration.operations] == [
        ("CreateModel", "User")
    ]
    assert {app for app, _name in migration.dependencies} == {"auth"}


def data_steps() -> Iterable[tuple[str, Any]]:
    """Return the steps of our migrations that run code."""
    for module in (
        "cms.migrations.0003_home_page",
        "cms.migrations.0004_group_permissions",
        "cms.migrations.0005_image_files",
        "cms.migrations.0006_image_files_in_their_table",
        "frontend_api.migrations.0004_shared_content",
        "programmes.migrations.0002_programme_index",
        "programmes.migrations.0003_group_permissions",
        "insights.migrations.0002_insight_index",
    ):
        for step in importlib.import_module(module).Migration.operations:
            if isinstance(step, migrations.RunPython):
                yield module, step


def test_every_step_that_runs_code_can_be_taken_back() -> None:
    steps = list(data_steps())
    assert len(steps) == 8
    assert all(step.reversible for _module, step in steps)


def migrate(app: str, name: str | None = None) -> None:
    """Bring one app to a migration, or to its last one."""
    call_command("migrate", app, *([name] if name else []), verbosity=0, interactive=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("app", "before", "left"),
    [
        pytest.param(
            "insights",
            "0001",
            [(2, "Home", HomePage, "/home/", True, False, 1), SITE_TREE[1]],
            marks=pytest.mark.nightly,
        ),
        pytest.param(
            "programmes",
            "0001",
            # The list of insights goes as well: it is made after that of programmes, so that they stand in order.
            [(2, "Home", HomePage, "/home/", True, False, 0)],
            marks=pytest.mark.nightly,
        ),
        ("cms", "0002", [(2, "Home", Page, "/home/", True, False, 0)]),
    ],
)
def test_what_the_migrations_make_can_be_taken_back_and_made_again(
    app: str, before: str, left: list[Any]
) -> None:
    migrate(app, before)
    assert tree() == left
    call_command("migrate", verbosity=0, interactive=False)
    assert tree() == SITE_TREE
    assert permissions() == PERMISSIONS
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_permissions_are_taken_back() -> None:
    migrate("programmes", "0002")
    assert permissions() == {
        "Editors": {"cms.add_theme", "cms.change_theme"},
        "Moderators": {
            "cms.add_theme",
            "cms.change_theme",
            "cms.delete_theme",
            "cms.change_sitesettings",
            "cms.publish_sitesettings",
        },
    }
    migrate("cms", "0003")
    assert permissions() == {"Editors": set(), "Moderators": set()}


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_a_list_with_something_below_it_is_not_taken_back() -> None:
    factories.InsightPageFactory()
    migrate("insights", "0001")
    assert InsightIndexPage.objects.count() == 1
    migrate("insights")
    assert InsightIndexPage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_site_of_its_own_keeps_its_pages() -> None:
    """A site whose home page has other pages gets its lists after them, and no second one of a kind."""
    migrate("programmes", "0001")
    factories.ContentPageFactory(title="About", slug="about")
    call_command("migrate", verbosity=0, interactive=False)
    assert [(page[1], page[3]) for page in tree()] == [
        ("Home", "/home/"),
        ("About", "/home/about/"),
        ("Programmes", "/home/programmes/"),
        ("Insight", "/home/insight/"),
    ]
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_images_that_are_there_already_are_looked_at(caplog: pytest.LogCaptureFixture) -> None:
    """Those whose file cannot be read stay as they are, because the files may be elsewhere just now."""
    image, gone = factories.ImageFactory(), factories.ImageFactory()
    before = (factories.file_of(image).kind, factories.file_of(image).placeholder)
    assert all(before)
    gone.file.storage.delete(gone.file.name)
    migrate("cms", "0004")
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "cms_cmsimage")
    assert not {"file_kind", "placeholder"} & {column.name for column in columns}
    migrate("cms")
    assert (factories.file_of(image).kind, factories.file_of(image).placeholder) == before
    assert not ImageFile.objects.filter(pk=str(gone.pk)).exists()
    assert f"Image {gone.pk} ({gone.file.name}) cannot be read" in caplog.text


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_what_is_known_of_files_moves_to_its_table_and_back() -> None:
    image, unexamined = factories.ImageFactory(), factories.ImageFactory()
    before = ImageFile.objects.values().get(pk=str(image.pk))
    factories.file_of(unexamined).delete()
    migrate("cms", "0005")
    assert not ImageFile.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, file_kind, placeholder FROM cms_cmsimage ORDER BY id")
        assert cursor.fetchall() == [
            (image.pk, before["kind"], before["placeholder"]),
            (unexamined.pk, "", None),
        ]
    migrate("cms")
    # Whether a file is in order nobody knew then, so it is looked at again.
    assert list(ImageFile.objects.values()) == [{**before, "is_in_order": False}]


@pytest.mark.nightly
@pytest.mark.django_db(transaction=True)
def test_the_settings_of_sites_are_kept_there_and_back() -> None:
    site = factories.default_site()
    kept = SiteSettings.for_site(site)
    kept.organisation = "HDF"
    kept.navigation = [NavigationItem(url="https://example.org/", label="Jobs")]
    kept.save()
    french = Locale.objects.create(language_code="fr")
    SiteSettings.for_site(site, french)
    migrate("cms", "0009")
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisation FROM cms_sitesettings")
        assert cursor.fetchall() == [("HDF",)]
    migrate("cms")
    again = SiteSettings.objects.get()
    assert (again.organisation, again.live, again.locale) == ("HDF", True, site.root_page.locale)
    assert [item.label for item in again.navigation.all()] == ["Jobs"]
