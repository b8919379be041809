"""The addresses at which somebody signs in, proves who they are, and looks after their sessions.

They stand before those of Wagtail's admin, whose login and reset they replace.
"""

from allauth.account.views import account_inactive, logout, reauthenticate
from allauth.mfa.base import views as second_factor
from allauth.usersessions.views import list_usersessions
from django.db.transaction import non_atomic_requests
from django.urls import include, path
from wagtail.admin.auth import require_admin_access

from .letting_in import let_in
from .passwords import Account
from .provider_views import callback, login
from .sessions import everybodys
from .views import AskForReset, SignIn

# These hash passwords, or count attempts that have to stay counted, so that they are not run in one transaction each,
# for whose end others would wait.
account = require_admin_access(Account.as_view())
for view in (
    account,
    reauthenticate,
    second_factor.authenticate,
    second_factor.reauthenticate,
):
    non_atomic_requests(view)

urlpatterns = [
    path("account/", account),
    path("login/", SignIn.as_view(), name="account_login"),
    path("login/inactive/", account_inactive, name="account_inactive"),
    path("login/again/", reauthenticate, name="account_reauthenticate"),
    path("login/end/", logout, name="account_logout"),
    path("login/second-factor/", include("allauth.mfa.urls")),
    path("login/link/<str:token>/", let_in, name="accounts_let_in"),
    path("login/oidc/<str:provider_id>/login/", login, name="openid_connect_login"),
    path("login/oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("login/sessions/", require_admin_access(list_usersessions), name="usersessions_list"),
    path("login/sessions/all/", require_admin_access(everybodys), name="accounts_sessions"),
    path("password_reset/", AskForReset.as_view()),
]
