"""The ASGI application: what `wsgi.py` serves, and before it those who need none of its threads.

These are readers of what is kept, and those who wait for changes.
"""

from .lanes import Lanes
from .settling import settle
from .wsgi import service
from .wsgi_in_threads import InThreads

# Imported only here, because Django has to be set up first.
from cms.operations.observing_asgi import Observed  # isort: skip
from frontend_api.caching.asgi import ResponseCache  # isort: skip
from frontend_api.feed.waiting import LongPolling  # isort: skip

application = Observed(LongPolling(ResponseCache(InThreads(service, Lanes()))))
settle()
