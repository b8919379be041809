"""Reads a SELECT as far as it takes to tell which tables it reads, and which columns it compares.

Django writes SQL in few forms, and always names columns as `alias.column`, so that this takes a scanner and no parser.
Other people's SQL may have any form. What is not understood for certain is said to be so: a table that is overlooked is
an answer that is stale.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Func
from django.db.models import functions as django_functions


class NotUnderstood(Exception):
    """A statement has something in it of which it is not known what that reads; the message says what it is."""


@dataclass
class Scope:
    """One SELECT: its tables by alias, and the columns that it does more with than to return them."""

    outer: "Scope | None"
    depth: int
    part: str = "SELECT"
    tables: dict[str, str] = field(default_factory=dict)
    compared: list[tuple[str, str]] = field(default_factory=list)
    returned: list[tuple[str, str]] = field(default_factory=list)
    """The columns that it returns as they are; `*` stands for all, of the table with the alias or of every one."""
    grouped: list[tuple[str, str]] = field(default_factory=list)
    bare: set[str] = field(default_factory=set)
    """The words that may name a column and no table of it, as in SQL that is not Django's."""
    same_row: dict[str, str] = field(default_factory=dict)
    """The table of the page type, by the alias of `wagtailcore_page` that has the other half of the same page."""

    def table_of(self, alias: str) -> str | None:
        """Return the table that an alias stands for, here or in a query around this one; None for a subquery's."""
        scope: Scope | None = self
        while scope is not None:
            if alias in scope.tables:
                return scope.tables[alias]
            scope = scope.outer
        return None


_TOKEN = re.compile(
    r"""
    (?P<nothing>\s+ | --[^\n]* | /\*.*?\*/)
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<word>[A-Za-z_]\w*)(?P<prefix>')?            # such as E'…', in which a backslash means something
    | %(?:s|%|\(\w+\)s) | \d[\w.]*                    # a parameter, a number
    | (?P<sign>[().,;*[\]])
    | [-+/<>=~!@\#^&|?:%]                              # an operator
    """,
    re.VERBOSE | re.DOTALL,
)
# Turned into a time, a text with one of these in it is another time each day.
_CHANGING_TIMES = re.compile(r"\b(?:now|today|tomorrow|yesterday)\b", re.IGNORECASE)
PARTS = frozenset({"SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW"})
_AFTER_TABLE = PARTS | {
    *("INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "JOIN", "ON", "UNION"),
    *("INTERSECT", "EXCEPT", "OFFSET", "FOR", "FETCH", "USING", "TABLESAMPLE"),
}
# Between these and a name nothing else stands in a list of tables.
_BEFORE_TABLE = frozenset({"LATERAL", "ONLY"})
# What no SELECT of Django's has, and what would need a reader of its own.
_STRANGE = frozenset(
    {
        *("WITH", "VALUES", "TABLE", "INTO", "INSERT", "UPDATE", "DELETE", "MERGE"),
        *("RETURNING", "CALL", "EXECUTE"),
        # What these give changes with the clock, or each time.
        *("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP"),
        *("CURRENT_USER", "SESSION_USER", "CURRENT_ROLE", "USER"),
    }
)
_KEYWORDS = frozenset(
    {
        *_AFTER_TABLE,
        *_BEFORE_TABLE,
        *_STRANGE,
        *("AS", "IS", "NOT", "DISTINCT", "IN", "EXISTS", "AND", "OR", "ALL", "ANY", "SOME", "CASE"),
        *("WHEN", "THEN", "ELSE", "END", "BETWEEN", "LIKE", "ILIKE", "SIMILAR", "ESCAPE", "BY"),
        *("OVER", "FILTER", "PARTITION", "WITHIN", "ARRAY", "ROW", "CAST", "NULL", "ASC", "DESC"),
        *("INTERVAL", "COLLATE", "TIME"),
    }
)
# Keywords that are functions too, of which those of SQLite know the time.
_CLOCK = frozenset({"TIME"})
# Types that take numbers in brackets, as in `numeric(9, 2)`.
_TYPES = frozenset({"VARCHAR", "CHAR", "NUMERIC", "DECIMAL", "VARYING", "BIT", "TIMESTAMP"})


def _functions_of_django() -> Iterator[str]:
    for one in vars(django_functions).values():
        name = getattr(one, "function", None)
        if isinstance(one, type) and issubclass(one, Func) and name:
            yield name


# Functions that give the same for the same values, and read no table.
_PURE = (
    {
        *map(str.upper, _functions_of_django()),
        *("COUNT", "SUM", "AVG", "MIN", "MAX", "STRING_AGG", "ARRAY_AGG", "JSON_AGG", "JSONB_AGG"),
        *("COALESCE", "EXTRACT", "SUBSTR", "SUBSTRING", "POSITION", "OVERLAY", "TRIM", "HEX"),
        *("GROUP_CONCAT", "MD5", "UNACCENT", "JSON", "JSON_EXTRACT", "JSON_TYPE", "JSON_VALID"),
        # Of the full text search of each database.
        *("TO_TSVECTOR", "TO_TSQUERY", "PLAINTO_TSQUERY", "PHRASETO_TSQUERY", "SETWEIGHT"),
        *("WEBSEARCH_TO_TSQUERY", "TS_RANK", "TS_RANK_CD", "BM25", "MATCH"),
    }
    # Now() and Random() are Django's too.
    - {"STATEMENT_TIMESTAMP", "CURRENT_TIMESTAMP", "RANDOM", "RAND", "GEN_RANDOM_UUID", "NOW"}
)
# Those by which Django gives SQLite what other databases have; of these, none knows the time.
_DJANGO_ON_SQLITE = "DJANGO_"


def scopes(statement: object) -> list[Scope]:
    """Return every SELECT of a statement; those around come before those within.

    Raises `NotUnderstood`, also for whatever is no SELECT.
    """
    if not isinstance(statement, str):
        # A driver's own way to compose one.
        raise NotUnderstood(f"a {type(statement).__name__}")
    return _Scanner(list(_words(statement))).run()


# Stands for a value or an operator, of which nothing matters but that it is there.
_VALUE = "?"


def _words(statement: str) -> Iterator[str]:
    """Give names in their quotes, words as they are, keywords in capitals, signs, and what stands for the rest."""
    end = 0
    for match in _TOKEN.finditer(statement):
        if match.start() != end or match["prefix"]:
            break
        if match["text"] and _CHANGING_TIMES.search(match["text"]):
            raise NotUnderstood(f"what {match['text'][:30]} gives")
        end = match.end()
        if match["name"] or match["sign"]:
            yield match["name"] or match["sign"]
        elif word := match["word"]:
            yield word.upper() if word.upper() in _KEYWORDS else word
        elif not match["nothing"]:
            yield _VALUE
    if end != len(statement):
        raise NotUnderstood(f"a statement with {statement[end : end + 20]!r} in it")


class _Scanner:
    """Goes through the words of a statement once."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.place = 0
        self.depth = 0
        self.open: list[Scope] = []
        self.found: list[Scope] = []

    def run(self) -> list[Scope]:
        """Return what there is."""
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
        elif word in _STRANGE:
            self._refuse_strange(word)
        elif scope is None:
            return
        elif word in PARTS and scope.depth == self.depth:
            self._part(scope, word)
        elif word == "JOIN" or (word == "," and scope.part == "FROM" and scope.depth == self.depth):
            self._add_table(scope)
        elif word in {"[", ";"}:
            self._refuse_sign(word)
        elif word == "*":
            if self._before(1)[0] in {"SELECT", "DISTINCT", "ALL", ","}:
                scope.returned.append(("", "*"))
        elif word == "IN" and self._peek() != "(":
            raise NotUnderstood("a table after IN")
        elif _is_name(word):
            if self._peek() == ".":
                self._column(scope, word)
            elif self._peek() == "(":
                self._call(word)
            else:
                scope.bare.add(unquoted(word))
        elif word in _CLOCK and self._peek() == "(":
            self._call(word)

    def _peek(self, further: int = 0) -> str:
        at = self.place + further
        return self.words[at] if at < len(self.words) else ""

    def _before(self, count: int) -> list[str]:
        """Return the words before the one that is read."""
        return self.words[max(0, self.place - 1 - count) : self.place - 1]

    def _begin(self) -> None:
        if self.open and self.open[-1].depth == self.depth:
            # The next part of a UNION.
            self.open.pop()
        scope = Scope(self.open[-1] if self.open else None, self.depth)
        self.found.append(scope)
        self.open.append(scope)

    def _part(self, scope: Scope, word: str) -> None:
        if word == "FROM" and self._before(1) == ["DISTINCT"] and scope.part != "SELECT":
            # `IS DISTINCT FROM` compares.
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
        # Elsewhere they hold the numbers of an array.
        if word == "[" and connection.vendor == "sqlite":
            raise NotUnderstood("a name in brackets")

    def _column(self, scope: Scope, word: str) -> None:
        column = self._peek(1)
        self.place += 2
        if self._peek() == "(":
            raise NotUnderstood(f"the function {unquoted(word)}.{unquoted(column)}()")
        named = unquoted(word), unquoted(column)
        # What a subquery returns is compared with something outside of it.
        if scope.part == "GROUP" and scope.depth == self.depth:
            scope.grouped.append(named)
        elif scope.part != "SELECT" or scope.depth != self.depth or scope.outer:
            scope.compared.append(named)
        else:
            scope.returned.append(named)

    def _call(self, word: str) -> None:
        name = word.upper()
        is_known = name in _PURE or name in _TYPES
        if not is_known and not name.startswith(_DJANGO_ON_SQLITE):
            raise NotUnderstood(f"the function {unquoted(word)}()")

    def _add_table(self, scope: Scope) -> None:
        """Add the table that is named here, and go on behind it."""
        brackets = 0
        while self._peek(brackets) in {"(", *_BEFORE_TABLE}:
            brackets += 1
        name = self._peek(brackets)
        if name == "SELECT":
            # A subquery has a scope of its own; what it is called names no table.
            return
        if not _is_name(name):
            raise NotUnderstood(f"what is read from {name or 'nothing'}")
        self.depth += self.words[self.place : self.place + brackets].count("(")
        self.place += brackets + 1
        name = alias = unquoted(name)
        if self._peek() == "AS":
            self.place += 1
        following = self._peek()
        if following in {"(", "."}:
            raise NotUnderstood(f"what is read from {name}{following}")
        if _is_name(following):
            alias = unquoted(following)
            self.place += 1
        scope.tables[alias] = name


def _is_name(word: str) -> bool:
    return word.startswith('"') or (word.isidentifier() and word not in _KEYWORDS)


def unquoted(word: str) -> str:
    """Return a name without its quotes."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word
