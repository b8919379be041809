"""The models of webhooks: who is told of changes, the messages owed to them, and each attempt to deliver one."""

from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """What is sent to a recipient."""

    EVENT = "event", _("Signed events, one for each change (Standard Webhooks)")
    BUILD = "build", _("A build hook, once for a burst of changes")
    TAGS = "tags", _("A purge of cache tags, for many changes at once")


class State(models.TextChoices):
    """What has become of a message."""

    PENDING = "pending", _("Waits")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given up", _("Given up")


TEST_KEY = "test:"
"""How the key of a message begins that tells of no change."""


class WebhookRecipient(models.Model):
    """Somebody who is told of changes, how far, and how that goes.

    {"name": "Search", "address": "https://search.example.org/hook", "form": "event", "kinds": ["published", "gone"],
     "types": ["insights.insightpage"], "sites": [2], "position": 812, "failing_since": null, …}
    """

    name = models.CharField(_("name"), max_length=100)
    address = models.CharField(
        _("address"),
        max_length=2000,
        help_text=_("Where it is sent to, such as https://search.example.org/hooks/content."),
    )
    form = models.CharField(_("what is sent"), max_length=10, choices=Form.choices)
    kinds = models.JSONField(_("kinds of changes"), default=list, blank=True)
    types = models.JSONField(_("types"), default=list, blank=True)
    sites = models.JSONField(_("sites"), default=list, blank=True)
    method = models.CharField(_("method"), max_length=32, default="POST", blank=True)
    body = models.TextField(_("body"), blank=True)
    headers = models.TextField(editable=False, blank=True)
    """Lines of `Name: value`, sealed."""
    secret = models.TextField(editable=False, blank=True)
    """What signs events, sealed. Empty for a recipient of the settings: theirs stays there."""
    secret_before = models.TextField(editable=False, blank=True)
    """The secret that was replaced, sealed; it signs as well until `secret_before_until`."""
    secret_before_until = models.DateTimeField(null=True, editable=False)
    is_enabled = models.BooleanField(
        _("switched on"),
        default=True,
        help_text=_("What changes while this is off is sent once it is on again."),
    )
    is_from_settings = models.BooleanField(default=False, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    position = models.PositiveBigIntegerField(default=0, editable=False)
    """The number of the last public change of which it is settled whether a message tells of it."""
    failures = models.PositiveIntegerField(default=0, editable=False)
    """How often it failed in a row to answer at all, or because of an error of its own."""
    failing_since = models.DateTimeField(null=True, editable=False)
    resting_until = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(editable=False, blank=True)
    switched_off_at = models.DateTimeField(null=True, editable=False)
    """When this service switched it off by itself; null where somebody did, or it is on."""

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(is_from_settings=True), name="one_webhook_of_settings"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The host of the address: the rest of it may be as good as a password."""
        return urlsplit(self.address).hostname or ""


def parsed_headers(text: str) -> dict[str, str]:
    """Return lines of `Name: value` as a dict; one without a colon has an empty value."""
    lines = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, _colon, value in lines}


class MessageQuerySet(models.QuerySet["WebhookMessage"]):
    """Queries for messages by what may be done with them."""

    def due(self, now: datetime) -> "MessageQuerySet":
        """Return those that may be sent now: nobody is at it, and none before it about the same object waits."""
        before = WebhookMessage.objects.filter(
            recipient=OuterRef("recipient"),
            key=OuterRef("key"),
            state=State.PENDING,
            pk__lt=OuterRef("pk"),
        )
        rested = Q(recipient__resting_until=None) | Q(recipient__resting_until__lte=now)
        return self.filter(
            ~Exists(before),
            Q(claimed_until=None) | Q(claimed_until__lte=now),
            # Somebody waits for a test, above all before switching on what it tests.
            Q(rested, recipient__is_enabled=True) | Q(key__startswith=TEST_KEY),
            state=State.PENDING,
            due_at__lte=now,
        )


class WebhookMessage(models.Model):
    """A message that is owed to a recipient until it is delivered, or given up.

    {"message_id": "msg_5p…", "first": 812, "last": 812, "key": "insights.insightpage:14", "body": "{…}", "tags": [],
     "state": "pending", "due_at": "2026-11-24T20:01:02Z", "attempts": 2, …}
    """

    recipient = models.ForeignKey(WebhookRecipient, models.CASCADE, related_name="messages")
    message_id = models.CharField(max_length=64, unique=True)
    """The same in every attempt, and when it is sent again, so that a receiver can tell."""
    first = models.PositiveBigIntegerField(null=True)
    last = models.PositiveBigIntegerField(null=True)
    """The numbers of the public changes that it tells of; null for a test."""
    key = models.CharField(max_length=255)
    """Messages of one key are delivered one after the other: those about one object."""
    body = models.TextField(blank=True)
    """The body of an event. That of other forms is made when it is sent."""
    tags = models.JSONField(default=list)
    """The names that a purge is about."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    """How often it failed, since it was made or sent again."""
    repeats = models.PositiveIntegerField(default=0)
    """How often it is sent once more after it was delivered; see `owed.SETTLING`."""
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    """Until then, whoever made the claim is at it. Later, they are taken for dead."""
    finished_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                "due_at", condition=Q(state=State.PENDING), name="frontend_api_message_due"
            ),
            models.Index(
                "recipient",
                "key",
                condition=Q(state=State.PENDING),
                name="frontend_api_message_key",
            ),
            models.Index("finished_at", name="frontend_api_message_finished"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def is_test(self) -> bool:
        """Whether it tells of no change."""
        return self.key.startswith(TEST_KEY)


class WebhookAttempt(models.Model):
    """One attempt to deliver a message.

    {"at": "2026-11-24T20:01:02Z", "seconds": 0.21, "request": {"method": "POST", "url": "https://…", "headers": {…},
     "body": "{…}"}, "status": 503, "answer": "Try later", "error": "It answers 503."}
    """

    message = models.ForeignKey(WebhookMessage, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    seconds = models.FloatField()
    request = models.JSONField(default=dict)
    status = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True)
    """The beginning of the body that came back."""
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.message}: {self.status or self.error}"
