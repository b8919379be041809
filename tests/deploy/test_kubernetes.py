"""The manifests for Kubernetes name what the service has: its image, ports, probes, paths and accounts."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from cms.operations import probes

from .test_files import COMPOSE, DEPLOY, IMAGES, KUBERNETES, ROOT, last_stage
from .test_ten_lines import blocks, variables

pytestmark = pytest.mark.once

IMAGE = dict(last_stage(IMAGES[0]))
# Where the image has to be written: each has a volume in its place.
WRITTEN = {"/tmp", "/srv/media"}


def of_kind(kind: str) -> dict[str, Any]:
    """Return the objects of a kind, by name."""
    return {one["metadata"]["name"]: one for one in KUBERNETES if one["kind"] == kind}


def pods() -> dict[str, Any]:
    """Return what the pods of each deployment are."""
    return {name: one["spec"]["template"]["spec"] for name, one in of_kind("Deployment").items()}


def containers() -> Iterator[Any]:
    """Return all containers."""
    for pod in pods().values():
        yield from pod["initContainers"]
        yield from pod["containers"]


def written(line: str) -> str:
    """Return the one line of the way by Kubernetes that begins like this."""
    [found] = [one for one in blocks()[2] if one.startswith(line)]
    return found


def seconds(text: str) -> int:
    """Return a time such as `30s`."""
    return int(re.fullmatch(r"(\d+)s", text)[1])  # type: ignore[index]


def test_every_container_is_the_image_of_this_release() -> None:
    release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    name = f"registry.example.org/cms:{release}"
    assert {one["image"] for one in containers()} == {name}
    assert f"--tag {name} ." in written("podman build")
    assert written("podman push") == f"podman push {name}"


def test_a_deployment_finds_its_pods_and_what_stands_in_front_finds_them_too() -> None:
    labels = {}
    for name, one in of_kind("Deployment").items():
        labels[name] = one["spec"]["template"]["metadata"]["labels"]
        assert one["spec"]["selector"]["matchLabels"] == labels[name]
    assert len({str(one) for one in labels.values()}) == len(labels)
    [service] = of_kind("Service").values()
    assert service["spec"]["selector"] == labels["cms"]
    [budget] = of_kind("PodDisruptionBudget").values()
    assert budget["spec"]["selector"]["matchLabels"] == labels["cms"]
    # One pod may go at a time.
    assert budget["spec"]["minAvailable"] < of_kind("Deployment")["cms"]["spec"]["replicas"]


def test_the_port_is_that_of_the_image_all_the_way_in() -> None:
    [container] = pods()["cms"]["containers"]
    [port] = container["ports"]
    assert str(port["containerPort"]) == IMAGE["EXPOSE"]
    assert f'"--port", "{port["containerPort"]}"' in IMAGE["CMD"]
    # It is started as the image says, and listens to others than itself.
    assert "command" not in container
    assert '"0.0.0.0"' in IMAGE["CMD"]
    [service] = of_kind("Service").values()
    [outside] = service["spec"]["ports"]
    assert outside["targetPort"] == port["name"]
    [ingress] = of_kind("Ingress").values()
    for rule in ingress["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            assert path["backend"]["service"] == {
                "name": service["metadata"]["name"],
                "port": {"name": outside["name"]},
            }


def test_probes_ask_for_what_the_service_answers() -> None:
    [container] = pods()["cms"]["containers"]
    asked = {kind: one for kind, one in container.items() if kind.endswith("Probe")}
    assert {kind: one["httpGet"]["path"] for kind, one in asked.items()} == {
        # Who is not ready is asked for nothing, and only who is silent is started anew.
        "startupProbe": probes.LIVEZ,
        "livenessProbe": probes.LIVEZ,
        "readinessProbe": probes.READYZ,
    }
    assert {one["httpGet"]["port"] for one in asked.values()} == {container["ports"][0]["name"]}
    # The image has as long to start.
    [given] = re.findall(r"--start-period=(\w+)", IMAGE["HEALTHCHECK"])
    startup = asked["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= seconds(given)


def test_everything_comes_from_the_secret_that_the_lines_make() -> None:
    for one in containers():
        assert one["envFrom"] == [{"secretRef": {"name": "cms"}}]
        assert "env" not in one
    assert written("kubectl create secret generic").split()[4] == "cms"
    [ingress] = of_kind("Ingress").values()
    [tls] = ingress["spec"]["tls"]
    assert written("kubectl create secret tls").split()[4] == tls["secretName"]
    hosts = variables(DEPLOY / "example.env")["ALLOWED_HOSTS"].split(",")
    assert tls["hosts"] == hosts
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == hosts
    assert "deployment/cms" in written("kubectl rollout")
    assert "deployment/cms " in written("kubectl exec")


def test_a_pod_can_write_where_the_service_has_to() -> None:
    for pod in pods().values():
        for one in [*pod["initContainers"], *pod["containers"]]:
            places = {mount["mountPath"] for mount in one["volumeMounts"]}
            # Media are in a bucket.
            assert places == WRITTEN - {IMAGE["VOLUME"]}
            named = {mount["name"] for mount in one["volumeMounts"]}
            assert named == {volume["name"] for volume in pod["volumes"]}
        account = pod["securityContext"]
        assert f"{account['runAsUser']}:{account['runAsGroup']}" == IMAGE["USER"]


def test_the_commands_are_those_of_the_other_ways() -> None:
    [first] = pods()["cms"]["initContainers"]
    assert first["command"] == COMPOSE["migrate"]["command"]
    # The site has its address from the servers alone.
    [first] = pods()["cms-worker"]["initContainers"]
    assert " ".join(first["command"]) in COMPOSE["migrate"]["command"][-1]
    [worker] = pods()["cms-worker"]["containers"]
    assert worker["command"] == COMPOSE["worker"]["command"]


def test_whoever_ends_has_the_time_it_takes() -> None:
    [drain] = re.findall(r'"--workers-kill-timeout", "(\w+)"', IMAGE["CMD"])
    [container] = pods()["cms"]["containers"]
    name, pause = container["lifecycle"]["preStop"]["exec"]["command"]
    assert name == "sleep"
    assert seconds(drain) + int(pause) < pods()["cms"]["terminationGracePeriodSeconds"]
    assert seconds(drain) < seconds(COMPOSE["cms"]["stop_grace_period"])
    for unit, pod in (("cms@", None), ("cms-worker@", pods()["cms-worker"])):
        text = (DEPLOY / "systemd" / f"{unit}.service").read_text("utf-8")
        [patience] = re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)
        assert seconds(drain) < int(patience)
        assert pod is None or pod["terminationGracePeriodSeconds"] == int(patience)


def first_steps(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Return the first step of each path that the service answers by itself."""
    for one in patterns:
        route = str(one.pattern)
        if route == "" and isinstance(one, URLResolver):
            yield from first_steps(one.url_patterns)
        elif getattr(one, "name", "") != "wagtail_serve" and route:
            yield f"/{route.partition('/')[0]}/"


def test_the_ingress_leads_to_every_path_that_the_service_has_and_to_no_other() -> None:
    [ingress] = of_kind("Ingress").values()
    [rule] = ingress["spec"]["rules"]
    assert all(one["pathType"] == "Prefix" for one in rule["http"]["paths"])
    paths = {one["path"] for one in rule["http"]["paths"]}
    assert len(paths) == len(rule["http"]["paths"])
    answered = {*first_steps(get_resolver("cms.urls").url_patterns), "/static/"}
    # The website has the addresses of pages, and a bucket those of media.
    assert paths == answered - {"/media/"}


def test_the_ingress_has_the_limits_of_the_other_proxies() -> None:
    [ingress] = of_kind("Ingress").values()
    nginx = (DEPLOY / "nginx" / "cms.conf").read_text("utf-8")
    prefix = "nginx.ingress.kubernetes.io/"
    given = {
        name.removeprefix(prefix): value
        for name, value in ingress["metadata"]["annotations"].items()
    }
    [body] = re.findall(r"^    client_max_body_size (\w+);", nginx, re.MULTILINE)
    [rate] = re.findall(r"zone=cms_all:10m rate=(\d+)r/s", nginx)
    [patience] = re.findall(r"^    proxy_read_timeout (\d+)s;", nginx, re.MULTILINE)
    assert given == {"proxy-body-size": body, "limit-rps": rate, "proxy-read-timeout": patience}
