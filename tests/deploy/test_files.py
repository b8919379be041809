"""What stands in `deploy/` is of one piece: whoever starts the service, and by whatever, starts it alike."""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from django.core.management import get_commands
from granian.cli import cli

from cms import storages
from tests.docs.test_documentation import environment_variables
from tests.e2e.recipes import program

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KUBERNETES = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "cms.yaml").read_text("utf-8")))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
IMAGES = [DEPLOY / "Containerfile", DEPLOY / "frontend.Containerfile"]
# What others than the settings read.
OTHERS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def steps(path: Path) -> list[tuple[str, str]]:
    """Return the instructions of a Containerfile, each with what it is about, in one line."""
    lines = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\s*\\\n\s*", " ", lines)
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined.splitlines() if line]


def last_stage(path: Path) -> list[tuple[str, str]]:
    """Return the instructions of what is the image in the end."""
    found = steps(path)
    begin = max(n for n, (word, _) in enumerate(found) if word == "FROM")
    return found[begin:]


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_an_image_runs_as_nobody_in_particular_and_says_how_it_is(path: Path) -> None:
    stage = last_stage(path)
    said = dict(stage)
    assert said["USER"] == "10001:10001"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert "HEALTHCHECK" in said
    installed = " ".join(what for word, what in stage if word == "RUN")
    assert "useradd --system --uid 10001" in installed
    assert not re.search(
        r"\b(gcc|build-essential|python3-dev|python3-venv|pip|curl|git|sudo)\b", installed
    )
    # Only the stage before it installs packages of Python, by their hashes, and takes what installed them away.
    before = " ".join(what for word, what in steps(path) if word == "RUN")
    assert "--require-hashes" in before
    assert "pip uninstall --yes setuptools pip" in before


def test_an_image_has_all_code_and_nothing_else_is_sent_to_its_builder() -> None:
    copied = {
        what.split()[0]
        for path in IMAGES
        for word, what in steps(path)
        if word == "COPY" and "--from" not in what
    }
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "examples"}
    assert packages | {"manage.py", "docs", "requirements.txt"} <= copied
    sent = set(re.findall(r"^!(.+)$", (ROOT / ".containerignore").read_text("utf-8"), re.MULTILINE))
    assert sent == copied
    assert all((ROOT / name).exists() for name in copied)


def commands() -> dict[str, list[str]]:
    """Return every command by which a server is started, where it stands."""
    found = {"image": dict(last_stage(IMAGES[0]))["CMD"]}
    for path in UNITS:
        for command in re.findall(r"^ExecStart=(.+)$", path.read_text("utf-8"), re.MULTILINE):
            if "granian" in command:
                found[path.name] = command
    operators = (ROOT / "docs" / "operators.md").read_text("utf-8")
    for number, command in enumerate(re.findall(r"granian (--interface [^\n`]+)", operators)):
        found[f"operators.md {number}"] = command
    for line in (ROOT / "Procfile").read_text("utf-8").splitlines():
        if "cms.local_server" in line:
            found[f"Procfile {line.partition(':')[0]}"] = line.partition("cms.local_server ")[2]
    return {name: re.split(r'[\s",\[\]]+', text) for name, text in found.items()}


@pytest.mark.parametrize("place", commands())
def test_a_worker_of_the_server_that_dies_is_started_again_wherever_it_is_started(
    place: str,
) -> None:
    command = commands()[place]
    assert "--respawn-failed-workers" in command
    # At a reload the worker before goes on for so long: more than a new one takes until it answers.
    assert command[command.index("--respawn-interval") + 1] == "30"


def test_the_servers_options_are_some_that_it_knows() -> None:
    known = CliRunner().invoke(cli, ["--help"]).output
    for place, command in commands().items():
        for option in command:
            if option.startswith("--") and "/" not in option:
                assert option in known, (place, option)


def managed(text: str) -> set[str]:
    return set(re.findall(r"manage\.py,? ([a-z_]+)", text))


def test_every_command_of_the_service_that_is_named_is_there() -> None:
    files = [*UNITS, *IMAGES, DEPLOY / "compose.yaml", DEPLOY / "kubernetes" / "cms.yaml"]
    for path in files:
        assert managed(path.read_text("utf-8")) <= set(get_commands()), path
    assert "use_frontend_url" in managed((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_the_example_of_an_environment_names_what_is_read() -> None:
    text = (DEPLOY / "example.env").read_text("utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))
    assert named <= environment_variables() | OTHERS
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "FRONTEND_URL"} <= named
    assert "DJANGO_APART=yes" in text.splitlines()


def test_all_that_runs_code_of_ours_is_locked_in() -> None:
    for name in ("cms", "worker", "migrate", "frontend"):
        service = COMPOSE[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "ports" not in service
    for one in KUBERNETES:
        if one["kind"] != "Deployment":
            continue
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        for container in [*pod["initContainers"], *pod["containers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in COMPOSE.items() if "ports" in service} == {"proxy"}
    assert COMPOSE["proxy"]["ports"] == ["80:80", "443:443"]
    mounted = [volume.split(":")[0] for volume in COMPOSE["proxy"]["volumes"]]
    assert all((DEPLOY / one).exists() for one in mounted if one.startswith("./nginx"))
    ingress = next(one for one in KUBERNETES if one["kind"] == "Ingress")
    paths = {path["path"] for path in ingress["spec"]["rules"][0]["http"]["paths"]}
    assert not paths & {"/", "/livez", "/readyz", "/metrics", "/media/"}
    assert {"/api/", "/admin/", "/documents/", "/static/"} <= paths


def test_compose_waits_for_what_has_to_be_there_before() -> None:
    for name in ("cms", "worker"):
        needs = COMPOSE[name]["depends_on"]
        assert needs == {"migrate": {"condition": "service_completed_successfully"}}
    assert COMPOSE["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    for name, service in COMPOSE.items():
        for other in service.get("depends_on", {}):
            assert other in COMPOSE, name


def test_kubernetes_replaces_a_server_only_by_one_that_answers() -> None:
    deployment = KUBERNETES[0]
    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    for one in KUBERNETES:
        if one["kind"] == "Service":
            assert one["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_locked_in_and_is_started_again(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read(path, encoding="utf-8")
    service = unit["Service"]
    assert service["User"] == "cms"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    if service.get("Type") != "oneshot":
        assert service["Restart"] == "always"
        assert unit["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_units_are_some_that_systemd_takes(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "systemd")
    units = []
    for path in UNITS:
        text = path.read_text("utf-8").replace(
            "/opt/cms/.venv/bin/", f"{Path(sys.executable).parent}/"
        )
        # What is started of a template is an instance.
        units.append(tmp_path / path.name.replace("@.", "@8000."))
        units[-1].write_text(text, encoding="utf-8")
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_database_is_brought_up_to_date_while_servers_go_on() -> None:
    text = (DEPLOY / "systemd" / "cms-migrate.service").read_text("utf-8")
    # What requires a unit is restarted with it, but not when it is reloaded.
    started, reloaded = (
        re.findall(rf"^Exec{how}=(.+)$", text, re.MULTILINE) for how in ("Start", "Reload")
    )
    assert reloaded == started
    upgrades = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    assert "`systemctl reload cms-migrate`" in upgrades


def test_what_readers_may_read_in_a_bucket_is_no_document() -> None:
    policy = (DEPLOY / "s3" / "bucket-policy.json").read_text("utf-8")
    assert storages.PRIVATE not in policy
    assert '"Resource": "' not in policy
