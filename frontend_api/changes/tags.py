"""The words in which a response says what it was made of, and a change what it makes old.

    *                               everything: each response has it
    page:14                         a page, of whatever type; for other objects the table, as in cms_theme:3
    below:000100020003              what is in the tree at or below a place: addresses there have its slug
    insights_insightpage            anything in a table
    insights_insightpage#           which rows a table has
    insights_insightpage.source     the values of a column; a page type has those of `wagtailcore_page` as its own
    search                          what a search finds, and in which order

A listing is made of the rows that its table has, of the columns by which it filters and orders, and of the pages that
it shows. So a change of one text makes old the listings that show its page, and no other.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from wagtail.models import Page

EVERYTHING = "*"
SEARCH = "search"


def object_tag(model: type[Model], key: Any) -> str:
    """Return the tag of an object, by which every response that shows it is known."""
    return f"page:{key}" if issubclass(model, Page) else f"{table(model)}:{key}"


def table(model: Any) -> str:
    """Return the table that holds what is special of a model."""
    concrete: Any = model._meta.concrete_model
    return str(concrete._meta.db_table)


def tables(model: Any) -> tuple[str, ...]:
    """Return every table that an object of `model` has a row in."""
    parents: list[Any] = [one for one in model._meta.get_parent_list() if not one._meta.proxy]
    return tuple(table(one) for one in (model, *parents))


def membership_tag(name: str) -> str:
    """Return the tag of which rows a table has."""
    return f"{name}#"


def column_tag(name: str, column: str) -> str:
    """Return the tag of the values of a column."""
    return f"{name}.{column}"


STEPS = Page.steplen


def branch_tag(path: str) -> str:
    """Return the tag of what is at or below a place in the tree of pages."""
    return f"below:{path}"


def branch_tags(path: str) -> Iterator[str]:
    """Return the tags of all branches that a place in the tree is in."""
    for end in range(STEPS, len(path) + 1, STEPS):
        yield branch_tag(path[:end])
