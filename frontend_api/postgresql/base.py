"""Django's backend for PostgreSQL, with connections that are given up when the server stays silent."""

from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from .bounded import BoundedConnection
from .silence import answering_within

ALIVE = 5
"""How many seconds a server has to say that it is still there, where `connect_timeout` says nothing else."""


def _driver() -> ModuleType:
    """Return psycopg with connections of our own, since Django has no option that names their class."""
    driver = ModuleType(psycopg.__name__)
    vars(driver).update(vars(psycopg), connect=BoundedConnection.connect)
    return driver


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits as long as `ANSWER_TIMEOUT` says, and for a sign of life as long as `connect_timeout`."""

    Database = _driver()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection to the server that has its limit before the first statement."""
        opened = super().get_new_connection(conn_params)
        opened.answer_timeout = self.settings_dict.get("ANSWER_TIMEOUT", 0)
        return opened

    def is_usable(self) -> bool:
        """Return whether the server still answers, and soon."""
        options = self.settings_dict["OPTIONS"]
        with answering_within(self, float(options.get("connect_timeout") or ALIVE)):
            return bool(super().is_usable())
