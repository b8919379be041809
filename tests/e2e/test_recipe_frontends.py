"""The recipes for frontends: each is built, and told of what is published by the real CMS; two show drafts as well."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import cache
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Site
from wagtail.test.utils.form_data import streamfield

from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.changes.models import ChangeLog
from frontend_api.redirects.models import FormerPath
from insights.models import InsightPage
from tests.cms.admin import PUBLISH, TEXT, edit_url, insight_form
from tests.conftest import PATIENCE

from . import node
from .asking import CSRF, Place, post, publish
from .conftest import PANEL
from .recipes import built, wait_until
from .servers import end, free_port, start, wait_until_it_answers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.once, pytest.mark.long]

SECRET = "only-for-this-test"
# How each is started.
NEXT = ("next", ["node_modules/next/dist/bin/next", "start"])
NUXT = ("nuxt", [".output/server/index.mjs"])
ASTRO = ("astro", ["dist/server/entry.mjs"])
PRIVATE = {
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex",
    "referrer-policy": "no-referrer",
}


class Running(NamedTuple):
    """A CMS, and a frontend that it tells of changes."""

    server: "subprocess.Popen[bytes]"
    cms: int
    frontend: int

    @property
    def website(self) -> str:
        """Where the frontend is."""
        return f"http://127.0.0.1:{self.frontend}"


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What builds a recipe, unless it is built already."""
    return cache(lambda name: built(name, tmp_path_factory.mktemp("recipe")))


@pytest.fixture
def running(
    request: pytest.FixtureRequest, place: Place, built_once: Callable[[str], Path]
) -> Iterator[Running]:
    """The frontend of a recipe, beside a CMS that lets it keep answers for a day."""
    name, command = request.param
    folder = built_once(name)
    cms, frontend = free_port(), free_port()
    # To a browser that is another site than `localhost`, where the CMS is.
    website = f"http://127.0.0.1:{frontend}"
    with override_settings(FRONTEND_URL=website):
        call_command("use_frontend_url", stdout=StringIO())
    environment = {
        **place.environment,
        "API_S_MAXAGE": "86400",
        "FRONTEND_URL": website,
        "PURGE_URLS": f"{website}/purge",
        "PURGE_BODY": '{"tags": {tags}}',
        "PURGE_TOKEN": SECRET,
    }
    own = {
        **os.environ,
        **node.QUIETLY,
        "API_URL": f"http://localhost:{cms}/api/v2",
        "CMS_URL": f"http://localhost:{cms}",
        "HOST": "127.0.0.1",
        "NITRO_HOST": "127.0.0.1",
        "PORT": str(frontend),
        "PURGE_TOKEN": SECRET,
    }
    with ExitStack() as servers:
        server = start("wsgi", cms, "cms.wsgi:application", "/api/v2/site/", environment)
        servers.callback(end, server)
        process = subprocess.Popen(
            [node.program(), *command], cwd=folder, env=own, start_new_session=True
        )
        servers.callback(end, process)
        wait_until_it_answers(f"{website}/purge", process)
        yield Running(server, cms, frontend)


def named(recipe: tuple[str, list[str]]) -> str:
    """Return the name of a recipe."""
    return recipe[0]


def look(address: str, cookies: dict[str, str] | None = None) -> httpx.Response:
    """Return what a browser with cookies is answered, also where there is no page."""
    header = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    return httpx.get(address, headers={"Cookie": header} if header else {}, timeout=60)


def heading(address: str, cookies: dict[str, str] | None = None) -> str:
    """Return the heading of a page."""
    found = BeautifulSoup(look(address, cookies).text, "html.parser").select_one("h1")
    assert found
    return found.get_text(strip=True)


def leads(answer: httpx.Response) -> tuple[int, str]:
    """Return the status of an answer, and where it leads."""
    return answer.status_code, answer.headers.get("location", "")


def taken(answer: httpx.Response) -> dict[str, str]:
    """Return the cookies that an answer sets, which no script reads and which go into a frame of another site."""
    cookies = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *attributes = line.split("; ")
        assert {"HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/"} <= {*attributes}
        name, _, value = pair.partition("=")
        cookies[name] = value
    return cookies


def post_purge(port: int, secret: str) -> int:
    """Ask a frontend to purge something with a secret, and return the status."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        connection.request("POST", "/purge", b'{"tags": ["none"]}', headers)
        return connection.getresponse().status
    finally:
        connection.close()


def see_panel(chromium: "Browser", address: str, session: dict[str, str]) -> None:
    """Type a title beside the panel, whose frame shows it, with the banner."""
    refused: list[str] = []
    with closing(chromium.new_context(viewport={"width": 1500, "height": 950})) as window:
        window.set_default_timeout(PATIENCE)
        place = address.partition("/admin/")[0]
        window.add_cookies(
            [{"name": name, "value": session[name], "url": place} for name in session]
        )
        page = window.new_page()
        page.on(
            "console",
            lambda said: refused.append(said.text) if "Security Policy" in said.text else None,
        )
        page.goto(address)
        page.get_by_role("button", name="Toggle preview").click()
        shown = page.frame_locator(PANEL)
        shown.get_by_text("This is a draft.").wait_for()
        page.fill("#id_title", "Typed beside it")
        shown.get_by_role("heading", name="Typed beside it").wait_for()
    assert refused == []


@pytest.mark.parametrize("running", [NEXT, NUXT, ASTRO], indirect=True, ids=named)
def test_what_is_published_is_seen(place: Place, running: Running) -> None:
    """It is kept until it is purged, and gone when it is; only the CMS may purge."""
    key, slug = next(iter(place.pages.items()))
    address = f"{running.website}/insight/{slug}/"
    assert "Title 0" in look(address).text
    assert post_purge(running.frontend, "another") == 403
    for number in (1, 2):
        assert publish(running.cms, place, key, number)
        wait_until(lambda: f"Title {number}" in look(address).text)  # noqa: B023
    newest = ChangeLog.objects.get().version
    wait_until(lambda: PurgeTarget.objects.filter(purged=newest, failing_since=None).exists())
    assert "Title 2" in look(address).text
    end(running.server)
    # It is the frontend that keeps it, and nothing else was asked.
    assert "Title 2" in look(address).text


@pytest.mark.parametrize("running", [NUXT, ASTRO], indirect=True, ids=named)
def test_addresses_lead_on_and_drafts_are_for_who_may_see_them(
    place: Place, running: Running, chromium: "Browser"
) -> None:
    website, (key, slug) = running.website, next(iter(place.pages.items()))
    former, address = f"{website}/insight/{slug}/", f"{website}/insight/another/"
    FormerPath.objects.create(site=Site.objects.get(is_default_site=True), path="/ended")
    assert leads(look(former.rstrip("/"))) == (301, f"/insight/{slug}/")
    for path, status in (("/nothing/", 404), ("/ended/", 410)):
        assert leads(look(website + path)) == (status, "")
    public = look(former)
    assert public.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert "draft" not in public.text

    page = InsightPage(pk=key)
    session = {settings.SESSION_COOKIE_NAME: place.session, "csrftoken": CSRF}
    form_address = f"http://localhost:{running.cms}{edit_url(page)}"
    see_panel(chromium, form_address, session)

    # An editor types, and the panel beside the form opens the preview, with an address that is not yet one.
    form = insight_form(title="Typed", slug="another", body=streamfield([TEXT]))
    previewed = f"{edit_url(page)}preview/"
    assert post(running.cms, previewed, place, form) == 200
    opened = look(f"http://localhost:{running.cms}{previewed}?in_preview_panel=true", session)
    assert opened.headers["location"].startswith(f"{website}/preview?")
    entered = look(opened.headers["location"])
    assert leads(entered) == (303, "/insight/another/")
    editor = taken(entered)
    draft = look(address, editor)
    assert heading(address, editor) == "Typed"
    assert "This is a draft." in draft.text
    assert f"/admin/pages/{key}/edit/" in draft.text
    assert PRIVATE.items() <= {**draft.headers}.items()
    assert draft.headers["content-security-policy"] == (
        f"frame-ancestors http://localhost:{running.cms}"
    )
    assert editor["preview"] not in draft.text
    # On other pages the editor sees drafts as well, and readers see none.
    assert "Nothing on this page waits" in look(f"{website}/", editor).text
    assert look(address).status_code == 404

    # What is saved is shared with somebody who has no account.
    assert post(running.cms, edit_url(page), place, {**form, "title": "To approve"}) == 302
    sharing = f"/admin/shared-drafts/pages/{key}/"
    shares = {"made_for": "Paula", "days": "7", "shows": "follow"}
    with httpx.Client(base_url=f"http://localhost:{running.cms}", cookies=session) as admin:
        made = admin.post(sharing, data={**shares, "csrfmiddlewaretoken": CSRF})
        shown = BeautifulSoup(admin.get(made.headers["location"]).text, "html.parser")
        link = shown.select_one("#shared-link")
        assert link
        entered = look(str(link["value"]))
        partner = taken(entered)
        assert leads(entered) == (303, "/insight/another/")
        assert heading(address, partner) == "To approve"
        assert "/admin/" not in look(address, partner).text
        assert "This is a draft" not in look(f"{website}/", partner).text
        # It is published, so that its old address leads to the new one.
        assert post(running.cms, edit_url(page), place, {**form, **PUBLISH}) == 302
        wait_until(lambda: look(address).status_code == 200)
        wait_until(
            lambda: leads(look(f"{former}?from=leaflet")) == (301, "/insight/another/?from=leaflet")
        )

        revoke = shown.select_one("form[action*=revoke]")
        assert revoke
        admin.post(str(revoke["action"]), data={"csrfmiddlewaretoken": CSRF})
    assert leads(look(address, partner)) == (302, "/preview/leave?ended")
    ended = look(f"{website}/preview/leave?ended", partner)
    assert (ended.status_code, taken(ended)) == (410, dict.fromkeys(partner, ""))
    assert "This preview has ended." in ended.text
    left = look(f"{website}/preview/leave", editor)
    assert (leads(left), taken(left)) == ((303, "/"), dict.fromkeys(editor, ""))
    assert look(f"{website}/preview").status_code == 400
