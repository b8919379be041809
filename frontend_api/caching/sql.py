"""What a query reads, told from its SQL: tables, and the columns by which it compares, joins, groups and orders.

Django writes SQL in few forms, and always names columns as `alias.column`, so that reading it takes a scanner and no
parser. What cannot be told is told as unknown, never left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from frontend_api.changes.tags import SEARCH, column_tag, membership_tag, table
from frontend_api.changes.watched import is_watched


@dataclass(frozen=True)
class Reads:
    """The tags of what a query reads, and the tables among it whose changes nobody logs."""

    tags: frozenset[str]
    unknown: frozenset[str]


@lru_cache(maxsize=1024)
def everything_in(statement: str) -> Reads:
    """Return what a query reads, for all that anybody may make of its rows: whole tables."""
    names = {name for scope in _scopes(statement) for name in scope.tables.values() if name}
    return _reads({name: {name} for name in names})


@lru_cache(maxsize=1024)
def compared_in(statement: str) -> Reads:
    """Return what decides which rows a query finds, and in which order; the values of the rows are left out."""
    tags: dict[str, set[str]] = {}
    for scope in _scopes(statement):
        for name in scope.tables.values():
            if name:
                tags.setdefault(name, set()).add(membership_tag(name))
        for alias, column in scope.compared:
            name = scope.table_of(alias)
            # A primary key never changes, and that of a parent's table is the child's.
            if name and not _is_key(name, column):
                of = scope.same_row.get(alias, name)
                tags.setdefault(name, set()).add(column_tag(of, column))
    return _reads(tags)


def _reads(tags: dict[str, set[str]]) -> Reads:
    found: set[str] = set()
    unknown: set[str] = set()
    for name, of_table in tags.items():
        if name.startswith(_SEARCH_INDEX):
            found.add(SEARCH)
        elif name in _NEVER_CHANGES:
            continue
        elif (model := _models().get(name)) and is_watched(model):
            found |= of_table
        else:
            unknown.add(name)
    return Reads(frozenset(found), frozenset(unknown))


# The index has tables of its own beside those of its models.
_SEARCH_INDEX = "wagtailsearch_indexentry"
# What a content type stands for is in the code.
_NEVER_CHANGES = {"django_content_type"}


@cache
def _models() -> dict[str, type[Model]]:
    return {table(model): model for model in apps.get_models(include_auto_created=True)}


def _is_key(name: str, column: str) -> bool:
    model = _models().get(name)
    return model is not None and model._meta.pk.column == column


@dataclass
class _Scope:
    """One SELECT: its tables by alias, and the columns that it does more with than to return them."""

    outer: "_Scope | None"
    depth: int
    part: str = "SELECT"
    tables: dict[str, str | None] = field(default_factory=dict)
    compared: list[tuple[str, str]] = field(default_factory=list)
    same_row: dict[str, str] = field(default_factory=dict)
    """The table of the page type, by the alias of `wagtailcore_page` that has the other half of the same page."""

    def table_of(self, alias: str) -> str | None:
        """Return the table that an alias stands for, here or in a query around this one; None for a subquery's."""
        scope: _Scope | None = self
        while scope is not None:
            if alias in scope.tables:
                return scope.tables[alias]
            scope = scope.outer
        return None


_WORD = re.compile(
    r"""'(?:[^']|'')*' | (?P<name>"(?:[^"]|"")*"|[A-Za-z_]\w*) | (?P<sign>[().,])""", re.VERBOSE
)
_PARTS = {"SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW"}
_AFTER_TABLE = _PARTS | {
    *("INNER", "LEFT", "RIGHT", "FULL", "CROSS", "OUTER", "JOIN", "ON", "UNION", "INTERSECT"),
    *("EXCEPT", "OFFSET", "FOR", "FETCH", "USING", "TABLESAMPLE"),
}


def _scopes(statement: str) -> list[_Scope]:
    """Return every SELECT of a statement; those around come before those within."""
    if not statement.lstrip("( ").upper().startswith("SELECT"):
        # Savepoints and the like read nothing; a response that writes is nothing to tell of here.
        return []
    words = list(_words(statement))
    scopes: list[_Scope] = []
    open_scopes: list[_Scope] = []
    depth = 0
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        scope = open_scopes[-1] if open_scopes else None
        if word == "(":
            depth += 1
        elif word == ")":
            if scope and scope.depth == depth:
                open_scopes.pop()
            depth -= 1
        elif word in _PARTS and word == "SELECT":
            if scope and scope.depth == depth:
                # The next part of a UNION.
                open_scopes.pop()
            scope = _Scope(open_scopes[-1] if open_scopes else None, depth)
            scopes.append(scope)
            open_scopes.append(scope)
        elif scope is None:
            continue
        elif word in _PARTS and scope.depth == depth:
            scope.part = word
            if word == "FROM":
                place = _add_table(scope, words, place)
        elif word == "JOIN" or (word == "," and scope.part == "FROM" and scope.depth == depth):
            place = _add_table(scope, words, place)
        elif place + 1 < len(words) and words[place] == "." and word not in "(),.":
            column = words[place + 1]
            place += 2
            # What a subquery returns is compared with something outside of it.
            if scope.part != "SELECT" or scope.depth != depth or scope.outer:
                scope.compared.append((_unquoted(word), _unquoted(column)))
    for scope in scopes:
        _find_same_rows(scope)
    return scopes


def _words(statement: str) -> Iterator[str]:
    for match in _WORD.finditer(statement):
        if match["name"]:
            yield match["name"] if match["name"].startswith('"') else _keyword(match["name"])
        elif match["sign"]:
            yield match["sign"]


def _keyword(word: str) -> str:
    return word.upper() if word.upper() in _AFTER_TABLE | {"AS"} else word


def _add_table(scope: _Scope, words: list[str], place: int) -> int:
    """Add the table that is named at `place` to `scope`, and return where the statement goes on."""
    if place >= len(words) or words[place] == "(":
        # A subquery has a scope of its own; what it is called names no table.
        return place
    name = _unquoted(words[place])
    place += 1
    if place < len(words) and words[place] == "AS":
        place += 1
    alias = name
    if place < len(words) and words[place] not in _AFTER_TABLE and words[place] not in "(),.":
        alias = _unquoted(words[place])
        place += 1
    scope.tables[alias] = name
    return place


def _unquoted(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def _find_same_rows(scope: _Scope) -> None:
    """Find the aliases of a parent's table that are joined as the other half of a row of the child's."""
    for alias, name in scope.tables.items():
        model: Any = _models().get(name or "")
        if model is None:
            continue
        for parent, link in model._meta.parents.items():
            if link is None or (alias, link.column) not in scope.compared:
                continue
            parents = [other for other, its in scope.tables.items() if its == table(parent)]
            if len(parents) == 1:
                scope.same_row[parents[0]] = scope.same_row.get(alias, name or "")
