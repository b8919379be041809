"""The browsers of those who edit, as the tests of the content have them."""

from tests.cms.conftest import administrator, editor, moderator

__all__ = ["administrator", "editor", "moderator"]
