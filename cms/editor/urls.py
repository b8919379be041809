"""The addresses at which the editor's scripts ask whose session it is; nobody has to be logged in there."""

from django.urls import path

from .views import LogInAgain, session

urlpatterns = [
    path("", session, name="editor_session"),
    path("login/", LogInAgain.as_view(), name="editor_log_in_again"),
]
