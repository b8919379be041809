"""The ASGI application: what `wsgi.py` serves, in a few threads, and beside it those who wait for changes, in none."""

from .wsgi import service
from .wsgi_in_threads import InThreads

# Imported only here, because Django has to be set up first.
from cms.operations.observing_asgi import Observed  # isort: skip
from frontend_api.feed.waiting import LongPolling  # isort: skip

# As with WSGI: more of them wait for each other.
THREADS = 3

application = Observed(LongPolling(InThreads(service, THREADS)))
