"""Images of `deploy/`, built by buildah on a Debian that is made from the mirror which this machine installs from."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from .servers import ROOT

AUTHORITIES = "/run/authorities.crt"
# Of how this machine's pip is told where to look, what holds in a container, too.
REACHED = re.compile(r"(index-url|extra-index-url)='(https?://[^']+)'$")


class Image(NamedTuple):
    """An image: its files, and what it says of how it is run."""

    root: Path
    command: list[str]
    environment: dict[str, str]
    folder: str
    user: str
    probe: list[str]
    stop_signal: str


@contextmanager
def built(folder: Path, containerfile: str) -> Iterator[Image]:
    """Build the image that a file of `deploy/` describes, and give it."""
    for name in ("buildah", "debootstrap"):
        if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
            pytest.fail(f"There is no {name}: install it (`apt-get install {name}`).")
    buildah = ["buildah", "--root", str(folder / "images"), "--runroot", str(folder / "run")]
    # Files that are copied, and a chroot in the place of a container: both do in a container, too.
    buildah += ["--storage-driver", "vfs"]

    def run(*command: str) -> str:
        done = subprocess.run(
            [*buildah, *command], capture_output=True, text=True, check=False, env=_quietly()
        )
        assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
        return done.stdout.strip()

    try:
        base = run("from", "scratch")
        run("add", "--quiet", base, str(_debian(folder)), "/")
        run("commit", "--quiet", "--format", "docker", "--rm", base, "localhost/base")
        run(
            *("bud", "--format", "docker", "--isolation", "chroot"),
            *("--build-arg", "BASE=localhost/base"),
            *_reaching(folder),
            *("--file", str(ROOT / "deploy" / containerfile), "--tag", "localhost/built"),
            *("--ignorefile", str(ROOT / ".containerignore"), str(ROOT)),
        )
        said = json.loads(run("inspect", "--type", "image", "localhost/built"))["Docker"]["config"]
        container = run("from", "--pull-never", "localhost/built")
        yield Image(
            root=Path(run("mount", container)),
            command=said["Cmd"],
            environment=dict(one.split("=", 1) for one in said["Env"]),
            folder=said["WorkingDir"],
            user=said["User"],
            probe=said["Healthcheck"]["Test"][1:],
            stop_signal=said["StopSignal"],
        )
    finally:
        # Folders of half a gigabyte each.
        shutil.rmtree(folder / "images", ignore_errors=True)


def _quietly() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def _debian(folder: Path) -> Path:
    """Return a Debian as small as the images begin with."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    mirrors = [line.split() for line in listed if re.search(r"/debian/ \w+$", line)]
    if not mirrors:
        pytest.fail("The images begin with a Debian, and this machine has no mirror of one.")
    mirror, name = mirrors[0]
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    # What both stages of an image install is not fetched twice.
    done = subprocess.run(
        [
            *("debootstrap", "--variant=minbase", "--include=ca-certificates,python3"),
            *(name, str(folder / "debian"), mirror),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**_quietly(), "PATH": path},
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return folder / "debian"


def _reaching(folder: Path) -> list[str]:
    """Return the options by which pip finds in a container what it finds on this machine."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found = [match for line in listed.splitlines() if (match := REACHED.search(line))]
    lines = ["[global]", *(f"{match[1]} = {match[2]}" for match in found)]
    options = []
    authorities = Path("/etc/ssl/certs/ca-certificates.crt")
    if authorities.exists():
        lines.append(f"cert = {AUTHORITIES}")
        options += ["--volume", f"{authorities}:{AUTHORITIES}:ro"]
    (folder / "pip.conf").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return [*options, "--volume", f"{folder / 'pip.conf'}:/etc/pip.conf:ro"]
