"""The words in which a response says what it was made of, and a change what it makes old.

    *                               everything: each response has it
    page:14                         a page, of whatever type; for other objects the table, as in cms_theme:3, and of
                                    several tables with parts of it the one that its key comes from
    below:000100020003              what is in the tree at or below a place: addresses there have its slug
    insights_insightpage            anything in a table
    insights_insightpage#           which rows a table has
    insights_insightpage.source     the values of a column; a page type has those of `wagtailcore_page` as its own
    search                          what a search finds, and in which order

A listing is made of the rows that its table has, of the columns by which it filters and orders, and of the pages that
it shows. So a change of one text makes old the listings that show its page, and no other.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model
from wagtail.models import Page

EVERYTHING = "*"
SEARCH = "search"


def object_tag(model: type[Model], key: Any) -> str:
    """Return the tag of an object, by which every response that shows it is known."""
    return f"page:{key}" if issubclass(model, Page) else f"{table(_keyed_alike(model)[-1])}:{key}"


def table(model: Any) -> str:
    """Return the table that holds what is special of a model."""
    concrete: Any = model._meta.concrete_model
    return str(concrete._meta.db_table)


def concrete_parents(model: Any) -> tuple[Any, ...]:
    """Return the models, other than `model`, that have a part of each of its objects in a table of theirs."""
    return tuple(one for one in model._meta.get_parent_list() if not one._meta.proxy)


@cache
def tables(model: Any) -> tuple[str, ...]:
    """Return every table that an object of `model` has a row in; that of a parent may be one of a child too."""
    related = {model, *concrete_parents(model)}
    if not issubclass(model, Page):
        others = apps.get_models(include_auto_created=True)
        related.update(one for one in others if related & {*concrete_parents(one)})
        related.update(parent for one in list(related) for parent in concrete_parents(one))
    return tuple(sorted({table(one) for one in related}))


@cache
def tables_beside(model: Any) -> tuple[str, ...]:
    """Return the tables in which an object of `model` has a part that goes by another key than it does."""
    own = _keyed_alike(model)
    return tuple(table(one) for one in concrete_parents(model) if one not in own)


@cache
def _keyed_alike(model: Any) -> tuple[Any, ...]:
    """Return a model and those of its parents whose keys are its own."""
    models = [model._meta.concrete_model]
    while (link := models[-1]._meta.pk.remote_field) and link.parent_link:
        models.append(link.model._meta.concrete_model)
    return tuple(models)


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
