"""Which settings are used is said by whoever starts something, and never guessed."""

import os
from collections.abc import Sequence

from .environment import stop

VARIABLE = "DJANGO_SETTINGS_MODULE"


def require_settings(arguments: Sequence[str] = ()) -> None:
    """Stop the start unless the environment, or `--settings` among the arguments of a command, names the settings."""
    named = any(one == "--settings" or one.startswith("--settings=") for one in arguments)
    if not named and not os.environ.get(VARIABLE, "").strip():
        stop(
            f"{VARIABLE} is not set; set it to cms.settings.production, or to cms.settings.local on your own machine."
        )
