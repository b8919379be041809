"""The settings of the service that is measured, with Wagtail's own search and tasks and no middleware of ours."""

from tests.benchmarks.served import *
from tests.benchmarks.served import INSTALLED_APPS, MIDDLEWARE, TASKS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.benchmarks.stock_admin"]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(("cms.", "frontend_api."))]
TASKS = {name: {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"} for name in TASKS}
ROOT_URLCONF = "tests.benchmarks.stock_admin.urls"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
