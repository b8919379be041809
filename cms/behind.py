"""The process that runs Django behind another one: `python -m cms.behind CALLS TELLS`, started by `cms.apart.process`.

It is of a lower priority than the one in front: what is kept is answered before anything is rendered.
"""

import asyncio
import os
import sys

from .apart.behind import Behind
from .lanes import Lanes
from .settling import settle
from .wsgi import service
from .wsgi_in_threads import InThreads

# Imported only here, because Django has to be set up first.
from frontend_api.caching.responses import store  # isort: skip

NICER = 5
"""By so much its priority is lower."""


def main() -> None:
    """Answer what comes by the file descriptors that are the arguments."""
    calls, tells = map(int, sys.argv[1:])
    behind = Behind(InThreads(service, Lanes()), calls, tells)
    store.listen(behind.tell)
    settle()
    os.nice(NICER)
    asyncio.run(behind.run())


if __name__ == "__main__":
    main()
