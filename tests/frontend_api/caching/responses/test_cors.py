"""Scripts of the frontends may read the API, and what they get is kept by shared caches as for all others."""

from typing import Any

import pytest
from wagtail.models import Site

from tests.frontend_api.caching.scene import Asking, Scene, change

pytestmark = pytest.mark.once

OURS = "https://www.example.org"
ALLOW = "Access-Control-Allow-Origin"


@pytest.fixture
def site(scene: Scene) -> Site:
    """The default site, at an address of its own."""
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = "www.example.org", 443
    site.save()
    return site


def said(headers: dict[str, str]) -> dict[str, str]:
    """Return what is about other origins, whatever the case of the names."""
    return {
        name.title(): value for name, value in headers.items() if name.lower().startswith("access-")
    }


@pytest.mark.parametrize("origin", [OURS, "HTTPS://WWW.example.ORG"])
def test_a_site_may_read(ask: Asking, site: Site, origin: str) -> None:
    for _ in range(2):
        assert said(ask(Origin=origin).headers) == {
            ALLOW: origin,
            "Access-Control-Expose-Headers": "Cache-Tag, ETag, Last-Modified",
        }


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example.org", "http://www.example.org", f"{OURS}:8443", "null", "", "é"],
)
def test_nobody_else_may(ask: Asking, site: Site, origin: str) -> None:
    for _ in range(2):
        got = ask(Origin=origin.encode().decode("latin-1"))
        assert (got.status, said(got.headers)) == (200, {})


def test_a_setting_names_others(ask: Asking, site: Site, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.net"]
    assert said(ask(Origin="https://app.example.net").headers)[ALLOW] == "https://app.example.net"


def test_all_share_one_entry_and_every_cache_is_told(ask: Asking, scene: Scene, site: Site) -> None:
    for origin in (OURS, "https://elsewhere.example.org"):
        assert "Origin" in ask(Origin=origin).headers["Vary"]
    assert "Origin" in ask().headers["Vary"]
    assert len(scene.asked) == 1


def test_errors_and_what_a_client_has_can_be_read_too(
    ask: Asking, scene: Scene, site: Site
) -> None:
    assert said(ask(Origin=OURS, If_None_Match="*").headers)[ALLOW] == OURS
    scene.status = 404
    change("page:1")
    assert said(ask(Origin=OURS).headers)[ALLOW] == OURS


def test_a_script_may_send_a_credential(ask: Asking, site: Site) -> None:
    assert said(ask(Origin=OURS, Authorization="Bearer abc").headers)[ALLOW] == OURS


def test_a_site_that_moves_takes_the_permission_along(ask: Asking, site: Site) -> None:
    assert ALLOW in said(ask(Origin=OURS).headers)
    site.hostname = "new.example.org"
    site.save()
    change("*")
    assert said(ask(Origin=OURS).headers) == {}
    assert ALLOW in said(ask(Origin="https://new.example.org").headers)


def test_a_preflight_is_answered_and_kept(ask: Asking, site: Site) -> None:
    asked = {"Access_Control_Request_Method": "GET"}
    got = said(ask(method="OPTIONS", Origin=OURS, **asked).headers)
    assert got[ALLOW] == OURS
    assert got["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "authorization" in got["Access-Control-Allow-Headers"]
    assert "if-none-match" in got["Access-Control-Allow-Headers"]
    assert int(got["Access-Control-Max-Age"]) >= 3600
    elsewhere = ask(method="OPTIONS", Origin="https://elsewhere.example.org", **asked)
    assert said(elsewhere.headers) == {}


def test_nothing_but_the_api_can_be_read_from_elsewhere(ask: Asking, site: Site) -> None:
    assert said(ask("/elsewhere/", Origin=OURS).headers) == {}
