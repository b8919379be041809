"""The ASGI application: what `wsgi.py` serves, and before it those who need none of its threads.

These are readers of what is kept, and those who wait for changes. With `DJANGO_APART`, what `wsgi.py` serves is in a
process of its own.
"""

import sys

import django
from django.conf import settings

from .lanes import GIVES_WAY
from .settings.chosen import require_settings
from .settling import settle

require_settings()
django.setup(set_prefix=False)

# Imported only here, because Django has to be set up first.
from cms.operations.observing_asgi import Observed  # isort: skip  # noqa: E402
from frontend_api.caching.asgi import Application, ResponseCache  # isort: skip  # noqa: E402
from frontend_api.feed.waiting import LongPolling  # isort: skip  # noqa: E402

behind: Application
if settings.DJANGO_APART:
    from cms.operations.facts import gathering, rendering
    from frontend_api.caching.responses import store

    from .apart.front import HandedOver
    from .apart.process import Process

    # As in a process with lanes: what gathers facts or counts computes beside hits.
    sys.setswitchinterval(GIVES_WAY)
    process = Process("cms.behind", keep=store.put)
    gathering.add(rendering.source(lambda: process.is_there))
    behind = HandedOver(process)
else:
    from .lanes import Lanes
    from .wsgi import service
    from .wsgi_in_threads import InThreads

    behind = InThreads(service, Lanes())

application = Observed(LongPolling(ResponseCache(behind)))
settle()
