"""Whoever may change webhooks makes them, sees what was sent, tries them and sends again; a secret is shown once."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from frontend_api.feed import reading
from frontend_api.webhooks.configured import headers_of
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.models import WebhookMessage, WebhookRecipient
from frontend_api.webhooks.owed import owe
from frontend_api.webhooks.sealing import seal
from frontend_api.webhooks.signing import is_secret
from tests import factories
from tests.cms.admin import log_in

from .conftest import INSIGHT, Clock, Make, Receiver, change, only_message, reread, secret_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORM = {
    "name": "Search",
    "address": "https://search.example.org/hook",
    "form": "event",
    "is_enabled": "on",
    "method": "POST",
    "header_lines": "",
    "body": "",
}


@pytest.fixture
def admin(client: Client) -> Client:
    log_in(client, None)
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"frontend_api_webhooks:{name}", args=args)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


def test_a_webhook_is_made_and_its_secret_shown_once(admin: Client) -> None:
    change()
    made = admin.post(
        reverse("webhooks:add"), {**FORM, "kinds": ["published", "gone"], "types": [INSIGHT]}
    )
    recipient = WebhookRecipient.objects.get()
    assert made.status_code == 302
    assert made.url == at("secret", recipient.pk)
    assert (recipient.kinds, recipient.types, recipient.sites) == (
        ["published", "gone"],
        [INSIGHT],
        [],
    )
    assert recipient.position == reading.newest() > 0
    secret = secret_of(recipient)
    assert is_secret(secret)
    assert secret not in str(dict(admin.session))
    shown = admin.get(made.url)
    assert secret in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert admin.get(made.url).status_code == 302
    for address in (at("deliveries", recipient.pk), reverse("webhooks:edit", args=[recipient.pk])):
        assert secret not in admin.get(address).content.decode()


def test_a_new_secret_is_shown_once_and_the_old_one_signs_too(
    admin: Client, make: Make, receiver: Receiver
) -> None:
    recipient = make()
    before = secret_of(recipient)
    led = admin.post(at("rotate", recipient.pk), follow=True)
    after = secret_of(recipient)
    assert after != before
    assert after in led.content.decode()
    change()
    deliver(5)
    for secret in (before, after):
        Webhook(secret).verify(receiver.heard[0].body, receiver.heard[0].headers)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "http://a.example/"}, "only https:// is sent to"),
        ({"address": "nonsense"}, "This is no address of the web"),
        ({"header_lines": "Bearer very-secret"}, "Each line is a name, a colon and a value."),
        ({"header_lines": "Host: a.example"}, "cannot be the name of a header"),
        ({"header_lines": "X-A:"}, "The header X-A has no value."),
        ({"form": "build", "method": "GE T"}, "has to be a word in capital letters"),
        ({"form": "tags", "body": "{}"}, "The body names no tags"),
        ({"form": "tags", "body": ""}, "Neither the body nor a header names the tags"),
        ({"form": "tags", "body": '{"a": {b}}'}, "which stands for nothing"),
        ({"form": "other"}, "Select a valid choice"),
        ({"kinds": ["eaten"]}, "Select a valid choice"),
        ({"sites": ["x"]}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_cannot_be_is_told(admin: Client, given: dict[str, Any], said: str) -> None:
    response = admin.post(reverse("webhooks:add"), {**FORM, **given})
    assert said in text_of(response)
    assert not WebhookRecipient.objects.exists()


def test_what_a_header_has_is_kept_and_not_shown(admin: Client, make: Make) -> None:
    recipient = make(headers=seal("Authorization: Bearer very-secret"), name="Search")
    edit = reverse("webhooks:edit", args=[recipient.pk])
    page = admin.get(edit).content.decode()
    assert "Authorization: ••••••••" in page
    assert "very-secret" not in page
    lines = "Authorization: ••••••••\nX-Other: 1"
    assert admin.post(edit, {**FORM, "header_lines": lines}).status_code == 302
    assert headers_of(reread(recipient)) == {
        "Authorization": "Bearer very-secret",
        "X-Other": "1",
    }
    assert admin.post(edit, {**FORM, "header_lines": lines}).status_code == 302
    assert admin.post(edit, {**FORM, "header_lines": ""}).status_code == 302
    assert headers_of(reread(recipient)) == {}


def test_what_was_sent_is_seen_with_request_and_answer(
    admin: Client, make: Make, receiver: Receiver
) -> None:
    recipient = make()
    receiver.statuses, receiver.body = [500], b"<script>alert(1)</script>"
    change("moved", object_id="7", path="/new/")
    deliver(5)
    listed = text_of(admin.get(at("deliveries", recipient.pk)))
    assert f"{INSIGHT} 7" in listed
    assert "It answers 500." in listed
    page = admin.get(at("message", only_message().pk))
    shown = text_of(page)
    for part in ("POST http://127.0.0.1", "webhook-signature: v1,", '"kind":"moved"', "500, after"):
        assert part in shown
    assert "<script>alert(1)" not in page.content.decode()
    assert "<script>alert(1)" in shown


def test_one_message_and_all_since_a_time_are_sent_again(
    admin: Client, make: Make, receiver: Receiver, clock: Clock
) -> None:
    recipient = make()
    change(object_id="1")
    deliver(5)
    clock.shift += timedelta(minutes=10)
    change(object_id="2")
    deliver(5)
    early, late = (heard.id for heard in receiver.take())
    message = WebhookMessage.objects.get(message_id=early)
    assert admin.post(at("again", message.pk)).status_code == 302
    deliver(5)
    assert [heard.id for heard in receiver.take()] == [early]
    since = timezone.localtime(clock.now() - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M")
    said = admin.post(at("again_since", recipient.pk), {"since": since}, follow=True)
    assert "1 message is sent again, with the id that it had." in text_of(said)
    deliver(5)
    assert [heard.id for heard in receiver.take()] == [late]


@pytest.mark.parametrize("since", ["", "yesterday", "2999-01-01 00:00", "0000-99-99"])
def test_a_time_that_is_none_is_told(admin: Client, make: Make, since: str) -> None:
    recipient = make()
    change()
    owe(timezone.now())
    page = text_of(admin.post(at("again_since", recipient.pk), {"since": since}))
    assert "This field is required." in page or "valid date" in page or "not come yet" in page


def test_a_test_is_sent(admin: Client, make: Make, receiver: Receiver) -> None:
    recipient = make()
    led = admin.post(at("test", recipient.pk))
    message = only_message()
    assert led.url == at("message", message.pk)
    deliver(5)
    assert receiver.heard[0].json["type"] == "webhook.test"
    assert "A test" in text_of(admin.get(led.url))


def test_a_webhook_is_switched_off_and_on(admin: Client, make: Make, receiver: Receiver) -> None:
    recipient = make()
    admin.post(at("switch", recipient.pk))
    change()
    deliver(5)
    assert not receiver.heard
    assert "Switched off" in text_of(admin.get(reverse("webhooks:index")))
    admin.post(at("switch", recipient.pk))
    deliver(5)
    assert len(receiver.heard) == 1


def test_nobody_else_sees_or_does_anything(client: Client, make: Make) -> None:
    recipient = make()
    change()
    owe(timezone.now())
    message = only_message()
    log_in(client, "Moderators")
    gets = [
        reverse("webhooks:index"),
        reverse("webhooks:add"),
        reverse("webhooks:edit", args=[recipient.pk]),
        *(at(name, recipient.pk) for name in ("deliveries", "secret")),
        at("message", message.pk),
    ]
    posts = [at(name, recipient.pk) for name in ("test", "switch", "rotate", "again_since")]
    for address in gets:
        assert client.get(address).status_code == 302, address
    for address in [*posts, at("again", message.pk)]:
        assert client.post(address).status_code == 302, address
    before = reread(recipient)
    assert (before.is_enabled, before.secret) == (True, recipient.secret)
    assert WebhookMessage.objects.count() == 1


def test_lists_take_the_same_queries_for_one_and_for_fifty(
    admin: Client, make: Make, receiver: Receiver
) -> None:
    recipient = make()
    counts = []
    for count in (1, 49):
        for number in range(count):
            change(object_id=str(number))
            make(name=f"{count} {number}", is_enabled=False)
        deliver(10)
        admin.get(at("deliveries", recipient.pk))
        admin.get(reverse("webhooks:index"))
        with CaptureQueriesContext(connection) as queries:
            admin.get(at("deliveries", recipient.pk))
            admin.get(reverse("webhooks:index"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_administrators_are_warned_of_what_fails(
    admin: Client, make: Make, receiver: Receiver
) -> None:
    make(name="Search engine")
    assert "Webhooks are not delivered" not in text_of(admin.get(reverse("wagtailadmin_home")))
    receiver.statuses = [500]
    change()
    deliver(5)
    home = text_of(admin.get(reverse("wagtailadmin_home")))
    assert "Webhooks are not delivered" in home
    assert "Search engine" in home
    assert "It answers 500." in home
    admin.force_login(factories.UserFactory(groups=["Editors"]))
    assert "Webhooks are not delivered" not in text_of(admin.get(reverse("wagtailadmin_home")))


def test_one_that_waits_for_nobody_is_told(admin: Client, make: Make, clock: Clock) -> None:
    make()
    change()
    owe(timezone.now())
    clock.shift += timedelta(minutes=6)
    assert "does a worker run" in text_of(admin.get(reverse("wagtailadmin_home")))
