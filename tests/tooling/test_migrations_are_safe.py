"""Every migration is safe for the code before it, which goes on serving while servers with new code come up.

What of a migration is not, is named in `EXCEPTIONS`, with the reason for which nobody is hurt.
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

from frontend_api.images.models import ImageFile
from tests.tooling.test_layout import APPS as PACKAGES
from tests.tooling.test_layout import ROOT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # SQLite makes a table anew for each change of it, which says nothing of what the change is; and who deploys with
    # several servers has PostgreSQL.
    pytest.mark.skipif(
        settings.TEST_DATABASE != "postgres", reason="PostgreSQL's statements are asked for."
    ),
]

RELEASED = {
    "cms": "0006_image_files_in_their_table",
    "frontend_api": "0010_image_files",
    "insights": "0003_index_by_date",
    "programmes": "0003_group_permissions",
}
"""The last migration of each app in the last release: no code serves that is older. Move them on with each release."""

EXCEPTIONS = {
    ("cms", "0009_share_defaults"): "The new column has a default in the database.",
    ("cms", "0012_one_site_settings_a_language"): (
        "Each site has its row of settings by then; only who makes a further site meanwhile is asked to do so again."
    ),
    ("frontend_api", "0012_files_in_order"): "The new columns have defaults in the database.",
}


def apps_of_ours() -> set[str]:
    """Return the labels of all apps with models that are developed here."""
    return {
        app.label
        for app in apps.get_app_configs()
        if app.models_module and app.name.partition(".")[0] in PACKAGES
    }


def unsafe() -> set[tuple[str, str]]:
    """Return the migrations since the last release that the linter finds fault with."""
    found, ours = set(), apps_of_ours()
    loader = MigrationLinter(str(ROOT), no_cache=True, no_output=True).migration_loader
    for app, name in sorted(loader.disk_migrations):
        if app in ours and name > RELEASED.get(app, ""):
            linter = MigrationLinter(
                str(ROOT), include_apps=[app], include_name=[name], no_cache=True, no_output=True
            )
            linter.lint_migration(loader.disk_migrations[app, name])
            if linter.has_errors:
                found.add((app, name))
    return found


def test_what_is_not_safe_by_its_form_has_a_reason() -> None:
    assert unsafe() == set(EXCEPTIONS)


def test_what_was_released_is_there() -> None:
    assert set(RELEASED.items()) <= set(MigrationLoader(connection).disk_migrations)
    assert set(RELEASED) <= apps_of_ours()


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (ImageFile._meta.db_table, ("is_in_order", "problem")),
        ("cms_sitesettings", ("description",)),
    ],
)
def test_columns_that_older_code_does_not_know_have_a_default(
    table: str, columns: tuple[str, ...]
) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = %s AND column_default IS NOT NULL",
            [table],
        )
        assert set(columns) <= {name for (name,) in cursor.fetchall()}
