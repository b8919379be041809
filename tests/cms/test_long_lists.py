"""The admin's pages ask the database as often for a long list as for one that is twice as long."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.models import Theme
from tests import factories
from tests.filled import copies

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_list_twice_as_long_takes_as_many_queries(admin_client: Client) -> None:
    theme = factories.ThemeFactory()
    insight = factories.InsightPageFactory(title="Insight", themes=[theme])
    index = insight.get_parent()
    usage = Theme.snippet_viewset.get_url_name("usage")
    addresses = [
        reverse("wagtailadmin_explore", args=[index.pk]) + "?ordering=title",
        reverse("wagtailadmin_explore", args=[index.pk]) + "?ordering=content_type",
        reverse("wagtailadmin_pages:search") + "?q=insight",
        reverse("wagtailadmin_choose_page_search") + "?q=insight",
        reverse("wagtailadmin_choose_page_child", args=[index.pk]),
        reverse("insights:index") + "?ordering=published_on",
        reverse("insight_chooser:choose"),
        reverse("wagtailadmin_reports:aging_pages"),
        reverse("wagtailadmin_pages:delete", args=[index.pk]),
        reverse(usage, args=[theme.pk]),
    ]
    taken: dict[str, list[int]] = {address: [] for address in addresses}
    made = 1
    for count in (60, 120):
        copies(insight, count - made + 1)
        made = count
        for address in addresses:
            admin_client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert admin_client.get(address).status_code == 200, address
            taken[address].append(len(queries))
    assert {address: counts for address, counts in taken.items() if counts[0] != counts[1]} == {}
