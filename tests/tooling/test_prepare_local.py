"""`prepare_local` runs on one's own machine only, and says which port is in the way."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from cms.management.commands import prepare_local

ROOT = Path(__file__).resolve().parents[2]


def prepare(database: Path, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run the command as `make run` does, on a database of its own."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{database}",
        **{name: str(value) for name, value in variables.items()},
    }
    return subprocess.run(
        [sys.executable, "manage.py", "prepare_local", "--settings", "cms.settings.local"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def taken_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """A port that another program listens at."""
    try:
        listener = socket.create_server(
            (prepare_local.LOOPBACK[request.param], 0), family=request.param
        )
    except OSError:
        pytest.skip("This machine has no IPv6.")
    with listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.once
@pytest.mark.parametrize(
    ("taken_port", "variable", "other"),
    [
        pytest.param(socket.AF_INET, "CMS_PORT", "FRONTEND_PORT", id="IPv4"),
        pytest.param(socket.AF_INET6, "FRONTEND_PORT", "CMS_PORT", id="IPv6"),
    ],
    indirect=["taken_port"],
)
def test_names_a_taken_port_before_anything_is_made(
    taken_port: int, variable: str, other: str, tmp_path: Path
) -> None:
    done = prepare(tmp_path / "var" / "db.sqlite3", **{variable: taken_port, other: free_port()})
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: Port {taken_port} is taken by another program; "
        f"free it, or set {variable} to another port.\n"
    )
    assert not (tmp_path / "var").exists()


@pytest.mark.once
def test_two_servers_need_two_ports(tmp_path: Path) -> None:
    port = free_port()
    done = prepare(tmp_path / "db.sqlite3", CMS_PORT=port, FRONTEND_PORT=port)
    assert done.returncode == 1
    assert f"CMS_PORT and FRONTEND_PORT are both {port}" in done.stderr


def test_refuses_other_settings() -> None:
    with pytest.raises(
        CommandError, match=r"with cms\.settings\.local only, not with tests\.settings"
    ):
        call_command("prepare_local")


@pytest.mark.django_db
def test_a_migrated_database_is_empty_until_somebody_saves() -> None:
    assert prepare_local.is_empty()
    Page.objects.get(depth=2).specific.save_revision()
    assert not prepare_local.is_empty()
