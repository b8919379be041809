"""What the words of a text have to meet, in the query languages of both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Word(NamedTuple):
    """A word, or the beginning of one."""

    text: str
    is_beginning: bool = False


@dataclass(frozen=True)
class Condition:
    """One of the alternatives of every term, or of any term; all words of an alternative have to be there."""

    terms: tuple[tuple[tuple[Word, ...], ...], ...]
    operator: str = "and"

    def as_tsquery(self) -> str:
        """Return the condition as a `tsquery` of PostgreSQL, whose words are taken as they are."""
        return self._written(" & ", " | ", _lexeme)

    def as_fts5(self) -> str:
        """Return the condition in the language of SQLite's FTS5."""
        return self._written(" AND ", " OR ", _string)

    def _written(self, every: str, either: str, write: Callable[[Word], str]) -> str:
        return (every if self.operator == "and" else either).join(
            "({})".format(either.join(f"({every.join(map(write, words))})" for words in term))
            for term in self.terms
        )


def _lexeme(word: Word) -> str:
    text = word.text.replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'{':*' if word.is_beginning else ''}"


def _string(word: Word) -> str:
    text = word.text.replace('"', '""')
    return f'"{text}"{" *" if word.is_beginning else ""}'
