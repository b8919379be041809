"""Reads which fields of a page type mean what to search engines and where a page is shared: its `api_seo`.

    api_seo = {"image": "image", "description": "summary", "published": "published_on", "schema": "Article"}

Every key may be left out, and so may the whole: then a page says what any page of Wagtail knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any

from wagtail.images import get_image_model

from frontend_api.serialization.declarations import has_attribute

ATTRIBUTE = "api_seo"
ARTICLES = ("Article", "BlogPosting", "NewsArticle")
PAGES = ("WebPage", "AboutPage", "CollectionPage", "ContactPage")


@dataclass(frozen=True)
class Meanings:
    """The names of the fields of a page type that mean something here; empty for none."""

    image: str = ""
    """A chosen image, shown where the page is shared."""
    description: str = ""
    """A short text, where the page has no search description."""
    published: str = ""
    """A date or time, in the place of that of its first publication."""
    noindex: str = ""
    """Whether search engines are asked not to list the page."""
    elsewhere: str = ""
    """The address that readers of the page are sent to, where it has nothing of its own to read."""
    schema: str = "WebPage"
    """What the page is, in the words of schema.org: one of `ARTICLES` or `PAGES`."""


KEYS = tuple(field.name for field in fields(Meanings))


def meanings_of(model: Any) -> Meanings:
    """Return what the fields of a page type mean; a mistake, which a check reports, counts as not said."""
    given = getattr(model, ATTRIBUTE, {})
    if not isinstance(given, dict):
        return Meanings()
    wrong = {key for key, _ in _mistakes(model, given)}
    return Meanings(**{key: given[key] for key in KEYS if key in given and key not in wrong})


def mistakes(model: Any) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the `api_seo` of a page type."""
    given = getattr(model, ATTRIBUTE, {})
    if not isinstance(given, dict):
        yield f"{ATTRIBUTE} is a {type(given).__name__}, and no dict."
        return
    yield from (sentence for _, sentence in _mistakes(model, given))


def _mistakes(model: Any, given: dict[Any, Any]) -> Iterator[tuple[Any, str]]:
    for key, value in given.items():
        if key not in KEYS:
            nearest = get_close_matches(str(key), KEYS, n=1)
            meant = f"did you mean {nearest[0]!r}?" if nearest else f"it has {', '.join(KEYS)}."
            yield key, f"{ATTRIBUTE} has no key {key!r}; {meant}"
        elif key == "schema":
            if value not in (*ARTICLES, *PAGES):
                yield (
                    key,
                    f"{ATTRIBUTE}: schema is {value!r}, and none of {', '.join((*PAGES, *ARTICLES))}.",
                )
        elif not isinstance(value, str) or not has_attribute(model, value):
            yield (
                key,
                f"{ATTRIBUTE}: {key} names {value!r}, which {model.__name__} does not have.",
            )
        elif key == "image" and not _is_image(model, value):
            yield key, f"{ATTRIBUTE}: image names {value!r}, which is no foreign key to an image."


def _is_image(model: Any, name: str) -> bool:
    named = {field.name: field for field in model._meta.concrete_fields}
    related = getattr(named.get(name), "related_model", None)
    return bool(related and issubclass(related, get_image_model()))
