"""The addresses at which the editor's scripts ask whose session it is; nobody has to be logged in there."""

from django.urls import path
from django.views.generic import TemplateView

from .views import LogInAgain, session

urlpatterns = [
    path("", session, name="editor_session"),
    path("login/", LogInAgain.as_view(), name="editor_log_in_again"),
    # Where a second step ends that was taken in a window of its own.
    path(
        "signed-in/",
        TemplateView.as_view(template_name="cms/accounts/signed_in.html"),
        name="editor_signed_in",
    ),
]
