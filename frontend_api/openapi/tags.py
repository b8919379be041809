"""What the groups of operations are about."""

import inspect
from collections.abc import Iterable

from frontend_api.endpoints.collections import collections, snippets

# In the order in which somebody who begins would want to read them; collections come after `pages`.
_TAGS = {
    "pages": "Pages of all types.",
    "site": "What every page of a website shows around its content.",
    "search": "The pages of all types that have certain words.",
    "autocomplete": "Titles that complete what somebody types.",
    "redirects": "Where old paths of the frontend lead.",
    "images": "The image library, public collections only.",
    "documents": "The document library, public collections only.",
    "preview": "Drafts, for those who may see them.",
    "changes": "What changed, for those who keep copies.",
    "webhooks": "What is sent to those who want to be told of changes.",
    "sitemap": "Every page that search engines are told of.",
    "robots": "What programs may read of a website.",
    "llms": "What there is to read, for language models.",
    "feeds": "The newest of a collection, for feed readers.",
    "schema": "This description.",
    "docs": "A page to read this description.",
}


def in_order(tags: Iterable[str]) -> list[str]:
    """Return groups of operations in the order in which they are shown."""
    first, *others = _TAGS
    ranks = {first: 0, **{tag: 2 + place for place, tag in enumerate(others)}}
    return sorted(tags, key=lambda tag: (ranks.get(tag, 1), tag))


def about_tag(tag: str) -> str:
    """Return what a group of operations is about."""
    return _TAGS.get(tag) or (inspect.getdoc({**collections, **snippets}[tag]) or "").split("\n")[0]
