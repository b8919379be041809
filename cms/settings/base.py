"""Settings that hold everywhere; `local`, `production` and `test` add the rest."""

from pathlib import Path

from . import media, serving
from .auditing import audit_addresses, audit_days
from .environment import (
    env,
    folder,
    limit,
    places_of_time_zones,
    seconds,
    size,
    time_zone,
    web_addresses,
)
from .languages import content_languages
from .observing import (
    LOGGED,
    metrics_folder,
    metrics_token,
    one_of,
    sentry_dsn,
    traces_endpoint,
)
from .purging import purged_caches
from .signing_in import *
from .webhooks import webhook_hosts, webhooks

BASE_DIR = Path(__file__).resolve().parents[2]

# What content is written in. With one language the admin says nothing of languages.
WAGTAIL_CONTENT_LANGUAGES = content_languages("CONTENT_LANGUAGES", "en-gb:English")
WAGTAIL_I18N_ENABLED = len(WAGTAIL_CONTENT_LANGUAGES) > 1

INSTALLED_APPS = [
    "cms",
    # Before django-tasks-db, whose command it replaces.
    "cms.background",
    "cms.accounts.apps.AccountsConfig",
    "cms.schedule",
    "cms.operations",
    "cms.audit",
    "cms.transfer",
    "insights",
    "programmes",
    "frontend_api",
    "wagtail_headless_preview",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "cms.accounts.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "corsheaders",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cms.operations.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cms.accounts.key_rotation.SessionsOutliveKeys",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cms.accounts.oidc.ConfirmedMiddleware",
    "cms.accounts.second_factor.SecondFactorMiddleware",
    "cms.content_security.ContentSecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.return_to.ReturnToList",
    # What a request changes, and the log of it, are one transaction; what cannot be saved is a
    # message, and what would be published with a part of it missing, a question.
    "cms.publish_with.middleware.RecordOrAsk",
    "cms.audit.middleware.AuditTrail",
]
MIDDLEWARE = serving.middleware(MIDDLEWARE)

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
DJANGO_APART = serving.DJANGO_APART

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_USER_MODEL = "cms.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = time_zone("TIME_ZONE", "UTC")
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = folder("STATIC_ROOT", BASE_DIR / "var" / "static")
MEDIA_URL = media.media_url()
MEDIA_PRIVATE_ORIGINALS = media.are_originals_private()
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))()
STORAGES = {
    "default": media.storage(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# What takes long waits in the database, for `manage.py db_worker`. Wagtail's own tasks, the index of references above
# all, are part of what is saved.
TASKS = {
    "default": {"BACKEND": "cms.background.indexing.IndexesOnceBackend"},
    "background": {"BACKEND": "cms.background.backend.QueueBackend"},
}

FRONTEND_API = {
    # How many who follow the feed of changes a server process holds at once, where it is served through ASGI.
    "CHANGES_WAITING_MAX": size("CHANGES_WAITING_MAX", 100, 10_000, "clients"),
    # What the API answers about the demo site, for the page to read its description.
    "EXAMPLES": str(BASE_DIR / "docs" / "api-examples.json"),
    "READ_ONLY": serving.ONLY_READERS,
    "STATEMENT_TIMEOUT": limit("API_STATEMENT_TIMEOUT", 5),
    "TASKS_ALIAS": "background",
    "TITLE": "Headless content service",
    "VERSION": "0.2.0",
    # The widths that images come in, for each use that a model or a block names. `make_renditions` makes what a change
    # here asks for. A place that names no use has "body"; only a use with a ratio crops.
    "IMAGE_USES": {
        "teaser": {"ratio": (3, 2), "widths": (320, 640)},
        "body": {"widths": (480, 960, 1600)},
        "hero": {"ratio": (16, 9), "widths": (640, 1280, 1920)},
        "logo": {"widths": (160, 320)},
    },
    "ROBOTS_DISALLOW": ["/preview", "/search"],
    # Readers who type or keep an address in another way are led to the page. Where the website answers by itself, a
    # redirect may lead, too.
    "PATHS": {
        "CASE": "redirect",
        "INDEX": "redirect",
        "LOCALE": "redirect",
        "FRONTEND": ["/search"],
    },
    "IMAGE_MEMORY": size("IMAGE_MEMORY_MEGABYTES", 1024, 65_536, "megabytes"),
    "PREVIEW_MAX_AGE": seconds("PREVIEW_MAX_AGE", 3600),
    # For how many seconds a shared cache in front, such as a CDN, may answer without asking, and for how many more it
    # may while it asks. Nothing tells it of a change unless it is purged.
    "S_MAXAGE": seconds("API_S_MAXAGE", 0),
    "STALE_IF_ERROR": seconds("API_STALE_IF_ERROR", 0),
    "STALE_WHILE_REVALIDATE": seconds("API_STALE_WHILE_REVALIDATE", 0),
    # Who is told of changes, besides those that administrators add; and where inside one's own network they may be.
    "WEBHOOKS": webhooks(),
    "WEBHOOK_HOSTS": webhook_hosts(),
}

# Its check would describe the API of Wagtail's admin, which is for nobody else; ours describes itself.
SPECTACULAR_SETTINGS = {"ENABLE_DJANGO_DEPLOY_CHECK": False}

# Scripts of these websites may read the API, besides those of Wagtail's own sites;
# see `frontend_api/caching/responses/cors.py`.
CORS_ALLOWED_ORIGINS = web_addresses("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "if-none-match"]
CORS_EXPOSE_HEADERS = ["Cache-Tag", "ETag", "Last-Modified"]
CORS_URLS_REGEX = r"^/api/"

# The shared caches that are told of changes, in the form of `wagtail.contrib.frontend_cache`; that app is not
# installed, because it would purge the addresses of pages, which are none of this service's.
WAGTAILFRONTENDCACHE = purged_caches()

# Who signed in, changed rights, shared and exported; what is kept of it.
AUDIT_DAYS = audit_days()
AUDIT_ADDRESSES = audit_addresses()

# What a mail server is waited for, by the thread that sends mail.
EMAIL_TIMEOUT = seconds("EMAIL_TIMEOUT", 10)

# How the service tells of itself.
METRICS_TOKEN = metrics_token()
METRICS_FOLDER = metrics_folder()
SENTRY_DSN = sentry_dsn()
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
TRACES_ENDPOINT = traces_endpoint()
REQUEST_LOG = one_of("REQUEST_LOG", "none", LOGGED)

# How many levels a menu has in its form, and in `site/`.
NAVIGATION_LEVELS = 2

# The name of the admin until the settings of a site have one.
WAGTAIL_SITE_NAME = "Headless content service"
# What the admin shows under Help, with the pictures beside it.
EDITORS_GUIDE = BASE_DIR / "docs" / "editors.md"
# Only what every browser knows: systems name others, such as "localtime", at which the account page stumbles.
WAGTAIL_USER_TIME_ZONES = places_of_time_zones()
WAGTAILIMAGES_IMAGE_MODEL = "cms.CmsImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.uploads.ImageForm"
# What cameras, phones, scanners and drawing programs write; all but what the web knows is stored as JPEG or PNG.
WAGTAILIMAGES_EXTENSIONS = [
    "avif",
    "bmp",
    "gif",
    "heic",
    "heif",
    "jpeg",
    "jpg",
    "png",
    "svg",
    "tif",
    "tiff",
    "webp",
]
# A picture takes memory by its pixels, whatever its file has. Beyond 178 megapixels the library decodes none.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = size("IMAGE_MAX_MEGAPIXELS", 60, 178, "megapixels") * 1_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = size("IMAGE_MAX_MEGABYTES", 25, 1_000, "megabytes") * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "cms.CmsDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.uploads.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip"]
# The index tells the change log what it changes, and the admin finds words anywhere.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search_backend"}}
# Other providers would be asked over the network while an editor waits, and answer with scripts of their own.
WAGTAILEMBEDS_FINDERS = [{"class": "cms.embeds.VideoFinder"}]
# Readers never log in here; who opens a private document does so as an editor.
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
# The admin asks nobody outside for avatars or updates.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
TAGGIT_CASE_INSENSITIVE = True

WAGTAIL_HEADLESS_PREVIEW = {
    # A Wagtail site is a frontend, so previews open at the address of the page's own site.
    "CLIENT_URLS": {"default": "{SITE_ROOT_URL}/preview"},
    "ENFORCE_TRAILING_SLASH": False,
}
