"""Scans a SELECT to find the tables that it reads and the columns that it compares.

Django writes SQL in few forms and always names columns as `alias.column`, so a scanner is enough and no parser is
needed. SQL from elsewhere may have any form. Whatever is not understood for certain is refused, because overlooking a
table would make a response stale.
"""

from dataclasses import dataclass, field

from django.db import connection

from .sql_words import (
    BEFORE_TABLE,
    CLOCK,
    PARTS,
    REFUSED,
    NotUnderstood,
    is_known_function,
    is_name,
    unquoted,
    words,
)


@dataclass
class Scope:
    """One SELECT: its tables by alias, and the columns that it compares, returns or groups by."""

    outer: "Scope | None"
    depth: int
    part: str = "SELECT"
    tables: dict[str, str] = field(default_factory=dict)
    compared: list[tuple[str, str]] = field(default_factory=list)
    returned: list[tuple[str, str]] = field(default_factory=list)
    """The columns that it returns unchanged; `*` stands for all columns, of all tables if the alias is empty."""
    grouped: list[tuple[str, str]] = field(default_factory=list)
    places: list[list[tuple[str, str]]] = field(default_factory=lambda: [[]])
    """What `returned` has, by its place among all that is returned: `GROUP BY 1` is by the first of them."""
    bare: set[str] = field(default_factory=set)
    """Names without a table, which may be columns in SQL that Django did not write."""
    same_row: dict[str, str] = field(default_factory=dict)
    """The table of the page type, by the alias of `wagtailcore_page` that holds the other half of the same row."""

    def table_of(self, alias: str) -> str | None:
        """Return the table that `alias` stands for, here or in an enclosing query; None if it is a subquery's."""
        scope: Scope | None = self
        while scope is not None:
            if alias in scope.tables:
                return scope.tables[alias]
            scope = scope.outer
        return None


def scopes(statement: object) -> list[Scope]:
    """Return a scope for every SELECT in a statement, outer ones before inner ones.

    Raises `NotUnderstood` for anything that is not understood or not a SELECT.
    """
    if not isinstance(statement, str):
        # Such as a statement composed by the database driver.
        raise NotUnderstood(f"a {type(statement).__name__}")
    return _Scanner(list(words(statement))).run()


class _Scanner:
    """Scans the words of a statement in one pass."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.place = 0
        self.depth = 0
        self.open: list[Scope] = []
        self.found: list[Scope] = []

    def run(self) -> list[Scope]:
        """Return the scopes of the statement."""
        first = next((word for word in self.words if word != "("), "nothing")
        if first != "SELECT":
            raise NotUnderstood(f"a statement that begins with {first}")
        while self.place < len(self.words):
            word = self.words[self.place]
            self.place += 1
            self._read(word)
        return self.found

    def _read(self, word: str) -> None:
        scope = self.open[-1] if self.open else None
        if word == "(":
            self.depth += 1
        elif word == ")":
            if scope and scope.depth == self.depth:
                self.open.pop()
            self.depth -= 1
        elif word == "SELECT":
            self._begin()
        elif word in REFUSED:
            self._refuse_strange(word)
        elif scope is not None:
            self._read_within(scope, word)

    def _read_within(self, scope: Scope, word: str) -> None:
        if word in PARTS and scope.depth == self.depth:
            self._part(scope, word)
        elif word == "JOIN" or (word == "," and scope.part == "FROM" and scope.depth == self.depth):
            self._add_table(scope)
        elif word in {"[", ";"}:
            self._refuse_sign(word)
        elif word in {"*", ","} or word.isdigit():
            self._sign(scope, word)
        elif word == "IN":
            if self._peek() != "(":
                raise NotUnderstood("a table after IN")
        elif is_name(word):
            self._name(scope, word)
        elif word in CLOCK and self._peek() == "(":
            self._call(word)

    def _sign(self, scope: Scope, word: str) -> None:
        is_own = scope.depth == self.depth
        before = self._before(1)[0]
        if word == "*":
            if before in {"SELECT", "DISTINCT", "ALL", ","}:
                scope.returned.append(("", "*"))
        elif word == ",":
            if is_own and scope.part == "SELECT":
                scope.places.append([])
        elif is_own and scope.part in {"GROUP", "ORDER"} and before in {"BY", ","}:
            has_all = "*" in {column for _, column in scope.returned}
            if has_all or not 0 < int(word) <= len(scope.places):
                raise NotUnderstood("a column that is named by its number")
            named = scope.grouped if scope.part == "GROUP" else scope.compared
            named.extend(scope.places[int(word) - 1])

    def _name(self, scope: Scope, word: str) -> None:
        following = self._peek()
        if following == ".":
            self._column(scope, word)
        elif following == "(":
            self._call(word)
        else:
            scope.bare.add(unquoted(word))

    def _peek(self, further: int = 0) -> str:
        at = self.place + further
        return self.words[at] if at < len(self.words) else ""

    def _before(self, count: int) -> list[str]:
        """Return up to `count` words before the current one."""
        return self.words[max(0, self.place - 1 - count) : self.place - 1]

    def _begin(self) -> None:
        if self.open and self.open[-1].depth == self.depth:
            # This SELECT is the next part of a UNION.
            self.open.pop()
        scope = Scope(self.open[-1] if self.open else None, self.depth)
        self.found.append(scope)
        self.open.append(scope)

    def _part(self, scope: Scope, word: str) -> None:
        if word == "FROM" and self._before(1) == ["DISTINCT"] and scope.part != "SELECT":
            # `IS DISTINCT FROM` is a comparison.
            return
        scope.part = word
        if word == "FROM":
            self._add_table(scope)

    def _refuse_strange(self, word: str) -> None:
        # `timestamp with time zone` is a type.
        if not (word == "WITH" and self._peek() == "TIME"):
            raise NotUnderstood(f"what {word} gives")

    def _refuse_sign(self, word: str) -> None:
        if word == ";" and self.place < len(self.words):
            raise NotUnderstood("several statements")
        # Other databases use brackets for arrays.
        if word == "[" and connection.vendor == "sqlite":
            raise NotUnderstood("a name in brackets")

    def _column(self, scope: Scope, word: str) -> None:
        column = self._peek(1)
        self.place += 2
        if self._peek() == "(":
            raise NotUnderstood(f"the function {unquoted(word)}.{unquoted(column)}()")
        named = unquoted(word), unquoted(column)
        if scope.part == "GROUP" and scope.depth == self.depth:
            scope.grouped.append(named)
        elif scope.part != "SELECT" or scope.depth != self.depth or scope.outer:
            # Columns that a subquery returns count, too: something outside is compared with them.
            scope.compared.append(named)
        else:
            scope.returned.append(named)
        if scope.part == "SELECT":
            scope.places[-1].append(named)

    def _call(self, word: str) -> None:
        if not is_known_function(word.upper()):
            raise NotUnderstood(f"the function {unquoted(word)}()")

    def _add_table(self, scope: Scope) -> None:
        """Add the table named here with its alias, and move past both."""
        brackets = 0
        while self._peek(brackets) in {"(", *BEFORE_TABLE}:
            brackets += 1
        name = self._peek(brackets)
        if name == "SELECT":
            # A subquery gets a scope of its own, and its alias names no table.
            return
        if not is_name(name):
            raise NotUnderstood(f"what is read from {name or 'nothing'}")
        self.depth += self.words[self.place : self.place + brackets].count("(")
        self.place += brackets + 1
        name = alias = unquoted(name)
        if self._peek() == "AS":
            self.place += 1
        following = self._peek()
        if following in {"(", "."}:
            raise NotUnderstood(f"what is read from {name}{following}")
        if is_name(following):
            alias = unquoted(following)
            self.place += 1
        scope.tables[alias] = name
