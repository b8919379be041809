"""Runs each unsafe request in one transaction, so that its changes are logged with it or not at all."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.contrib.auth import views as auth_views
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse

from .pausing import pausable

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

# These change no content, and hashing passwords or sending mail takes time for which other writers would wait.
NOT_RECORDED = (
    auth_views.LoginView,
    auth_views.LogoutView,
    auth_views.PasswordResetView,
    auth_views.PasswordResetConfirmView,
)

_ATTRIBUTE = "_frontend_api_transaction"


class RecordChanges:
    """Runs the view of each unsafe request in one transaction, as Django's `ATOMIC_REQUESTS` would.

    A view that waits for others, or begins its transactions itself, is left alone where it is decorated with Django's
    `non_atomic_requests`; a form that waits for something while it is validated does so in `pausing.paused`.

    It has to come last in `MIDDLEWARE`: then the transaction ends before any other middleware sees the response, and
    an error in the view is rolled back before any other `process_exception` is called. Django calls none of those for
    an error at the beginning or at the commit of the transaction. A project can answer all these errors in `refused`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, then commit."""
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
        """Begin the transaction if the request is unsafe."""
        match = request.resolver_match
        # The API never writes, whatever the method.
        is_read = request.method in SAFE or (
            match is not None and "frontend_api" in match.app_names
        )
        if is_read or _has_transactions_of_its_own(view):
            return None
        try:
            request.__dict__[_ATTRIBUTE].enter_context(pausable())
        except Exception as error:
            # SQLite allows one writing transaction at a time, and waiting for it timed out.
            answer = self.refused(request, error)
            if answer is None:
                raise
            return answer
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Roll back what the view did before the error."""
        # `__exit__` does not raise the error again; Django goes on to handle it.
        transaction = request.__dict__[_ATTRIBUTE].pop_all()
        transaction.__exit__(type(exception), exception, exception.__traceback__)
        return self.refused(request, exception)

    def refused(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the response to a request that `error` has rolled back, or None to let Django handle the error."""
        return None


def _has_transactions_of_its_own(view: Callable[..., Any]) -> bool:
    view_class = getattr(view, "view_class", None)
    if view_class and issubclass(view_class, NOT_RECORDED):
        return True
    # Where Django's `non_atomic_requests` writes down for which databases it decorates a view.
    return DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ())
