"""Every request is counted and logged at the boundary, with an id, and without anything of who made it."""

import json
import logging
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cms.operations import metrics, observing_wsgi, requests
from cms.operations.endpoints import endpoint_of
from cms.operations.json_lines import JsonLines
from cms.operations.observed import current, request_id
from cms.operations.paths import shown
from cms.operations.request_log import AT_ONCE, MOST_WAITING, RequestLog, line
from cms.operations.tally import MOST_PATHS, Tally
from tests.cms.operations.served import Ask, through, through_wsgi

pytestmark = pytest.mark.once

Read = Callable[[], str]
KEYS = {"time", "level", "logger", "id", "method", "path", "status", "ms"}


@pytest.mark.django_db(transaction=True)
def test_a_request_is_one_line_of_json_with_its_id(ask: Ask, logged: Read) -> None:
    got = ask("/api/v2/pages/", query="limit=1", X_Request_ID="from-the-proxy.1")
    (told,) = [json.loads(one) for one in logged().splitlines()]
    assert set(told) - {"cache"} == KEYS | {"queries"}
    assert told["id"] == got.headers["X-Request-Id"]
    assert (told["id"], told["method"], told["path"], told["status"], told["level"]) == (
        "from-the-proxy.1",
        "GET",
        "/api/v2/pages/",
        200,
        "info",
    )
    assert told["queries"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["time"])


@pytest.mark.django_db(transaction=True)
def test_a_bad_request_says_what_was_bad_in_one_line(
    ask: Ask, logged: Read, caplog: pytest.LogCaptureFixture
) -> None:
    ask("/api/v2/pages/", query="limit=101")
    (told,) = [json.loads(one) for one in logged().splitlines()]
    assert (told["status"], told["level"]) == (400, "warning")
    assert told["error"] == "limit is 101; the most is 100."


@pytest.mark.django_db(transaction=True)
def test_a_host_that_is_not_allowed_is_a_bad_request_in_one_line(ask: Ask, logged: Read) -> None:
    got = ask("/api/v2/pages/", Host="cms.internal:8000")
    (told,) = [json.loads(one) for one in logged().splitlines()]
    assert (got.status, told["status"]) == (400, 400)
    assert told["error"] == got.json()["detail"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "path", ["/calendar/s3cr3t.ics", "/admin/password_reset/confirm/MQ/s3cr3t/"]
)
def test_what_lets_somebody_in_is_not_in_the_log(ask: Ask, logged: Read, path: str) -> None:
    ask(path, query="token=s3cr3t", Cookie="sessionid=s3cr3t", Authorization="Bearer s3cr3t")
    text = logged()
    assert "s3cr3t" not in text
    assert "192.0.2.1" not in text
    assert json.loads(text)["path"] == path.replace("s3cr3t", "<token>").replace("MQ", "<uidb64>")


@pytest.mark.django_db(transaction=True)
@given(
    place=st.sampled_from(
        [
            "/{}",
            "/{}/",
            "/a/{}/",
            "/calendar/{}.ics",
            "/admin/{}/",
            "/admin/pages/{}/edit/",
            "/admin/password_reset/confirm/MQ/{}/",
            "/documents/1/{}",
            "/media/../{}",
            "/_util/{}/",
            "/userbar/",
            "/api/v2/preview/",
        ]
    ),
    secret=st.text("0123456789abcdef-_", min_size=12, max_size=12).map("s3cr3t{}".format),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_secret_is_in_the_log_wherever_it_is(
    logged: Read, place: str, secret: str, method: str
) -> None:
    through_wsgi(
        place.format(secret),
        method,
        f"token={secret}&q={secret}",
        Cookie=f"sessionid={secret}",
        Authorization=f"Bearer {secret}",
        User_Agent=secret,
        Referer=f"https://www.example.org/{secret}",
    )
    text = logged()
    assert text.count("\n") == 1
    assert secret not in text


@pytest.mark.django_db(transaction=True)
def test_a_path_that_django_did_not_look_up_is_not_in_the_log(
    ask: Ask, logged: Read, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert ask("/calendar/s3cr3t.ics").status == 301
    assert json.loads(logged())["path"] == "/calendar/…"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/admin/pages/3/edit/", "/admin/pages/3/edit/"),
        ("/documents/3/a-report.pdf", "/documents/3/…"),
        ("/calendar/abc.ics", "/calendar/<token>.ics"),
        ("/api/v2/pages/3/", "/api/v2/pages/3/"),
    ],
)
def test_a_path_is_shown_without_what_is_secret(path: str, expected: str) -> None:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    assert shown(request) == expected


@pytest.mark.parametrize("logs", [requests.ALL, requests.RENDERED, "none"])
def test_hits_are_counted_and_logged_as_the_setting_says(
    logged: Read, settings: Any, logs: str
) -> None:
    settings.REQUEST_LOG = logs
    requests.note("GET", "/api/v2/site/", 200, 0, {"request_id": "a", "cache": "hit"})
    requests.note("GET", "/api/v2/site/", 200, 0, {"request_id": "b", "cache": "miss"})
    if logs == "none":
        with pytest.raises(BlockingIOError):
            logged()
    else:
        told = [json.loads(one) for one in logged().splitlines()]
        assert [one["cache"] for one in told] == ["hit", "miss"][logs == requests.RENDERED :]
    counted = [(row.endpoint, row.cache, row.requests) for row in metrics.tally.rows()]
    assert counted == [("api/site", "hit", 1), ("api/site", "miss", 1)]


def test_an_application_that_raises_is_counted_as_a_500(logged: Read) -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        through(observing_wsgi.Observed(broken), "/admin/")
    told = json.loads(logged())
    assert (told["status"], told["level"], told["path"]) == (500, "error", "/admin/…")


@pytest.mark.parametrize(
    ("given_id", "is_taken"),
    [
        ("7f3a", True),
        ("Root=1-67891233-abcdef012345678912345678", True),
        ("", False),
        (None, False),
        ("a" * 65, False),
        ('a", "level": "error', False),
        ("a\nb", False),
        ("a\n", False),
        ("é", False),
    ],
)
def test_an_id_is_taken_from_a_proxy_if_it_can_be_one(given_id: str | None, is_taken: bool) -> None:
    assert (request_id(given_id) == given_id) is is_taken


def test_ids_differ() -> None:
    assert len({request_id(None) for _ in range(100)}) == 100


@given(
    method=st.text(max_size=30),
    path=st.text(max_size=500),
    error=st.text(max_size=500),
    seconds=st.floats(0, 1e6),
)
@hypothesis_settings(max_examples=50)
def test_whatever_is_asked_is_one_line_that_can_be_read(
    method: str, path: str, error: str, seconds: float
) -> None:
    text = line(method, path, 400, seconds, {"request_id": "a", "error": error}, 1_700_000_000.5)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert set(json.loads(text)) == KEYS | {"error"}
    assert len(text) <= AT_ONCE


@given(
    st.lists(
        st.sampled_from(["pages", "find", "3", "feeds", "site", "x", "", "é", "sitemap-1.xml"])
    )
)
@hypothesis_settings(max_examples=50)
def test_whatever_is_asked_is_counted_under_one_of_few_names(parts: list[str]) -> None:
    for root in ("/api/v2/", "/"):
        name = endpoint_of(root + "/".join(parts))
        assert "é" not in name
        assert "x" not in name.removesuffix(".xml")


def test_lines_are_written_whole_in_pieces_that_nothing_gets_into() -> None:
    reading, writing = os.pipe()
    log = RequestLog(writing)
    lines = [f"{number} {'x' * (number % 300)}\n" for number in range(300)]
    for one in lines:
        log.write(one)
    pieces: list[bytes] = []
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        log.flush()
        os.close(writing)
        while piece := pipe.read(AT_ONCE):
            pieces.append(piece)
    assert b"".join(pieces).decode() == "".join(lines)


def test_a_log_that_nobody_reads_fills_no_memory() -> None:
    reading, writing = os.pipe()
    log = RequestLog(writing)
    # Only this test writes.
    log._flushing.has_begun = True
    for number in range(MOST_WAITING + 7):
        log.write(f"{number}\n")

    def flush_and_close() -> None:
        log.flush()
        os.close(writing)

    with os.fdopen(reading, "rb") as pipe:
        thread = threading.Thread(target=flush_and_close)
        thread.start()
        first, *others = pipe.read().splitlines()
        thread.join()
    assert len(others) == MOST_WAITING
    assert b"7 lines were lost" in first


def test_processes_of_a_server_count_together(tmp_path: Path) -> None:
    mine = Tally(tmp_path)
    mine.add("/api/v2/site/", 200, 0.0004, {"cache": "hit"})
    mine.kept_bytes = 100
    mine.write()
    # Of a process that has ended, whose number nobody has.
    other = tmp_path / "4194305.json"
    other.write_bytes((tmp_path / f"{os.getpid()}.json").read_bytes())
    (tmp_path / "4194306.begun").write_text("{", encoding="utf-8")
    mine.add("/api/v2/site/", 200, 3.0, {"cache": "hit"})
    (row,) = mine.rows()
    assert (row.endpoint, row.cache, row.status, row.requests) == ("api/site", "hit", 200, 3)
    assert row.spread[0] == 2
    assert row.spread[-2] == 1
    assert sum(row.spread) == 3
    assert mine.all_kept_bytes() == 100


def test_clients_that_ask_for_ever_new_paths_fill_no_memory(tmp_path: Path) -> None:
    tally = Tally(tmp_path)
    for number in range(3 * MOST_PATHS):
        tally.add(f"/api/v2/pages/{number}/", 200, 0.01, {})
        assert len(tally._new) <= MOST_PATHS
    (row,) = tally.rows()
    assert (row.endpoint, row.requests) == ("api/pages/{id}", 3 * MOST_PATHS)


def record(message: str, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("cms.test", logging.ERROR, "", 1, message, (), None)
    vars(made).update(more)
    return made


def test_what_is_logged_is_one_line_with_the_id_of_its_request() -> None:
    before = current.set({"request_id": "abc"})
    try:
        told = json.loads(JsonLines().format(record("Two\nlines")))
    finally:
        current.reset(before)
    assert set(told) == {"time", "level", "logger", "message", "id"}
    assert (told["message"], told["id"], told["level"]) == ("Two\nlines", "abc", "error")


def test_an_exception_is_in_the_same_line_and_the_path_shows_no_token() -> None:
    request = RequestFactory().get("/calendar/s3cr3t.ics")
    try:
        raise ZeroDivisionError("no")
    except ZeroDivisionError as error:
        information = (type(error), error, error.__traceback__)
    told = record(
        "Internal Server Error: /calendar/s3cr3t.ics", request=request, exc_info=information
    )
    text = JsonLines().format(told)
    assert "\n" not in text
    assert "s3cr3t" not in text
    read = json.loads(text)
    assert set(read) == {"time", "level", "logger", "message", "exception"}
    assert read["message"] == "Internal Server Error: /calendar/…"
    assert read["exception"].endswith("ZeroDivisionError: no")


@pytest.mark.django_db(transaction=True)
def test_a_hit_is_logged_and_counted_though_django_never_sees_it(ask: Ask, logged: Read) -> None:
    answers = [ask("/api/v2/site/") for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert len({got.headers["X-Request-Id"] for got in answers}) == 2
    told = [json.loads(one) for one in logged().splitlines()]
    assert [one["cache"] for one in told] == ["miss", "hit"]
    assert [set(one) for one in told] == [KEYS | {"cache", "queries"}, KEYS | {"cache"}]
    counted = {row.cache: row.requests for row in metrics.tally.rows()}
    assert counted == {"miss": 1, "hit": 1}
