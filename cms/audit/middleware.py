"""Tells the audit log which request is answered, and records what only a whole request shows: exports and rights."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .log import current, record
from .models import Kind
from .rights import rights_of_groups

READS = {"GET", "HEAD", "OPTIONS"}
GROUPS = "wagtailusers_groups"


class AuditTrail:
    """List it last, within the transaction of a request, so that what is refused leaves nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, and record what it exported."""
        token = current.set(request)
        try:
            response = self.get_response(request)
            if _is_export(request, response):
                match: Any = request.resolver_match
                shape = response.headers["Content-Type"].partition(";")[0]
                record(Kind.EXPORTED, about=match.view_name or request.path, format=shape)
            return response
        finally:
            current.reset(token)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Compare the rights of groups before and after their forms: Wagtail saves them without a signal."""
        match: Any = request.resolver_match
        if request.method in READS or match.namespace != GROUPS:
            return None
        before = rights_of_groups()
        response = view(request, *args, **kwargs)
        after = rights_of_groups()
        for name in sorted(before.keys() | after.keys()):
            had, has = before.get(name, set()), after.get(name, set())
            if had != has or (name in before) != (name in after):
                facts: dict[str, Any] = {"added": has - had, "removed": had - has}
                record(Kind.GROUP_CHANGED, about=name, **{key: v for key, v in facts.items() if v})
        return response


def _is_export(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether the admin gave a file: all of its exports are downloads."""
    is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
    if not is_file or response.status_code != 200:
        return False
    return request.path.startswith(reverse("wagtailadmin_home"))
