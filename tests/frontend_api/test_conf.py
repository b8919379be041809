"""The setting `FRONTEND_API`: defaults for all, names that are wrong refused, and those of Wagtail's v2 API."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.test import Client

from frontend_api import conf
from frontend_api.endpoints import collections
from frontend_api.endpoints.checks import check_settings
from tests import factories
from tests.configure import configure
from tests.frontend_api.conftest import Get, titles

DOCS = Path(__file__).resolve().parents[2] / "docs"


def said() -> list[str]:
    return [message.msg for message in check_settings(None)]


def test_every_key_has_a_default_that_is_right(settings: Any) -> None:
    del settings.FRONTEND_API
    assert said() == []
    assert conf.image_uses().keys() == {"body", "share"}
    assert (conf.preview_max_age(), conf.shared_max_age(), conf.stale_while_revalidate()) == (
        3600,
        0,
        0,
    )
    settings.FRONTEND_API = dict(conf.DEFAULTS)
    assert said() == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"PREVIEW_AGE": 1},
            "FRONTEND_API has no key 'PREVIEW_AGE'; did you mean 'PREVIEW_MAX_AGE'?",
        ),
        ({"image_uses": {}}, "FRONTEND_API has no key 'image_uses'; did you mean 'IMAGE_USES'?"),
        ({"S_MAXAGE": "60"}, "FRONTEND_API: S_MAXAGE is '60'; its default is 0."),
        ({"S_MAXAGE": True}, "FRONTEND_API: S_MAXAGE is True; its default is 0."),
        ({"LIMIT_MAX": -1}, "FRONTEND_API: LIMIT_MAX is -1; its default is 100."),
        (
            {"RICH_TEXT_FORMAT": "db_html"},
            "FRONTEND_API: RICH_TEXT_FORMAT is 'db_html'; its default is 'html'.",
        ),
        (
            {"PATHS": {"CASE": "same"}},
            "FRONTEND_API: PATHS: CASE is 'same'; it takes 'exact' or 'redirect'.",
        ),
        (
            {"PATHS": {"case": "exact"}},
            "FRONTEND_API: PATHS has no key 'case'; it has CASE, SLASHES, INDEX, LOCALE and FRONTEND.",
        ),
        ({"PATHS": "exact"}, "FRONTEND_API: PATHS is a str, and no dict."),
        (
            {"PATHS": {"FRONTEND": "/search"}},
            "FRONTEND_API: PATHS: FRONTEND is '/search'; it is a list of paths, such as ['/search/'].",
        ),
        ({"COLLECTIONS": ["a"]}, "FRONTEND_API: COLLECTIONS is ['a']; its default is {}."),
        (
            {"COLLECTIONS": {"pages": "events.EventPage"}},
            "FRONTEND_API: the API itself answers at pages/; COLLECTIONS needs another path.",
        ),
        (
            {"COLLECTIONS": {"gone": "events.GonePage"}},
            "FRONTEND_API: COLLECTIONS names 'events.GonePage', which is no page type, as in app.Model.",
        ),
        (
            {"COLLECTIONS": {"themes": "cms.Theme"}},
            "FRONTEND_API: COLLECTIONS names 'cms.Theme', which is no page type, as in app.Model.",
        ),
    ],
)
def test_what_is_wrong_is_named(settings: Any, wrong: dict[str, Any], message: str) -> None:
    configure(settings, **wrong)
    assert said() == [message]
    assert [one.id for one in run_checks() if one.id == "frontend_api.E010"] == [
        "frontend_api.E010"
    ]


def test_a_key_that_is_like_none_is_told_which_there_are(settings: Any) -> None:
    configure(settings, xyz=1)
    [message] = said()
    assert message.startswith("FRONTEND_API has no key 'xyz'; it has BASE_URL, ")


@pytest.mark.parametrize("value", [None, [], "S_MAXAGE"])
def test_something_else_than_a_dict_is_refused(settings: Any, value: Any) -> None:
    settings.FRONTEND_API = value
    assert said() == [f"FRONTEND_API is a {type(value).__name__}, and no dict."]
    # What it is started with is a check that says so, and no traceback.
    assert conf.limit_max() == 100
    assert conf.collections() == {}


def test_settings_of_wagtails_v2_api_hold_where_ours_say_nothing(settings: Any) -> None:
    settings.WAGTAILAPI_LIMIT_MAX, settings.WAGTAILAPI_SEARCH_ENABLED = 5, False
    settings.WAGTAILAPI_BASE_URL = "https://v2.example.org"
    assert (conf.limit_max(), conf.search_enabled(), conf.base_url()) == (
        5,
        False,
        "https://v2.example.org",
    )
    configure(settings, LIMIT_MAX=7, SEARCH_ENABLED=True, BASE_URL="https://ours.example.org/")
    assert (conf.limit_max(), conf.search_enabled(), conf.base_url()) == (
        7,
        True,
        "https://ours.example.org",
    )


def test_without_an_address_it_is_that_of_the_admin(settings: Any) -> None:
    settings.WAGTAILAPI_BASE_URL, settings.WAGTAILADMIN_BASE_URL = None, "https://a.example.org"
    assert conf.base_url() == "https://a.example.org"
    # As where it comes from an environment variable that is not set.
    configure(settings, BASE_URL=None)
    assert said() == []
    assert conf.base_url() == "https://a.example.org"


def test_a_listing_is_as_long_as_it_may_be(get: Get, settings: Any) -> None:
    configure(settings, LIMIT_MAX=2)
    for _ in range(3):
        factories.InsightPageFactory()
    assert len(get("insights/")["items"]) == 2
    problem = get("insights/", expect=400, limit=3)
    assert problem["detail"] == "limit is 3; the most is 2."
    configure(settings, LIMIT_MAX=None)
    assert len(get("insights/", limit=1_000)["items"]) == 3


def test_a_search_can_be_switched_off(get: Get, settings: Any) -> None:
    configure(settings, SEARCH_ENABLED=False)
    for path in ("pages/", "insights/", "images/", "documents/"):
        assert get(path, expect=400, search="a")["detail"] == "search is switched off here."


def test_responses_are_kept_in_the_cache_that_there_is(settings: Any) -> None:
    assert conf.cache_alias() == "api"
    configure(settings, CACHE_ALIAS="responses")
    assert conf.cache_alias() == "default"
    settings.CACHES = {**settings.CACHES, "responses": settings.CACHES["api"]}
    assert conf.cache_alias() == "responses"


def test_a_collection_needs_no_code(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "collections", {})
    configure(settings, COLLECTIONS={"happenings": "events.EventPage", "gone": "events.GonePage"})
    collections.register_configured()
    [(name, viewset)] = collections.collections.items()
    assert (name, viewset.model._meta.label) == ("happenings", "events.EventPage")
    assert viewset.__doc__ == "Event pages."


@pytest.mark.django_db
def test_what_a_project_sets_for_its_own_api_is_nothing_to_this_one(settings: Any) -> None:
    page = factories.ContentPageFactory(title="First")
    settings.REST_FRAMEWORK = {
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.StaticHTMLRenderer"],
        "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
        "EXCEPTION_HANDLER": "tests.nowhere",
        "DEFAULT_THROTTLE_RATES": {"anon": "1/day"},
        "URL_FORMAT_OVERRIDE": "limit",
        "UNAUTHENTICATED_USER": None,
    }
    client = Client()
    for _ in range(2):
        assert titles(client.get("/api/v2/pages/", {"slug": page.slug}).json()) == ["First"]
    problem = client.get("/api/v2/pages/", {"limit": "all"})
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["errors"][0]["parameter"] == "limit"


def test_every_key_is_documented() -> None:
    text = (DOCS / "adoption.md").read_text(encoding="utf-8")
    for name in conf.DEFAULTS:
        assert f"| `{name}` |" in text, name
    assert set(django_settings.FRONTEND_API) <= set(conf.DEFAULTS)


@pytest.mark.parametrize(
    ("in_v2", "expected"), [("markdown", "markdown"), ("html", "html"), ("db_html", "html")]
)
def test_the_format_of_rich_text_is_that_of_v2_unless_it_names_what_is_private(
    settings: Any, in_v2: str, expected: str
) -> None:
    settings.WAGTAILAPI_RICH_TEXT_FORMAT = in_v2
    assert conf.rich_text_format() == expected
