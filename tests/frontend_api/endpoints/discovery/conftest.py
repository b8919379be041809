"""A site with all that has to be left out, and texts that XML and Markdown may stumble over."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories

NASTY = "Sea & \x0bsalt ]]> <b>\U0001f30a</b> \ufffe \\ \"'"
"""What XML has to escape, and what it cannot hold at all."""
SECRET = "secret"

Fetch = Callable[..., Any]


@pytest.fixture
def fetch(db: None, client: Client) -> Fetch:
    """Read a text of the API: `fetch("sitemap.xml", locale="fr")`; the status has to be `expect`."""

    def read(path: str, *, expect: int = 200, accept: str = "", **parameters: str) -> Any:
        headers = {"accept": accept} if accept else {}
        response = client.get(f"/api/v2/{path}", parameters, headers=headers)
        assert response.status_code == expect, response.content
        return response

    return read


def make_hidden() -> Any:
    """Make pages that nobody is told of, with `secret` in their addresses, and return the original of one, an alias."""
    private = factories.ContentPageFactory(title="secret 1", slug="secret-1")
    factories.restrict(private)
    factories.InsightPageFactory(title="secret 2", slug="secret-2", live=False)
    factories.InsightPageFactory(
        title="secret 3", slug="secret-3", expire_at=timezone.now() - datetime.timedelta(days=1)
    )
    for number, factory in enumerate((factories.InsightPageFactory, factories.ContentPageFactory)):
        factory(title=f"secret 4{number}", slug=f"secret-4{number}", hide_from_search_engines=True)
    scheduled = factories.InsightPageFactory(title="secret 5", slug="secret-5", live=False)
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=1)
    scheduled.save_revision(approved_go_live_at=scheduled.go_live_at)
    original = factories.ContentPageFactory(title="An original")
    original.create_alias(parent=factories.home(), update_slug="secret-6")
    below = factories.ContentPageFactory(parent=private, title="secret 7", slug="secret-7")
    assert below.live
    return original
