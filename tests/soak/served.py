"""The settings of production; the admin's files come from the packages, so that none have to be gathered first."""

from cms.settings.production import *
from cms.settings.production import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
