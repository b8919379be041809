"""The settings of the service that is measured, with Wagtail's own search and no middleware of ours."""

from tests.benchmarks.served import *
from tests.benchmarks.served import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.stock_admin"]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(("cms.", "frontend_api."))]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
