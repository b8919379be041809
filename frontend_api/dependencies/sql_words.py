"""The words of a SQL statement, and what is known of them.

Of words, functions and signs that are not known here nobody can tell what they read, so that the statement is not
understood.
"""

import re
from collections.abc import Iterator

from django.db.models import Func
from django.db.models import functions as django_functions


class NotUnderstood(Exception):
    """A statement has something in it of which it is not known what that reads; the message says what it is."""


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
BEFORE_TABLE = frozenset({"LATERAL", "ONLY"})
# What no SELECT of Django's has, and what would need a reader of its own.
STRANGE = frozenset(
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
        *BEFORE_TABLE,
        *STRANGE,
        *("AS", "IS", "NOT", "DISTINCT", "IN", "EXISTS", "AND", "OR", "ALL", "ANY", "SOME", "CASE"),
        *("WHEN", "THEN", "ELSE", "END", "BETWEEN", "LIKE", "ILIKE", "SIMILAR", "ESCAPE", "BY"),
        *("OVER", "FILTER", "PARTITION", "WITHIN", "ARRAY", "ROW", "CAST", "NULL", "ASC", "DESC"),
        *("INTERVAL", "COLLATE", "TIME"),
    }
)
# Keywords that are functions too, of which those of SQLite know the time.
CLOCK = frozenset({"TIME"})
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


# Stands for a value or an operator, of which nothing matters but that it is there.
_VALUE = "?"


def words(statement: str) -> Iterator[str]:
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


def is_name(word: str) -> bool:
    return word.startswith('"') or (word.isidentifier() and word not in _KEYWORDS)


def unquoted(word: str) -> str:
    """Return a name without its quotes."""
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def is_known_function(name: str) -> bool:
    """Tell whether a function, by its name in capitals, gives the same for the same values, and reads no table."""
    return name in _PURE or name in _TYPES or name.startswith(_DJANGO_ON_SQLITE)
