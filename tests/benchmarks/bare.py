"""The least that Django can do: a view without middleware that returns bytes it has in memory.

`BARE_BODIES` names the folder with the bodies.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["localhost"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="of no use here"
)
BODIES = {one.name: one.read_bytes() for one in Path(os.environ["BARE_BODIES"]).iterdir()}


def show(request: HttpRequest, name: str) -> HttpResponse:
    """Return a body, with its length, which Django leaves to a middleware."""
    body = BODIES[name]
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return HttpResponse(body, headers=headers)


urlpatterns = [path("<str:name>", show)]
application = get_wsgi_application()
