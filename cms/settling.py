"""What a server does once, when all that it needs is loaded."""

import gc

from django.conf import settings
from django.urls import get_resolver


def settle() -> None:
    """Have the garbage collector leave alone what is loaded, which lasts as long as the process.

    To look through all of it takes a tenth of a second, in which no thread answers anything; and while much is
    rendered, the collector would do so again and again.
    """
    # What views import is loaded with the addresses, else at the first request.
    _ = get_resolver(settings.ROOT_URLCONF).url_patterns
    gc.collect()
    gc.freeze()
