"""A project in which some changes are not heard, or not as one transaction, is told so, and gets no stale answer."""

from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

from frontend_api.changes import checks
from frontend_api.changes.checks import check_changes
from frontend_api.dependencies.tracker import ENVIRON
from tests import factories
from tests.frontend_api.conftest import Get

STOCK = {"default": {"BACKEND": "wagtail.search.backends.database"}}


def ids() -> list[str | None]:
    return [message.id for message in check_changes(None)]


def test_this_site_is_as_it_has_to_be() -> None:
    assert ids() == []


def test_a_project_without_the_middleware_is_warned(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RecordOrAsk" not in name]
    assert ids() == ["frontend_api.W007"]


def test_a_middleware_that_is_not_there_is_for_django_to_report(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "nowhere.Nothing"]
    assert ids() == []


def test_a_project_whose_commands_are_those_of_wagtail_is_warned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {**get_commands(), "fixtree": "wagtail", "update_index": "wagtail.search"}
    found["set_url_paths"] = "website"
    monkeypatch.setattr(checks, "get_commands", lambda: found)
    (message,) = check_changes(None)
    assert message.id == "frontend_api.W009"
    assert "fixtree, update_index." in message.msg


def test_each_command_that_is_made_of_one_of_wagtail_is_looked_at() -> None:
    ours = [name for name, app in get_commands().items() if app == "frontend_api"]
    bases = {name: type(load_command_class("frontend_api", name)).__mro__[1] for name in ours}
    made_of_others = {
        name for name, base in bases.items() if base.__module__.startswith(checks.OF_WAGTAIL)
    }
    assert made_of_others == set(checks.COMMANDS)


@pytest.mark.django_db
def test_no_search_is_kept_where_the_index_is_not_heard(
    get: Get, client: Any, settings: Any
) -> None:
    factories.ContentPageFactory(title="Harbours").save_revision().publish()

    def why_not_kept() -> str | None:
        response = client.get("/api/v2/pages/?search=harbours")
        assert response.status_code == 200
        reason: str | None = response.wsgi_request.META[ENVIRON].uncacheable
        return reason

    assert why_not_kept() is None
    settings.WAGTAILSEARCH_BACKENDS = STOCK
    assert ids() == ["frontend_api.W008"]
    assert why_not_kept() == "Nothing is heard of changes of the search index."
