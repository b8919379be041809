"""Sets keys of the setting `FRONTEND_API`, beside those that are there."""

from typing import Any


def configure(settings: Any, **keys: Any) -> None:
    """Set keys: `configure(settings, S_MAXAGE=60)`."""
    settings.FRONTEND_API = {**settings.FRONTEND_API, **keys}
