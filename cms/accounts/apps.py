"""The configuration of the app through which people sign in."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """Signing in, second factors, sessions and devices."""

    name = "cms.accounts"
    label = "accounts"
    verbose_name = "Signing in"

    def ready(self) -> None:
        """Keep who signs in out of the change log: the public sees none of it."""
        # These need models, which are not there before the end of Django's start-up.
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.socialaccount.models import SocialAccount
        from allauth.usersessions.models import UserSession

        from frontend_api.changes.logged_models import log_only_if

        from . import devices, second_factor  # noqa: F401
        from .models import Attempts, KnownDevice, ProviderSession

        for model in (
            Attempts,
            Authenticator,
            EmailAddress,
            KnownDevice,
            ProviderSession,
            SocialAccount,
            UserSession,
        ):
            log_only_if(model, lambda instance: False)


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's app of accounts, with our forms."""

    user_viewset = "cms.accounts.user_forms.Accounts"
