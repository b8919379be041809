"""What readers, and those who share a page, see of the reference frontend's pages, in a real browser."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import wagtail.admin

from .conftest import Installation

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Wagtail brings axe with its user bar.
SCRIPTS = Path(wagtail.admin.__file__).parent / "static" / "wagtailadmin" / "js"
AXE = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
PROGRAMME = "/programmes/identifying-victims-online/"


@pytest.mark.parametrize("asked", [PROGRAMME, PROGRAMME.rstrip("/"), f"/{PROGRAMME}"])
def test_a_page_is_found_at_one_address_and_says_what_it_is(
    installation: Installation, chromium: "Browser", asked: str
) -> None:
    page = chromium.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(installation.frontend + asked)
    assert page.url == installation.frontend + PROGRAMME
    graph = json.loads(page.locator("script[type='application/ld+json']").inner_text())["@graph"]
    assert {node["@type"] for node in graph} >= {"Organization", "WebPage", "BreadcrumbList"}
    trail = page.get_by_role("navigation", name="Breadcrumb")
    assert trail.get_by_role("listitem").count() == 3
    assert trail.get_by_role("link").last.get_attribute("href") == "/programmes/"
    picture = str(page.locator("meta[property='og:image']").get_attribute("content"))
    assert page.request.get(picture).ok
    assert refused == []
    page.close()


def test_the_head_and_the_way_to_a_page_look_well(
    installation: Installation, chromium: "Browser", screenshots: Path
) -> None:
    for name, width in (("desk", 1280), ("phone", 360)):
        # The website itself runs no script.
        context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        page = context.new_page()
        for place, path in (("home", "/"), ("programme", PROGRAMME), ("list", "/insight/?page=2")):
            page.goto(installation.frontend + path)
            # Nothing is wider than the window.
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            page.screenshot(path=screenshots / f"found-{place}-{name}.png", full_page=True)
            for script in ("vendor.js", "userbar.js"):
                page.add_script_tag(path=SCRIPTS / script)
            assert [(one["id"], one["nodes"][0]["html"]) for one in page.evaluate(AXE)] == []
        context.close()
    page = chromium.new_page()
    page.goto(installation.frontend)
    page.get_by_role("link", name="All programmes").click()
    assert page.url == f"{installation.frontend}/programmes/"
    page.close()
