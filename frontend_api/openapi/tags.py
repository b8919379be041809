"""What the groups of operations are about."""

import inspect

from frontend_api.endpoints.collections import collections, snippets

_TAGS = {
    "pages": "Pages of all types.",
    "images": "The image library, public collections only.",
    "documents": "The document library, public collections only.",
    "search": "The pages of all types that have certain words.",
    "autocomplete": "Titles that complete what somebody types.",
    "redirects": "Where old paths of the frontend lead.",
    "site": "What every page of a website shows around its content.",
    "changes": "What changed, for those who keep copies.",
    "sitemap": "Every page that search engines are told of.",
    "robots": "What programs may read of a website.",
    "llms": "What there is to read, for language models.",
    "feeds": "The newest of a collection, for feed readers.",
    "webhooks": "What is sent to those who want to be told of changes.",
    "preview": "Drafts, for those who may see them.",
    "schema": "This description.",
    "docs": "A page to read this description.",
}


def about_tag(tag: str) -> str:
    """Return what a group of operations is about."""
    return _TAGS.get(tag) or (inspect.getdoc({**collections, **snippets}[tag]) or "").split("\n")[0]
