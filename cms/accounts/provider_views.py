"""The way to the provider of accounts and back, on which whatever goes wrong ends in a sentence."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from .discovery import Trouble, configuration, is_refused, refused

ID = "sso"
"""The only provider there is."""

# What reading an answer of another shape than that of the specification ends in.
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, ImproperlyConfigured)


class Adapter(OpenIDConnectOAuth2Adapter):
    """Asks the provider, and says which setting it is if that does not do."""

    known: dict[str, Any] | None = None

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; without it, nobody goes on."""
        if self.known is None:
            try:
                self.known = configuration()
            except Trouble as error:
                response = render_authentication_error(
                    self.request, self.get_provider(), exception=error
                )
                raise ImmediateHttpResponse(response) from error
        return self.known

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Take the token for the code."""
        try:
            data: dict[str, Any] = super().get_access_token_data(*args, **kwargs)
        except OAuth2Error as error:
            raise ProviderException(refused() if is_refused(str(error)) else str(error)) from error
        except MISSHAPEN as error:
            raise _misshapen("token_endpoint", error) from error
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Read the token."""
        try:
            return super().parse_token(data)
        except MISSHAPEN as error:
            raise _misshapen("token_endpoint", error) from error

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        """Read who it is."""
        try:
            return super().complete_login(*args, **kwargs)
        except OAuth2Error as error:
            text = _(
                "The provider's id token is not for this service, or its clock is wrong: %(error)s."
            )
            raise ProviderException(text % {"error": error.__cause__ or error}) from error
        except MISSHAPEN as error:
            raise _misshapen("userinfo_endpoint", error) from error


class Provider(OpenIDConnectProvider):
    """The provider that the environment names."""

    oauth2_adapter_class = Adapter


def _misshapen(name: str, error: Exception) -> ProviderException:
    text = _(
        "The provider's %(name)s answers otherwise than OpenID Connect says: %(error)s. OIDC_SCOPES is %(scopes)s, and"
        " has to have openid."
    )
    scopes = " ".join(settings.OIDC["scopes"])
    return ProviderException(text % {"name": name, "error": repr(error)[:200], "scopes": scopes})


def _run(
    view: type[OAuth2LoginView | OAuth2CallbackView], request: HttpRequest, provider_id: str
) -> HttpResponse:
    if not settings.OIDC or provider_id != ID:
        raise Http404
    response: HttpResponse = view.adapter_view(Adapter(request, provider_id))(request)
    return response


# They wait for the provider, and nobody is to wait for them.
@non_atomic_requests
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider."""
    return _run(OAuth2LoginView, request, provider_id)


@non_atomic_requests
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take whoever comes back."""
    return _run(OAuth2CallbackView, request, provider_id)
