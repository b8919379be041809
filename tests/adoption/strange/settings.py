"""What a project has that knows nothing of this API, and then the lines that add it."""

import os

SECRET_KEY = "strange"
ROOT_URLCONF = "tests.adoption.strange.urls"
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("fr", "Français")]
USE_I18N = WAGTAIL_I18N_ENABLED = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "TEST": {"NAME": os.environ.get("STRANGE_DATABASE")},
    }
}
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WAGTAIL_SITE_NAME = "Strange"
WAGTAILADMIN_BASE_URL = "https://cms.strange.example"
WAGTAILIMAGES_IMAGE_MODEL = "strange.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "strange.Paper"
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Whoever wrote this meant the project's own API.
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
INSTALLED_APPS = [
    "tests.adoption.strange",
    "wagtail.contrib.forms",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.table_block",
    "wagtail.api.v2",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

INSTALLED_APPS += ["frontend_api", "wagtail_headless_preview"]
if os.environ.get("STRANGE_REDIRECTS"):
    INSTALLED_APPS += ["wagtail.contrib.redirects"]
INSTALLED_APPS += ["drf_spectacular", "drf_spectacular_sidecar"]
MIDDLEWARE += ["frontend_api.changes.middleware.RecordChanges"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "frontend_api.changes.search_backend"}}
WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": "{SITE_ROOT_URL}/preview"}}
FRONTEND_API = {"COLLECTIONS": {"articles": "strange.ArticlePage"}}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
