"""What a process for readers (`SERVES=readers`) answers: the API, and nothing of the admin."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import reverse


class OnlyTheApi:
    """Answers every address but those of the API as if there were nothing at it.

    The addresses stay known, since the API names documents, and so that its answers are those of any other process.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass a request to the API on, and refuse any other."""
        if request.path.startswith(reverse("frontend_api:root")):
            return self.get_response(request)
        return HttpResponseNotFound(
            "This process answers readers of the API; the admin is served elsewhere.",
            content_type="text/plain",
        )
