"""Words that differ from another by one slip: a letter too many, missing or wrong, or two that changed places."""

from collections.abc import Iterable, Iterator

from .models import SearchSpelling

SHORTEST, LONGEST = 5, 30
AT_ONCE = 500


def can_be_misspelt(word: str) -> bool:
    """Return whether a word is long enough for a slip, and no number."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def without_a_letter(word: str) -> set[str]:
    """Return the spellings of a word without one of its letters."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


def keep(words: Iterable[str]) -> None:
    """Keep the spellings of words that are new.

    In alphabetical order, so that transactions which keep the same words wait for each other, and not in a circle.
    """
    wanted = sorted({word for word in words if can_be_misspelt(word)})
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        # The spelling that is the word itself tells that a word is kept.
        kept = set(
            SearchSpelling.objects.filter(spelling__in=some, word__in=some)
            .values_list("spelling", "word")
            .iterator()
        )
        rows = [
            SearchSpelling(spelling=spelling, word=word)
            for word in some
            if (word, word) not in kept
            for spelling in sorted({word, *without_a_letter(word)})
        ]
        SearchSpelling.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


def near(words: Iterable[str]) -> dict[str, list[str]]:
    """Return the kept words that differ from each of `words` by one slip."""
    variants = {word: {word, *without_a_letter(word)} for word in words if can_be_misspelt(word)}
    if not variants:
        return {}
    every = sorted(set().union(*variants.values()))
    found: dict[str, set[str]] = {}
    for spelling, word in SearchSpelling.objects.filter(spelling__in=every).values_list(
        "spelling", "word"
    ):
        found.setdefault(spelling, set()).add(word)
    return {
        word: sorted(
            other
            for other in set().union(*(found.get(spelling, ()) for spelling in spellings))
            if other != word and _is_one_slip(word, other)
        )
        for word, spellings in variants.items()
    }


def _is_one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(_differences(one, other), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _differences(one: str, other: str) -> Iterator[int]:
    return (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
