"""Settings of a project whose keys are of another type than the delivery API's."""

from tests.settings import *  # noqa: F403

DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
