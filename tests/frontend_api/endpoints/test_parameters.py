"""Parameters are read strictly: what an endpoint takes, and what it says to anything else."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend_api.changes.transaction import transaction
from frontend_api.errors import LONGEST_QUERY
from tests import factories, transactions
from tests.frontend_api.conftest import Get

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.django_db

DETAIL = {"fields", "rich_text_format", "site"}
LISTING = DETAIL | {"cursor", "limit", "offset", "order", "search", "search_operator"}
LIBRARY = LISTING | {"collection", "id", "tags", "title"}
TREE = {"ancestor_of", "child_of", "descendant_of", "locale", "translation_of", "type"}
PAGE_FIELDS = {
    "first_published_at",
    "id",
    "last_published_at",
    "search_description",
    "seo_title",
    "show_in_menus",
    "slug",
    "title",
}

TIMES = {
    f"{name}_{end}"
    for name in ("first_published_at", "last_published_at")
    for end in ("from", "to")
}
OF_PAGES = LISTING | TIMES | {"locale", "view"}
COLLECTION = OF_PAGES | {"facets", "theme", "year"}

PARAMETERS = {
    "pages/": OF_PAGES | TREE | PAGE_FIELDS,
    "pages/{id}/": DETAIL,
    "pages/find/": DETAIL | {"fallback", "html_path", "id", "locale"},
    "programmes/": COLLECTION
    | {"partner", "running_in", "status"}
    | {"start_year_from", "start_year_to", "end_year_from", "end_year_to"},
    "programmes/{id}/": DETAIL,
    "insights/": COLLECTION
    | {"kind", "programme", "published_after", "published_before", "source"}
    | {"published_on_from", "published_on_to"},
    "insights/{id}/": DETAIL,
    "images/": LIBRARY | {"height", "width"},
    "images/find/": DETAIL | {"id"},
    "images/{id}/": DETAIL,
    "documents/": LIBRARY,
    "documents/find/": DETAIL | {"id"},
    "documents/{id}/": DETAIL,
    "partners/": LISTING | {"description", "id", "logo", "name", "slug", "website"},
    "partners/{id}/": DETAIL,
    "themes/": LISTING | {"id", "name", "slug"},
    "themes/{id}/": DETAIL,
    "redirects/": {"id", "limit", "offset", "old_path", "order", "site"},
    "redirects/find/": {"html_path", "id", "site"},
    "redirects/{id}/": {"site"},
    "site/": (DETAIL - {"fields"}) | {"fallback", "locale"},
    "changes/": {"after", "limit", "locale", "site", "type", "wait"},
    "preview/": DETAIL | {"content_type", "token"},
}


@pytest.fixture(scope="class")
def ids(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[dict[str, int]]:
    """One object for each endpoint that shows one, made once for all tests of a class."""
    with django_db_blocker.unblock(), transactions.taken_back():
        with transaction():
            made = {
                "pages": factories.home().pk,
                "programmes": factories.ProgrammePageFactory().pk,
                "insights": factories.InsightPageFactory().pk,
                "images": factories.ImageFactory().pk,
                "documents": factories.DocumentFactory().pk,
                "partners": named("partners", factories.PartnerFactory()),
                "themes": named("themes", factories.ThemeFactory()),
                "redirects": 1,
            }
        yield made


def named(field: str, item: Any) -> int:
    """Return the id of an item that a programme names."""
    factories.ProgrammePageFactory(**{field: [item]})
    return int(item.pk)


def test_a_type_adds_the_fields_that_it_has(get: Get) -> None:
    problem = get("pages/", expect=400, type="programmes.ProgrammePage", nonsense="1")
    _, _, listed = problem["detail"].partition("it takes ")
    own = {"start_year", "end_year", "summary", "image", "hide_from_search_engines"}
    own |= {"key_figures", "partners", "phases", "themes"}
    own |= {f"{year}_year_{end}" for year in ("start", "end") for end in ("from", "to")}
    assert set(listed.rstrip(".").split(", ")) == OF_PAGES | TREE | PAGE_FIELDS | own


BAD = [
    ("pages/", {"limit": "101"}, "limit", "limit is 101; the most is 100."),
    ("pages/", {"limit": "ten"}, "limit", "limit is 'ten'; it must be a whole number from 0 on."),
    ("pages/", {"limit": "٣"}, "limit", "limit is '٣'; it must be a whole number from 0 on."),
    ("pages/", {"limit": ""}, "limit", "limit has no value; give it one or leave it out."),
    ("pages/", {"limit": ["1", "2"]}, "limit", "limit is given 2 times; give it once."),
    ("pages/", {"offset": "-1"}, "offset", "offset is '-1'; it must be a whole number from 0 on."),
    (
        "pages/",
        {"offset": "9" * 30},
        "offset",
        f"offset is '{'9' * 30}'; it must be a whole number from 0 on.",
    ),
    (
        "programmes/",
        {"order": "password"},
        "order",
        "order cannot be by 'password'; it takes end_year, first_published_at, id, last_published_at, path, "
        "start_year, title or random.",
    ),
    ("pages/", {"order": "owner__password"}, "order", None),
    ("pages/", {"order": "title,random"}, "order", None),
    ("pages/", {"order": "random", "offset": "1"}, "order", None),
    ("pages/", {"order": "random", "search": "x"}, "order", None),
    (
        "programmes/",
        {"status": "foo"},
        "status",
        "status is 'foo'; it takes active, completed or upcoming.",
    ),
    (
        "programmes/",
        {"running_in": "abc"},
        "running_in",
        "running_in is 'abc'; enter a whole number.",
    ),
    ("programmes/", {"running_in": "1899"}, "running_in", None),
    ("programmes/", {"theme": "a b"}, "theme", None),
    ("programmes/", {"partner": ","}, "partner", None),
    ("programmes/", {"theme": ",".join(f"a{number}" for number in range(51))}, "theme", None),
    ("insights/", {"kind": "foo"}, "kind", "kind is 'foo'; it takes article or external."),
    (
        "insights/",
        {"published_after": "yesterday"},
        "published_after",
        "published_after is 'yesterday'; enter a valid date, as in 2024-05-31.",
    ),
    ("insights/", {"published_before": "2024-13-01"}, "published_before", None),
    ("pages/", {"fields": "nope("}, "fields", None),
    ("pages/", {"fields": "nope"}, "fields", "fields: there is no field 'nope' here."),
    ("programmes/", {"fields": "title(x)"}, "fields", None),
    ("programmes/", {"fields": "partners(nope)"}, "fields", None),
    ("pages/", {"fields": "a(" * 40}, "fields", "fields nests more than 8 levels deep."),
    ("pages/", {"fields": "a" * 2001}, "fields", None),
    ("images/", {"fields": "nope"}, "fields", None),
    ("documents/", {"fields": "title(x)"}, "fields", None),
    ("pages/", {"type": "foo"}, "type", "type is 'foo'; name page types, as in app.Model."),
    ("pages/", {"type": "auth.User"}, "type", None),
    ("pages/", {"child_of": "99999"}, "child_of", "child_of is 99999; there is no such page."),
    ("pages/", {"child_of": "root", "descendant_of": "root"}, "descendant_of", None),
    ("pages/", {"ancestor_of": "x"}, "ancestor_of", None),
    ("pages/", {"translation_of": "0"}, "translation_of", None),
    ("pages/", {"show_in_menus": "perhaps"}, "show_in_menus", None),
    ("pages/", {"first_published_at": "once"}, "first_published_at", None),
    ("pages/", {"site": "localhost:x"}, "site", None),
    ("pages/", {"site": "localhost:0"}, "site", None),
    ("pages/", {"site": "localhost:65536"}, "site", None),
    ("pages/", {"site": "localhost:٣"}, "site", None),
    ("pages/", {"site": "localhost:000001" + "1" * 1_900}, "site", None),
    (
        "pages/",
        {"site": "localhost:000001" + "1" * 5_000},
        "site",
        "site is 5016 characters long; the most is 2000.",
    ),
    ("pages/", {"search": "x" * 201}, "search", None),
    ("pages/", {"search": "a\x00b"}, "search", "search contains a null character."),
    ("pages/", {"search_operator": "or"}, "search_operator", "search_operator goes with search."),
    ("pages/", {"search": "a", "search_operator": "not"}, "search_operator", None),
    ("pages/", {"a\x00b": "1"}, "a�b", None),
    ("images/", {"id": "x"}, "id", None),
    ("images/", {"collection": "x"}, "collection", None),
    ("images/find/", {"id": "x"}, "id", None),
    ("pages/", {"rich_text_format": "db_html"}, "rich_text_format", None),
    ("pages/find/", {"html_path": "/", "id": "1"}, "id", None),
    (
        "pages/",
        {"start_year": "2015"},
        "start_year",
        "start_year goes with one type; add type=programmes.ProgrammePage.",
    ),
    (
        "pages/find/",
        {"html_path": "/a/../b/"},
        "html_path",
        "html_path contains '.' or '..'; give the path that the page has.",
    ),
    ("pages/find/", {"html_path": "/\x00"}, "html_path", "html_path contains a null character."),
    ("pages/find/", {"html_path": "/\x1f"}, "html_path", None),
    ("pages/find/", {"html_path": "/a#b"}, "html_path", None),
    (
        "pages/find/",
        {"html_path": "/" + "a" * 5_000},
        "html_path",
        "html_path is 5001 characters long; the most is 2000.",
    ),
    ("preview/", {}, "content_type", None),
    ("preview/", {"content_type": "programmes.programmepage"}, "token", None),
]


@pytest.mark.parametrize(("path", "query", "parameter", "detail"), BAD)
def test_a_bad_parameter_is_a_problem_that_names_it(
    client: Client, path: str, query: dict[str, Any], parameter: str, detail: str | None
) -> None:
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "message", "errors"]
    assert problem["type"] == "about:blank"
    assert problem["title"] == "Bad Request"
    assert problem["status"] == 400
    assert problem["message"] == problem["detail"]
    assert [error["parameter"] for error in problem["errors"]] == [parameter]
    if detail:
        assert problem["detail"] == detail


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("pages/", {"site": "nowhere.example"}, "site"),
        ("pages/", {"locale": "xx"}, "locale"),
        ("pages/find/", {}, "html_path"),
        ("images/find/", {}, "id"),
        ("documents/find/", {}, "id"),
    ],
)
def test_what_names_something_that_is_not_there_is_not_found(
    client: Client, path: str, query: dict[str, str], parameter: str
) -> None:
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code == 404
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


HOSTILE = {
    "very long": "x" * 60_000,
    "very many": ",".join(f"a{number}" for number in range(400)),
    "very many numbers": ",".join(map(str, range(400))),
    "very many and very long": ",".join(f"a{number}" for number in range(20_000)),
    "a very long number": "1" * 5_000,
    "a very long fraction": "1." + "1" * 1_990,
    "deep": "a(" * 900,
    "half a character": "\udc80",
    "every character": "".join(map(chr, range(1, 1_500))),
}


@pytest.mark.parametrize("endpoint", PARAMETERS)
class TestEveryEndpoint:
    def test_an_endpoint_takes_exactly_these_parameters(
        self, get: Get, ids: dict[str, int], endpoint: str
    ) -> None:
        """The error for an unknown parameter lists those that are known."""
        path = endpoint.format(id=ids.get(endpoint.split("/")[0]))
        problem = get(path, expect=400, nonsense="1")
        _, _, listed = problem["detail"].partition("it takes ")
        assert set(listed.rstrip(".").split(", ")) == PARAMETERS[endpoint]
        assert problem["errors"] == [{"parameter": "nonsense", "detail": problem["detail"]}]

    def test_nothing_that_a_parameter_can_be_is_an_error_of_the_service(
        self, client: Client, ids: dict[str, int], endpoint: str
    ) -> None:
        address = f"/api/v2/{endpoint.format(id=ids.get(endpoint.split('/')[0]))}"
        for kind, value in HOSTILE.items():
            text = quote(value, errors="surrogatepass")
            for name in [*PARAMETERS[endpoint], "nonsense"]:
                response = client.get(f"{address}?{name}={text}")
                is_too_long = len(f"{name}={text}") > LONGEST_QUERY
                expected = {414} if is_too_long else {200, 400, 404}
                assert response.status_code in expected, (name, kind)
                assert len(response.content) < 20_000, (name, kind)
            response = client.get(f"{address}?{text}=1")
            assert response.status_code == (414 if len(text) + 2 > LONGEST_QUERY else 400), kind
            assert len(response.content) < 5_000, kind


LISTS = [
    ("images/", "tags"),
    ("documents/", "tags"),
    ("programmes/", "theme"),
    ("programmes/", "partner"),
    ("insights/", "theme"),
    ("insights/", "programme"),
    ("meetings/", "supporter"),
    ("pages/", "type"),
]


@pytest.mark.parametrize(("endpoint", "parameter"), LISTS)
def test_a_list_has_a_bound_and_repeats_count_once(get: Get, endpoint: str, parameter: str) -> None:
    value = {"type": "cms.ContentPage"}.get(parameter, "same")
    for factory in (factories.ImageFactory, factories.DocumentFactory):
        factory().tags.add("same")
    once = get(endpoint, **{parameter: value})
    assert get(endpoint, **{parameter: ",".join([value] * 100)}) == once
    if parameter == "tags":
        assert len(once["items"]) == 1
    different = [f"a{number}" for number in range(51)]
    problem = get(endpoint, expect=400, **{parameter: ",".join(different)})
    assert [error["parameter"] for error in problem["errors"]] == [parameter]
    if parameter != "type":
        get(endpoint, **{parameter: ",".join(different[:50])})


@pytest.mark.parametrize(
    ("endpoint", "factory", "asked"),
    [
        ("images/", factories.ImageFactory, {}),
        ("documents/", factories.DocumentFactory, {}),
        ("pages/", factories.MeetingPageFactory, {"type": "events.MeetingPage"}),
    ],
)
def test_fifty_tags_cost_what_one_does(
    get: Get, endpoint: str, factory: Any, asked: dict[str, str]
) -> None:
    names = [f"tag-{number}" for number in range(50)]
    all_of_them, some = factory(), factory()
    all_of_them.tags.add(*names)
    some.tags.add(*names[:49])
    # The tags of a page are written with it.
    all_of_them.save()
    some.save()

    def listed(tags: list[str]) -> tuple[list[int], list[str]]:
        with CaptureQueriesContext(connection) as ran:
            items = get(endpoint, tags=",".join(tags), **asked)["items"]
        return [item["id"] for item in items], [query["sql"] for query in ran]

    found_by_one, one = listed(names[:1])
    found_by_fifty, fifty = listed(names)
    assert found_by_one == [all_of_them.pk, some.pk]
    assert found_by_fifty == [all_of_them.pk]
    assert len(fifty) == len(one)
    assert [sql.count("JOIN") for sql in fifty] == [sql.count("JOIN") for sql in one]


def test_several_bad_parameters_are_named_together(get: Get) -> None:
    problem = get("programmes/", expect=400, nonsense="1", limit="")
    assert [error["parameter"] for error in problem["errors"]] == ["nonsense", "limit"]
    problem = get("programmes/", expect=400, **{"running_in": "abc", "partner": "a b"})
    assert {error["parameter"] for error in problem["errors"]} == {"running_in", "partner"}


def test_clients_of_v2_may_name_the_one_form_that_there_is(get: Get) -> None:
    assert get("site/", format="json") == get("site/")


def test_the_default_operator_may_be_named_without_a_search(get: Get) -> None:
    for path in ("pages/", "insights/", "images/"):
        assert get(path, search_operator="and") == get(path)


@pytest.mark.parametrize("value", ["xml", "api", "JSON", ""])
def test_another_format_is_a_parameter_that_nobody_knows(get: Get, value: str) -> None:
    problem = get("site/", expect=400, format=value)
    assert [error["parameter"] for error in problem["errors"]] == ["format"]


@pytest.mark.parametrize(("type_", "parameter"), [("events.EventPage", "follows"), ("", "id")])
@pytest.mark.parametrize("value", ["-1", "1.5", str(10**30)])
def test_an_id_to_filter_by_is_a_whole_number(
    get: Get, type_: str, parameter: str, value: str
) -> None:
    types = {"type": type_} if type_ else {}
    problem = get("pages/", expect=400, **types, **{parameter: value})
    assert "must be a whole number" in problem["detail"]


@pytest.mark.parametrize(
    "value",
    ["2024-05-01", "2024-05-01T08:00", "2024-05-01T10:00+02:00", "0001-01-01", "9999-12-31T23:59Z"],
)
def test_a_time_without_a_zone_is_in_utc(get: Get, value: str) -> None:
    page = factories.ContentPageFactory()
    found = get("pages/", first_published_at=value, type="cms.ContentPage")["items"]
    assert [item["id"] for item in found] == ([page.pk] if "T08" in value or "T10" in value else [])


@pytest.mark.parametrize("value", ["0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00", "25:00"])
def test_a_time_that_no_calendar_has_is_refused(get: Get, value: str) -> None:
    problem = get("pages/", expect=400, last_published_at=value)
    assert [error["parameter"] for error in problem["errors"]] == ["last_published_at"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "path", ["pages/", "pages/find/", "programmes/", "images/", "site/", "preview/"]
)
def test_the_api_only_reads(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(f"/api/v2/{path}")
    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "message"]
    assert problem["detail"] == (
        f"{method.upper()} is not possible here; this API is read with GET, HEAD, OPTIONS."
    )


@pytest.mark.parametrize(
    "path",
    [
        "nope",
        "nope/",
        "pages/99999/",
        "pages/abc/",
        "programmes/99999/",
        "images/99999/",
        "pages/%ff/",
    ],
)
def test_nothing_is_there_in_the_form_of_all_errors(client: Client, path: str) -> None:
    for method in (client.get, client.head):
        response = method(f"/api/v2/{path}")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
    assert list(client.get(f"/api/v2/{path}").json()) == [
        "type",
        "title",
        "status",
        "detail",
        "message",
    ]


def test_a_post_to_no_endpoint_is_not_found_even_where_forgery_is_checked() -> None:
    response = Client(enforce_csrf_checks=True).post("/api/v2/nope/")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_an_id_beyond_every_column_is_not_found(client: Client) -> None:
    assert client.get(f"/api/v2/pages/{10**30}/").status_code == 404


def test_head_has_what_get_has(client: Client) -> None:
    got, head = client.get("/api/v2/pages/"), client.head("/api/v2/pages/")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "*",
            "_",
            "-title",
            "partners(_,name)",
            "0",
            "-1",
            "1e9",
            "root",
            "null",
            "true",
            "'",
            '"',
            "\\",
        ]
    ),
    st.integers().map(str),
    st.dates().map(str),
)
names = st.one_of(
    st.sampled_from(sorted(set().union(*PARAMETERS.values()))), st.text(min_size=1, max_size=10)
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    endpoint=st.sampled_from(sorted(PARAMETERS)), query=st.dictionaries(names, texts, max_size=4)
)
def test_no_query_string_is_more_than_a_client_error(
    client: Client, endpoint: str, query: dict[str, str]
) -> None:
    """Whatever a client sends is answered, or refused with a problem that repeats the detail for v2 clients."""
    path = endpoint.format(id=factories.home().pk)
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code in {200, 400, 404}
    if response.status_code != 200:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["detail"] == response.json()["message"] != ""


@pytest.mark.once
@pytest.mark.parametrize("limit", ["1", "", "128, 128", "many"])
def test_a_limit_of_tags_that_is_none_is_named(client: Client, limit: str) -> None:
    response = client.get("/api/v2/site/", headers={"cache-tag-limit": limit})
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["parameter"] == "Cache-Tag-Limit"
    assert error["detail"].startswith(f"Cache-Tag-Limit is {limit!r}; it has to be a whole number")


def test_the_root_has_a_name() -> None:
    """Error handlers tell by it which addresses belong to the API."""
    assert reverse("frontend_api:root") == "/api/v2/"


def test_a_time_is_shown_and_found_by_its_millisecond(get: Get) -> None:
    for microsecond in (123_456, 123_999, 124_000):
        factories.ContentPageFactory(
            first_published_at=factories.PUBLISHED_AT.replace(microsecond=microsecond)
        )
    time = "2024-05-01T08:00:00.123Z"
    found = get("pages/", first_published_at=time)["items"]
    assert [item["meta"]["first_published_at"] for item in found] == [time, time]
