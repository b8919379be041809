"""Every environment variable that the service reads, in one place; `docs/operators.md` has the same table.

A value that cannot be used stops the start with one sentence that names the variable, what is wrong with it,
and what to set. It comes without a traceback, which would say nothing more to whoever sets variables.
"""

import re
import warnings
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlparse, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}
HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)

# A cache server answers within a millisecond, or something is wrong with it.
QUICK = {"socket_connect_timeout": 0.25, "socket_timeout": 0.25}
SERIALIZERS = "frontend_api.caching.backends.serializers"
A_DAY = 24 * 60 * 60
API_IN_MEMORY = {
    "BACKEND": "frontend_api.caching.backends.memory.MemoryCache",
    "LOCATION": "api",
    "TIMEOUT": A_DAY,
}


def stop(sentence: str) -> NoReturn:
    """Stop the start."""
    raise SystemExit(sentence)


def required(name: str, purpose: str, example: str) -> str:
    """Return the variable `name`, or stop the start with a sentence that says what to set."""
    # Read as it stands: django-environ takes a value that begins with $ for the name of another variable.
    text = str(env.ENVIRON.get(name, "")).strip()
    if not text:
        stop(f"{name} is not set; set it to {purpose}, such as {example}.")
    return text


def port(name: str, default: int) -> int:
    """Return the TCP port that the variable `name` holds, or `default`."""
    number = _whole_number(name, default)
    if not 0 < number < 65536:
        stop(f"{name} is {env.str(name)!r}; set it to a port number between 1 and 65535.")
    return number


def seconds(name: str, default: int, least: int | None = None) -> int:
    """Return the number of seconds that the variable `name` holds, or `default`.

    It is none only if that is, or if that is the `least`.
    """
    number = _whole_number(name, default)
    if number < (min(default, 1) if least is None else least):
        stop(f"{name} is {env.str(name)!r}; set it to a number of seconds, such as {default}.")
    return number


def switch(name: str, default: bool) -> bool:
    """Return whether the variable `name` says yes, or `default`."""
    text = env.str(name, default="yes" if default else "no").strip().lower()
    if text not in {"yes", "no"}:
        stop(f"{name} is {text!r}; set it to yes or no.")
    return text == "yes"


def folder(name: str, default: Path) -> Path:
    """Return the folder that the variable `name` holds, or `default`."""
    text = env.str(name, default=str(default)).strip()
    if not text.startswith("/"):
        stop(
            f"{name} is {text!r}; set it to a folder, from the root on, such as /srv/cms/{default.name}."
        )
    return Path(text)


def size(name: str, default: int, most: int, unit: str) -> int:
    """Return the number of `unit` that the variable `name` holds, or `default`."""
    number = _whole_number(name, default)
    if not 0 < number <= most:
        stop(f"{name} is {env.str(name)!r}; set it to a number of {unit} between 1 and {most}.")
    return number


def _whole_number(name: str, default: int) -> int:
    """Return the number that the variable `name` holds, `default` without one, or -1 for anything else."""
    text = env.str(name, default=str(default)).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


def web_address(name: str, default: str | None = None) -> str:
    """Return the address (scheme, host, port; no path) that the variable `name` holds, without a slash at its end."""
    text = env.str(name, default=default or "").strip().rstrip("/")
    if not text:
        stop(f"{name} is not set; set it to an address such as https://www.example.org.")
    if not is_web_address(text):
        stop(
            f"{name} is {text!r}; set it to a scheme and host with no path, such as https://www.example.org."
        )
    return text


def web_addresses(name: str) -> list[str]:
    """Return the addresses that the variable `name` holds, comma-separated, or none."""
    parts = env.str(name, default="").split(",")
    addresses = [text for part in parts if (text := part.strip().rstrip("/"))]
    for text in addresses:
        if not is_web_address(text):
            stop(
                f"{name} has {text!r}; set it to schemes and hosts with no path, comma-separated, "
                "such as https://www.example.org."
            )
    return addresses


def is_web_address(text: str) -> bool:
    """Return whether a text is a scheme and a host, perhaps with a port, and nothing more."""
    try:
        parts = urlsplit(text)
        well_formed = (
            parts.scheme in {"http", "https"}
            and HOST.fullmatch(parts.netloc.removesuffix(f":{parts.port}")) is not None
            and parts.port != 0
        )
    except ValueError:
        return False
    return well_formed and not (parts.path or parts.query or parts.fragment)


def host_names(name: str) -> list[str]:
    """Return the host names that the variable `name` holds, comma-separated, or stop the start."""
    example = "cms.example.org"
    text = required(name, "the host names of the CMS, comma-separated", example)
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not hosts or not all(host == "*" or HOST.fullmatch(host) for host in hosts):
        stop(
            f"{name} is {text!r}; set it to host names with no scheme, port or path, such as {example}."
        )
    return hosts


def time_zone(name: str, default: str) -> str:
    """Return the name of the time zone that the variable `name` holds, or `default`."""
    text = env.str(name, default=default)
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        stop(f"{name} is {text!r}; set it to the name of a time zone, such as Europe/Zurich.")
    return text


def places_of_time_zones() -> list[str]:
    """Return the time zones that are named after places, and UTC: those that every browser knows."""
    zones = available_timezones()
    return ["UTC", *sorted(zone for zone in zones if "/" in zone and not zone.startswith("Etc/"))]


def caches(name: str) -> dict[str, dict[str, Any]]:
    """Return Django's settings for the caches at the address that the variable `name` holds, or in memory.

    The responses of the API are kept apart from what else is in a cache, because there are more of them.
    """
    # The protocol is the same, and django-environ reads the address of one of them only.
    address = re.sub(r"^valkey(?=s?://)", "redis", env.str(name, default="locmemcache://"))
    try:
        default: dict[str, Any] = env.cache_url_config(urlparse(address))
        is_redis = default["BACKEND"] == env.CACHE_SCHEMES["redis"]
        if is_redis:
            default = _redis(default)
    except (ImproperlyConfigured, ValueError):
        # The address may hold a password, so it is not repeated.
        stop(f"{name} cannot be used; set it to an address such as redis://host:6379/0.")
    if default["BACKEND"] == env.CACHE_SCHEMES["locmemcache"]:
        return {"default": default, "api": API_IN_MEMORY}
    api = {**default, "KEY_PREFIX": "api", "TIMEOUT": A_DAY}
    if is_redis:
        # Whoever can write to the server shall not run code here, as a pickle of theirs would.
        options = default["OPTIONS"]
        default["OPTIONS"] = {**options, "serializer": f"{SERIALIZERS}.SignedSerializer"}
        api["OPTIONS"] = {**options, "serializer": f"{SERIALIZERS}.BytesSerializer"}
    return {"default": default, "api": api}


def _redis(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings for a server without which the service goes on, and which it does not wait for."""
    # Django's start-up reads this module in every process; only one with such a server has to load its library.
    from redis.connection import parse_url

    location = settings["LOCATION"]
    for address in [location] if isinstance(location, str) else location:
        parse_url(address)
    given = {"OPTIONS": {}, **settings}
    return {
        **given,
        "BACKEND": "frontend_api.caching.backends.fault_tolerant_redis.FaultTolerantRedisCache",
        "OPTIONS": {**QUICK, **given["OPTIONS"]},
    }


def database_address(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at the address that `DATABASE_URL` holds."""
    try:
        # The one warning is that of a SQLite file which is named in the host's place, and so would not be used.
        with warnings.catch_warnings(action="error"):
            settings: dict[str, Any] = env.db_url_config(url)
        usable = settings["ENGINE"] in ENGINES and bool(settings["NAME"])
    except (KeyError, UserWarning, ValueError):
        usable = False
    if not usable:
        # The address may hold a password, so it is not repeated.
        stop(
            "DATABASE_URL cannot be used; set it to an address such as postgres://user:password@host:5432/name "
            "(a / in the password as %2F) or sqlite:////folder/file.sqlite3."
        )
    return settings


def postgresql_limits() -> dict[str, Any]:
    """Return the options of a connection to PostgreSQL that say how long it is waited for; 0 seconds is without end."""
    limits = {
        "statement_timeout": limit("DATABASE_STATEMENT_TIMEOUT", 30),
        "lock_timeout": limit("DATABASE_LOCK_TIMEOUT", 10),
    }
    options = " ".join(f"-c {name}={limit}s" for name, limit in limits.items() if limit)
    # A proxy in between, such as PgBouncer, may refuse options that it does not know.
    return {
        "connect_timeout": limit("DATABASE_CONNECT_TIMEOUT", 5),
        **({"options": options} if options else {}),
    }


def answer_timeout() -> int:
    """Return for how many seconds PostgreSQL may be silent; 0 is without end.

    A server that is alive ends a statement before, so that the client gives up one that is not.
    """
    statement = limit("DATABASE_STATEMENT_TIMEOUT", 30)
    return limit("DATABASE_ANSWER_TIMEOUT", statement and statement + 5)


def limit(name: str, default: int) -> int:
    """Return the number of seconds that the variable `name` holds, or `default`; 0 is no limit."""
    number = _whole_number(name, default)
    if number < 0:
        stop(
            f"{name} is {env.str(name)!r}; set it to a number of seconds, such as {default}, or to 0 for no limit."
        )
    return number


CMS_PORT = port("CMS_PORT", 8000)
FRONTEND_PORT = port("FRONTEND_PORT", 3000)
