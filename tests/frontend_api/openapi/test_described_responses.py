"""The hook that holds every test's responses to the API's description finds what is not as described."""

import copy
import json
from typing import Any

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import Client

from tests import factories
from tests.frontend_api.conftest import Get
from tests.openapi import Mismatch, check_response

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PROBLEM = "application/problem+json"


@pytest.fixture
def programme(get: Get) -> dict[str, Any]:
    """A programme with a bit of everything, as it is read."""
    page = factories.ProgrammePageFactory(
        partners=[factories.PartnerFactory()],
        insights=[factories.InsightPageFactory()],
        figures=[{"value": "1", "label": "one"}],
        body=[{"type": "heading", "value": {"text": "Why", "level": "h2"}, "id": "1"}],
    )
    found: dict[str, Any] = get(f"pages/{page.pk}/")
    return found


ADDRESS = "/api/v2/pages/1/"


def check(body: Any, address: str = ADDRESS) -> None:
    """Check `body` as the answer at an address."""
    check_response("GET", address, JsonResponse(body))


def changed(body: dict[str, Any], *place: Any, to: Any) -> dict[str, Any]:
    """Return `body` with another value at a place, or without the place for `...`."""
    other = copy.deepcopy(body)
    inside: Any = other
    for step in place[:-1]:
        inside = inside[step]
    if to is ...:
        del inside[place[-1]]
    else:
        inside[place[-1]] = to
    return other


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("status",), "over"),
        (("start_year",), "2015"),
        (("start_year",), ...),
        (("image",), ...),
        (("partners",), None),
        (("partners", 0, "name"), None),
        (("related_insights", 0, "meta", "slug"), ...),
        (("related_insights", 0, "body"), []),
        (("body", 0, "type"), "table"),
        (("body", 0, "value", "level"), "h4"),
        (("body", 0, "value", "size"), 3),
        (("key_figures", 0, "as_of"), "yesterday"),
        (("meta", "html_url"), "no address"),
        (("type",), "programmes.Programme"),
        (("secret",), 1),
    ],
)
def test_a_response_that_is_not_as_described_is_found(
    programme: dict[str, Any], place: tuple[Any, ...], value: Any
) -> None:
    check(programme)
    with pytest.raises(Mismatch):
        check(changed(programme, *place, to=value))


def test_with_fields_less_or_more_may_be_there_but_nothing_of_another_type(
    programme: dict[str, Any],
) -> None:
    address = f"{ADDRESS}?fields=_,title"
    check({"title": programme["title"]}, address)
    check({}, address)
    longer = changed(programme, "related_insights", 0, "body", to=[])
    check(longer, address)
    with pytest.raises(Mismatch):
        check(longer)
    for place, value in [(("status",), "over"), (("secret",), 1), (("partners", 0, "id"), "1")]:
        with pytest.raises(Mismatch):
            check(changed(programme, *place, to=value), address)


@pytest.mark.parametrize(
    ("method", "address", "response"),
    [
        ("GET", ADDRESS, HttpResponse(b"{}", status=500, content_type=PROBLEM)),
        ("GET", ADDRESS, HttpResponse(b"<p>Hello</p>", content_type="text/html")),
        ("GET", ADDRESS, HttpResponse(b'{"detail": "No."}', status=404, content_type=PROBLEM)),
        ("GET", "/api/v2/nowhere/", HttpResponse(b"{}", content_type="application/json")),
        ("POST", ADDRESS, HttpResponse(b"{}", content_type="application/json")),
        ("HEAD", ADDRESS, HttpResponse(b"", status=302, content_type="application/json")),
    ],
)
def test_an_answer_of_another_kind_is_found(
    method: str, address: str, response: HttpResponse
) -> None:
    with pytest.raises(Mismatch):
        check_response(method, address, response)


def test_a_header_that_is_missing_is_found(client: Client) -> None:
    response = client.get("/api/v2/preview/")
    address = "/api/v2/preview/"
    check_response("GET", address, response)
    del response.headers["Cache-Control"]
    with pytest.raises(Mismatch):
        check_response("GET", address, response)


def test_every_test_client_has_the_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    from frontend_api.endpoints import base

    def respond(self: Any, representation: Any) -> JsonResponse:
        return JsonResponse({"items": "none"})

    monkeypatch.setattr(base.ApiView, "respond", respond)
    with pytest.raises(Mismatch, match=json.dumps("meta")):
        Client().get("/api/v2/pages/")
