"""Settings for the tests: the local ones, quick and quiet."""

from .databases import database
from .environment import API_IN_MEMORY
from .local import *
from .local import BASE_DIR, INSTALLED_APPS, TASKS

DEBUG = False
# Tests of further languages switch them on.
WAGTAIL_I18N_ENABLED = False
FRONTEND_URL = "http://localhost:3000"
CMS_URL = "http://localhost:8000"
WAGTAILADMIN_BASE_URL = CMS_URL
WAGTAILAPI_BASE_URL = CMS_URL
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
# The tests' own content type, a plugin that nothing outside its folder knows.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.events"]
DATABASES = {"default": database(f"sqlite:///{BASE_DIR / 'var' / 'test.sqlite3'}")}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "api": API_IN_MEMORY,
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Done at once, so that a test sees what comes of it; tests of the queue name the queue.
TASKS = {
    **TASKS,
    "background": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}
