"""The Content-Security-Policy of the admin and of every other HTML page of the CMS.

Pages load everything from the CMS itself, and the admin may frame the frontends' previews. Nothing may frame the CMS,
except that the admin frames its own previews. Scripts from other hosts and `eval` are forbidden, and so are inline
scripts wherever nobody is signed in: where passwords and second factors are typed. In the admin they have to be
allowed, because Wagtail starts its choosers, inline panels and date fields with them, also in what its windows load,
and does not support nonces. Browsers report what they refuse, see `content_security_reports`.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from frontend_api.previews import origins

from . import content_security_reports as reports

NAME = "Content-Security-Policy"


def policy(frames: Iterable[str], *, is_framed: bool, runs_inline: bool) -> str:
    """Return the policy of a page that may frame and ask the origins `frames`; the CMS frames it if `is_framed`.

    Scripts in the page itself are run if `runs_inline`.
    """
    media = [origins.origin_of(settings.MEDIA_URL)] if urlsplit(settings.MEDIA_URL).netloc else []
    directives: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *(["'unsafe-inline'"] if runs_inline else [])],
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
        # What old browsers read, and what new ones do.
        "report-uri": [reports.PATH],
        "report-to": [reports.GROUP],
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

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Answer reports here, before anything asks the database."""
        return reports.take(request) if request.path == reports.PATH else None

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
            is_usual = in_admin and response.status_code < 500
            frames = origins.frontend_origins() if is_usual else []
            runs_inline = is_usual and request.user.is_authenticated
            response[NAME] = policy(frames, is_framed=is_framed, runs_inline=runs_inline)
            response["Reporting-Endpoints"] = reports.ENDPOINTS
        return response
