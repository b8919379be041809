"""An operator sees that a cache in front may serve what is old, and an editor is not troubled with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone

from frontend_api.caching.cdn.health import problems
from frontend_api.caching.cdn.models import PurgeTarget
from frontend_api.caching.cdn.purger import purge
from frontend_api.changes.models import Change
from tests.frontend_api.caching.cdn.conftest import BACKENDS, CacheServer
from tests.frontend_api.caching.scene import change

pytestmark = pytest.mark.usefixtures("log")


def home(client: Client) -> str:
    """Return the admin's first page."""
    response = client.get("/admin/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_superuser_sees_what_cannot_be_purged(
    tagged: CacheServer, admin_client: Client, settings: Any
) -> None:
    purge(5)
    assert "Readers may see old content" not in home(admin_client)
    tagged.status = 503
    change("page:1")
    purge(5)
    PurgeTarget.objects.update(last_error="<b>503</b>")
    html = home(admin_client)
    assert "Readers may see old content" in html
    assert "<strong>cdn</strong> may hold what is old since" in html
    assert "&lt;b&gt;503" in html
    settings.WAGTAILFRONTENDCACHE = {}
    assert "Readers may see old content" not in home(admin_client)


def test_nobody_else_sees_it(tagged: CacheServer, client: Client, django_user_model: Any) -> None:
    from django.contrib.auth.models import Group

    tagged.status = 503
    purge(5)
    assert problems()
    editor = django_user_model.objects.create_user("mira", password="x")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    assert "Readers may see old content" not in home(client)


def test_a_purge_that_nobody_tries_is_a_problem_after_a_while(tagged: CacheServer) -> None:
    change("page:1")
    assert not problems()
    Change.objects.update(made_at=timezone.now() - timedelta(minutes=6))
    # Nothing has run yet at all.
    [problem] = problems()
    assert (problem.name, problem.since) == ("cdn", Change.objects.get().made_at)
    assert (
        problem.error
        == "It waits to be purged since; does a worker run, or `purge_cdn` every minute?"
    )
    purge(5)
    assert not problems()
    # Purged when it was seen, and not again.
    long_ago = timezone.now() - timedelta(minutes=6)
    PurgeTarget.objects.update(seen=[[1, long_ago.isoformat()]])
    [problem] = problems()
    assert problem.since == long_ago


@pytest.mark.parametrize(
    ("cache", "said"),
    [
        ({"BACKEND": "nowhere.Backend"}, "Could not find backend 'nowhere.Backend'"),
        ({}, "KeyError: 'BACKEND'"),
        (
            {"BACKEND": f"{BACKENDS}.CloudflareTagBackend", "ZONEID": "z"},
            "requires both 'EMAIL' and 'API_KEY', or 'BEARER_TOKEN'",
        ),
        ({"BACKEND": f"{BACKENDS}.HttpTagBackend"}, "KeyError: 'LOCATION'"),
    ],
)
def test_a_check_names_a_cache_that_cannot_be_purged(
    settings: Any, cache: dict[str, Any], said: str
) -> None:
    settings.WAGTAILFRONTENDCACHE = {"cdn": cache}
    [message] = [one for one in run_checks() if one.id == "frontend_api.E009"]
    assert "The cache 'cdn' cannot be purged: " in message.msg
    assert said in message.msg


def test_a_check_finds_nothing_wrong_with_what_works(tagged: CacheServer) -> None:
    assert not [one for one in run_checks() if one.id == "frontend_api.E009"]
