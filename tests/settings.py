"""The service's test settings on the engine that `TEST_DATABASE` names: `sqlite`, the default, or `postgres`.

The engine has to be known before the models are imported, because the search index takes its form from it. Where
exactly the database is, `tests.databases` decides once the tests run.
"""

from cms.settings.databases import database
from cms.settings.environment import env
from cms.settings.test import *

TEST_DATABASE = env.str("TEST_DATABASE", default="sqlite")
if TEST_DATABASE not in {"sqlite", "postgres"}:
    raise SystemExit(f"TEST_DATABASE is {TEST_DATABASE!r}; set it to sqlite or postgres.")

# A server that is there already goes first; without one the tests start their own.
TEST_SERVER_URL = env.str("DATABASE_URL", default="")
if TEST_DATABASE != "postgres" or not TEST_SERVER_URL.startswith(("postgres:", "postgresql:")):
    TEST_SERVER_URL = ""

DATABASES = {
    "default": database(
        TEST_SERVER_URL
        or {"sqlite": "sqlite://:memory:", "postgres": "postgres:///postgres"}[TEST_DATABASE]
    )
}

# Static files are looked up when asked for: listing all of them for every test client would take its time.
WHITENOISE_AUTOREFRESH = True
