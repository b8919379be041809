"""The settings read the environment, and stop with one sentence where it holds what cannot be used."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cms.settings.commands import wait_as_a_command

pytestmark = pytest.mark.once


ROOT = Path(__file__).resolve().parents[2]
VALID = {
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
    "ALLOWED_HOSTS": "cms.example.org",
    "DATABASE_URL": "postgres://cms@localhost/cms",
    "FRONTEND_URL": "https://www.example.org",
}
EXAMPLE_ADDRESS = "https://www.example.org"
HOST_AND_NO_PATH = f"set it to a scheme and host with no path, such as {EXAMPLE_ADDRESS}."
DATABASE_PROBLEM = (
    "DATABASE_URL cannot be used; set it to an address such as postgres://user:password@host:5432/name "
    "(a / in the password as %2F) or sqlite:////folder/file.sqlite3."
)
START = "import django; django.setup()"


def python(
    *arguments: str, settings: str = "local", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment that has these variables and no others of ours."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"cms.settings.{settings}",
            "PYTHONWARNINGS": "error",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def refused(settings: str, **variables: str) -> str:
    """Return the one line with which a start is refused."""
    done = python("-c", START, settings=settings, **variables)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def read(expression: str, settings: str = "local", **variables: str) -> str:
    """Return what an expression gives with these settings."""
    code = f"from django.conf import settings; print({expression})"
    done = python("-c", code, settings=settings, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("empty", [False, True], ids=["missing", "empty"])
@pytest.mark.parametrize("name", VALID)
def test_production_refuses_to_start_without(name: str, empty: bool) -> None:
    variables = {**VALID, name: " "} if empty else {k: v for k, v in VALID.items() if k != name}
    assert refused("production", **variables).startswith(f"{name} is not set; set it to ")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FRONTEND_URL", f"{EXAMPLE_ADDRESS}/site", HOST_AND_NO_PATH),
        ("FRONTEND_URL", "www.example.org", HOST_AND_NO_PATH),
        ("FRONTEND_URL", "ftp://www.example.org", HOST_AND_NO_PATH),
        ("FRONTEND_URL", "https://user:secret@www.example.org", HOST_AND_NO_PATH),
        ("FRONTEND_URL", f"{EXAMPLE_ADDRESS}:99999", HOST_AND_NO_PATH),
        ("CMS_URL", f"{EXAMPLE_ADDRESS}/?a=b", HOST_AND_NO_PATH),
        ("ALLOWED_HOSTS", ",", "set it to host names with no scheme, port or path, such as"),
        ("ALLOWED_HOSTS", "https://cms.example.org", "set it to host names with no scheme"),
        ("ALLOWED_HOSTS", "cms.example.org:8000", "set it to host names with no scheme"),
    ],
)
def test_production_refuses_what_is_no_host_or_address(
    name: str, value: str, sentence: str
) -> None:
    said = refused("production", **{**VALID, name: value})
    assert said.startswith(f"{name} is {value!r}; ")
    assert sentence in said


def test_a_host_that_may_be_any_is_no_address_of_the_cms() -> None:
    assert refused("production", **{**VALID, "ALLOWED_HOSTS": "*"}) == (
        f"CMS_URL is 'https://*'; {HOST_AND_NO_PATH}"
    )
    given = {**VALID, "ALLOWED_HOSTS": "*", "CMS_URL": "https://cms.example.org"}
    assert read("settings.ALLOWED_HOSTS", "production", **given) == "['*']"


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "mysql://localhost/cms",
        # Would be a database in memory, which forgets everything.
        "sqlite://db.sqlite3",
        "postgres://user:pa/ss@localhost/cms",
        "postgres://localhost",
        "postgres://[::1/cms",
    ],
)
def test_an_address_of_no_database_is_refused_and_not_repeated(address: str) -> None:
    """It may hold a password, and what a service says at its start is kept."""
    assert refused("local", DATABASE_URL=address) == DATABASE_PROBLEM


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CMS_PORT", "http", "is 'http'; set it to a port number between 1 and 65535."),
        ("CMS_PORT", "0", "is '0'; set it to a port number between 1 and 65535."),
        ("FRONTEND_PORT", "65536", "is '65536'; set it to a port number between 1 and 65535."),
        (
            "IMAGE_MAX_MEGAPIXELS",
            "0",
            "is '0'; set it to a number of megapixels between 1 and 178.",
        ),
        (
            "IMAGE_MAX_MEGAPIXELS",
            "200",
            "is '200'; set it to a number of megapixels between 1 and 178.",
        ),
        (
            "IMAGE_MAX_MEGABYTES",
            "ten",
            "is 'ten'; set it to a number of megabytes between 1 and 1000.",
        ),
        ("PREVIEW_MAX_AGE", "1h", "is '1h'; set it to a number of seconds, such as 3600."),
        ("PREVIEW_MAX_AGE", "-1", "is '-1'; set it to a number of seconds, such as 3600."),
        ("PREVIEW_MAX_AGE", "", "is ''; set it to a number of seconds, such as 3600."),
        (
            "TIME_ZONE",
            "Mars/Olympus",
            "is 'Mars/Olympus'; set it to the name of a time zone, such as Europe/Zurich.",
        ),
        ("TIME_ZONE", "Europe", "is 'Europe'; set it to the name of a time zone, such as"),
        ("TIME_ZONE", "../UTC", "is '../UTC'; set it to the name of a time zone, such as"),
        ("API_S_MAXAGE", "-1", "is '-1'; set it to a number of seconds, such as 0."),
        ("EMAIL_TIMEOUT", "0", "is '0'; set it to a number of seconds, such as 10."),
        ("API_STALE_IF_ERROR", "1h", "is '1h'; set it to a number of seconds, such as 0."),
        ("API_STALE_WHILE_REVALIDATE", "1h", "is '1h'; set it to a number of seconds, such as 0."),
        (
            "CORS_ALLOWED_ORIGINS",
            f"{EXAMPLE_ADDRESS}, *",
            f"has '*'; set it to schemes and hosts with no path, comma-separated, such as {EXAMPLE_ADDRESS}.",
        ),
        (
            "CACHE_URL",
            "redis://host:port/0",
            "cannot be used; set it to an address such as redis://",
        ),
        ("PURGE_URLS", "varnish:6081", "cannot be used; set it to addresses with no user"),
        ("PURGE_URLS", "https://a.example,https://me:secret@b.example/", "cannot be used; set"),
        ("PURGE_URLS", "https://b.example/?a", "cannot be used; set it to addresses with no user"),
        ("PURGE_URLS", "http://b.example:99999/", "cannot be used; set it to addresses with no"),
        ("CLOUDFLARE_ZONE", "example.org", "is 'example.org'; set it to the 32 letters and digits"),
        ("CACHE_URL", "nonsense", "cannot be used; set it to an address such as redis://"),
        ("REQUEST_LOG", "some", "is 'some'; set it to one of all, rendered, none."),
        ("METRICS_TOKEN", "short", "cannot be used; set it to 16 characters or more of ASCII"),
        ("METRICS_TOKEN", "é" * 20, "cannot be used; set it to 16 characters or more of ASCII"),
        ("METRICS_FOLDER", "metrics", "is 'metrics'; set it to the whole path of a folder"),
        ("METRICS_FOLDER", "/dev/null", "is '/dev/null'; set it to the whole path of a folder"),
        ("SENTRY_DSN", "https://sentry.io/1", "cannot be used; set it to an address such as"),
        ("SENTRY_DSN", "https://key@sentry.io/", "cannot be used; set it to an address such as"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "cannot be used; set it to the address"),
        ("CACHE_URL", "", "cannot be used; set it to an address such as redis://"),
    ],
)
def test_any_other_value_that_cannot_be_used_is_a_sentence(
    name: str, value: str, sentence: str
) -> None:
    assert refused("local", **{name: value}).startswith(f"{name} {sentence}")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"PURGE_METHOD": "PU RGE"},
            "PURGE_METHOD cannot be used. The method is 'PU RGE'; it has to be a word in capital",
        ),
        (
            {"PURGE_BODY": '{"tags": []}'},
            "PURGE_BODY cannot be used. The body names no tags; put {tags}, which stands for a list",
        ),
        (
            {"PURGE_BODY": '{"tags": {names}}'},
            "PURGE_BODY cannot be used. The body has {names}, which stands for nothing; there are",
        ),
        (
            {"PURGE_BODY": "{tags}", "PURGE_METHOD": "get"},
            "PURGE_BODY cannot be used. A request with the method GET has no body; use POST.",
        ),
        (
            {"PURGE_TOKEN": "sécret"},
            "PURGE_TOKEN cannot be used. The header Authorization has to be printable ASCII",
        ),
    ],
)
def test_a_purge_that_cannot_be_asked_for_is_a_sentence(
    variables: dict[str, str], sentence: str
) -> None:
    said = refused("local", PURGE_URLS="https://www.example.org/purge", **variables)
    assert said.startswith(sentence)
    assert "sécret" not in said


def test_an_address_of_no_mail_server_is_a_sentence() -> None:
    assert refused("production", **VALID, EMAIL_URL="nonsense").startswith(
        "EMAIL_URL cannot be used"
    )


def test_a_command_is_refused_with_the_same_sentence() -> None:
    done = python("manage.py", "check", settings="production")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set; set it to a long random text")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("manage.py", "check"),
        ("manage.py", "doctor"),
        ("-c", "import cms.wsgi"),
        ("-c", "import cms.asgi"),
    ],
)
def test_settings_are_never_guessed(arguments: tuple[str, ...]) -> None:
    for module in ({}, {"DJANGO_SETTINGS_MODULE": " "}):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **module},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            "DJANGO_SETTINGS_MODULE is not set; set it to cms.settings.production, or to cms.settings.local on your "
            "own machine.\n"
        )


def test_a_command_may_be_given_its_settings() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "diffsettings", "--settings", "cms.settings.local"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "SETTINGS_MODULE = 'cms.settings.local'" in done.stdout


def test_a_format_of_the_log_that_there_is_not_is_a_sentence() -> None:
    assert refused("production", **VALID, LOG_FORMAT="xml") == (
        "LOG_FORMAT is 'xml'; set it to one of json, text."
    )


def test_a_secret_key_may_begin_with_a_dollar_sign() -> None:
    key = f"${VALID['SECRET_KEY']}"
    assert read("settings.SECRET_KEY", "production", **{**VALID, "SECRET_KEY": key}) == key


NEW_KEY = "set it to the output of `openssl rand -base64 48`"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("local-only-never-used-in-production", "SECRET_KEY is one that everybody knows"),
        ("django-insecure-" + VALID["SECRET_KEY"], "SECRET_KEY is one that everybody knows"),
        ("CHANGE_ME" * 10, "SECRET_KEY is one that everybody knows"),
        ("k7#pQ2-short", "SECRET_KEY has 12 characters, 12 of them different, and needs 50 and 10"),
        ("abc" * 30, "SECRET_KEY has 90 characters, 3 of them different, and needs 50 and 10"),
    ],
)
def test_a_secret_key_that_is_guessed_is_refused_and_not_repeated(key: str, sentence: str) -> None:
    said = refused("production", **{**VALID, "SECRET_KEY": key})
    assert said.startswith(sentence)
    assert NEW_KEY in said
    assert key not in said


def test_former_secret_keys_are_read_and_those_of_no_use_refused() -> None:
    former = "settings.SECRET_KEY_FALLBACKS"
    assert read(former, "production", **VALID) == "[]"
    given = {**VALID, "SECRET_KEY_FALLBACKS": " $short, another "}
    assert read(former, "production", **given) == "['$short', 'another']"
    for text, sentence in (
        ("changeme", "SECRET_KEY_FALLBACKS has a key that everybody knows"),
        (f"other,{VALID['SECRET_KEY']}", "SECRET_KEY_FALLBACKS has the SECRET_KEY itself"),
    ):
        said = refused("production", **{**VALID, "SECRET_KEY_FALLBACKS": text})
        assert said.startswith(sentence)


def test_production_passes_every_check_of_a_deployment() -> None:
    done = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", settings="production", **VALID
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


def test_the_demo_site_is_installed_locally_alone() -> None:
    installed = "'examples.demo' in settings.INSTALLED_APPS"
    assert read(installed) == "True"
    assert read(installed, "production", **VALID) == "False"
    done = python("manage.py", "load_demo", settings="production", **VALID)
    assert "Unknown command: 'load_demo'" in done.stderr


def test_production_listens_to_its_own_addresses() -> None:
    hosts = {**VALID, "ALLOWED_HOSTS": "cms.example.org, .example.net ,[::1]"}
    shown = (
        "settings.ALLOWED_HOSTS, settings.CMS_URL, settings.CSRF_TRUSTED_ORIGINS, settings.DEBUG"
    )
    assert read(shown, "production", **hosts) == (
        "['cms.example.org', '.example.net', '[::1]'] https://cms.example.org "
        "['https://cms.example.org'] False"
    )


def test_a_slash_at_the_end_of_an_address_changes_nothing() -> None:
    address = f"{EXAMPLE_ADDRESS}/"
    assert read("settings.FRONTEND_URL", FRONTEND_URL=address) == EXAMPLE_ADDRESS


def test_locally_nothing_has_to_be_set() -> None:
    shown = "settings.FRONTEND_URL, settings.CMS_URL, settings.TIME_ZONE, settings.FRONTEND_API['PREVIEW_MAX_AGE']"
    assert read(shown) == "http://localhost:3000 http://localhost:8000 UTC 3600"
    moved = {"CMS_PORT": "8001", "FRONTEND_PORT": "3001"}
    assert read(shown, **moved) == "http://localhost:3001 http://localhost:8001 UTC 3600"


def test_a_sqlite_database_is_set_up_to_serve(tmp_path: Path) -> None:
    """Asked of a real file: what counts is what the database says, and not what the settings ask for."""
    code = """
import django; django.setup()
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

def ask(pragma):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {pragma}").fetchone()[0]

print(ask("journal_mode"), ask("foreign_keys"), ask("synchronous"), ask("busy_timeout"))
with CaptureQueriesContext(connection) as captured, transaction.atomic():
    pass
print(captured.captured_queries[0]["sql"])
"""
    done = python("-c", code, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert (done.stdout, done.stderr) == ("wal 1 1 20000\nBEGIN IMMEDIATE\n", "")
    assert (tmp_path / "db.sqlite3").exists()


def test_a_sqlite_database_keeps_its_connections(tmp_path: Path) -> None:
    shown = "settings.DATABASES['default']['CONN_MAX_AGE']"
    assert read(shown, DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}") == "60"


def test_a_postgres_database_keeps_its_connections_and_its_options() -> None:
    address = "postgres://cms:p%2Fw@db.example.org:5433/content?sslmode=require"
    shown = (
        "[settings.DATABASES['default'][name] for name in "
        "('HOST', 'PORT', 'NAME', 'PASSWORD', 'OPTIONS', 'CONN_MAX_AGE', 'CONN_HEALTH_CHECKS')]"
    )
    assert read(shown, DATABASE_URL=address) == (
        "['db.example.org', 5433, 'content', 'p/w', {'connect_timeout': 5, "
        "'options': '-c statement_timeout=30s -c lock_timeout=10s', 'sslmode': 'require'}, 60, True]"
    )


@pytest.mark.parametrize(
    ("query", "limits", "options"),
    [
        (
            "",
            {"DATABASE_STATEMENT_TIMEOUT": "5", "DATABASE_LOCK_TIMEOUT": "1"},
            "{'connect_timeout': 5, 'options': '-c statement_timeout=5s -c lock_timeout=1s'}",
        ),
        (
            "",
            {"DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_LOCK_TIMEOUT": "0"},
            "{'connect_timeout': 5}",
        ),
        # What the address says goes before.
        (
            "?connect_timeout=9&options=-c%20work_mem%3D64MB",
            {"DATABASE_CONNECT_TIMEOUT": "2"},
            "{'connect_timeout': 9, 'options': '-c work_mem=64MB'}",
        ),
    ],
)
def test_how_long_a_postgres_database_is_waited_for_can_be_set(
    query: str, limits: dict[str, str], options: str
) -> None:
    address = f"postgres://cms:p@db.example.org/content{query}"
    shown = "settings.DATABASES['default']['OPTIONS']"
    assert read(shown, DATABASE_URL=address, **limits) == options


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        ({"DATABASE_STATEMENT_TIMEOUT": "7"}, "12"),
        ({"DATABASE_STATEMENT_TIMEOUT": "0"}, "0"),
        ({"DATABASE_ANSWER_TIMEOUT": "3"}, "3"),
    ],
)
def test_how_long_a_postgres_database_may_be_silent_can_be_set(
    limits: dict[str, str], seconds: str
) -> None:
    shown = "settings.DATABASES['default']['ANSWER_TIMEOUT']"
    address = "postgres://cms:p@db.example.org/content"
    assert read(shown, DATABASE_URL=address, **limits) == seconds


def test_a_statement_of_a_command_may_take_as_long_as_it_does() -> None:
    # Nobody waits for a migration of a large site, which still gives up where it waits for others.
    code = (
        "from django.conf import settings; database = settings.DATABASES['default']; "
        "print(database['OPTIONS'], database['ANSWER_TIMEOUT'])"
    )
    address = "postgres://cms:p@db.example.org/content"
    done = python("manage.py", "shell", "--no-imports", "--command", code, DATABASE_URL=address)
    assert (done.stdout, done.stderr) == (
        "{'connect_timeout': 5, 'options': '-c lock_timeout=10s'} 600\n",
        "",
    )


@pytest.mark.parametrize(
    ("command", "given", "expected"),
    [
        ("db_worker", {}, ("120", "125")),
        ("db_worker", {"DATABASE_WORKER_TIMEOUT": "7"}, ("7", "12")),
        ("db_worker", {"DATABASE_WORKER_TIMEOUT": "0"}, ("0", "0")),
        ("prune_changes", {"DATABASE_COMMAND_TIMEOUT": "7"}, ("0", "7")),
        ("prune_changes", {"DATABASE_STATEMENT_TIMEOUT": "7"}, ("0", "600")),
        ("migrate", {"DATABASE_COMMAND_TIMEOUT": "7"}, ("0", "0")),
        ("", {}, ("0", "600")),
    ],
)
def test_a_worker_waits_for_a_silent_database_for_longer_than_a_server_and_a_command_for_longest(
    monkeypatch: pytest.MonkeyPatch, command: str, given: dict[str, str], expected: tuple[str, str]
) -> None:
    names = "DATABASE_STATEMENT_TIMEOUT", "DATABASE_ANSWER_TIMEOUT"
    for name in names:
        # So that it is put back.
        monkeypatch.setenv(name, "")
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    wait_as_a_command(["manage.py", command] if command else ["manage.py"])
    assert tuple(os.environ[name] for name in names) == expected


@pytest.mark.parametrize("name", ["DATABASE_COMMAND_TIMEOUT", "DATABASE_WORKER_TIMEOUT"])
def test_a_limit_of_a_command_that_is_no_number_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1s")
    command = "db_worker" if "WORKER" in name else "shell"
    with pytest.raises(SystemExit, match=name):
        wait_as_a_command(["manage.py", command])


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_ANSWER_TIMEOUT",
        "DATABASE_CONNECT_TIMEOUT",
        "DATABASE_LOCK_TIMEOUT",
        "DATABASE_STATEMENT_TIMEOUT",
    ],
)
def test_a_limit_that_is_no_number_is_a_sentence(name: str) -> None:
    given = {"DATABASE_URL": "postgres://cms:p@db.example.org/content", name: "1s"}
    assert refused("local", **given).startswith(f"{name} is '1s'; set it to a number of seconds")


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("valkey://host:6379/1", "redis://host:6379/1"),
        ("valkeys://user:secret@host/0", "rediss://user:secret@host/0"),
        ("redis://host", "redis://host"),
        ("redis:///run/valkey.sock?db=1", "unix:///run/valkey.sock"),
    ],
)
def test_a_cache_server_is_not_waited_for(address: str, location: str) -> None:
    shown = (
        "[(one['BACKEND'].rpartition('.')[2], one['LOCATION'], one.get('KEY_PREFIX')) "
        "for one in settings.CACHES.values()], settings.CACHES['api']['OPTIONS']['socket_timeout']"
    )
    backend = "FaultTolerantRedisCache"
    assert read(shown, CACHE_URL=address) == (
        f"[('{backend}', '{location}', None), ('{backend}', '{location}', 'api')] 0.25"
    )
    longer = f"{address}{'&' if '?' in address else '?'}socket_timeout=1"
    assert read(shown, CACHE_URL=longer).endswith(" 1")


def test_without_a_cache_server_the_api_has_a_memory_of_its_own() -> None:
    shown = "[one['BACKEND'].rpartition('.')[2] for one in settings.CACHES.values()]"
    assert read(shown) == "['LocMemCache', 'MemoryCache']"


def test_websites_may_be_named_or_not() -> None:
    shown = "settings.CORS_ALLOWED_ORIGINS, settings.FRONTEND_API['S_MAXAGE']"
    assert read(shown) == "[] 0"
    named = {"CORS_ALLOWED_ORIGINS": f" {EXAMPLE_ADDRESS}/ ,http://localhost:5173,"}
    assert read(shown, **named, API_S_MAXAGE="60") == (
        f"['{EXAMPLE_ADDRESS}', 'http://localhost:5173'] 60"
    )


def test_a_zone_of_cloudflares_needs_a_token() -> None:
    assert refused("local", CLOUDFLARE_ZONE="0" * 32).startswith("CLOUDFLARE_TOKEN is not set;")


def test_caches_in_front_are_named_by_the_environment() -> None:
    shown = "sorted(settings.WAGTAILFRONTENDCACHE.items())"
    assert read(shown) == "[]"
    given = {
        "PURGE_URLS": "http://varnish:6081/, https://www.example.org/purge",
        "PURGE_TOKEN": "$ecret",
        "CLOUDFLARE_ZONE": "0" * 32,
        "CLOUDFLARE_TOKEN": "token",
    }
    backends = "frontend_api.caching.cdn.backends"
    http = {"BACKEND": f"{backends}.HttpTagBackend"}
    secret = {"HEADERS": {"Authorization": "Bearer $ecret"}}
    zone = {"ZONEID": "0" * 32, "BEARER_TOKEN": "token"}
    assert ast.literal_eval(read(shown, **given)) == [
        ("Cloudflare", {"BACKEND": f"{backends}.CloudflareTagBackend", **zone}),
        ("http://varnish:6081/", {**http, "LOCATION": "http://varnish:6081/", **secret}),
        (
            "https://www.example.org/purge",
            {**http, "LOCATION": "https://www.example.org/purge", **secret},
        ),
    ]


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ({"PURGE_BODY": '{"tags": {tags}}'}, {"METHOD": "POST", "BODY": '{"tags": {tags}}'}),
        ({"PURGE_METHOD": "ban"}, {"METHOD": "BAN"}),
        (
            {"PURGE_METHOD": "PUT", "PURGE_BODY": "$ {tags_with_spaces}"},
            {"METHOD": "PUT", "BODY": "$ {tags_with_spaces}"},
        ),
    ],
)
def test_a_purge_has_the_method_and_body_of_the_environment(
    variables: dict[str, str], given: dict[str, str]
) -> None:
    address = "https://www.example.org/purge"
    shown = "settings.WAGTAILFRONTENDCACHE"
    backend = "frontend_api.caching.cdn.backends.HttpTagBackend"
    assert ast.literal_eval(read(shown, PURGE_URLS=address, **variables)) == {
        address: {"BACKEND": backend, "LOCATION": address, **given}
    }
