"""What an insight says of itself, and what it refuses."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from insights.models import InsightPage, source_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BODY = [{"type": "rich_text", "value": "<p>Text</p>"}]


def errors_of(**fields: Any) -> dict[str, list[str]]:
    """Return the errors that stand beside each field of an insight with these fields."""
    page = factories.InsightPageFactory()
    for name, value in fields.items():
        setattr(page, name, value)
    try:
        page.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_an_insight_is_an_article_or_leads_elsewhere() -> None:
    assert errors_of(body=BODY, external_url="") == {}
    assert errors_of(body=[], external_url="https://example.org/x") == {}


def test_neither_body_nor_address_is_refused_on_the_body() -> None:
    assert set(errors_of(body=[], external_url="")) == {"body"}


def test_both_body_and_address_are_refused_on_the_address() -> None:
    assert set(errors_of(body=BODY, external_url="https://example.org/")) == {"external_url"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org/x",
        "mailto:a@example.org",
        "//example.org/x",
        "example.org",
        "https://",
        "https://[::1",
        "https:///x",
    ],
)
def test_an_address_that_is_not_of_the_web_is_refused(address: str) -> None:
    assert set(errors_of(body=[], external_url=address)) == {"external_url"}


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://www.end-violence.org/articles/x", "END-VIOLENCE.ORG"),
        ("https://csacentre.org.uk", "CSACENTRE.ORG.UK"),
        ("http://WWW.Example.ORG:8080/a?b#c", "EXAMPLE.ORG"),
        ("https://wwwx.example.org/", "WWWX.EXAMPLE.ORG"),
        ("https://[::1", ""),
    ],
)
def test_the_source_is_the_host_in_capitals(address: str, source: str) -> None:
    assert source_of(address) == source


def test_a_source_that_is_given_is_kept() -> None:
    page = factories.InsightPageFactory(
        external_url="https://www.example.org/", source="The Review"
    )
    assert InsightPage.objects.get(pk=page.pk).source == "The Review"
    other = factories.InsightPageFactory(external_url="https://www.example.org/")
    assert InsightPage.objects.get(pk=other.pk).source == "EXAMPLE.ORG"


def test_kind_follows_the_address() -> None:
    assert factories.InsightPageFactory().kind == "article"
    assert factories.InsightPageFactory(external_url="https://example.org/").kind == "external"


def test_an_insight_is_dated_today_unless_it_says_otherwise() -> None:
    assert InsightPage().published_on is not None
