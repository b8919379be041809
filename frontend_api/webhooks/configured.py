"""Recipients that the setting `FRONTEND_API["WEBHOOKS"]` names, beside those that are made in the admin.

"WEBHOOKS": {
    "search": {"ADDRESS": "https://search.example.org/hook", "SECRET": "whsec_…", "KINDS": ["published", "gone"]},
    "build": {"ADDRESS": "https://builds.example.org/hooks/…", "FORM": "build"},
    "next": {"ADDRESS": "https://www.example.org/api/purge", "FORM": "tags", "BODY": '{"tags": {tags}}',
             "HEADERS": {"Authorization": "Bearer …"}},
}

Each has a row, so that it has a place in the feed and a log. Its secrets stay in the settings.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from wagtail.models import Site

from frontend_api import conf
from frontend_api.feed import reading
from frontend_api.feed.models import PublicKind
from frontend_api.outgoing.tag_request import (
    InvalidTagRequest,
    check_body,
    check_headers,
    check_method,
)

from .models import Form, WebhookRecipient, parsed_headers
from .sealing import unseal
from .sending import BadAddress, check_address
from .signing import is_secret

KEYS = (
    *("ADDRESS", "FORM", "SECRET", "SECRET_BEFORE", "KINDS", "TYPES", "SITES"),
    *("METHOD", "BODY", "HEADERS"),
)


def secrets_of(recipient: WebhookRecipient, now: datetime) -> list[str]:
    """Return the secrets that sign what a recipient is sent, the newest first; raises `Unreadable`."""
    if recipient.is_from_settings:
        given = conf.webhooks().get(recipient.name, {})
        return [given[name] for name in ("SECRET", "SECRET_BEFORE") if given.get(name)]
    until = recipient.secret_before_until
    before = [unseal(recipient.secret_before)] if until is not None and until > now else []
    return [unseal(recipient.secret), *filter(None, before)]


def headers_of(recipient: WebhookRecipient) -> dict[str, str]:
    """Return the headers that a recipient wants besides; raises `Unreadable`."""
    if recipient.is_from_settings:
        return dict(conf.webhooks().get(recipient.name, {}).get("HEADERS", {}))
    return parsed_headers(unseal(recipient.headers))


def bring_up_to_date() -> None:
    """Store a row for each recipient of the settings, and delete those of others that were there before.

    A new one is told of what changes from now on.
    """
    rows = {row.name: row for row in WebhookRecipient.objects.filter(is_from_settings=True)}
    for name, given in conf.webhooks().items():
        if any(mistakes_in(name, given)):
            # A system check has said so; what is there already stays as it is.
            continue
        row = rows.pop(name, None) or _added(name)
        changed = {
            key: value for key, value in _values(given).items() if getattr(row, key) != value
        }
        if changed:
            WebhookRecipient.objects.filter(pk=row.pk).update(**changed)
    for row in rows.values():
        if row.name not in conf.webhooks():
            row.delete()


def _added(name: str) -> WebhookRecipient:
    # Another process may be faster.
    row, _is_new = WebhookRecipient.objects.get_or_create(
        name=name, is_from_settings=True, defaults={"position": reading.newest()}
    )
    return row


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "address": given["ADDRESS"],
        "form": str(given.get("FORM", Form.EVENT)),
        "kinds": list(given.get("KINDS", ())),
        "types": list(given.get("TYPES", ())),
        "sites": _sites(given.get("SITES", ())),
        "method": given.get("METHOD", "POST"),
        "body": given.get("BODY", ""),
    }


def _sites(names: Iterable[str]) -> list[int]:
    """Return the ids of sites, in order; 0, which none has, for a name that there is not."""
    found: list[int] = []
    for name in names:
        hostname, _colon, port = name.partition(":")
        sites = Site.objects.filter(hostname=hostname, **({"port": port} if port else {}))
        found += sites.values_list("pk", flat=True) or [0]
    return sorted(found)


def mistakes() -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the setting."""
    for name, given in conf.webhooks().items():
        for mistake in mistakes_in(name, given):
            yield f"{conf.NAME}: WEBHOOKS: {name}: {mistake}"


def mistakes_in(name: Any, given: Any) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with one recipient; none repeats a secret."""
    if not isinstance(name, str) or not 0 < len(name) <= 100:
        yield "Its name is no text of 1 to 100 characters."
    if not isinstance(given, Mapping):
        yield f"It is a {type(given).__name__}, and no dict."
        return
    yield from (
        f"There is no key {key!r}; it has {', '.join(KEYS)}." for key in given if key not in KEYS
    )
    form = given.get("FORM", Form.EVENT)
    if form not in Form.values:
        yield f"FORM is {form!r}; it takes {', '.join(map(repr, Form.values))}."
    yield from _mistakes_in_filters(given)
    yield from _mistakes_in_request(given, form)
    for key in ("SECRET", "SECRET_BEFORE"):
        is_needed = form == Form.EVENT and key == "SECRET"
        if (is_needed or key in given) and not is_secret(str(given.get(key, ""))):
            yield f"{key} is none; it begins with whsec_, and goes on with 24 to 64 random bytes in Base64."


def _mistakes_in_filters(given: Mapping[str, Any]) -> Iterator[str]:
    for key in ("KINDS", "TYPES", "SITES"):
        values = given.get(key, ())
        if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
            yield f"{key} is no list of texts."
        elif key == "KINDS" and (unknown := sorted({*values} - {*PublicKind.values})):
            yield f"KINDS has {unknown[0]!r}; there are {', '.join(PublicKind.values)}."


def _mistakes_in_request(given: Mapping[str, Any], form: Any) -> Iterator[str]:
    method, body, headers = given.get("METHOD", "POST"), given.get("BODY", ""), given.get("HEADERS")
    try:
        check_address(str(given.get("ADDRESS", "")))
        check_method(str(method))
        check_headers({str(name): str(value) for name, value in dict(headers or {}).items()})
        if form == Form.TAGS:
            check_body(str(method), str(body))
    except BadAddress as error:
        yield f"ADDRESS: {error}"
    except InvalidTagRequest as error:
        yield str(error)
    except (TypeError, ValueError):
        yield "HEADERS is no dict of texts."
