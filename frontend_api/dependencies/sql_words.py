"""Splits SQL statements into words, and lists the words and functions that are known.

A statement with an unknown function or sign is not understood, because there is no telling what it reads.
"""

import re
from collections.abc import Iterator

from django.db.models import Func
from django.db.models import functions as django_functions


class NotUnderstood(Exception):
    """A statement contains something that may read anything; the message names it, as in "the function f()"."""


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
# A text with one of these in it is a different time each day if it is cast to a time.
_CHANGING_TIMES = re.compile(r"\b(?:now|today|tomorrow|yesterday)\b", re.IGNORECASE)
PARTS = frozenset({"SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW"})
_AFTER_TABLE = PARTS | {
    *("INNER", "LEFT", "RIGHT", "FULL", "CROSS", "NATURAL", "OUTER", "JOIN", "ON", "UNION"),
    *("INTERSECT", "EXCEPT", "OFFSET", "FOR", "FETCH", "USING", "TABLESAMPLE"),
}
# Keywords that may stand directly before a table name.
BEFORE_TABLE = frozenset({"LATERAL", "ONLY"})
# Words that no SELECT by Django contains, and that the scanner cannot interpret.
REFUSED = frozenset(
    {
        *("WITH", "VALUES", "TABLE", "INTO", "INSERT", "UPDATE", "DELETE", "MERGE"),
        *("RETURNING", "CALL", "EXECUTE"),
        # The values of these change with the clock or the session.
        *("CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP"),
        *("CURRENT_USER", "SESSION_USER", "CURRENT_ROLE", "USER"),
    }
)
_KEYWORDS = frozenset(
    {
        *_AFTER_TABLE,
        *BEFORE_TABLE,
        *REFUSED,
        *("AS", "IS", "NOT", "DISTINCT", "IN", "EXISTS", "AND", "OR", "ALL", "ANY", "SOME", "CASE"),
        *("WHEN", "THEN", "ELSE", "END", "BETWEEN", "LIKE", "ILIKE", "SIMILAR", "ESCAPE", "BY"),
        *("OVER", "FILTER", "PARTITION", "WITHIN", "ARRAY", "ROW", "CAST", "NULL", "ASC", "DESC"),
        *("INTERVAL", "COLLATE", "TIME"),
    }
)
# Keywords that are also functions, which read the clock on SQLite.
CLOCK = frozenset({"TIME"})
# Types that take arguments like a function, as in `numeric(9, 2)`.
_TYPES = frozenset({"VARCHAR", "CHAR", "NUMERIC", "DECIMAL", "VARYING", "BIT", "TIMESTAMP"})


def _functions_of_django() -> Iterator[str]:
    for one in vars(django_functions).values():
        name = getattr(one, "function", None)
        if isinstance(one, type) and issubclass(one, Func) and name:
            yield name


# Functions whose result depends on their arguments alone.
_PURE = (
    {
        *map(str.upper, _functions_of_django()),
        *("COUNT", "SUM", "AVG", "MIN", "MAX", "STRING_AGG", "ARRAY_AGG", "JSON_AGG", "JSONB_AGG"),
        *("COALESCE", "EXTRACT", "SUBSTR", "SUBSTRING", "POSITION", "OVERLAY", "TRIM", "HEX"),
        *("GROUP_CONCAT", "MD5", "UNACCENT", "JSON", "JSON_EXTRACT", "JSON_TYPE", "JSON_VALID"),
        # Full-text search, on PostgreSQL and SQLite.
        *("TO_TSVECTOR", "TO_TSQUERY", "PLAINTO_TSQUERY", "PHRASETO_TSQUERY", "SETWEIGHT"),
        *("WEBSEARCH_TO_TSQUERY", "TS_RANK", "TS_RANK_CD", "BM25", "MATCH"),
    }
    # Django has functions for these as well, such as `Now` and `Random`.
    - {"STATEMENT_TIMESTAMP", "CURRENT_TIMESTAMP", "RANDOM", "RAND", "GEN_RANDOM_UUID", "NOW"}
)
# The prefix of the functions that Django adds to SQLite to match other databases; none of them reads the clock.
_DJANGO_ON_SQLITE = "DJANGO_"


# Stands for any operator and any value but a whole number: only its presence matters.
VALUE = "?"


def words(statement: str) -> Iterator[str]:
    """Yield names in quotes as they are, words (keywords in capitals), signs and whole numbers.

    For each other value and each operator, it yields `?`. Raises `NotUnderstood` for anything else, and for a text that
    may stand for the current time.
    """
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
            yield match[0] if match[0].isdigit() else VALUE
    if end != len(statement):
        raise NotUnderstood(f"a statement with {statement[end : end + 20]!r} in it")


def is_name(word: str) -> bool:
    return word.startswith('"') or (word.isidentifier() and word not in _KEYWORDS)


def unquoted(word: str) -> str:
    """Return a name without its quotes."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def is_known_function(name: str) -> bool:
    """Return whether the result of a function, named in capitals, depends on its arguments alone."""
    return name in _PURE or name in _TYPES or name.startswith(_DJANGO_ON_SQLITE)
