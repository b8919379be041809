"""Everything that the API's description allows, and much that it does not, asked of the demo site.

schemathesis reads the description and makes up the requests; each answer has to be one that is described.
"""

import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.models import CmsDocument, CmsImage, Theme
from frontend_api.openapi.document import document
from insights.models import InsightPage
from programmes.models import Partner, ProgrammePage
from tests import factories, openapi, previews
from tests.events.models import EventPage, MeetingPage
from tests.transactions import connection_kept

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module", autouse=True)
def one_connection(demo: None) -> Iterator[None]:
    """Let the application's requests keep the connection, and with it the transaction that the demo site is in."""
    with connection_kept():
        yield


schema = schemathesis.openapi.from_dict(document())
schema.app = get_wsgi_application()

FIELDS = ["*", "_,title", "-title", "_,body", "*,partners(_,name)", "related_insights(*)", "_"]


@pytest.fixture(scope="module")
def real(demo: None, django_db_blocker: Any) -> dict[str, list[Any]]:
    """Values that there are, for the parameters that ask for one."""
    pages = Page.objects.live().filter(depth__gt=1)
    factories.EventPageFactory(speakers=["Ada"])
    factories.MeetingPageFactory(supporters=[factories.SponsorFactory()])
    Redirect.objects.create(old_path="/old", redirect_page=pages.last())
    draft = ProgrammePage.objects.get(slug="identifying-victims-online")
    return {
        **{
            f"id of {name}": list(objects.order_by("pk").values_list("pk", flat=True))
            for name, objects in {
                "pages": pages,
                "programmes": ProgrammePage.objects.live(),
                "insights": InsightPage.objects.live(),
                "events": EventPage.objects.live(),
                "meetings": MeetingPage.objects.live(),
                "images": CmsImage.objects.all(),
                "documents": CmsDocument.objects.all(),
                "themes": Theme.objects.filter(programmes__live=True).distinct(),
                "partners": Partner.objects.filter(
                    programme_partners__programme__live=True
                ).distinct(),
                "redirects": Redirect.objects.all(),
            }.items()
        },
        "fields": FIELDS,
        "html_path": [
            "/",
            *(f"/{path.split('/', 2)[2]}" for path in pages.values_list("url_path", flat=True)),
        ],
        "site": [Site.objects.get().hostname],
        "locale": ["en-gb"],
        "token": [previews.token_for(draft)],
        "content_type": ["programmes.programmepage"],
        "search": ["children", "programme"],
        "q": ["children", "programme"],
        "theme": ["prevention"],
        "partner": ["interpol"],
        "child_of": ["root"],
        "descendant_of": ["root"],
        "ancestor_of": [draft.pk],
        "translation_of": [draft.pk],
    }


@pytest.fixture(scope="module")
def seen() -> Iterator[set[tuple[str, int]]]:
    """The statuses that each endpoint has answered with; each that was asked has answered with what it is for."""
    seen: set[tuple[str, int]] = set()
    yield seen
    assert {path for path, _ in seen} == {path for path, status in seen if status == 200}


def with_real_values(case: Any, real: dict[str, list[Any]]) -> None:
    """Put values that there are into half of the places where a made-up one finds nothing."""
    collection = case.operation.path.split("/")[3]
    for parameters in (case.path_parameters, case.query):
        for name, value in (parameters or {}).items():
            values = real.get(f"id of {collection}" if name == "id" else name, [])
            number = zlib.crc32(repr(value).encode())
            if values and (number % 2 or name in {"site", "token", "content_type"}):
                parameters[name] = values[number // 2 % len(values)]


def ask(real: dict[str, list[Any]], seen: set[tuple[str, int]], case: Any) -> None:
    """Send one request, and check the answer."""
    if case.meta.generation.mode is GenerationMode.POSITIVE:
        with_real_values(case, real)
    response = case.call()
    if response.request.method == "GET":
        seen.add((case.operation.path, response.status_code))
    request = response.request
    openapi.check_response(
        request.method,
        request.url,
        HttpResponse(
            response.content,
            status=response.status_code,
            headers={name: ", ".join(values) for name, values in response.headers.items()},
        ),
    )
    # What a request names (a site, a page, a token) has to be there, which no description can say; and with `fields`
    # a form has less than it has by default, which was checked above.
    excluded = [positive_data_acceptance]
    if response.status_code == 414:
        # That, too, rejects what is too long; schemathesis does not know it as a rejection.
        excluded.append(negative_data_rejection)
    if "fields" in (case.query or {}):
        excluded.append(response_schema_conformance)
    case.validate_response(response, excluded_checks=excluded)


def of_endpoint(path: str) -> Any:
    """Return the test of one endpoint."""

    @schema.include(path=path).parametrize()
    @settings(
        max_examples=20,
        # The same requests in every run: what fails fails again.
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def test(real: dict[str, list[Any]], seen: set[tuple[str, int]], case: Any) -> None:
        ask(real, seen, case)

    return test


# A function an endpoint: schemathesis gives all tests of one function the same id, of which pytest-xdist runs one.
globals().update(
    {
        f"test_every_answer_is_described_of_{methods['get']['operationId']}": of_endpoint(path)
        for path, methods in document()["paths"].items()
    }
)
