"""The addresses at which somebody signs in, proves who they are, and looks after their sessions.

They stand before those of Wagtail's admin, whose login and reset they replace.
"""

from allauth.account.views import account_inactive, logout, reauthenticate
from allauth.usersessions.views import list_usersessions
from django.urls import include, path
from wagtail.admin.auth import require_admin_access

from .letting_in import let_in
from .sessions import everybodys
from .views import AskForReset, SignIn

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("login/inactive/", account_inactive, name="account_inactive"),
    path("login/again/", reauthenticate, name="account_reauthenticate"),
    path("login/end/", logout, name="account_logout"),
    path("login/second-factor/", include("allauth.mfa.urls")),
    path("login/link/<str:token>/", let_in, name="accounts_let_in"),
    path("login/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("login/sessions/", require_admin_access(list_usersessions), name="usersessions_list"),
    path("login/sessions/all/", require_admin_access(everybodys), name="accounts_sessions"),
    path("password_reset/", AskForReset.as_view()),
]
