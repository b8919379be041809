"""The settings of the service that is measured over HTTP: those of the tests, on the database of the benchmark.

`BENCHMARK` holds what is to be set besides, as JSON.
"""

import json
import os

from django.conf import global_settings

from tests.settings import *
from tests.settings import DATABASES

_given = json.loads(os.environ["BENCHMARK"])
DATABASES["default"].update(_given["database"])
MEDIA_ROOT, STATIC_ROOT = _given["media"], _given["static"]
if _given.get("queue"):
    from cms.settings.base import TASKS  # noqa: F401
# As in production, where it takes its time.
PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
ROOT_URLCONF = "tests.benchmarks.urls"
# As in production: files are looked up once.
WHITENOISE_AUTOREFRESH = False
