"""A request that may change something is one transaction, so that its changes are logged with it or not at all."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse

from .transaction import transaction

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# Nothing that they change is content. They take their time over passwords and mail, while others wait to write.
NOT_RECORDED = (
    auth_views.LoginView,
    auth_views.LogoutView,
    auth_views.PasswordResetView,
    auth_views.PasswordResetConfirmView,
)

_ATTRIBUTE = "_frontend_api_transaction"


class RecordChanges:
    """Makes the view of each unsafe request one transaction, as Django's `ATOMIC_REQUESTS` would.

    It stands last in `MIDDLEWARE`, so that the transaction is over before any other sees the response, and an error in
    the view has been rolled back before any other is asked what to make of it. Of an error of the commit itself Django
    asks no other, nor of one of the beginning; a project that has an answer to any of them says so in `refused`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and commit."""
        transaction = request.__dict__[_ATTRIBUTE] = ExitStack()
        try:
            with transaction:
                return self.get_response(request)
        except Exception as error:
            answer = self.refused(request, error)
            if answer is None:
                raise
            return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Begin the transaction of an unsafe request."""
        match = request.resolver_match
        # The API only reads, whatever it is asked.
        is_read = request.method in SAFE or (
            match is not None and "frontend_api" in match.app_names
        )
        view_class = getattr(view, "view_class", None)
        if is_read or (view_class and issubclass(view_class, NOT_RECORDED)):
            return None
        try:
            request.__dict__[_ATTRIBUTE].enter_context(transaction())
        except Exception as error:
            # SQLite lets one transaction write at a time, and this one has waited for long enough.
            answer = self.refused(request, error)
            if answer is None:
                raise
            return answer
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Roll back what the view did until an error."""
        # Whoever raised it hears of it from Django, and not a second time from here.
        transaction = request.__dict__[_ATTRIBUTE].pop_all()
        transaction.__exit__(type(exception), exception, exception.__traceback__)
        return self.refused(request, exception)

    def refused(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return what to answer where an error has taken everything back; None leaves that to Django."""
        return None
