"""Who may do what with former addresses."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class DeletedOnly(ModelPermissionPolicy):
    """Lets nobody add or change what is made as pages end or move."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether a user may do something with any object."""
        return action in {"delete", "view"} and bool(super().user_has_permission(user, action))
