"""Whether Django is there, where it runs in a process of its own (`DJANGO_APART`)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from .fact import Fact
from .gathering import Source

NAME = "rendering"


def source(is_there: Callable[[], bool]) -> Source:
    """Return where the fact comes from: without that process, this server is to be sent no requests."""
    return Source(NAME, lambda: rendering(is_there()), asks_database=False, is_vital=True)


def rendering(is_there: bool) -> Fact:
    """Say whether anything but what is kept is answered."""
    if is_there:
        return Fact(NAME, True, _("The process that runs Django takes requests."))
    says = _("The process that runs Django has ended, or is being started.")
    remedy = _("See its last lines in the log; it is started again by itself.")
    return Fact(NAME, False, says, remedy)
