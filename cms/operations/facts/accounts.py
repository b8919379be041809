"""The provider of accounts (OpenID Connect), where people sign in with one."""

from django.conf import settings
from django.utils.translation import gettext as _

from cms.accounts import discovery

from .fact import Fact


def provider() -> Fact:
    """Say whether the provider answers and knows this service, and whether all groups are there."""
    if not settings.OIDC:
        return Fact("provider", True, _("Nobody signs in with an account of a provider."))
    try:
        discovery.try_identity(discovery.configuration())
    except discovery.Trouble as error:
        remedy = _("See docs/signing-in.md; until then, python manage.py let_in NAME signs in.")
        return Fact("provider", False, str(error), remedy)
    if missing := discovery.missing_groups():
        remedy = _("OIDC_GROUPS=their-name=Name of the group here,…")
        return Fact("provider", False, discovery.no_such_groups(missing), remedy)
    says = _("%(issuer)s answers, and knows this service.") % {"issuer": settings.OIDC["issuer"]}
    return Fact("provider", True, says)
