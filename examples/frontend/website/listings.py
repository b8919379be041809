"""Filters and paging: what a reader asks of a listing, turned into parameters of the API and back into links."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from .api import JSON, NotFound, Reading, Refused, Unavailable, path_of

# The filters that each listing offers its readers, and what the API calls them.
FILTERS = {
    "programmes": {"status": "status", "theme": "theme"},
    "insights": {"kind": "kind", "theme": "theme", "programme": "programme"},
    "search": {"q": "q", "type": "type"},
}
# Which word of the site readers see of each value of a filter.
LABELS = {
    "status": {"active": "active", "upcoming": "upcoming", "completed": "completed"},
    "kind": {"article": "our_articles", "external": "elsewhere"},
}
# What each listing is counted by, so that readers see what a choice would give.
FACETS = {"programmes": "theme", "insights": "theme"}
PAGE_SIZE = {"programmes": 6, "insights": 9, "search": 10}
# What a reader narrows a search to, by the word that says so; all other types are one kind.
KINDS = {"programmes.ProgrammePage": "programmes", "insights.InsightPage": "insights"}
OTHER = "other_pages"
LAST_PAGE = 10_000


async def read(
    reading: Reading, collection: str, query: Mapping[str, str], language: str = ""
) -> JSON:
    """Return a part of a listing, in a language, with what it takes to draw it.

        {"items": […], "total": 10, "page": 1, "pages": 2, "chosen": {"status": "active"},
         "themes": [{"value": "prevention", "label": "Prevention", "count": 3}, …],
         "previous": null, "next": "?status=active&page=2"}

    A filter that the API refuses, as somebody may have typed one into the address, is left out. A search also has
    `kinds`, into which what is found can be narrowed.
    """
    names = FILTERS[collection]
    chosen = {name: value for name in names if (value := query.get(name, "").strip()[:200])}
    page, size = _page(query.get("page", "1")), PAGE_SIZE[collection]
    parameters = {"limit": str(size), "offset": str((page - 1) * size), **_in(language)}
    if facets := FACETS.get(collection):
        parameters["facets"] = facets
    try:
        filters = {names[name]: value for name, value in chosen.items()}
        listing = await reading.listing(collection, {**parameters, **filters})
    except Refused:
        chosen = {name: value for name, value in chosen.items() if name == "q"}
        listing = await reading.listing(collection, {**parameters, **chosen})
    total = listing["meta"]["total_count"]
    pages = max(1, -(-total // size))
    if page > pages:
        raise NotFound(f"page {page} of {pages}")
    return {
        "items": listing["items"],
        "total": total,
        "page": page,
        "pages": pages,
        "chosen": chosen,
        "kinds": _kinds(listing["meta"].get("counts", {}), chosen),
        "themes": _themes(listing, chosen.get("theme", "")),
        "previous": _address(chosen, page - 1) if page > 1 else None,
        "next": _address(chosen, page + 1) if page < pages else None,
    }


async def suggestions(reading: Reading, words: str, language: str = "") -> list[str]:
    """Return titles that complete what somebody types; none where the API does not answer."""
    try:
        found = await reading.listing("autocomplete", {"q": words, **_in(language)})
    except (NotFound, Refused, Unavailable):
        return []
    return [item["title"] for item in found["items"]]


def _kinds(counts: Mapping[str, int], chosen: Mapping[str, str]) -> list[JSON]:
    """Return what a search can be narrowed to, with how much that is."""
    types: dict[str, list[str]] = {}
    for name in sorted(counts):
        types.setdefault(KINDS.get(name, OTHER), []).append(name)
    words = {"q": chosen.get("q", "")}
    kinds = [
        {"label": label, "types": ",".join(types[label]), "of": types[label]}
        for label in (*KINDS.values(), OTHER)
        if label in types
    ]
    return [
        {
            "label": kind["label"],
            "count": sum(counts[name] for name in kind["of"]),
            "address": _address({**words, "type": kind["types"]}, 1),
            "is_chosen": chosen.get("type") == kind["types"],
        }
        for kind in kinds
    ]


async def place_of(reading: Reading, kind: str, language: str = "") -> str | None:
    """Return the path of the site's page of a type, such as its list of insights, or None if there is none."""
    try:
        found = await reading.listing("pages", {"type": kind, "limit": "1", **_in(language)})
    except (NotFound, Refused, Unavailable):
        return None
    return next(map(path_of, found["items"]), None)


def _in(language: str) -> dict[str, str]:
    return {"locale": language} if language else {}


def _themes(listing: JSON, chosen: str) -> list[JSON]:
    """Return the choices of the theme filter, each with its number of items; the one that is chosen is among them."""
    themes: list[JSON] = listing["meta"].get("facets", {}).get("theme", [])
    if chosen and all(theme["value"] != chosen for theme in themes):
        return [*themes, {"value": chosen, "label": chosen, "count": 0}]
    return themes


def _page(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= LAST_PAGE:
        raise NotFound(f"page {text[:20]}")
    return int(text[:9])


def _address(chosen: Mapping[str, Any], page: int) -> str:
    query = {**chosen, **({"page": page} if page > 1 else {})}
    return f"?{urlencode(query)}" if query else "."
