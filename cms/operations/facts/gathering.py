"""All facts, gathered one after the other; one that cannot be found is a fact as well, and none raises."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import (
    accounts,
    addresses,
    cache,
    configuration,
    content,
    database,
    debts,
    disk,
    mail,
    storage,
    work,
)
from .fact import Fact

logger = logging.getLogger(__name__)


class Source(NamedTuple):
    """Where a fact comes from."""

    name: str
    find: Callable[[], Fact]
    asks_database: bool = True
    is_vital: bool = False


DATABASE = Source("database", database.database, is_vital=True)

# What is asked for by probes, again and again: it costs a query or two each, and waits for nobody but the database.
SOURCES = (
    DATABASE,
    Source("migrations", database.migrations, is_vital=True),
    Source("cache", cache.cache, asks_database=False),
    Source("change log", content.change_log),
    Source("publishing", content.publishing),
    Source("worker", work.worker),
    Source("jobs", work.jobs),
    Source("tasks", work.tasks),
    Source("purges", debts.purges),
    Source("webhooks", debts.webhooks),
    Source("disk", disk.disk, asks_database=False),
)

# What is so of this process alone, such as that of another one which it has started.
_of_this_process: list[Source] = []

# What takes its time, or leaves something behind for a moment.
EXAMINED = (
    Source("settings", configuration.settings_in_use, asks_database=False),
    Source("checks", configuration.checks, asks_database=False),
    *SOURCES,
    Source("clock", database.clock),
    Source("storage", storage.storage, asks_database=False),
    Source("static files", storage.static_files, asks_database=False),
    Source("mail", mail.mail, asks_database=False),
    Source("frontend", addresses.frontend),
    Source("provider", accounts.provider),
    Source("proxy", addresses.proxy, asks_database=False),
)


def add(source: Source) -> None:
    """Have a fact of this process gathered as well, from now on."""
    _of_this_process.append(source)


def gathered() -> list[Fact]:
    """Return the facts that may be asked for again and again."""
    return _found([*SOURCES, *_of_this_process])


def examined() -> list[Fact]:
    """Return all facts, for somebody who waits for them."""
    return _found(EXAMINED)


def _found(sources: Iterable[Source]) -> list[Fact]:
    facts: list[Fact] = []
    has_database = True
    for source in sources:
        if source.asks_database and not has_database:
            facts.append(
                Fact(
                    source.name,
                    False,
                    _("It is not known while the database does not answer."),
                    _("See “%(name)s” above.") % {"name": DATABASE.name},
                    is_vital=source.is_vital,
                )
            )
            continue
        fact = _tried(source)
        if source is DATABASE:
            has_database = fact.is_good
        facts.append(fact)
    return facts


def _tried(source: Source) -> Fact:
    try:
        return replace(source.find(), is_vital=source.is_vital)
    except Exception as error:
        # Whatever it is, the other facts are wanted all the more.
        logger.warning("A fact could not be found: %s.", source.name, exc_info=error)
        return Fact(
            source.name,
            False,
            said(error),
            _("See the log, and whether the other facts say why."),
            is_vital=source.is_vital,
        )


def said(error: Exception) -> str:
    """Return what an error says, in one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
