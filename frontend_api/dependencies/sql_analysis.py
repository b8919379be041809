"""Determines from a query's SQL which tables it reads, and by which columns it compares, joins, groups and orders.

Anything that cannot be determined is reported as unknown, never left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from frontend_api.changes.logged_models import is_logged
from frontend_api.changes.models import ChangeLog
from frontend_api.changes.private_columns import private_columns
from frontend_api.changes.tags import SEARCH, column_tag, membership_tag, table

from .bounded import memoized, size_of
from .sql_scanner import Scope, scopes
from .sql_words import NotUnderstood


@dataclass(frozen=True)
class Reads:
    """The tags of what a query reads, and what else it depends on whose changes are not logged."""

    tags: frozenset[str]
    unknown: frozenset[str]
    """Names of tables and columns, and short descriptions of SQL that is not understood."""

    def __sizeof__(self) -> int:
        """Return the size in bytes, including both sets."""
        return object.__sizeof__(self) + size_of(self.tags) + size_of(self.unknown)


MOST_BYTES = 4 * 1024 * 1024
_NOTHING = Reads(frozenset(), frozenset())


@memoized(MOST_BYTES)
def everything_in(statement: object) -> Reads:
    """Return the whole tables that a query reads, for callers that may use any value of its rows."""
    return _analysed(statement, _everything)


@memoized(MOST_BYTES)
def compared_in(statement: object) -> Reads:
    """Return what decides which rows a query finds and in which order, leaving out the values that it returns."""
    return _analysed(statement, _compared)


def _analysed(statement: object, read: Callable[[list[Scope]], Reads]) -> Reads:
    if _reads_nothing(statement):
        return _NOTHING
    try:
        found = _scopes(statement)
    except NotUnderstood as error:
        return Reads(frozenset(), frozenset({str(error)}))
    return read(found)


def _everything(found: list[Scope]) -> Reads:
    reads = _reads({name: {name} for scope in found for name in scope.tables.values()})
    return _without_private(reads, found)


def _compared(found: list[Scope]) -> Reads:
    tags: dict[str, set[str]] = {}
    for scope in found:
        for name in scope.tables.values():
            tags.setdefault(name, set()).add(membership_tag(name))
        for alias, column in (*scope.compared, *_deciding_groups(scope)):
            known = scope.table_of(alias)
            # A primary key never changes, and a parent's table has the same key as the child's.
            if known and not _is_key(known, column):
                of = scope.same_row.get(alias, known)
                tags.setdefault(known, set()).add(column_tag(of, column))
    return _without_private(_reads(tags), found, returned=False)


def _scopes(statement: object) -> list[Scope]:
    found = scopes(statement)
    for scope in found:
        _find_same_rows(scope)
    return found


def _deciding_groups(scope: Scope) -> Iterator[tuple[str, str]]:
    """Return the columns by which rows are grouped, except those of tables that are grouped by their primary key."""
    alone = {
        alias
        for alias, column in scope.grouped
        if (name := scope.table_of(alias)) and _is_key(name, column)
    }
    return (named for named in scope.grouped if named[0] not in alone)


# The statements of nested transactions.
_SAVEPOINTS = re.compile(r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) "?\w+"?')


def _reads_nothing(statement: object) -> bool:
    return isinstance(statement, str) and _SAVEPOINTS.fullmatch(statement) is not None


def _without_private(reads: Reads, found: list[Scope], *, returned: bool = True) -> Reads:
    """Return `reads` with the unlogged columns that the scopes read added to `unknown`.

    Fetching whole objects does not count, because the caller may not look at these columns; `attributes` notices if
    it does.
    """
    bare = set().union(*(scope.bare for scope in found))
    unknown = {
        f"{name}.{column}"
        for scope in found
        for alias, name in scope.tables.items()
        for column in _private_in(scope, alias, name, bare, returned=returned)
    }
    return Reads(reads.tags, reads.unknown | unknown) if unknown else reads


def _private_in(scope: Scope, alias: str, name: str, bare: set[str], *, returned: bool) -> set[str]:
    model: Any = _models().get(name)
    if model is None:
        return set()
    # The type of a page decides which columns are private; the other half of its row tells the type.
    private = private_columns(_models().get(scope.same_row.get(alias, name), model))
    compared = (*scope.compared, *_deciding_groups(scope))
    named = bare | {column for of, column in compared if of == alias}
    if returned:
        own = {column for of, column in scope.returned if of in {alias, ""}}
        columns = {field.column for field in model._meta.local_concrete_fields}
        # On PostgreSQL a table's name also stands for its whole row.
        if "*" in own or alias in bare:
            named |= columns
        elif not columns <= own:
            named |= own
    return named & private


def _reads(tags: dict[str, set[str]]) -> Reads:
    found: set[str] = set()
    unknown: set[str] = set()
    for name, of_table in tags.items():
        if name.startswith(_SEARCH_INDEX):
            found.add(SEARCH)
        elif name in _IRRELEVANT:
            continue
        elif (model := _models().get(name)) and is_logged(model):
            found |= of_table
        else:
            unknown.add(name)
    return Reads(frozenset(found), frozenset(unknown))


# Prefixes, because a search index has more tables than those of its models: Wagtail's, and that of `search`.
_SEARCH_INDEX = ("wagtailsearch_indexentry", "frontend_api_search")
# Content types are defined in the code, and caches check the change log themselves.
_IRRELEVANT = {"django_content_type", table(ChangeLog)}


@cache
def _models() -> dict[str, type[Model]]:
    return {table(model): model for model in apps.get_models(include_auto_created=True)}


def _is_key(name: str, column: str) -> bool:
    model = _models().get(name)
    return model is not None and model._meta.pk.column == column


def _find_same_rows(scope: Scope) -> None:
    """Note the aliases of parent tables (multi-table inheritance) that hold the other half of a child's row."""
    for alias, name in scope.tables.items():
        model: Any = _models().get(name)
        if model is None:
            continue
        for parent, link in model._meta.parents.items():
            if link is None or (alias, link.column) not in scope.compared:
                continue
            parents = [other for other, its in scope.tables.items() if its == table(parent)]
            if len(parents) == 1:
                scope.same_row[parents[0]] = scope.same_row.get(alias, name)
