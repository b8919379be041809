"""Settings of a project that installed nothing to make the description with."""

from tests import settings
from tests.settings import *  # noqa: F403

INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if "drf_spectacular" not in name]
