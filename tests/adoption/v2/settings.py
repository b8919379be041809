"""Wagtail's own test settings with the delivery API added, and nothing else that it would need."""

from wagtail.test import settings as stock
from wagtail.test.settings import *

INSTALLED_APPS = list(
    dict.fromkeys([*stock.INSTALLED_APPS, "frontend_api", "wagtail_headless_preview"])
)
ROOT_URLCONF = "tests.adoption.v2.urls"
WAGTAILAPI_BASE_URL = "http://localhost"
MIGRATION_MODULES = {"tests": "tests.adoption.v2.tables"}
