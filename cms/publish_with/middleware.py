"""The transaction of a request, with a question before it is committed."""

from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cms.refusals import RecordOrRefuse

from .decision import Undecided, decide
from .step import ask
from .watch import watching


class RecordOrAsk(RecordOrRefuse):
    """Rolls back a request of the admin that publishes something incomplete, and asks what its user wants.

    The answer comes as the same request again, with the decision.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(_asking(get_response))

    def refused(self, request: Any, error: Exception) -> HttpResponse | None:
        """Ask, or return to where the editor came from with a message about what was wrong."""
        if isinstance(error, Undecided):
            # What the view has to say did not happen.
            list(get_messages(request))
            return ask(request, error)
        return super().refused(request, error)


def _asking(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: Any) -> HttpResponse:
        if request.method != "POST" or not request.path.startswith(reverse("wagtailadmin_home")):
            return get_response(request)
        with watching() as done:
            response = get_response(request)
            # Within the transaction still, so that all of it is published together or nothing is.
            if done and response.status_code < 400:
                decide(done, request.user, request.POST)
            return response

    return answer
