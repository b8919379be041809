"""The Content-Security-Policy of the admin and of every other HTML page of the CMS.

Pages load everything from the CMS itself, and the admin may frame the frontends' previews. Nothing may frame the CMS,
except that the admin frames its own previews. Inline scripts have to be allowed, because Wagtail starts its choosers,
inline panels and date fields with them and does not support nonces; scripts from other hosts and `eval` are forbidden.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from frontend_api.previews import origins

NAME = "Content-Security-Policy"


def policy(frames: Iterable[str], *, is_framed: bool) -> str:
    """Return the policy of a page that may frame and ask the origins `frames`; the CMS frames it if `is_framed`."""
    media = [origins.origin_of(settings.MEDIA_URL)] if urlsplit(settings.MEDIA_URL).netloc else []
    directives: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-inline'"],
        # Rich text fields, tooltips and Swagger UI set styles on elements.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *media],
        "media-src": ["'self'", *media],
        "frame-src": ["'self'", *frames],
        # The editor asks whether the frontend that it previews in is there.
        "connect-src": ["'self'", *frames],
        "frame-ancestors": ["'self'" if is_framed else "'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


# A drawing (SVG) can hold what a page can. It was cleaned when it was uploaded, and is forbidden all the same to run or
# load anything; a proxy that serves media says so too (see `docs/operators.md`).
MEDIA_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"


class ContentSecurityMiddleware(MiddlewareMixin):
    """Sets the policy of HTML pages, and of media where the CMS serves them.

    List it before `XFrameOptionsMiddleware`, whose header it reads.
    """

    get_response: Callable[[HttpRequest], HttpResponse]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the policy to media, and to an HTML page that has none of its own."""
        media = urlsplit(settings.MEDIA_URL).path
        if media not in {"", "/"} and request.path.startswith(media):
            response[NAME] = MEDIA_POLICY
        # Wagtail renders a preview with a dummy request; its response passes through here again for the real one.
        is_dummy = getattr(request, "is_dummy", False)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not is_dummy and NAME not in response:
            is_framed = response.get("X-Frame-Options") == "SAMEORIGIN"
            # Only the admin has previews, and an error page must not query a database that may be down.
            in_admin = request.path.startswith(reverse("wagtailadmin_home"))
            frames = origins.frontend_origins() if in_admin and response.status_code < 500 else []
            response[NAME] = policy(frames, is_framed=is_framed)
        return response
