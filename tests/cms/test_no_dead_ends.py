"""Whatever the admin shows, somebody may open: no link leads to a refusal, to nothing or to an error."""

import json
import re
from collections import deque
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from cms.models import User
from tests import factories

# It follows the links of HTML, whichever database the pages are in.
pytestmark = pytest.mark.once

# What ends the walk or is no page of the admin, and the bulk actions, whose links get the keys of what is selected.
NOT_FOLLOWED = re.compile(r"/logout/|/jsi18n|/sprite|/bulk/|\?.*(export|p)=")
# Attributes in which a page names what a script asks for.
NAMED = ("href", "data-chooser-url", "data-w-dropdown-url-value", "data-href")


def kind_of(address: str, pages: dict[str, str]) -> tuple[str, ...]:
    """Return what an address is of, whatever the keys in it and the values of its parameters.

    Of pages there are those that are published, and those that are not; in the explorer and the editor, of each type.
    """
    parts = urlsplit(address)
    known = pages if parts.path.startswith("/admin/pages/") else {}
    if not re.search(r"^/admin/pages/\d+/(edit/)?$", parts.path):
        known = {key: page.partition(" ")[2] for key, page in known.items()}
    path = re.sub(r"(?<=/)(\d+)(?=/|$)", lambda key: known.get(key[1], "N"), parts.path)
    path = re.sub(r"/[0-9a-f-]{32,36}(?=/|$)", "/N", path)
    return (path, *sorted({name for name, _ in parse_qsl(parts.query)} - {"next"}))


def links(address: str, html: str) -> list[tuple[str, str]]:
    """Return what a page leads to, as addresses without their fragment and the words of the link."""
    page = BeautifulSoup(html, "html.parser")
    found = [
        (element[name], element.get_text(" ", strip=True) or element.get("aria-label", ""))
        for name in NAMED
        for element in page.select(f"[{name}]:not(link, [hidden])")
    ]
    menu = page.select_one("#wagtail-sidebar-props")
    if menu:
        props = json.dumps(json.loads(menu.get_text()))
        found += [(path, "menu") for path in re.findall(r'"(/admin/[^"#\\]*)"', props)]
    absolute = ((urljoin(address, path).split("#")[0], text) for path, text in found)
    return [(path, text) for path, text in absolute if path.startswith("/admin/")]


def walk(client: Client) -> tuple[dict[str, str], set[tuple[str, ...]]]:
    """Follow what every page leads to; return what leads nowhere, by where it stands, and the kinds that were seen."""
    pages = {
        str(page.pk): f"{page.content_type.model} {'live' if page.live else 'draft'}"
        for page in Page.objects.select_related("content_type")
    }
    start = reverse("wagtailadmin_home")
    queue = deque([(start, "", "")])
    asked = {kind_of(start, pages)}
    wrong = {}
    while queue:
        address, text, source = queue.popleft()
        response = client.get(address)
        said = [str(message) for message in get_messages(response.wsgi_request)]
        refused = [one for one in said if "permission" in one]
        if response.status_code >= 400 or refused:
            wrong[f"{source} → {text!r} {address}"] = refused or response.status_code
            # Some page has to show the message, or the next one that is asked for has it.
            client.get(start)
            continue
        if response.status_code in (301, 302):
            new = [(urljoin(address, response["Location"]), text)]
            if not new[0][0].startswith("/admin/"):
                continue
            source_of_new = f"{source} → {address}"
        elif response.headers["Content-Type"].startswith("text/html"):
            new, source_of_new = links(address, response.content.decode()), address
        else:
            continue
        for path, words in new:
            kind = kind_of(path, pages)
            if kind in asked or NOT_FOLLOWED.search(path):
                continue
            asked.add(kind)
            queue.append((path, words, source_of_new))
    return wrong, asked


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["editor", pytest.param("moderator", marks=pytest.mark.nightly)])
def test_every_link_of_the_admin_leads_somewhere(demo: None, client: Client, name: str) -> None:
    client.force_login(User.objects.get(username=name))
    wrong, kinds = walk(client)
    assert not wrong, "\n".join(f"{link}: {what}" for link, what in wrong.items())
    assert len(kinds) > 100


def test_what_has_no_place_left_is_not_offered(moderator: Client) -> None:
    index = factories.insight_index()
    address = reverse("wagtailadmin_pages:type_use", args=["insights", "insightindexpage"])
    add = reverse("wagtailadmin_pages:choose_parent", args=["insights", "insightindexpage"])
    assert add not in moderator.get(address).content.decode()
    Page.objects.get(pk=index.pk).delete()
    assert add in moderator.get(address).content.decode()


def test_what_nobody_can_add_anywhere_is_not_offered(editor: Client) -> None:
    factories.ContentPageFactory()
    address = reverse("wagtailadmin_pages:type_use", args=["cms", "contentpage"])
    add = reverse("wagtailadmin_pages:choose_parent", args=["cms", "contentpage"])
    assert add in editor.get(address).content.decode()
    GroupPagePermission.objects.filter(permission__codename="add_page").delete()
    assert add not in editor.get(address).content.decode()
