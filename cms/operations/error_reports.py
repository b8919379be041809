"""Errors are reported to Sentry, or to what speaks its protocol, without anything of who made the request."""

from typing import Any

from django.conf import settings

from .observed import current


def start() -> None:
    """Have errors reported, if the environment says where to."""
    if not settings.SENTRY_DSN:
        return
    # Only where it is asked for: it would make the start-up of every other process longer.
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        environment=settings.SENTRY_ENVIRONMENT,
        release=f"cms@{settings.FRONTEND_API['VERSION']}",
        send_default_pii=False,
        max_request_body_size="never",
        # What variables hold may be the text of a draft or a password.
        include_local_variables=False,
        # These have the SQL of queries, and what was logged, with what was looked for.
        max_breadcrumbs=0,
        server_name="",
        # It would be told of every request.
        auto_session_tracking=False,
        before_send=without_person,
    )


def without_person(event: Any, hint: dict[str, Any]) -> Any:
    """Return a report without headers, cookies, the query, the user and what may be secret in the path."""
    event.pop("user", None)
    request = event.pop("request", None)
    observed = current.get() or {}
    if request:
        event["request"] = {"method": request.get("method", "")}
    if observed:
        event.setdefault("tags", {})["request_id"] = observed["request_id"]
    return event
