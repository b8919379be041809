"""What Google's documentation asks of structured data, as a table; a graph is held to it.

Taken from https://developers.google.com/search/docs/appearance/structured-data/ : `article`, `breadcrumb`,
`organization` and `sd-policies`, and https://developers.google.com/search/docs/appearance/site-names.
"""

import re
from typing import Any
from urllib.parse import urlsplit

# Each type with the properties that it must have, those that are recommended, and those that else may be there.
REQUIRED: dict[str, set[str]] = {
    # Article has no required properties; without a headline it would say nothing.
    "Article": {"headline"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "Organization": {"name", "url"},
    "WebSite": {"name", "url"},
    "WebPage": {"url", "name"},
    "ImageObject": {"url", "width", "height"},
}
RECOMMENDED: dict[str, set[str]] = {
    "Article": {"author", "dateModified", "datePublished", "headline", "image"},
    "Organization": {"logo"},
}
MORE: dict[str, set[str]] = {
    "Article": {"@id", "description", "publisher", "mainEntityOfPage", "inLanguage"},
    "BreadcrumbList": {"@id"},
    "ListItem": set(),
    "Organization": {"@id"},
    "WebSite": {"@id", "publisher"},
    "WebPage": {
        *("@id", "description", "inLanguage", "isPartOf", "breadcrumb", "primaryImageOfPage"),
        *("datePublished", "dateModified"),
    },
    "ImageObject": set(),
}
# Google takes an article's relatives as articles, and schema.org a page's as pages.
KINDS = {
    **dict.fromkeys(("Article", "NewsArticle", "BlogPosting"), "Article"),
    **dict.fromkeys(("WebPage", "AboutPage", "CollectionPage", "ContactPage"), "WebPage"),
}
# ISO 8601 with its time zone: without one, Google takes its own.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ADDRESSES = {"url", "item", "@id"}
LONGEST_HEADLINE = 110


def violations(graph: dict[str, Any]) -> list[str]:
    """Return what is wrong with a graph."""
    assert set(graph) == {"@context", "@graph"}
    assert graph["@context"] == "https://schema.org"
    found: list[str] = []
    for node in graph["@graph"]:
        found += _of_node(node)
    known = [node["@id"] for node in graph["@graph"]]
    found += [f"{one} is named twice" for one in {*known} if known.count(one) > 1]
    found += [f"{one} leads nowhere" for one in _references(graph["@graph"]) - {*known}]
    return found


def lacking(node: dict[str, Any]) -> set[str]:
    """Return the recommended properties that a node does not have."""
    return RECOMMENDED.get(KINDS.get(node["@type"], node["@type"]), set()) - set(node)


def node_of(graph: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the one node of a type."""
    (found,) = [node for node in graph["@graph"] if node["@type"] == kind]
    return dict(found)


def _of_node(node: dict[str, Any]) -> list[str]:
    if set(node) == {"@id"}:
        return []
    kind = KINDS.get(node["@type"], node["@type"])
    found = [f"{kind} lacks {name}" for name in REQUIRED[kind] - set(node)]
    unknown = set(node) - REQUIRED[kind] - RECOMMENDED.get(kind, set()) - MORE[kind] - {"@type"}
    found += [f"{kind} has {name}" for name in unknown]
    for name, value in node.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found += _of_node(one)
            elif one in (None, ""):
                found.append(f"{kind}.{name} says nothing")
            elif name.startswith("date") and not TIME.fullmatch(one):
                found.append(f"{kind}.{name} is {one!r}")
            elif name in ADDRESSES or (kind == "Article" and name == "image"):
                found += [] if _is_absolute(one) else [f"{kind}.{name} is {one!r}"]
    if kind == "Article" and len(node["headline"]) > LONGEST_HEADLINE:
        found.append("the headline is too long")
    if kind == "BreadcrumbList":
        steps = [step["position"] for step in node["itemListElement"]]
        if steps != list(range(1, len(steps) + 1)) or len(steps) < 2:
            found.append(f"the steps are {steps}")
    return found


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if isinstance(value, dict):
        return {value["@id"]} if set(value) == {"@id"} else _references([*value.values()])
    return set()


def _is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
