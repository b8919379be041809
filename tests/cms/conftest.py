"""What the tests of the content share."""

import pytest
from django.test import Client

from tests.cms.admin import log_in


@pytest.fixture
def editor(db: None, client: Client) -> Client:
    """The browser of an editor."""
    log_in(client, "Editors")
    return client


@pytest.fixture
def moderator(db: None) -> Client:
    """The browser of a moderator, another than the editor's."""
    client = Client()
    log_in(client, "Moderators")
    return client


@pytest.fixture
def administrator(db: None) -> Client:
    """The browser of an administrator."""
    client = Client()
    log_in(client, None)
    return client
