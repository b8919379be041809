"""Signs what is sent, by Standard Webhooks 1.0 (https://www.standardwebhooks.com/)."""

import binascii
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

from .sealing import PREFIX

# Of the secret's random part, by the specification.
SHORTEST, LONGEST = 24, 64


def headers(secrets: Iterable[str], message_id: str, moment: datetime, body: str) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent a body, and when.

    {"webhook-id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "webhook-timestamp": "1674087231",
     "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= v1,…"}

    A secret that is replaced signs as well for a while, so that there may be two signatures.
    """
    sent = moment.astimezone(UTC)
    signatures = (Webhook(secret).sign(message_id, sent, body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def is_secret(text: str) -> bool:
    """Return whether a text is a secret in the form of Standard Webhooks."""
    try:
        random = binascii.a2b_base64(text.removeprefix(PREFIX), strict_mode=True)
    except (ValueError, binascii.Error):
        return False
    return text.startswith(PREFIX) and SHORTEST <= len(random) <= LONGEST
