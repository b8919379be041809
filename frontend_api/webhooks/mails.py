"""Tells administrators, and whoever made it, that a recipient was switched off."""

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.admin.mail import send_mail

from frontend_api import conf

from .models import WebhookRecipient


@task()
def tell_switched_off(pk: int) -> None:
    """Send the mail, unless somebody has switched the recipient on again."""
    recipient = WebhookRecipient.objects.filter(pk=pk, switched_off_at__isnull=False).first()
    if recipient is None or recipient.switched_off_at is None:
        return
    users = get_user_model().objects.filter(
        Q(is_superuser=True) | Q(pk=recipient.made_by_id), is_active=True
    )
    addresses = sorted({user.email for user in users if user.email})
    if not addresses:
        return
    place = reverse("frontend_api_webhooks:deliveries", args=[recipient.pk])
    text = _(
        "The webhook “%(name)s” to %(host)s was switched off on %(when)s, because it did not take what it was sent:\n"
        "%(error)s\n\n"
        "Nothing is lost: what changed since is sent once it is on again. See what was sent, and switch it on:\n"
        "%(address)s"
    ) % {
        "name": recipient.name,
        "host": recipient.host,
        "when": date_format(localtime(recipient.switched_off_at), "DATETIME_FORMAT"),
        "error": recipient.last_error,
        "address": f"{conf.base_url()}{place}",
    }
    subject = _("The webhook “%(name)s” was switched off") % {"name": recipient.name}
    for address in addresses:
        send_mail(subject, text, [address])
