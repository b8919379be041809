"""`manage.py seal_again`: encrypts what is kept unreadable with the secret key of today, so that former ones can go."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import BaseCommand, CommandError

from cms.accounts import sealing
from frontend_api.changes.transaction import transaction
from frontend_api.webhooks import sealing as webhooks
from frontend_api.webhooks.models import WebhookRecipient

OF_WEBHOOKS = ("headers", "secret", "secret_before")


class Command(BaseCommand):
    """Seals the secrets of webhooks and of second factors anew; done twice, it does no harm."""

    help = (
        "Encrypts the secrets of webhooks and of second factors with SECRET_KEY. Run it before a key is taken out of "
        "SECRET_KEY_FALLBACKS: what only that key can read is lost with it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal all of it, or nothing, and say how much it was."""
        try:
            with transaction():
                recipients, factors = (
                    list(WebhookRecipient.objects.all()),
                    list(Authenticator.objects.all()),
                )
                for recipient in recipients:
                    _seal_recipient(recipient)
                for factor in factors:
                    _seal_factor(factor)
        except (InvalidToken, webhooks.Unreadable) as error:
            raise CommandError(
                "Something was sealed with a key that is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS. Nothing was "
                "changed; add that key, and run this again."
            ) from error
        self.stdout.write(f"Sealed: {len(recipients)} webhooks, {len(factors)} second factors.")


def _seal_recipient(recipient: WebhookRecipient) -> None:
    sealed = {
        name: webhooks.seal(webhooks.unseal(getattr(recipient, name))) for name in OF_WEBHOOKS
    }
    WebhookRecipient.objects.filter(pk=recipient.pk).update(**sealed)


def _seal_factor(factor: Authenticator) -> None:
    kept = {"secret", "seed"}
    sealed = {
        name: sealing.seal(sealing.unseal(value)) if name in kept else value
        for name, value in factor.data.items()
    }
    if sealed != factor.data:
        Authenticator.objects.filter(pk=factor.pk).update(data=sealed)
