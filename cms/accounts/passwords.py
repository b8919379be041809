"""The pages on which a password is set, and a picture of oneself uploaded, without anybody else waiting for that.

Hashing a password takes long on purpose. It is done before the transaction in which others might wait, or in a pause.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, ChangePasswordPanel

from cms.storing_ahead import StoresAhead, delete_once_committed
from frontend_api.changes.pausing import pausable

from .forms import counted_password


class NewPasswordForm(PasswordChangeForm):
    """Wagtail's form, in which the old password can be tried so many times only."""

    def clean_old_password(self) -> str:
        """Count the attempt, then look whether the password is right."""
        with counted_password(self.user):
            password: str = super().clean_old_password()
        return password

    def clean(self) -> dict[str, Any]:
        """Hash the new password as soon as nothing is wrong with it."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            self.user.set_password(cleaned["new_password1"])
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save what was hashed."""
        if commit:
            self.user.save()
        return self.user


class NewPasswordPanel(ChangePasswordPanel):
    """The same panel, whose form is asked whether it is valid before the others."""

    form_class = NewPasswordForm
    form: Any = None

    def get_form(self) -> Any:
        """Return the only form of this request."""
        self.form = self.form or super().get_form()
        return self.form


class AvatarForm(StoresAhead, AvatarPreferencesForm):
    """Wagtail's form, whose old picture is there until the new one is committed."""

    file_name = "avatar"
    _original_avatar: Any

    def save(self, commit: bool = True) -> Any:
        """Save the picture."""
        # Wagtail would delete it at once, also where the transaction is rolled back later.
        before, self._original_avatar = self._original_avatar, None
        if commit and before and before != self.cleaned_data["avatar"]:
            delete_once_committed(before)
        return super().save(commit=commit)


class AvatarPanel(AvatarSettingsPanel):
    """The same panel, with our form."""

    form_class = AvatarForm


REPLACED: dict[Any, Any] = {ChangePasswordPanel: NewPasswordPanel, AvatarSettingsPanel: AvatarPanel}


class Account(AccountView):
    """Wagtail's page, which hashes before it writes; it begins its transaction itself."""

    panels: list[Any] | None = None

    def get_panels(self) -> list[Any]:
        """Return the same panels each time, with ours for the password and the picture."""
        if self.panels is None:
            self.panels = [
                REPLACED.get(type(panel), type(panel))(panel.request, panel.user, panel.profile)
                for panel in super().get_panels()
            ]
        return self.panels

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check and hash passwords, then save all in one transaction."""
        for panel in self.get_panels():
            if isinstance(panel, NewPasswordPanel):
                panel.get_form().is_valid()
        with pausable():
            response: HttpResponse = super().post(request)
        return response
