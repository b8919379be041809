"""A read that nothing has changed is answered from the cache, and any other is rendered."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frontend_api.caching.responses import lookup, store
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.models import ChangeLog, new_epoch
from tests.frontend_api.caching.conftest import MIDDLEWARE
from tests.frontend_api.caching.scene import LONG, Asking, Scene, change
from tests.frontend_api.conftest import Clock


def test_the_first_answer_and_the_next_are_the_same(ask: Asking, scene: Scene) -> None:
    assert ask() == ask()
    assert len(scene.asked) == 1


def test_who_answers_elsewhere_is_told_what_is_kept_here(
    ask_wsgi: Asking, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {}
    monkeypatch.setattr(store, "_listeners", [])
    store.listen(told.__setitem__)
    scene.uncacheable = "reason"
    ask_wsgi()
    assert told == {}
    scene.uncacheable = None
    ask_wsgi()
    ((key, entry),) = told.items()
    assert store.get(key) is entry
    assert entry.identity.decode() == LONG


def test_a_hit_reads_the_version_and_nothing_else(ask: Asking, scene: Scene) -> None:
    ask()
    change("page:2")
    ask()
    with CaptureQueriesContext(connection) as read:
        ask()
    assert [query["sql"].split(" WHERE ")[0] for query in read] == [
        "SELECT version, epoch, stamp FROM frontend_api_changelog"
    ]
    assert len(scene.asked) == 1


def test_what_has_changed_is_rendered_anew(ask: Asking, scene: Scene) -> None:
    before = ask()
    scene.text = "changed"
    change("page:2", "page:3")
    assert ask() == before
    change("page:1")
    after = ask()
    assert after.body == b"changed"
    assert after.headers["ETag"] != before.headers["ETag"]
    assert ask() == after
    assert len(scene.asked) == 2


def test_everything_changes_where_the_change_says_so(ask: Asking, scene: Scene) -> None:
    ask()
    change("*")
    ask()
    assert len(scene.asked) == 2


def test_another_epoch_finds_nothing(ask: Asking, scene: Scene) -> None:
    ask()
    ChangeLog.objects.update(epoch=new_epoch())
    ask()
    assert len(scene.asked) == 2


def test_an_entry_of_a_slow_reader_is_not_served_after_the_change(
    ask: Asking, scene: Scene
) -> None:
    """It read before the change and stored after it."""
    scene.text = "old"

    def meanwhile() -> None:
        scene.while_rendered = lambda: None
        change("page:1")

    scene.while_rendered = meanwhile
    assert ask().body == b"old"
    scene.text = "new"
    assert ask().body == b"new"
    assert ask().body == b"new"
    assert len(scene.asked) == 2


def test_a_slow_reader_who_stores_after_a_quick_one_is_no_harm(
    ask_wsgi: Asking, scene: Scene
) -> None:
    """The entry that the quick one stored is overwritten by the older one, which then says that it is older."""

    def meanwhile() -> None:
        scene.while_rendered = lambda: None
        scene.text = "new"
        change("page:1")
        assert ask_wsgi().body == b"new"

    scene.text, scene.while_rendered = "old", meanwhile
    assert ask_wsgi().body == b"old"
    assert ask_wsgi().body == b"new"


def test_no_answer_is_stale_at_midnight(ask: Asking, scene: Scene, clock: Clock) -> None:
    midnight = timezone.now() + timedelta(hours=1)
    scene.text, scene.until = "today", midnight
    ask()
    scene.text, scene.until = "tomorrow", midnight + timedelta(days=1)
    clock.shift = timedelta(minutes=59)
    assert ask().body == b"today"
    clock.shift = timedelta(hours=1)
    assert ask().body == b"tomorrow"
    clock.shift = timedelta(minutes=59)
    scene.text = "today again"
    assert ask().body == b"today again", "by a clock that is behind, it is still today"


def test_an_entry_does_not_fall_out_of_what_is_known(
    ask_wsgi: Asking, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "FAR_BEHIND", 2)
    ask_wsgi()
    kept: list[int] = []
    put = store.put
    monkeypatch.setattr(
        store,
        "put",
        lambda key, entry: (kept.append(entry.validity.since.version), put(key, entry)),
    )
    start = ChangeLog.objects.get().version
    for _ in range(6):
        change("page:2")
        ask_wsgi()
    assert len(scene.asked) == 1
    assert kept == [start + 3, start + 6]


@pytest.mark.parametrize(
    "other",
    [
        {"address": "/api/v2/other/"},
        {"address": "/api/v2/thing/?a=1"},
        {"Host": "localhost"},
        {"environ": {"SCRIPT_NAME": "/below"}},
        {"environ": {"wsgi.url_scheme": "https"}},
    ],
)
def test_what_an_answer_may_depend_on_is_kept_apart(ask: Asking, scene: Scene, other: dict) -> None:
    for _ in range(2):
        ask()
        ask(**other)
    assert len(scene.asked) == 2


def test_a_host_that_is_not_ours_is_refused_as_ever(ask: Asking, scene: Scene) -> None:
    ask()
    assert ask(Host="elsewhere.example.org").status == 400
    assert len(scene.asked) == 1


@pytest.fixture
def tls_only(settings: Any) -> None:
    """Settings as in production; Django's middleware reads them when the application is made."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_what_came_over_tls_is_not_given_out_without(
    tls_only: None, ask: Asking, scene: Scene
) -> None:
    assert ask(X_Forwarded_Proto="https").status == 200
    redirected = ask()
    assert redirected.status == 301
    assert redirected.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", [301, 400, 404, 410, 500, 503])
def test_nothing_but_a_success_is_kept(ask: Asking, scene: Scene, status: int) -> None:
    scene.status = status
    got = ask()
    assert (got.status, got.headers["Cache-Control"]) == (status, "no-store")
    assert "ETag" not in got.headers
    ask()
    assert len(scene.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "private"},
        {"Set-Cookie": "a=b"},
        {"Vary": "Accept-Language"},
        {"Vary": "Origin, Cookie"},
    ],
)
def test_what_is_for_one_client_is_not_kept(ask: Asking, scene: Scene, headers: dict) -> None:
    scene.headers = headers
    assert ask().headers["Cache-Control"] == headers.get("Cache-Control", "no-store")
    ask()
    assert len(scene.asked) == 2


def test_what_is_the_same_in_every_language_is_kept(ask: Asking, scene: Scene) -> None:
    scene.headers, scene.ignores_language = {"Vary": "Accept-Language"}, True
    first, second = ask(Accept_Language="fr"), ask(Accept_Language="de")
    assert len(scene.asked) == 1
    assert first.body == second.body
    assert "Accept-Language" not in second.headers["Vary"]
    scene.headers = {"Vary": "Accept-Language, Cookie"}
    assert ask("/api/v2/other/").headers["Cache-Control"] == "no-store"


def test_what_refuses_to_be_kept_is_known_by_its_bytes_all_the_same(
    ask: Asking, scene: Scene
) -> None:
    scene.uncacheable = "It is drawn by lot."
    got = ask(Accept_Encoding="br")
    assert got.headers["Cache-Control"] == "no-cache"
    assert got.headers["Content-Encoding"] == "br"
    assert "Cache-Tag" not in got.headers
    again = ask(If_None_Match=got.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert len(scene.asked) == 2


def test_a_request_is_rendered_without_what_is_special_of_one_client(
    ask: Asking, scene: Scene
) -> None:
    ask(
        method="HEAD",
        Accept="application/json",
        Accept_Encoding="br",
        Cookie="analytics=1",
        If_Modified_Since="Tue, 24 Nov 2026 20:00:00 GMT",
        If_None_Match='"a"',
        Origin="http://localhost",
        Range="bytes=0-1",
    )
    (asked,) = scene.asked
    assert asked["REQUEST_METHOD"] == "GET"
    assert {name for name in asked if name.startswith("HTTP_")} == {"HTTP_HOST"}


@pytest.mark.parametrize(
    "credential",
    [
        {"Authorization": "Bearer abc"},
        {"Authorization": ""},
        {"Cookie": "analytics=1; sessionid=of-an-editor"},
        {"address": "/api/v2/thing/?token=abc"},
        {"address": "/api/v2/thing/?a=1&%74oken=abc"},
        {"address": "/api/v2/thing/?token"},
    ],
)
def test_a_credential_passes_the_cache_by_both_ways(
    ask: Asking, scene: Scene, credential: dict
) -> None:
    address = {"address": credential["address"]} if "address" in credential else {}
    editor = SessionStore()
    editor["user"] = 1
    editor.create()
    if cookie := credential.get("Cookie"):
        credential = {"Cookie": cookie.replace("of-an-editor", editor.session_key)}
    scene.text, scene.is_recorded = "for one alone", False
    for _ in range(2):
        secret = ask(**credential)
        assert (secret.body, secret.headers["Cache-Control"]) == (b"for one alone", "no-store")
    assert len(scene.asked) == 2, "nothing of it was kept"
    if not address:
        scene.text, scene.is_recorded = "for all", True
        assert ask().body == b"for all"
        scene.text = "for one alone again"
        assert ask(**credential).body == b"for one alone again", "it is not given what was kept"
        assert ask().body == b"for all"


def test_the_cookie_of_no_session_is_no_credential(ask: Asking, scene: Scene) -> None:
    public = ask()
    with CaptureQueriesContext(connection) as read:
        assert ask(Cookie="sessionid=of-nobody-at-all") == public
    assert len(read) == 2, "the session is looked for, and the version read"
    assert ask(Cookie="sessionid=") == public
    assert len(scene.asked) == 1


def test_unknown_headers_change_nothing(ask: Asking, scene: Scene) -> None:
    public = ask()
    headers = {"X_Anything": "1", "User_Agent": "a client", "Traceparent": "00-1-2-00"}
    assert ask(**headers) == ask(Cache_Control="no-cache", Pragma="no-cache") == public
    assert len(scene.asked) == 1


def test_other_cookies_are_no_credentials(ask: Asking, scene: Scene) -> None:
    ask(Cookie="analytics=1")
    ask(Cookie="notsessionid=1")
    # Its name, in what others are called and in what they hold.
    for cookie in (
        "foo=sessionid",
        "foo=a sessionid",
        "sessionid2=a",
        'foo="sessionid"',
        "a=b=sessionid",
    ):
        ask(Cookie=cookie)
    ask()
    assert len(scene.asked) == 1


def test_what_a_preview_says_of_caching_stays(ask: Asking, scene: Scene) -> None:
    scene.is_recorded, scene.headers = False, {"Cache-Control": "private, no-store"}
    assert ask("/api/v2/thing/?token=abc").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json; indent=4", "application/JSON;Indent=2, */*", "*"]
)
def test_who_does_not_take_plain_json_is_left_to_django(
    ask: Asking, scene: Scene, accept: str
) -> None:
    ask()
    for _ in range(2):
        assert ask(Accept=accept).headers["Cache-Control"] == "no-store"
    assert [asked.get("HTTP_ACCEPT") for asked in scene.asked] == [None, accept, accept]


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html, application/*;q=0.5", ""]
)
def test_whoever_takes_json_gets_what_is_kept(ask: Asking, scene: Scene, accept: str) -> None:
    ask()
    ask(Accept=accept)
    assert len(scene.asked) == 1


def test_other_addresses_and_methods_are_left_alone(ask: Asking, scene: Scene) -> None:
    for _ in range(2):
        assert "Cache-Control" not in ask("/elsewhere/").headers
    ask(method="OPTIONS")
    assert len(scene.asked) == 3


def test_a_large_response_is_not_kept(ask_wsgi: Asking, scene: Scene) -> None:
    scene.text = "x" * (store.LARGEST + 1)
    assert ask_wsgi().body == scene.text.encode()
    ask_wsgi()
    assert len(scene.asked) == 2


def test_of_two_caches_the_inner_one_steps_aside(scene: Scene, settings: Any) -> None:
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    ask = Asking(ResponseCache(get_wsgi_application()))
    with CaptureQueriesContext(connection) as read:
        ask()
    assert len(read) == 2, "the version is read before and after, once"
    with CaptureQueriesContext(connection) as read:
        ask(Authorization="Bearer abc")
    assert len(read) == 0


def test_what_is_kept_by_the_one_is_served_by_the_other(scene: Scene, settings: Any) -> None:
    outside = Asking(ResponseCache(get_wsgi_application()))
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]
    inside = Asking(get_wsgi_application())
    scene.headers = {"X-Own": "1"}
    first, second = outside(), inside()
    assert first.headers.items() >= {"X-Own": "1", "Content-Length": str(len(LONG))}.items()
    assert (first.status, first.body) == (second.status, second.body)


def test_a_damaged_entry_is_rendered_anew(ask_wsgi: Asking, scene: Scene) -> None:
    ask_wsgi()
    kept = caches["api"]
    for key in list(kept._memory._kept):
        kept._memory.put(key, kept._memory.get(key)._replace(value=b"nonsense", is_copy=True))
    assert ask_wsgi().status == 200
    assert len(scene.asked) == 2


def test_threads_share_what_is_kept(ask_wsgi: Asking, scene: Scene) -> None:
    ask_wsgi()
    seen: list[object] = []
    entry_key = next(iter(caches["api"]._memory._kept))
    thread = threading.Thread(target=lambda: seen.append(caches["api"]._memory.get(entry_key)))
    thread.start()
    thread.join()
    assert seen[0] is not None
