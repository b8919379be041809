"""Settings for one's own machine: everything has a value, nothing has to be set."""

from .base import *
from .base import BASE_DIR, INSTALLED_APPS
from .databases import database
from .environment import CMS_PORT, FRONTEND_PORT, caches, env, web_address
from .languages import content_languages

DEBUG = True
# The demo site has a few pages in French.
WAGTAIL_CONTENT_LANGUAGES = content_languages("CONTENT_LANGUAGES", "en-gb:English,fr:Français")
WAGTAIL_I18N_ENABLED = len(WAGTAIL_CONTENT_LANGUAGES) > 1
# Only here: the demo site's accounts have passwords that everybody knows.
INSTALLED_APPS = [*INSTALLED_APPS, "examples.demo"]
SECRET_KEY = env.str("SECRET_KEY", default="local-only-never-used-in-production")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
FRONTEND_URL = web_address("FRONTEND_URL", f"http://localhost:{FRONTEND_PORT}")
CMS_URL = web_address("CMS_URL", f"http://localhost:{CMS_PORT}")
WAGTAILADMIN_BASE_URL = CMS_URL
WAGTAILAPI_BASE_URL = CMS_URL

DATABASES = {
    "default": database(
        env.str("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")
    )
}
CACHES = caches("CACHE_URL")
# Passkeys want https, but for `localhost`.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Served straight from the packages, so that a first run needs no collectstatic.
WHITENOISE_USE_FINDERS = True
