"""Reads listings in every form that they have: in full, part by part, and counted by what they are narrowed to."""

from collections.abc import Iterator
from typing import Any

from frontend_api.endpoints.collections import collections, snippets


def crawl(crawler: Any) -> None:
    """Read all listings to their ends, whole pages too, and hold what is counted to what is there."""
    for path in (
        "pages/",
        "images/",
        "documents/",
        *(f"{name}/" for name in (*collections, *snippets)),
    ):
        forms = (
            [{}]
            if path.rstrip("/") in {"images", "documents", *snippets}
            else [{}, {"view": "detail"}]
        )
        for form in forms:
            items = [item["id"] for part in _parts(crawler, path, **form) for item in part["items"]]
            whole = crawler.get(path, limit="100", **form).json
            assert sorted(items) == sorted(item["id"] for item in whole["items"])
            assert len(items) == whole["meta"]["total_count"]
        for key in items[:3] if path.rstrip("/") in snippets else ():
            assert crawler.get(f"{path}{key}/").status == 200
    for name, viewset in collections.items():
        if viewset.facets:
            _check_facets(crawler, f"{name}/", viewset.facets)


def _parts(crawler: Any, path: str, **form: str) -> Iterator[Any]:
    cursor = "start"
    while cursor:
        part = crawler.get(path, cursor=cursor, limit="7", **form).json
        yield part
        cursor = part["meta"]["next_cursor"]


def _check_facets(crawler: Any, path: str, facets: Any) -> None:
    """Check that each count is what the filter of its name finds."""
    counted = crawler.get(path, facets=",".join(facets), limit="0").json["meta"]["facets"]
    assert set(counted) == set(facets)
    for name, values in counted.items():
        for one in values[:2]:
            found = crawler.get(path, **{name: one["value"]}, limit="0").json
            assert found["meta"]["total_count"] == one["count"]
