"""The forms in which administrators make and edit accounts: a password is hashed while nobody waits for that."""

from typing import Any

from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from frontend_api.changes.pausing import paused


class HashesFirst:
    """Hashes a password as soon as nothing is wrong with it, before anything is written."""

    instance: Any
    is_bound: bool
    errors: Any
    cleaned_data: dict[str, Any]

    def full_clean(self) -> None:
        """Validate, and hash what is valid."""
        super().full_clean()  # type: ignore[misc]
        if self.is_bound and not self.errors and (password := self.cleaned_data.get("password1")):
            with paused(self.instance):
                self.instance.set_password(password)

    def save(self, commit: bool = True) -> Any:
        """Save what was hashed."""
        # Wagtail would hash it again.
        self.cleaned_data["password1"] = ""
        return super().save(commit=commit)  # type: ignore[misc]


class NewAccountForm(HashesFirst, UserCreationForm):
    """The form of a new account."""


class AccountForm(HashesFirst, UserEditForm):
    """The form of somebody's account."""


class Accounts(UserViewSet):
    """Wagtail's pages of accounts, with our forms."""

    def get_form_class(self, for_update: bool = False) -> type[NewAccountForm | AccountForm]:
        """Return the form of an account."""
        return AccountForm if for_update else NewAccountForm
