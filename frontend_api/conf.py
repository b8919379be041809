"""The API's own settings, `FRONTEND_API = {…}`, read when they are first used, and again when a test overrides one.

Every key has a default; see `DEFAULTS`. Four settings of Wagtail's own v2 API hold where the key is not given:
`WAGTAILAPI_BASE_URL`, `WAGTAILAPI_LIMIT_MAX`, `WAGTAILAPI_RICH_TEXT_FORMAT` and `WAGTAILAPI_SEARCH_ENABLED`.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django_tasks import task_backends

NAME = "FRONTEND_API"
RICH_TEXT_FORMATS = ("html", "markdown")
SHARE = "share"
"""The use of images for where a page is shared, which every project has."""
_SHARED: Mapping[str, Any] = {SHARE: {"ratio": (1200, 630), "widths": (1200,)}}
EXACT, REDIRECT, SAME = "exact", "redirect", "same"
# What may be said of each way of writing a path; the first is the default.
PATH_RULES: Mapping[str, tuple[str, ...]] = {
    "CASE": (EXACT, REDIRECT),
    "SLASHES": (SAME, EXACT, REDIRECT),
    "INDEX": (EXACT, REDIRECT),
    "LOCALE": (EXACT, REDIRECT),
}
DEFAULTS: Mapping[str, Any] = {
    # The URL of this service, such as https://cms.example.org, by which addresses of files are made absolute.
    "BASE_URL": "",
    # The cache of `CACHES` that keeps responses; "default" where there is none of this name.
    "CACHE_ALIAS": "api",
    # How many who wait for changes (`changes/?wait=`) a process holds at once; it answers any more of them at once.
    "CHANGES_WAITING_MAX": 100,
    # Whom the API's description names for questions, and the terms of its content: objects of OpenAPI.
    "CONTACT": {"name": "The editors of this website"},
    "LICENSE": {"name": "All rights reserved", "identifier": "LicenseRef-AllRightsReserved"},
    # Collections that need no code: {"talks": "talks.TalkPage"} answers at talks/ and talks/{id}/.
    "COLLECTIONS": {},
    # A file of JSON with examples of answers, for the API's description; see `openapi.examples`.
    "EXAMPLES": "",
    # The uses of images, each with its widths in pixels and, for a crop, its ratio; see `images.uses`.
    "IMAGE_USES": {"body": {"widths": (480, 960, 1600)}},
    # How many megabytes of memory a large picture may take while it is encoded, in a process of its own.
    "IMAGE_MEMORY": 1024,
    # The largest `limit` of a listing; None for any.
    "LIMIT_MAX": 100,
    # What becomes of a path that is written in another way: in another CASE, with doubled SLASHES, with an INDEX such
    # as `index.html`, or with a LOCALE that the site has no more. "exact": there is nothing; "redirect": it leads to
    # the page; of doubled slashes also "same": it is the page. FRONTEND names what is no page, such as "/search/".
    "PATHS": {},
    # For how many seconds a preview works.
    "PREVIEW_MAX_AGE": 3600,
    # Whether this process writes nothing to the database, so that a role that only reads is enough for it.
    "READ_ONLY": False,
    # How rich text is written unless a request says otherwise: "html" or "markdown".
    "RICH_TEXT_FORMAT": "html",
    # What programs are asked not to read of every website, such as ("/search",): the beginnings of paths.
    "ROBOTS_DISALLOW": (),
    # Whether listings take `search`.
    "SEARCH_ENABLED": True,
    # For how many seconds after the database was last heard of what is kept is served all the same, marked as stale.
    "STALE_IF_ERROR": 0,
    # For how many seconds a downstream cache may answer alone, and for how many more while it asks.
    "STALE_WHILE_REVALIDATE": 0,
    "S_MAXAGE": 0,
    # For how many seconds the database may work on one statement of a read; 0 for no limit of the API's own.
    "STATEMENT_TIMEOUT": 10,
    # Which backend of `TASKS` (django-tasks) makes renditions and purges; "default" where there is none of this name.
    "TASKS_ALIAS": "default",
    # What the description says of the API.
    "TITLE": "Delivery API",
    "VERSION": "0.2.0",
    # Who is told of changes, besides those that the admin lists; see `webhooks.configured`.
    "WEBHOOKS": {},
    # Hosts inside one's own network that webhooks may go to, such as ("builder",); all others have to be public.
    "WEBHOOK_HOSTS": (),
}
# As robots.txt has one: in a line, in percent where it is not ASCII, and not the beginning of a comment.
_PATH = re.compile(r"/[!-\"$-~]*")
# As addresses have one: a name in small letters, or a number, without a port.
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?|[0-9a-f:]+")
_IN_V2 = {
    "BASE_URL": "WAGTAILAPI_BASE_URL",
    "LIMIT_MAX": "WAGTAILAPI_LIMIT_MAX",
    "RICH_TEXT_FORMAT": "WAGTAILAPI_RICH_TEXT_FORMAT",
    "SEARCH_ENABLED": "WAGTAILAPI_SEARCH_ENABLED",
}
# Those that `None` has a meaning for, and those that others look into.
_MAY_BE_NONE = frozenset({"BASE_URL", "LIMIT_MAX"})
_CHECKED_ELSEWHERE = frozenset({"IMAGE_USES", "PATHS"})


@cache
def _get(name: str) -> Any:
    """Return what the project says, or the default where that cannot be used: then a check says so."""
    given = getattr(settings, NAME, {})
    if isinstance(given, Mapping) and name in given:
        return given[name] if is_usable(name, given[name]) else DEFAULTS[name]
    if name not in _IN_V2:
        return DEFAULTS[name]
    in_v2 = getattr(settings, _IN_V2[name], DEFAULTS[name])
    # v2 knows formats of rich text that would show what is private.
    return in_v2 if is_usable(name, in_v2) else DEFAULTS[name]


def is_usable(name: str, value: Any) -> bool:
    """Return whether a key may have a value."""
    if name in _CHECKED_ELSEWHERE or (value is None and name in _MAY_BE_NONE):
        return True
    if name == "RICH_TEXT_FORMAT":
        return value in RICH_TEXT_FORMATS
    if name == "ROBOTS_DISALLOW":
        is_several = isinstance(value, list | tuple)
        return is_several and all(isinstance(one, str) and _PATH.fullmatch(one) for one in value)
    if name == "WEBHOOK_HOSTS":
        is_several = isinstance(value, list | tuple)
        return is_several and all(isinstance(one, str) and _HOST.fullmatch(one) for one in value)
    kind = type(DEFAULTS[name])
    # A bool is an int to Python, and none here.
    if isinstance(value, bool) or kind is bool:
        return kind is type(value)
    return isinstance(value, kind) and not (kind is int and value < 0)


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    """Read the settings again: several of them, and not only ours, decide what is said here."""
    _get.cache_clear()
    base_url.cache_clear()
    cache_alias.cache_clear()
    tasks_alias.cache_clear()


def are_paths(value: Any) -> bool:
    """Return whether a value is a list of paths."""
    return isinstance(value, list | tuple) and all(
        isinstance(path, str) and path.startswith("/") for path in value
    )


@cache
def base_url() -> str:
    """Return the URL of this service, without a slash at its end: that of the admin where no other is given."""
    url = _get("BASE_URL") or getattr(settings, "WAGTAILADMIN_BASE_URL", None) or ""
    return str(url).rstrip("/")


@cache
def cache_alias() -> str:
    """Return which cache of the setting `CACHES` keeps responses."""
    alias = str(_get("CACHE_ALIAS"))
    return alias if alias in settings.CACHES else "default"


def changes_waiting_max() -> int:
    """Return how many who wait for changes a process holds at once."""
    return int(_get("CHANGES_WAITING_MAX"))


def collections() -> Mapping[str, str]:
    """Return the page types that are collections without code of their own: `{"talks": "talks.TalkPage"}`."""
    named: Mapping[str, str] = _get("COLLECTIONS")
    return named


def contact() -> dict[str, str]:
    """Return whom the API's description names for questions: `{"name": …, "url": …, "email": …}`."""
    return dict(_get("CONTACT"))


def examples() -> str:
    """Return the path of a file with examples of answers, or nothing."""
    return str(_get("EXAMPLES"))


def license() -> dict[str, str]:
    """Return the terms of the content: `{"name": …, "url": …}`, or with an SPDX `identifier` in place of the URL."""
    return dict(_get("LICENSE"))


def image_uses() -> Mapping[str, Any]:
    """Return the uses of images, as in `{"teaser": {"ratio": (3, 2), "widths": (320, 640)}}`; see `images.uses`."""
    uses: Mapping[str, Any] = _get("IMAGE_USES")
    return {**_SHARED, **uses} if isinstance(uses, Mapping) else uses


def image_memory() -> int:
    """Return how many megabytes a large picture may take while it is encoded."""
    return int(_get("IMAGE_MEMORY"))


def limit_max() -> int | None:
    """Return the largest `limit` of a listing, or None for any."""
    most: int | None = _get("LIMIT_MAX")
    return most


def path_rule(name: str) -> str:
    """Return what becomes of a path that is written in another way: `exact`, `redirect` or, for `SLASHES`, `same`."""
    given = _paths().get(name)
    rules = PATH_RULES[name]
    return str(given) if given in rules else rules[0]


def paths_of_frontend() -> tuple[str, ...]:
    """Return the paths below which the frontend answers by itself, with what is no page."""
    given = _paths().get("FRONTEND", ())
    return tuple(given) if are_paths(given) else ()


def _paths() -> Mapping[str, Any]:
    given = _get("PATHS")
    return given if isinstance(given, Mapping) else {}


def preview_max_age() -> int:
    """Return for how many seconds a preview works."""
    return int(_get("PREVIEW_MAX_AGE"))


def read_only() -> bool:
    """Return whether this process writes nothing to the database."""
    return bool(_get("READ_ONLY"))


def rich_text_format() -> str:
    """Return how rich text is written unless a request says otherwise: `html` or `markdown`."""
    return str(_get("RICH_TEXT_FORMAT"))


def robots_disallow() -> tuple[str, ...]:
    """Return the beginnings of the paths that programs are asked not to read."""
    return tuple(_get("ROBOTS_DISALLOW"))


def search_enabled() -> bool:
    """Return whether listings take `search`."""
    return bool(_get("SEARCH_ENABLED"))


def shared_max_age() -> int:
    """Return for how many seconds a downstream cache may answer alone, if nothing changes."""
    return int(_get("S_MAXAGE"))


def stale_if_error() -> int:
    """Return for how many seconds what is kept is served while the database is gone."""
    return int(_get("STALE_IF_ERROR"))


def stale_while_revalidate() -> int:
    """Return for how many seconds more a downstream cache may answer while it asks."""
    return int(_get("STALE_WHILE_REVALIDATE"))


def statement_timeout() -> int:
    """Return for how many seconds the database may work on one statement of a read, or 0 for no limit."""
    return int(_get("STATEMENT_TIMEOUT"))


@cache
def tasks_alias() -> str:
    """Return which backend of the setting `TASKS` makes renditions and purges."""
    alias = str(_get("TASKS_ALIAS"))
    return alias if alias in task_backends.settings else "default"


def title() -> str:
    """Return the title of the API's description."""
    return str(_get("TITLE"))


def version() -> str:
    """Return the version in the API's description."""
    return str(_get("VERSION"))


def webhooks() -> Mapping[str, Mapping[str, Any]]:
    """Return who is told of changes, by name: `{"search": {"ADDRESS": …, "SECRET": …}}`; see `webhooks.configured`."""
    named: Mapping[str, Mapping[str, Any]] = _get("WEBHOOKS")
    return named


def webhook_hosts() -> frozenset[str]:
    """Return the hosts that webhooks may go to wherever they are."""
    return frozenset(_get("WEBHOOK_HOSTS"))
