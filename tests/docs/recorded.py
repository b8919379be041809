"""What the API answers about the demo site, as `docs/api-examples.json` has it for the API's description.

To write the file anew: `GOLDEN=write make test ARGS="-k recorded"`, then `make openapi`, and read the difference.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.models import CmsDocument, ContentPage
from frontend_api.changes.transaction import transaction
from frontend_api.feed import cursors, reading
from frontend_api.openapi.examples import REQUEST
from frontend_api.redirects.ending import ending
from frontend_api.redirects.storing import Target
from frontend_api.webhooks.models import WebhookRecipient
from frontend_api.webhooks.owed import owe, try_out
from insights.models import InsightPage
from programmes.models import Partner, ProgrammePage, Theme
from tests import openapi, previews

PATH = Path(__file__).resolve().parents[2] / "docs" / "api-examples.json"
PROGRAMME = "identifying-victims-online"
ARTICLE = "six-policies-to-end-violence-against-children"
MOVED_AND_ENDED = ("experts-to-develop-prevention-programmes", "listening-first")
# As many characters of a text as one cares to read on the page.
LONGEST_TEXT = 2_500
CUT = " …"
# What differs from one database, and one moment, to the next.
VARYING = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:?\d\d)?", "(a time)"),
    (r"\w{3}, \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}", "(a time)"),
    (r"(data:image/webp;base64,)[\w+/=]+", r"\1(a picture)"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "(a UUID)"),
    (r"(/[a-z]+/)\d+\b", r"\1(an id)"),
    (r"((?:find|edit)/\?id=|[:#]page:|urn:\w+:)\d+", r"\1(an id)"),
    (r"(?<=\?after=)[0-9a-f]+\.[0-9a-f]+", "(a cursor)"),
    (r"_\w{7}(?=\.)", "_(random)"),
    (r"-0[0-9a-zA-Z]{6,}(?=\.)", "-0(random)"),
)
# Properties whose values differ, whatever they are.
NAMES = ("id", "version", "cursor", "tags", "size")


def examples(client: Client) -> dict[str, Any]:
    """Return the examples, by operation, status and media type."""
    made: dict[str, Any] = {}
    for address, headers in _asked():
        answer = client.get(f"/api/v2/{address}", headers=headers)
        operation = openapi.operation(f"/api/v2/{address.partition('?')[0]}")
        assert operation is not None, address
        form = answer.headers["Content-Type"].partition(";")[0]
        value, is_whole = _value(answer)
        credential = " with the token of a preview" if "authorization" in headers else ""
        accepted = f" with Accept: {headers['accept']}" if "accept" in headers else ""
        rest = "" if is_whole else ", the beginning"
        summary = f"GET {address}{credential}{accepted}{rest}"
        statuses = made.setdefault(operation["operationId"], {})
        forms = statuses.setdefault(str(answer.status_code), {}).setdefault(form, {})
        forms[f"example{len(forms) + 1}"] = {"summary": summary, "value": value}
    for name, body in _sent():
        one = {"summary": body["type"], "value": body}
        made[name] = {REQUEST: {"application/json": {"example1": one}}}
    return dict(sorted(made.items()))


def stable(value: Any) -> Any:
    """Return `value` without what differs from one database, and one moment, to the next."""
    if isinstance(value, list):
        return [stable(one) for one in value]
    if isinstance(value, dict):
        return {
            stable(name): f"({name})" if name in NAMES and one is not None else stable(one)
            for name, one in value.items()
        }
    if isinstance(value, str):
        for pattern, instead in VARYING:
            value = re.sub(pattern, instead, value)
        if value.endswith(CUT):
            # Ids are of different lengths, so that it is cut elsewhere.
            value = value[: LONGEST_TEXT // 2]
    return value


def _value(answer: HttpResponse) -> tuple[Any, bool]:
    """Return the body of an answer, shortened where it is long, and whether that is all."""
    form = answer.headers["Content-Type"].partition(";")[0]
    text = answer.content.decode()
    if form == "application/feed+json":
        feed = json.loads(text)
        return {**feed, "items": feed["items"][:1]}, False
    if form.endswith("json"):
        body = json.loads(text)
        if "openapi" in body:
            empty = {"schemas": {}, "examples": {}}
            # Of the tags only those of all sites, as the tests have content types of their own.
            tags = [tag for tag in body["tags"] if tag["name"] in ("pages", "site", "search")]
            rest = {"paths": {}, "webhooks": {}, "components": {**body["components"], **empty}}
            part = {"tags": tags, **rest}
            return {**body, **part}, False
        return body, True
    if len(text) <= LONGEST_TEXT:
        return text, True
    return f"{text[:LONGEST_TEXT]}{CUT}", False


def _asked() -> Iterator[tuple[str, dict[str, str]]]:
    """Give what is asked, in an order in which the site changes: the address, and headers."""
    for address in (
        "pages/?limit=2",
        "pages/?type=insights.InsightPage&order=title&limit=1",
        f"pages/find/?html_path=/programmes/{PROGRAMME}/",
        f"pages/find/?html_path=/insight/{ARTICLE}/",
        "pages/find/?html_path=/nowhere/",
        *(f"pages/{page.pk}/" for page in _pages()),
        "pages/0/",
        "programmes/?status=completed&limit=1",
        "programmes/?facets=theme&limit=0",
        f"programmes/{_programme().pk}/",
        "programmes/0/",
        "insights/?kind=external&order=title&limit=1",
        "insights/?facets=kind,theme&limit=0",
        f"insights/{InsightPage.objects.get(slug=ARTICLE).pk}/",
        "insights/0/",
        "themes/?limit=2",
        f"themes/{Theme.objects.get(slug='prevention').pk}/",
        "themes/0/",
        "partners/?limit=1",
        f"partners/{Partner.objects.get(name='INTERPOL').pk}/",
        "partners/0/",
        "images/?limit=1",
        f"images/{_programme().image_id}/",
        f"images/find/?id={_programme().image_id}",
        "images/0/",
        "documents/",
        f"documents/{CmsDocument.objects.get().pk}/",
        f"documents/find/?id={CmsDocument.objects.get().pk}",
        "documents/0/",
        "search/?q=interpol&limit=1",
        "autocomplete/?q=childr&limit=2",
        "site/",
        "sitemap.xml",
        "sitemap-1.xml",
        "robots.txt",
        "llms.txt",
        "feeds/insights.atom",
        "feeds/insights.rss",
        "feeds/insights.json",
        "docs/",
        "schema/",
        "changes/",
    ):
        yield address, {}
    markdown = {"accept": "text/markdown"}
    for address in (
        "pages/find/?html_path=/about/",
        f"pages/{ContentPage.objects.get(slug='about').pk}/",
        f"programmes/{_programme().pk}/",
        f"insights/{InsightPage.objects.get(slug=ARTICLE).pk}/",
    ):
        yield address, markdown
    editor = previews.bearer(_token())
    yield "preview/", editor
    yield "preview/", {**editor, **markdown}
    before = reading.state()
    start = cursors.cursor_at(before.number, before.stamp)
    _move_and_end()
    for address in (
        "pages/find/?html_path=/insight/experts-to-develop-prevention-programmes/?utm_source=x",
        "pages/find/?html_path=/insight/listening-first/",
        "redirects/?limit=1",
        f"redirects/{Redirect.objects.get(redirect_page__isnull=False).pk}/",
        "redirects/find/?html_path=/insight/experts-to-develop-prevention-programmes",
        "redirects/0/",
        f"changes/?after={start}",
        "changes/?after=1.ffffffff",
    ):
        yield address, {}


def _pages() -> list[Page]:
    """Return a page of each type that has no collection."""
    home = Site.objects.get(is_default_site=True).root_page
    below = ("about", "programmes", "insight")
    return [home, *(home.get_children().get(slug=slug) for slug in below)]


def _programme() -> ProgrammePage:
    return ProgrammePage.objects.get(slug=PROGRAMME)


def _token() -> str:
    """Return the token of a preview in which an editor has typed."""
    page = ContentPage.objects.get(slug="about")
    page.title = "About us"
    return previews.token_for(page)


def _move_and_end() -> None:
    """Have a page move to another address, and one end for good."""
    moved, ended = (InsightPage.objects.get(slug=slug) for slug in MOVED_AND_ENDED)
    with transaction():
        moved.slug = "three-tools"
        moved.save_revision().publish()
    with transaction():
        leading = ending([ended])
        ended.delete()
        leading.lead(Target(), is_deleted=True)


def _sent() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what the recipient of a webhook gets of a change, and of a test."""
    recipient = WebhookRecipient.objects.create(
        name="Receiver", form="event", position=reading.newest() - 1
    )
    owe(timezone.now())
    for name, message in (
        ("contentChanged", recipient.messages.get()),
        ("webhookTest", try_out(recipient, timezone.now())),
    ):
        yield name, json.loads(message.body)
