"""The tags that say what a response was made of, and what a change invalidates.

    *                               everything; every response has it
    page:14                         a page of any type; other objects are named by table and key, such as cms_theme:3,
                                    with multi-table inheritance by the parent table that their key comes from
    translations:(a UUID)           which pages are translations of each other, by their translation key
    below:000100020003              the pages at or below a place in the tree, whose addresses contain its slug
    insights_insightpage            anything in a table
    insights_insightpage#           which rows a table has
    insights_insightpage.source     the values of a column; a page type has the columns of `wagtailcore_page` as its own
    search                          what a search finds, and in which order
    at:/home/about/                 whether a page is at a URL path, and seen there; in small letters
    day, year                       what day or year it is, where something is shown because of it
    redirect:/about                 where a path of a frontend leads that has no page; in small letters
    about:wagtailcore.page:14       what a change to something else is about, such as a redirect to a page; `about:`
                                    alone for anything; only changes have it, no response

A listing is made of the rows that its table has, the columns by which it filters and orders, and the pages that it
shows. So changing one text invalidates only the listings that show its page.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from frontend_api.introspection import Page

EVERYTHING = "*"
SEARCH = "search"
DAY = "day"
YEAR = "year"
ABOUT = "about:"


def object_tag(model: type[Model], key: Any) -> str:
    """Return the tag of an object, which every response that shows it has: `page:14`, `cms_theme:3`."""
    return f"page:{key}" if issubclass(model, Page) else f"{table(_keyed_alike(model)[-1])}:{key}"


def translations_tag(key: Any) -> str:
    """Return the tag for the pages that share a translation key: `translations:3f0c…`."""
    return f"translations:{key}"


def table(model: Any) -> str:
    """Return the name of the table that holds the model's own fields."""
    concrete: Any = model._meta.concrete_model
    return str(concrete._meta.db_table)


def concrete_parents(model: Any) -> tuple[Any, ...]:
    """Return the ancestors of `model` that hold a part of each of its objects in a table of their own."""
    return tuple(one for one in model._meta.get_parent_list() if not one._meta.proxy)


@cache
def tables(model: Any) -> tuple[str, ...]:
    """Return every table in which an object of `model` may have a row; it may be an object of a child model as well."""
    related = {model, *concrete_parents(model)}
    if not issubclass(model, Page):
        others = apps.get_models(include_auto_created=True)
        related.update(one for one in others if related & {*concrete_parents(one)})
        related.update(parent for one in list(related) for parent in concrete_parents(one))
    return tuple(sorted({table(one) for one in related}))


@cache
def tables_beside(model: Any) -> tuple[str, ...]:
    """Return the tables of ancestors that hold a part of an object of `model` under a key other than its own."""
    own = _keyed_alike(model)
    return tuple(table(one) for one in concrete_parents(model) if one not in own)


@cache
def _keyed_alike(model: Any) -> tuple[Any, ...]:
    """Return a model and those of its ancestors that share its key, the topmost last."""
    models = [model._meta.concrete_model]
    while (link := models[-1]._meta.pk.remote_field) and link.parent_link:
        models.append(link.model._meta.concrete_model)
    return tuple(models)


def membership_tag(name: str) -> str:
    """Return the tag for which rows a table has: `insights_insightpage#`."""
    return f"{name}#"


def column_tag(name: str, column: str) -> str:
    """Return the tag for the values of a column: `insights_insightpage.source`."""
    return f"{name}.{column}"


def path_tag(url_path: str) -> str:
    """Return the tag for whether a page is at a URL path, such as `/home/about/`, in whatever case."""
    return f"at:{url_path.casefold()}"


def path_tags(url_path: str) -> Iterator[str]:
    """Yield the tags of a URL path and of those above it: where one of these changes, a page may come to the path."""
    end = url_path.find("/", 1)
    while end > 0:
        yield path_tag(url_path[: end + 1])
        end = url_path.find("/", end + 1)


def redirect_tag(path: str) -> str:
    """Return the tag for where a path of a frontend leads, with or without slashes and query, in whatever case."""
    plain = "/".join(part for part in path.partition("?")[0].split("/") if part)
    return f"redirect:/{plain.casefold()}"


def about_tag(model: type[Model] | None = None, key: Any = "") -> str:
    """Return the tag for what a change to something else is about, or for no object: `about:wagtailcore.page:14`."""
    return ABOUT if model is None else f"{ABOUT}{model._meta.label_lower}:{key}"


STEPS = Page.steplen


def branch_tag(path: str) -> str:
    """Return the tag for the pages at or below `path` in the tree: `below:000100020003`."""
    return f"below:{path}"


def branch_tags(path: str) -> Iterator[str]:
    """Yield the tags of all branches that contain `path`, from the root down."""
    for end in range(STEPS, len(path) + 1, STEPS):
        yield branch_tag(path[:end])
