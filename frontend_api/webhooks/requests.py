"""Makes the request of a message, as its recipient wants it now: with its secrets, headers, method and body."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import EmptyWebhookSecretError

from frontend_api.outgoing.tag_request import Filled, InvalidTagRequest, TagRequest

from . import signing
from .configured import headers_of, secrets_of
from .models import Form, WebhookMessage
from .sealing import Unreadable

JSON = "application/json"
HIDDEN = "…"
"""What the log has in place of the value of a header that the recipient wants: it may be a password."""


@dataclass(frozen=True)
class Made:
    """A request and what the log keeps of it, or why there can be none."""

    request: Filled | None
    shown: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def made(message: WebhookMessage, now: datetime) -> Made:
    """Return the request of a message, signed now."""
    try:
        own = headers_of(message.recipient)
        request = _request(message, own, now)
    except Unreadable as error:
        return Made(None, error=f"Its secret cannot be read. {error}")
    except InvalidTagRequest as error:
        return Made(None, error=str(error))
    except EmptyWebhookSecretError:
        return Made(None, error="It has no secret, so that nothing can be signed; make a new one.")
    return Made(request, _shown(request, own))


def _request(message: WebhookMessage, own: dict[str, str], now: datetime) -> Filled:
    recipient = message.recipient
    if recipient.form == Form.TAGS:
        form = TagRequest(recipient.method, recipient.address, own, recipient.body)
        return form.about(message.tags)
    if recipient.form == Form.BUILD:
        content_type = {"Content-Type": JSON} if recipient.body else {}
        headers, body = {**content_type, **own}, recipient.body
        return Filled(recipient.method, recipient.address, headers, body.encode())
    signed = signing.headers(secrets_of(recipient, now), message.message_id, now, message.body)
    headers = {**own, "Content-Type": JSON, **signed}
    return Filled("POST", recipient.address, headers, message.body.encode())


def _shown(request: Filled, own: dict[str, str]) -> dict[str, Any]:
    headers = {name: HIDDEN if name in own else value for name, value in request.headers.items()}
    return {
        "method": request.method,
        "url": request.url,
        "headers": headers,
        "body": request.body.decode(),
    }
