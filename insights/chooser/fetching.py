"""What the script of the window asks for: what a web page says of itself, and the picture that it names.

Both are reads, and outside of any transaction: nothing else waits while a website is asked.
"""

from io import BytesIO
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.generic import View
from PIL import Image

from cms.fetching import MEGABYTE, Unfetchable, fetch
from insights.metadata import fetch_suggestion

from .permissions import may_add

PICTURE_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
MOST_BYTES_OF_PICTURE = 8 * MEGABYTE
MOST_REQUESTS, WITHIN_SECONDS = 40, 600


class AskingView(View):
    """Asks another website for a user who may add insights: one thing at a time, and not often.

    So nobody uses this service to look at other machines, and no other website has a logged-in user's browser ask:
    scripts of others cannot send the header.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return what is found, or a sentence that says why nothing is."""
        if not may_add(request.user) or request.headers.get("x-requested-with") != "XMLHttpRequest":
            raise PermissionDenied
        asking = f"insights.asking:{request.user.pk}"
        if not cache.add(f"{asking}:now", True, 15):
            return told(_("Another address is being asked. Try again in a moment."), 429)
        try:
            if not _is_seldom(asking):
                return told(_("That were many addresses. Try again in ten minutes."), 429)
            return self.ask(request.GET.get("address", "").strip()[:2000])
        except Unfetchable as error:
            return told(str(error), 400)
        finally:
            cache.delete(f"{asking}:now")

    def ask(self, address: str) -> HttpResponse:
        """Return what is at an address."""
        raise NotImplementedError


class SuggestionView(AskingView):
    """Fills in the form of an insight."""

    def ask(self, address: str) -> HttpResponse:
        """Return what the page says of itself."""
        found = fetch_suggestion(address)
        day = found.published_on
        return JsonResponse(
            {
                "title": found.title,
                "source": found.source,
                "summary": found.summary,
                "published_on": day.isoformat() if day else "",
                "image": found.image,
                "alternative_text": found.alternative_text,
            }
        )


class PictureView(AskingView):
    """Fetches the picture that a page names, for the editor's browser, which sends it with the form if it is wanted."""

    def ask(self, address: str) -> HttpResponse:
        """Return the picture, if it is one."""
        found = fetch(address, PICTURE_TYPES, MOST_BYTES_OF_PICTURE)
        try:
            with Image.open(BytesIO(found.body), formats=[*PICTURE_TYPES.values()]) as picture:
                kind = picture.format
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise Unfetchable(_("The picture of the website could not be used.")) from error
        content_type = next(name for name, form in PICTURE_TYPES.items() if form == kind)
        response = HttpResponse(found.body, content_type=content_type)
        response["Content-Disposition"] = "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def told(sentence: str, status: int) -> JsonResponse:
    """Return a sentence for the editor."""
    return JsonResponse({"error": sentence}, status=status)


def _is_seldom(asking: str) -> bool:
    """Count a request; return whether there were few within the time."""
    key: Any = f"{asking}:count"
    if cache.add(key, 1, WITHIN_SECONDS):
        return True
    try:
        return bool(cache.incr(key) <= MOST_REQUESTS)
    except ValueError:
        # It has just been forgotten.
        return True
