"""What the head of a page says: its title, the one address that it has, and what search engines are told.

The API says most of it, in `meta.seo`. Later pages and filtered parts of a list have titles and addresses of their own;
search engines find what is in them by the list, and are not asked to list each choice of filters.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from .api import JSON
from .languages import filled
from .listings import LABELS


def of_page(page: JSON, listing: JSON | None, say: JSON) -> JSON:
    """Return the head of a page of the API, with the part of a listing that it shows.

    {"title": "Insight: Elsewhere – Page 2 of 3", "canonical": "https://example.org/?kind=external&page=2",
     "robots": "noindex, follow", "previous": "https://…", "next": null, "seo": {…}, …}
    """
    meta, seo = page["meta"], page["meta"].get("seo") or {}
    chosen, number = (listing["chosen"], listing["page"]) if listing else ({}, 1)
    original = seo.get("canonical") or (meta.get("alias_of") or page)["meta"]["html_url"]
    is_part = bool(chosen) or number > 1

    def address(at: int) -> str:
        return _address(original, chosen, at)

    return {
        "title": _title(seo.get("title") or page["title"], listing, say),
        "canonical": address(number),
        "robots": "noindex, follow" if chosen else seo.get("robots", "index, follow"),
        "previous": address(number - 1) if listing and listing["previous"] else None,
        "next": address(number + 1) if listing and listing["next"] else None,
        "seo": seo,
        # A part of a list has no translation.
        "translations": [] if is_part else meta.get("translations", []),
        "x_default": None if is_part else meta.get("x_default"),
    }


def _title(text: str, listing: JSON | None, say: JSON) -> str:
    if listing is None:
        return text
    names = {
        name: {value: say.get(word, value) for value, word in words.items()}
        for name, words in LABELS.items()
    }
    names["theme"] = {
        theme["value"]: theme["label"] for theme in listing["themes"] if theme["count"]
    }
    chosen = listing["chosen"].items()
    said = [names[name][value] for name, value in chosen if value in names.get(name, {})]
    text = f"{text}: {', '.join(said)}" if said else text
    if listing["page"] == 1:
        return text
    place = filled(say.get("page_of", "{page}"), page=listing["page"], pages=listing["pages"])
    return f"{text} – {place}"


def _address(base: str, chosen: Mapping[str, Any], number: int) -> str:
    """Return the address of a part of a list, without whatever else somebody has added to it."""
    query = {**chosen, **({"page": number} if number > 1 else {})}
    return f"{base}?{urlencode(query)}" if query else base
