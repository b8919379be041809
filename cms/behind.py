"""The process that runs Django behind another one: `python -m cms.behind CALLS TELLS`, started by `cms.apart.process`.

It is of a lower priority than the one in front, and leaves a core alone: what is kept is answered before anything is
rendered.
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


def give_way() -> None:
    """Let the process in front have a core when it wants one, as far as the system can do that.

    A lower priority alone does not: Linux lets a process go on for some milliseconds though one of a higher priority
    wakes up, in which a hit is answered ten times.
    """
    os.nice(NICER)
    if hasattr(os, "sched_setaffinity"):
        first, *others = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, others or [first])


def main() -> None:
    """Answer what comes by the file descriptors that are the arguments."""
    calls, tells = map(int, sys.argv[1:])
    behind = Behind(InThreads(service, Lanes()), calls, tells)
    store.listen(behind.tell)
    settle()
    give_way()
    asyncio.run(behind.run())


if __name__ == "__main__":
    main()
