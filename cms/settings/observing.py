"""How the service tells of itself: logs, metrics, traces and reports of errors."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .environment import env, stop

FORMATS = ("json", "text")
LOGGED = ("all", "rendered", "none")
SHORTEST_TOKEN = 16

JSON_LINES = "cms.operations.json_lines.JsonLines"


def one_of(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return the word that the variable `name` holds, or `default`."""
    text = env.str(name, default=default).strip()
    if text not in choices:
        stop(f"{name} is {text!r}; set it to one of {', '.join(choices)}.")
    return text


def metrics_token() -> str:
    """Return the token with which metrics are read, if there is one."""
    # Read as it stands: django-environ takes a value that begins with $ for the name of another variable.
    token = str(env.ENVIRON.get("METRICS_TOKEN", "")).strip()
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        stop(
            f"METRICS_TOKEN cannot be used; set it to {SHORTEST_TOKEN} characters or more of ASCII, such as the output "
            "of `openssl rand -hex 32`."
        )
    return token


def metrics_folder() -> str:
    """Return the folder in which the processes of a server count, or "" for one of its own for each server.

    A default that differs from server to server has no place in settings: the keys of the response cache have them all.
    """
    folder = env.str("METRICS_FOLDER", default="").strip()
    path = Path(folder)
    if folder and (not path.is_absolute() or (path.exists() and not path.is_dir())):
        stop(
            f"METRICS_FOLDER is {folder!r}; set it to the whole path of a folder, such as /run/cms/metrics."
        )
    return folder


def sentry_dsn() -> str:
    """Return where errors are reported to, if anywhere."""
    dsn = str(env.ENVIRON.get("SENTRY_DSN", "")).strip()
    try:
        parts = urlsplit(dsn)
        is_usable = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname and parts.username)
            and parts.path.rpartition("/")[2].isdecimal()
        )
    except ValueError:
        is_usable = False
    if dsn and not is_usable:
        # Its user is a key, so it is not repeated.
        stop("SENTRY_DSN cannot be used; set it to an address such as https://key@sentry.io/1.")
    return dsn


def traces_endpoint() -> str:
    """Return where traces are sent, if anywhere; how, the other variables of OpenTelemetry's specification say."""
    address = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="").strip()
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if address and not is_usable:
        stop(
            "OTEL_EXPORTER_OTLP_ENDPOINT cannot be used; set it to the address of a collector that takes HTTP, such as "
            "http://collector:4318."
        )
    return address


def logging_to_stderr(form: str) -> dict[str, Any]:
    """Return the setting `LOGGING`: everything to where containers and systemd read it."""
    formatters = {
        "json": {"()": JSON_LINES},
        "text": {"format": "%(levelname)s %(name)s %(message)s"},
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: formatters[form]},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # What a client did wrong is in the line of its request; here it would be a second one.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        },
    }
