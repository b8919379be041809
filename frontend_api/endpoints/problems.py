"""Errors as `application/problem+json` (RFC 9457), with `message` for clients of Wagtail's v2 API.

{"type": "about:blank", "title": "Bad Request", "status": 400,
 "detail": "limit is 101; the most is 100.", "message": "limit is 101; the most is 100.",
 "errors": [{"parameter": "limit", "detail": "limit is 101; the most is 100."}]}
"""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views import defaults
from rest_framework.exceptions import APIException, MethodNotAllowed, NotFound
from rest_framework.response import Response

from frontend_api import conf
from frontend_api.errors import (
    PROBLEM_TYPE,
    BadCredential,
    BadParameters,
    Moved,
    TookTooLong,
    problem,
)

from . import statement_timeout

# What is repeated of the host that a client names.
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]{1,255}")


def exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem response to what a view raised, or None for an unexpected error, which Django handles."""
    if isinstance(exception, Http404):
        exception = NotFound("There is nothing at this address.")
    if statement_timeout.is_exceeded(exception):
        exception = TookTooLong()
    if not isinstance(exception, APIException):
        return None
    detail = str(exception.detail)
    headers = {}
    if isinstance(exception, MethodNotAllowed):
        view = context["view"]
        allowed = ", ".join(view.allowed_methods)
        detail = (
            f"{context['request'].method} is not possible here; this API is read with {allowed}."
        )
        headers["Allow"] = allowed
    if isinstance(exception, BadCredential):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(exception, TookTooLong):
        headers["Retry-After"] = str(exception.retry_after)
    errors = exception.errors if isinstance(exception, BadParameters) else None
    body = problem(exception.status_code, detail, errors)
    if isinstance(exception, Moved):
        body["redirect"] = exception.redirect
    return Response(
        body,
        status=exception.status_code,
        headers=headers,
        content_type=PROBLEM_TYPE,
    )


def keep_not_found(request: HttpRequest) -> None:
    """Keep Django's `LocaleMiddleware` from redirecting a 404 of the API to the same path below a language.

    It does so in a project with `i18n_patterns`, where Wagtail takes any path; it asks the request for its URLs.
    """
    request.urlconf = "frontend_api.urls"


def _is_for_api(request: HttpRequest) -> bool:
    try:
        return request.path.startswith(reverse("frontend_api:root"))
    except NoReverseMatch:
        return False


def _respond(status: HTTPStatus, detail: str) -> JsonResponse:
    return JsonResponse(problem(status, detail), status=status, content_type=PROBLEM_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler400`: a problem below the API's root, Django's own page elsewhere."""
    if _is_for_api(request):
        if isinstance(exception, DisallowedHost):
            return _respond(HTTPStatus.BAD_REQUEST, _other_host(request))
        return _respond(HTTPStatus.BAD_REQUEST, "The request cannot be understood.")
    return defaults.bad_request(request, exception)


def _other_host(request: HttpRequest) -> str:
    """Say at which host to ask: the one that all addresses in answers have, and no other that is allowed."""
    asked = request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", ""))
    host = f"the host {asked}" if _HOST.fullmatch(asked) else "this host"
    said = f"The API does not answer at {host}."
    if own := urlsplit(conf.base_url()).hostname:
        said += f" Ask at {own}, in the address or the header Host."
    return f"{said} Or let the setting ALLOWED_HOSTS name the host."


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`, and the API's response at any address that is not an endpoint."""
    if _is_for_api(request):
        keep_not_found(request)
        return _respond(HTTPStatus.NOT_FOUND, "There is no such endpoint.")
    return defaults.page_not_found(request, exception or Http404())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`; the log says what went wrong, the response does not."""
    if _is_for_api(request):
        return _respond(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; it has been logged."
        )
    return defaults.server_error(request)
