"""Describes what is sent to recipients of webhooks: the events, signed by Standard Webhooks."""

from typing import Any

from frontend_api.serialization.json_schema import DATE_TIME, STRING, Schema, constant, record
from frontend_api.webhooks.owed import CHANGED, TEST

from .changes import item_schema
from .operation import JSON

TAG = "webhooks"
CONTENT_CHANGED, WEBHOOK_TEST = "ContentChanged", "WebhookTest"
_HEADERS = {
    "webhook-id": "The same in every attempt, by which a repetition is told.",
    "webhook-timestamp": "When this attempt was signed, in seconds since 1970.",
    "webhook-signature": "`v1,` and the signature in Base64; two while a secret is replaced.",
}
_ANSWERS = {
    "2XX": "It is taken. Whatever else comes back, or nothing within 10 seconds, is a failure, and it is sent again.",
    "410": "Nothing more is to be sent here; the webhook is switched off.",
}


def schemas() -> dict[str, Schema]:
    """Return the named schemas of the events."""
    item = item_schema()
    cursor = {**STRING, "description": "Where in `changes/` one is after this change."}
    now = {**STRING, "description": "Where in `changes/` one is at this moment."}
    data = record({"cursor": cursor, **item["properties"]}, "The change, as `changes/` has it.")
    return {
        CONTENT_CHANGED: record(
            {"type": constant(CHANGED), "timestamp": DATE_TIME, "data": data},
            "Something changed for readers. There is no content in it: fetch what you show.",
        ),
        WEBHOOK_TEST: record(
            {"type": constant(TEST), "timestamp": DATE_TIME, "data": record({"cursor": now})},
            "An administrator tries whether what is sent arrives.",
        ),
    }


def webhooks() -> dict[str, Any]:
    """Return the part `webhooks` of an OpenAPI document."""
    return {
        "contentChanged": {
            "post": _operation("contentChanged", "Something changed for readers.", CONTENT_CHANGED)
        },
        "webhookTest": {"post": _operation("webhookTest", "A test.", WEBHOOK_TEST)},
    }


def _operation(name: str, summary: str, schema: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": "Signed by [Standard Webhooks](https://www.standardwebhooks.com/); their library verifies it.",
        "tags": [TAG],
        "parameters": [
            {
                "name": header,
                "in": "header",
                "required": True,
                "schema": STRING,
                "description": text,
            }
            for header, text in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "responses": {status: {"description": text} for status, text in _ANSWERS.items()},
        "security": [],
    }
