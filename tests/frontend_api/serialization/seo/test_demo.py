"""What the demo site says to search engines keeps their rules.

The demo site is there for all tests of a module, so this one stands by itself.
"""

import pytest

from tests.frontend_api.conftest import Get

from .rules import violations

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_every_type_of_the_demo_keeps_the_rules(get: Get, demo: None) -> None:
    kinds = set()
    for item in get("pages/", limit=100, fields="seo")["items"]:
        graph = item["meta"]["seo"]["json_ld"]
        assert violations(graph) == [], item["meta"]["html_url"]
        kinds |= {node["@type"] for node in graph["@graph"]}
    assert kinds == {
        *("Organization", "WebSite", "BreadcrumbList"),
        *("WebPage", "CollectionPage", "Article"),
    }
