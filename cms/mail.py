"""Sends mail after the commit, so that neither readers nor editors wait for a mail server.

The backend here wraps the one that `EMAIL_BACKEND` names. Mail sent during a request becomes a task in the database, in
the request's transaction: a worker delivers it, and again if that fails; if the transaction is rolled back, it is never
sent. In a command, where nobody waits, mail is delivered directly after the commit.
"""

import base64
import threading
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, make_msgid
from django.core.mail.utils import DNS_NAME
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.dispatch import receiver
from django_tasks import task

from frontend_api.changes.enqueueing import SOONEST, enqueue

_here = threading.local()
_delivery: dict[str, str] = {}

_KEPT = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "encoding")


class Backend(BaseEmailBackend):
    """Defers mails, then passes them on to the backend that delivers them."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        # A caller may pass the username and password of an account.
        self._options = {"fail_silently": fail_silently, **options}
        self._is_of_account = any(options.values())

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Arrange for the mails to be sent, and return how many there are."""
        mails = list(email_messages)
        stored = [
            mail
            for mail in mails
            if getattr(_here, "is_answering", False)
            # Passwords do not belong into the database.
            and not self._is_of_account
            and is_storable(mail)
        ]
        for mail in stored:
            enqueue(send_stored, packed(mail), priority=SOONEST)
        if others := [mail for mail in mails if mail not in stored]:
            self._deliver(others)
        return len(mails)

    def _deliver(self, mails: list[EmailMessage]) -> None:
        if transaction.get_connection().in_atomic_block:
            # The transaction is committed by then, so a mail that cannot be sent is only logged.
            transaction.on_commit(lambda: deliver(mails, self._options), robust=True)
        else:
            deliver(mails, self._options)


def deliver(mails: list[EmailMessage], options: dict[str, Any]) -> None:
    """Send mails through the configured backend; raises whatever that raises."""
    configured_backend(**options).send_messages(mails)


def configured_backend(**options: Any) -> Any:
    """Return the backend that the settings name, behind the one that stands before it."""
    return get_connection(_delivery["backend"], **options)


@task()
def send_stored(fields: dict[str, Any]) -> None:
    """Send a mail that was stored; raises whatever the mail server or its backend raises."""
    deliver([unpacked(fields)], {"fail_silently": False})


def is_storable(mail: EmailMessage) -> bool:
    """Return whether a mail can be stored as JSON: not one that writes itself, or has parts that do."""
    return type(mail) in (EmailMessage, EmailMultiAlternatives) and all(
        isinstance(attachment, tuple) for attachment in mail.attachments
    )


def packed(mail: EmailMessage) -> dict[str, Any]:
    """Return a mail as JSON.

    It has its Message-ID from now on, so that whoever gets it a second time, after a crash between the mail server and
    the database, can tell.
    """
    headers = {"Message-ID": make_msgid(domain=str(DNS_NAME)), **mail.extra_headers}
    return {
        **{name: _plain(getattr(mail, name)) for name in _KEPT},
        "headers": {str(name): str(value) for name, value in headers.items()},
        "content_subtype": mail.content_subtype,
        "alternatives": [[str(text), kind] for text, kind in getattr(mail, "alternatives", ())],
        "attachments": [
            [name, base64.b64encode(_bytes(content)).decode(), isinstance(content, str), kind]
            for name, content, kind in mail.attachments
        ],
    }


def unpacked(fields: dict[str, Any]) -> EmailMultiAlternatives:
    """Return the mail of which `fields` is the JSON."""
    mail = EmailMultiAlternatives(
        *(fields[name] for name in ("subject", "body", "from_email", "to")),
        cc=fields["cc"],
        bcc=fields["bcc"],
        reply_to=fields["reply_to"],
        headers=fields["headers"],
        alternatives=[(text, kind) for text, kind in fields["alternatives"]],
    )
    mail.encoding, mail.content_subtype = fields["encoding"], fields["content_subtype"]
    for name, content, is_text, kind in fields["attachments"]:
        decoded = base64.b64decode(content)
        mail.attach(name, decoded.decode() if is_text else decoded, kind)
    return mail


def _plain(value: Any) -> Any:
    """Return a text, or a list of texts, without what translates it later."""
    if value is None:
        return None
    return [str(one) for one in value] if isinstance(value, list | tuple) else str(value)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def stand_before_configured_backend() -> None:
    """Route all mail through `Backend`, in front of whichever backend the settings name."""
    _delivery["backend"] = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.{Backend.__name__}"


@receiver(request_started)
def _answer(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = True


@receiver(request_finished)
def _answered(sender: Any, **kwargs: Any) -> None:
    _here.is_answering = False
