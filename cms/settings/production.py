"""Settings for a real server; they refuse to start while something that matters is missing."""

from urllib.parse import urlsplit

from .base import *
from .base import STORAGES
from .databases import database
from .environment import caches, host_names, required, seconds, switch, web_address
from .keys import former_secret_keys, secret_key
from .mail import mail, sender
from .observing import FORMATS, LOGGED, logging_to_stderr, one_of

A_YEAR = 31_536_000

DEBUG = False
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = former_secret_keys(SECRET_KEY)
ALLOWED_HOSTS = host_names("ALLOWED_HOSTS")
FRONTEND_URL = web_address("FRONTEND_URL")
CMS_URL = web_address("CMS_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}")
WAGTAILADMIN_BASE_URL = CMS_URL
WAGTAILAPI_BASE_URL = CMS_URL
CSRF_TRUSTED_ORIGINS = [CMS_URL]

DATABASES = {
    "default": database(
        required(
            "DATABASE_URL", "the address of the database", "postgres://user:password@host:5432/name"
        )
    )
}
CACHES = caches("CACHE_URL")
vars().update(mail())
DEFAULT_FROM_EMAIL = sender("DEFAULT_FROM_EMAIL", f"cms@{urlsplit(CMS_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = seconds("HSTS_SECONDS", A_YEAR, least=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = switch("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = switch("HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = logging_to_stderr(one_of("LOG_FORMAT", "json", FORMATS))
REQUEST_LOG = one_of("REQUEST_LOG", "all", LOGGED)
