"""The WSGI application that granian serves."""

from django.core.wsgi import get_wsgi_application

from cms.settings.chosen import require_settings

require_settings()
django = get_wsgi_application()

# Imported only here, because Django has to be set up first.
from cms.background import standby  # noqa: E402
from cms.operations.observing_wsgi import Observed  # noqa: E402
from frontend_api import conf  # noqa: E402
from frontend_api.caching.wsgi import ResponseCache  # noqa: E402

if not conf.read_only():
    standby.start()
service = ResponseCache(django)
application = Observed(service)
