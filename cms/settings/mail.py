"""How mail leaves, by the environment: by SMTP, or by the API of a service for mail."""

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from .environment import env, seconds, stop


class Service(NamedTuple):
    """What a service is told: the names that its secrets have in Anymail, and of what else it may or must know."""

    secrets: tuple[str, ...]
    needs: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()


SERVICES = {
    "brevo": Service(("api_key",)),
    "mailersend": Service(("api_token",)),
    "mailgun": Service(("api_key",), needs=("sender_domain",)),
    "mailjet": Service(("api_key", "secret_key")),
    "postmark": Service(("server_token",), knows=("message_stream",)),
    "resend": Service(("api_key",)),
    "scaleway": Service(("secret_key",), needs=("project_id",), knows=("region",)),
    "sparkpost": Service(("api_key",), knows=("subaccount",)),
}
"""Services that Anymail speaks to over HTTP, by the scheme of the address that names them."""


def mail() -> dict[str, Any]:
    """Return Django's settings of the mail server, or of the service, at the address in `EMAIL_URL`, if any."""
    # Read as it stands: django-environ takes a value that begins with $ for the name of another variable.
    text = env.ENVIRON.get("EMAIL_URL")
    if text is None:
        return {}
    text = str(text).strip()
    scheme = text.partition(":")[0].lower()
    if scheme in SERVICES:
        return _by_api(scheme, text)
    try:
        settings: dict[str, Any] = env.email_url("EMAIL_URL")
    except (ImproperlyConfigured, ValueError):
        # The address may hold a password, so it is not repeated.
        stop(
            "EMAIL_URL cannot be used; set it to an address such as smtp+tls://user:password@host:587, or "
            f"postmark://token for one of these services: {', '.join(SERVICES)}."
        )
    return settings


def _by_api(name: str, text: str) -> dict[str, Any]:
    """Return the settings for a service at an address such as `mailjet://key:secret?api_url=https://…`."""
    service = SERVICES[name]
    try:
        parts = urlsplit(text)
        secrets = [unquote(part) for part in parts.netloc.split(":")]
        told = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        is_whole = len(secrets) == len(service.secrets) and all(secrets) and parts.path in {"", "/"}
    except ValueError:
        secrets, told, is_whole = [], {}, False
    known = {"api_url", *service.needs, *service.knows}
    if not is_whole or not set(service.needs) <= set(told) <= known:
        query = "&".join(f"{one}=…" for one in service.needs)
        example = f"{name}://{':'.join(service.secrets)}{f'?{query}' if query else ''}"
        others = ", ".join(sorted(known - set(service.needs)))
        # It holds a secret, so it is not repeated.
        stop(
            f"EMAIL_URL cannot be used; for {name} set it to {example}, with what is secret percent-encoded. "
            f"It may also have {others}."
        )
    values = {**dict(zip(service.secrets, secrets, strict=True)), **told}
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {
            "REQUESTS_TIMEOUT": seconds("EMAIL_TIMEOUT", 10),
            **{f"{name}_{key}".upper(): value for key, value in values.items()},
        },
    }


def sender(name: str, default: str) -> str:
    """Return whom mail is from, by the variable `name`: an address, perhaps with a name before it."""
    text = env.str(name, default=default).strip()
    found = re.fullmatch(r'[^<>,"\r\n]*<([^<>\s]+)>|([^<>,\s]+)', text)
    try:
        validate_email((found[1] or found[2]) if found else "")
    except ValidationError:
        stop(
            f"{name} is {text!r}; set it to an address, perhaps with a name, such as Example <cms@example.org>."
        )
    return text
