"""The accounts of the demo site. Everybody knows their passwords: they exist under the local settings alone."""

from typing import NamedTuple


class Account(NamedTuple):
    """A login, and the group of Wagtail's that it belongs to; the administrator needs none."""

    username: str
    password: str
    group: str | None
    first_name: str
    last_name: str


ACCOUNTS = (
    Account("editor", "editor-demo", "Editors", "Edith", "Torres"),
    Account("moderator", "moderator-demo", "Moderators", "Moses", "Adeyemi"),
    Account("administrator", "administrator-demo", None, "Ada", "Minh"),
)
