"""Recipients that the settings name are told as others are; what cannot be is an error of the checks."""

from io import StringIO
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from standardwebhooks import Webhook

from frontend_api.webhooks.configured import mistakes
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.models import WebhookRecipient
from tests import factories
from tests.cms.admin import log_in
from tests.configure import configure

from .conftest import INSIGHT, SECRET, Clock, Receiver, change, reread

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def named(settings: Any, **webhooks: Any) -> None:
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"], WEBHOOKS=webhooks)


def test_who_is_named_is_told_from_then_on(receiver: Receiver, settings: Any) -> None:
    change()
    site = factories.default_site()
    named(
        settings,
        search={
            "ADDRESS": receiver.address,
            "SECRET": SECRET,
            "KINDS": ["updated"],
            "TYPES": [INSIGHT],
            "SITES": [f"{site.hostname}:{site.port}", "nowhere.example"],
            "HEADERS": {"X-Own": "1"},
        },
    )
    assert deliver(5) == 0
    row = WebhookRecipient.objects.get()
    assert row.sites == [0, site.pk]
    assert SECRET not in str(row.__dict__)
    change(site_id=site.pk)
    change(site_id=site.pk + 1)
    change("published", site_id=site.pk)
    deliver(5)
    [heard] = receiver.take()
    assert Webhook(SECRET).verify(heard.body, heard.headers)
    assert heard.headers["x-own"] == "1"
    # Another address is another one for the same recipient, who keeps its place.
    named(settings, search={"ADDRESS": f"{receiver.address}/moved", "SECRET": SECRET})
    change()
    deliver(5)
    assert [heard.path for heard in receiver.take()] == ["/moved"]
    assert reread(row).kinds == []
    named(settings)
    deliver(5)
    assert not WebhookRecipient.objects.exists()


def test_it_has_no_form_in_the_admin_and_what_was_sent_is_seen(
    receiver: Receiver, settings: Any, client: Client
) -> None:
    named(settings, build={"ADDRESS": receiver.address, "FORM": "build"})
    deliver(5)
    row = WebhookRecipient.objects.get()
    log_in(client, None)
    deliveries = reverse("frontend_api_webhooks:deliveries", args=[row.pk])
    edit, delete = (reverse(f"webhooks:{name}", args=[row.pk]) for name in ("edit", "delete"))
    assert client.get(edit).url == deliveries
    assert client.get(delete).status_code == 404
    assert b"The settings of this service name it" in client.get(deliveries).content
    page = client.get(reverse("webhooks:index")).content.decode()
    assert deliveries in page
    assert edit not in page
    rotated = client.post(reverse("frontend_api_webhooks:rotate", args=[row.pk]), follow=True)
    assert b"It has no secret that could be replaced here." in rotated.content


GOOD = {"ADDRESS": "https://a.example/", "SECRET": SECRET}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "a: It is a list, and no dict."),
        ({**GOOD, "URL": 1}, "a: There is no key 'URL'; it has ADDRESS, FORM, "),
        ({"SECRET": SECRET}, "a: ADDRESS: This is no address of the web"),
        ({**GOOD, "FORM": "x"}, "a: FORM is 'x'; it takes 'event', 'build', 'tags'."),
        ({"ADDRESS": "https://a.example/"}, "a: SECRET is none; it begins with whsec_"),
        ({**GOOD, "SECRET_BEFORE": "old"}, "a: SECRET_BEFORE is none; it begins with whsec_"),
        ({**GOOD, "KINDS": ["x"]}, "a: KINDS has 'x'; there are published, "),
        ({**GOOD, "TYPES": "x"}, "a: TYPES is no list of texts."),
        ({**GOOD, "METHOD": "post"}, "a: The method is 'post'; it has to be a word in capital"),
        ({**GOOD, "HEADERS": "x"}, "a: HEADERS is no dict of texts."),
        ({**GOOD, "FORM": "tags", "BODY": "x"}, "a: The body names no tags"),
    ],
)
def test_what_is_wrong_is_named_and_told_to_nobody(settings: Any, given: Any, said: str) -> None:
    named(settings, a=given)
    [mistake] = mistakes()
    assert mistake.startswith(f"FRONTEND_API: WEBHOOKS: {said}")
    assert "frontend_api.E015" in {one.id for one in run_checks()}
    deliver(1)
    assert not WebhookRecipient.objects.exists()


def test_the_command_sends_and_fails_while_something_fails(
    receiver: Receiver, settings: Any, clock: Clock
) -> None:
    named(settings, build={"ADDRESS": receiver.address, "FORM": "tags", "BODY": "{tags}"})
    call_command("send_webhooks")
    receiver.statuses = [500]
    change()
    with pytest.raises(CommandError, match=r"Not delivered: build: Fails since .* It answers 500"):
        call_command("send_webhooks", stdout=StringIO())
    receiver.statuses = [200]
    clock.shift += clock.shift.resolution * 120_000_000
    said = StringIO()
    call_command("send_webhooks", stdout=said)
    assert said.getvalue() == "1 request sent.\n"
