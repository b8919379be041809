"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.local")

django = get_wsgi_application()

# Imported only here, because Django has to be set up first.
from cms.background import standby  # noqa: E402
from frontend_api import conf  # noqa: E402
from frontend_api.caching.wsgi import ResponseCache  # noqa: E402

if not conf.read_only():
    standby.start()
application = ResponseCache(django)
