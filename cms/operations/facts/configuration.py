"""The settings, as Django's own checks and ours judge them."""

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.utils.translation import gettext as _

from .fact import Fact

MOST = 5
"""Of more messages than this, the command that shows all of them is named."""

COMMAND = "python manage.py check --deploy"


def settings_in_use() -> Fact:
    """Say which settings are used, and whether they are for a real server."""
    module = settings.SETTINGS_MODULE
    if settings.DEBUG:
        says = _("%(module)s is for one's own machine: it shows errors to everybody.") % {
            "module": module
        }
        return Fact("settings", False, says, "DJANGO_SETTINGS_MODULE=cms.settings.production")
    return Fact("settings", True, _("%(module)s is used.") % {"module": module})


def checks() -> Fact:
    """Say what the checks find; on one's own machine, those of a deployment would find what is meant."""
    messages = run_checks(include_deployment_checks=not settings.DEBUG)
    serious = [one for one in messages if one.level >= WARNING and not one.is_silenced()]
    if not serious:
        return Fact("checks", True, _("The checks find nothing."))
    says = " ".join(f"{one.id}: {_first_line(one.msg)}" for one in serious[:MOST])
    hints = [_first_line(one.hint) for one in serious[:MOST] if one.hint]
    return Fact("checks", False, says, " ".join([*hints, COMMAND]))


def _first_line(text: object) -> str:
    return (str(text).strip().splitlines() or [""])[0]
