"""Writes to somebody who forgot their password, in the worker.

The request that asks for it does the same whether there is such an account or not, so that its time says nothing.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django_tasks import task
from wagtail.admin.forms.auth import PasswordResetForm

from frontend_api.changes.enqueueing import SOONEST, enqueue

TEMPLATES = "wagtailadmin/account/password_reset"


def send_reset(email: str) -> None:
    """Have the worker look for accounts with an address, and write to them."""
    enqueue(write_to, email, priority=SOONEST)


@task()
def write_to(email: str) -> None:
    """Write to whoever has an account with this address; to nobody if nobody has."""
    form = _Insisting({"email": email})
    if form.is_valid():
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        form.save(
            domain_override=address.netloc,
            use_https=address.scheme == "https",
            subject_template_name=f"{TEMPLATES}/email_subject.txt",
            email_template_name=f"{TEMPLATES}/email.txt",
        )


class _Insisting(PasswordResetForm):
    """Fails if the mail server does not take the mail, so that the worker tries again."""

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        subject = " ".join(render_to_string(subject_template_name, context).split())
        body = render_to_string(email_template_name, context)
        EmailMultiAlternatives(subject, body, from_email, [to_email]).send()
