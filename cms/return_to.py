"""Where one came from: forms of pages that were opened from a list, the dashboard or a search lead back there.

Wagtail leads to the list below the page's parent unless the form's address has a `next`, which its own links lack.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

FORMS = {"add", "add_subpage", "edit"}
LISTS = {
    "index",
    "list",
    "type_use",
    "usage",
    "search",
    "wagtailadmin_explore",
    "wagtailadmin_explore_root",
    "wagtailadmin_home",
}
REPORTS = "wagtailadmin_reports"


class ReturnToList:
    """Gives the forms of pages a `next` from the header `Referer`, if that is a list of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        """Add the parameter before the view reads it."""
        match = request.resolver_match
        is_form = match.namespace == "wagtailadmin_pages" and match.url_name in FORMS
        if is_form and request.method == "GET" and "next" not in request.GET:
            back = came_from(request)
            if back:
                request.GET = request.GET.copy()
                request.GET["next"] = back


def came_from(request: HttpRequest) -> str:
    """Return the path of the list that led to this request, with its search and filters; "" if none did."""
    referrer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return ""
    address = urlsplit(referrer)
    try:
        match = resolve(address.path)
    except Resolver404:
        return ""
    if match.url_name in LISTS or REPORTS in match.namespaces:
        return address._replace(scheme="", netloc="", fragment="").geturl()
    return ""
