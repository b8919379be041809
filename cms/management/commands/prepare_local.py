"""`manage.py prepare_local`: everything that has to be right before `make run` starts its servers."""

import errno
import os
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q
from wagtail.models import Page

from cms.settings.environment import CMS_PORT, FRONTEND_PORT

# The service runs without the examples; only this command, on one's own machine, can rely on them.
from examples.demo.accounts import ACCOUNTS

LOCAL_SETTINGS = "cms.settings.local"
# A browser may take `localhost` for either of these, so both have to be free.
LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
PORT_VARIABLES = {"CMS_PORT": CMS_PORT, "FRONTEND_PORT": FRONTEND_PORT}


class Command(BaseCommand):
    """Checks the ports, brings the database up to date, fills an empty one, and says where everything is.

    All in one process, because each start of Django costs seconds, and in an order that changes nothing before it
    is clear that the servers can start.
    """

    help = "Prepares the database and the demo site for `make run`, on one's own machine only."
    # Django's checks have their place in `make lint`; here they would only delay the start.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, or stop with a sentence that says what is in the way."""
        used = os.environ.get("DJANGO_SETTINGS_MODULE")
        if used != LOCAL_SETTINGS:
            raise CommandError(
                "prepare_local makes accounts whose passwords everybody knows, so it runs with "
                f"{LOCAL_SETTINGS} only, not with {used}."
            )
        check_ports()
        make_folder_of_database()
        self._migrate()
        if is_empty():
            self.stdout.write("Loading the demo site into the empty database …")
            call_command("load_demo")
        call_command("use_frontend_url")
        self._say_where_everything_is()

    def _migrate(self) -> None:
        """Migrate, where there is anything to migrate: the command does much even where there is not."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)

    def _say_where_everything_is(self) -> None:
        self.stdout.write(f"\n  Website  {settings.FRONTEND_URL}/")
        self.stdout.write(f"  Admin    {settings.CMS_URL}/admin/")
        for account in ACCOUNTS:
            self.stdout.write(f"             {account.username} / {account.password}")
        self.stdout.write(f"  API      {settings.CMS_URL}/api/v2/\n\n")


def check_ports() -> None:
    """Stop when a port is not free, and name it and the variable that moves it."""
    if CMS_PORT == FRONTEND_PORT:
        raise CommandError(
            f"CMS_PORT and FRONTEND_PORT are both {CMS_PORT}; set one of them to another port."
        )
    for variable, port in PORT_VARIABLES.items():
        for family, host in LOOPBACK.items():
            if problem := problem_with(family, host, port):
                raise CommandError(
                    f"Port {port} {problem}; free it, or set {variable} to another port."
                )


def problem_with(family: socket.AddressFamily, host: str, port: int) -> str | None:
    """Return why no server can listen at this address, or nothing if one can."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            # Connections of a server that has just ended do not count as taken.
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                attempt.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            attempt.bind((host, port))
    except OSError as error:
        # A machine without IPv6 has no such address, which is no problem.
        return {
            errno.EADDRINUSE: "is taken by another program",
            errno.EACCES: "is reserved for the administrator of this machine",
        }.get(error.errno or 0)
    return None


def make_folder_of_database() -> None:
    """Make the folder of the SQLite file, which SQLite does not."""
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)


def is_empty() -> bool:
    """Return whether nobody has written anything yet.

    The migrations make a home page and an index of each kind below it, without revisions. Whatever is deeper, or
    has been saved by an editor, is content.
    """
    return not Page.objects.filter(Q(depth__gt=3) | Q(latest_revision__isnull=False)).exists()
