"""What is sent is signed by Standard Webhooks 1.0, so that any receiver's own library takes it, and nothing else."""

import json
import os
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from frontend_api.webhooks import sealing, signing
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.recipients import BOTH, rotate
from frontend_api.webhooks.sealing import Unreadable, new_secret, seal, unseal

from .conftest import SECRET, Clock, Make, Receiver, change, reread, secret_of

GOLDEN = Path(__file__).resolve().parents[2] / "typescript" / "webhook.json"


@pytest.mark.django_db
def test_a_stock_verifier_takes_what_is_sent(receiver: Receiver, make: Make) -> None:
    make()
    change("published", path="/insights/a/", path_before="/insights/b/", tags=["page:1", "x"])
    assert deliver(5) == 1
    [heard] = receiver.heard
    event = Webhook(SECRET).verify(heard.body, heard.headers)
    assert set(event) == {"type", "timestamp", "data"}
    assert event["type"] == "content.changed"
    assert set(event["data"]) == {
        *("cursor", "version", "kind", "type", "id", "html_url", "path_before", "tags"),
        "changed_at",
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(heard.body, heard.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(heard.body + b" ", heard.headers)


@pytest.mark.django_db
def test_while_a_secret_is_replaced_both_verify(receiver: Receiver, make: Make) -> None:
    recipient = make()
    rotate(recipient)
    new = secret_of(recipient)
    assert new != SECRET
    change()
    deliver(5)
    [heard] = receiver.take()
    for secret in (SECRET, new):
        assert Webhook(secret).verify(heard.body, heard.headers)
    assert len(heard.headers["webhook-signature"].split()) == 2


@pytest.mark.django_db
def test_once_it_is_replaced_the_new_one_alone_verifies(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    recipient = make()
    rotate(recipient)
    # A receiver compares the time as well; what is signed a day later has its own.
    clock.shift = 1.01 * BOTH
    change()
    deliver(5)
    # The new day is news, too.
    heard = receiver.take()[-1]
    [signature] = heard.headers["webhook-signature"].split()
    moment = datetime.fromtimestamp(int(heard.headers["webhook-timestamp"]), UTC)
    assert signature == Webhook(secret_of(recipient)).sign(heard.id, moment, heard.body.decode())


@pytest.mark.once
@given(
    body=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    secret=st.binary(min_size=24, max_size=64).map(lambda raw: f"whsec_{b64encode(raw).decode()}"),
)
def test_whatever_is_signed_is_verified(body: str, secret: str) -> None:
    assert signing.is_secret(secret)
    headers = signing.headers([new_secret(), secret], "msg_1", datetime.now(UTC), body)
    Webhook(secret).verify(body.encode(), headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(f"{body}.".encode(), headers, json_parse=False)


@pytest.mark.once
@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        "whsec_short",
        SECRET.removeprefix("whsec_"),
        "whsec_" + "é" * 40,
        "whsec_" + b64encode(b"x" * 23).decode(),
        "whsec_" + b64encode(b"x" * 65).decode(),
        SECRET + "!",
    ],
)
def test_what_is_no_secret_is_told(text: str) -> None:
    assert not signing.is_secret(text)
    assert signing.is_secret(SECRET)
    assert signing.is_secret(new_secret())


@pytest.mark.once
def test_a_secret_is_stored_unreadable_and_outlives_the_secret_key_for_as_long_as_that_is_known(
    settings: Any,
) -> None:
    settings.SECRET_KEY = "first"
    stored = seal(SECRET)
    assert SECRET.removeprefix("whsec_") not in stored
    assert unseal(stored) == SECRET
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert unseal(stored) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(stored)
    assert unseal(seal("")) == ""
    assert sealing.PREFIX == "whsec_"


@pytest.mark.once
def test_the_example_that_the_verifier_for_javascript_takes_is_what_is_sent() -> None:
    body = (
        '{"type":"content.changed","timestamp":"2026-11-24T20:01:02Z","data":{"cursor":"2a.3c0a91f2","version":42,'
        '"kind":"moved","type":"insights.InsightPage","id":14,"html_url":"https://www.example.org/insights/new/",'
        '"path_before":"/insights/old/","tags":["s0mIu3Hq7A"],"changed_at":"2026-11-24T20:01:02Z"}}'
    )
    moment = datetime(2026, 11, 24, 20, 1, 3, tzinfo=UTC)
    secrets = ["whsec_C2FVsBQIhrscChlQIMVb5sSYspob7oDazbKL02tvdZQ=", SECRET]
    example = {
        "secrets": secrets,
        "headers": signing.headers(secrets, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", moment, body),
        "body": body,
    }
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(example, indent=2) + "\n", encoding="utf-8")
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == example


@pytest.mark.django_db
def test_without_a_secret_nothing_is_sent(receiver: Receiver, make: Make) -> None:
    recipient = make(secret="")
    change()
    deliver(5)
    assert not receiver.heard
    assert reread(recipient).last_error.startswith("It has no secret")


@pytest.mark.django_db
def test_what_cannot_be_read_with_the_secret_key_of_today_is_told_and_not_sent(
    receiver: Receiver, make: Make, settings: Any
) -> None:
    recipient = make()
    change()
    settings.SECRET_KEY = "another"
    deliver(5)
    assert not receiver.heard
    assert reread(recipient).last_error.startswith("Its secret cannot be read.")
