"""The database, its migrations, and its clock."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from .fact import Fact

MOST_APART = timedelta(seconds=2)
"""By how much two clocks may differ before workers take each other for dead, and publish too early or too late."""


def database() -> Fact:
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except (DatabaseError, InterfaceError) as error:
        says = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        remedy = _(
            "Start the database, and let DATABASE_URL name it; a firewall may stand in between."
        )
        return Fact("database", False, says, remedy)
    says = _("%(vendor)s answers.") % {"vendor": connection.display_name}
    return Fact("database", True, says)


@cache
def _on_disk() -> dict[tuple[str, str], Any]:
    """Return the migrations of the code, which stays the same for as long as the process runs."""
    return dict(MigrationLoader(None).disk_migrations)


def migrations() -> Fact:
    """Say whether the database is as new as the code; it may be newer, while the next release is put up."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing = [
        key
        for key, migration in _on_disk().items()
        if key not in applied
        and not (migration.replaces and all(one in applied for one in migration.replaces))
    ]
    if not missing:
        return Fact("migrations", True, _("The database is up to date."))
    names = ", ".join(".".join(key) for key in sorted(missing)[:3])
    says = _("%(count)d migrations are missing: %(names)s.") % {
        "count": len(missing),
        "names": names if len(missing) <= 3 else f"{names}, …",
    }
    return Fact("migrations", False, says, "python manage.py migrate")


def clock() -> Fact:
    """Say how far the clock of this machine is from that of the database, which all machines share."""
    before = timezone.now()
    row = Site.objects.annotate(
        now_there=models.ExpressionWrapper(Now(), output_field=models.DateTimeField())
    ).values_list("now_there", flat=True)
    there = row.first()
    after = timezone.now()
    if not isinstance(there, datetime):
        says = _("It cannot be compared with that of the database: there is no site yet.")
        return Fact("clock", True, says)
    apart = max(before - there, there - after, timedelta(0))
    if apart <= MOST_APART:
        return Fact("clock", True, _("The clocks of this machine and of the database agree."))
    says = _("The clock of this machine is %(seconds)d seconds from that of the database.") % {
        "seconds": apart.total_seconds()
    }
    return Fact("clock", False, says, _("Have both set by NTP: timedatectl set-ntp true"))
