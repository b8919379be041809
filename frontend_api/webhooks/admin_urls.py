"""The addresses of the admin's views, below its own `webhooks/`, which the list and the form have."""

from django.urls import URLPattern, URLResolver, include, path

from .actions import AgainSinceView, AgainView, RotateView, SwitchView, TestView
from .secret_view import SecretView
from .views import DeliveriesView, MessageView


def urls() -> URLResolver | URLPattern:
    """Return the addresses."""
    views = [
        path("<int:pk>/", DeliveriesView.as_view(), name="deliveries"),
        path("<int:pk>/secret/", SecretView.as_view(), name="secret"),
        path("<int:pk>/secret/new/", RotateView.as_view(), name="rotate"),
        path("<int:pk>/test/", TestView.as_view(), name="test"),
        path("<int:pk>/switch/", SwitchView.as_view(), name="switch"),
        path("<int:pk>/again/", AgainSinceView.as_view(), name="again_since"),
        path("messages/<int:pk>/", MessageView.as_view(), name="message"),
        path("messages/<int:pk>/again/", AgainView.as_view(), name="again"),
    ]
    return path("webhook-deliveries/", include((views, "frontend_api_webhooks")))
