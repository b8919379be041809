"""Settings for a real server; they refuse to start while something that matters is missing."""

from .base import *
from .base import database
from .environment import caches, host_names, mail, required, web_address
from .keys import former_secret_keys, secret_key

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
vars().update(mail("EMAIL_URL"))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
