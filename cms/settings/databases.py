"""How the database is reached, and what is not waited for without end."""

from typing import Any

from . import serving
from .environment import answer_timeout, database_address, postgresql_limits


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at `url` (`sqlite:///…` or `postgres://…`).

    SQLite is set up to serve: write-ahead logging so that readers never wait for a writer, foreign keys enforced,
    and transactions that take the write lock when they begin, so that two of them queue where they would
    otherwise fail half-way with "database is locked". Of PostgreSQL nothing is waited for without end.
    """
    settings = database_address(url)
    # Opening a connection, and setting it up, takes as long as several queries.
    settings["CONN_MAX_AGE"] = 60
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        settings["ENGINE"] = "frontend_api.postgresql"
        settings["ANSWER_TIMEOUT"] = answer_timeout()
        settings["CONN_HEALTH_CHECKS"] = True
        # What the address says goes before.
        given = {"OPTIONS": {}, **settings}
        settings["OPTIONS"] = postgresql_limits() | given["OPTIONS"]
    settings["OPTIONS"] = serving.connection_options(settings["ENGINE"], settings["OPTIONS"])
    return settings
