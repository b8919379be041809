"""The Content-Security-Policy of the admin and of every other page that the CMS shows.

All that a page needs comes from the CMS itself; the frontends' previews are framed; nobody frames the CMS, but for the
previews that the admin frames itself. Inline scripts have to be allowed, because Wagtail starts its choosers, inline
panels and date fields with them and knows no nonces; scripts of other hosts, and `eval`, are not.
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
    """Return the policy of a page that may frame the origins `frames`, and be framed by the CMS if it `is_framed`."""
    media = [origins.origin_of(settings.MEDIA_URL)] if urlsplit(settings.MEDIA_URL).netloc else []
    directives: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-inline'"],
        # Rich text fields, tooltips and Swagger UI set styles on elements.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:", *media],
        "media-src": ["'self'", *media],
        "frame-src": ["'self'", *frames],
        "frame-ancestors": ["'self'" if is_framed else "'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


class ContentSecurityMiddleware(MiddlewareMixin):
    """Gives every page a policy; it stands before `XFrameOptionsMiddleware`, whose header says whether it is framed."""

    get_response: Callable[[HttpRequest], HttpResponse]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the policy to a page that has none of its own."""
        # Wagtail makes a request of its own for a preview, whose answer passes here again on its way out.
        is_dummy = getattr(request, "is_dummy", False)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not is_dummy and NAME not in response:
            is_framed = response.get("X-Frame-Options") == "SAMEORIGIN"
            # The admin alone has previews; and the page that says that the database is gone does not ask it.
            in_admin = request.path.startswith(reverse("wagtailadmin_home"))
            frames = origins.frontend_origins() if in_admin and response.status_code < 500 else []
            response[NAME] = policy(frames, is_framed=is_framed)
        return response
