"""What an insight refuses, each error on its own field, by the model alone and by the admin's real form."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import streamfield

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import (
    DRAFT,
    PUBLISH,
    SUBMIT,
    TEXT,
    add_url,
    edit_url,
    form_errors,
    insight_form,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEITHER = {"body": ["Write an article, or give the address of somebody else's above."]}
BOTH = {
    "external_url": [
        "An insight is our own article or somebody else's: remove the address, or the body."
    ]
}
ADDRESS = "https://www.end-violence.org/articles/six-policies"
BAD_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript://example.org/%0Aalert(1)",
    "ftp://example.org/",
    "data:text/html,x",
    "//example.org/",
    "mailto:somebody@example.org",
    "https://",
    "https:///path",
    "http:example.org",
    "https://exa mple.org/",
    "https://[::1",
    "example.org",
    "/insight/",
]


def post(client: Client, action: dict[str, str], **fields: Any) -> Any:
    """Send the form of a new insight."""
    url = add_url(InsightPage, factories.insight_index())
    return client.post(url, {**insight_form(**fields), **action})


def post_again(client: Client, page: InsightPage, action: dict[str, str], **fields: Any) -> Any:
    """Send the form of an insight that exists."""
    names = {"title": page.title, "slug": page.slug}
    return client.post(edit_url(page), {**insight_form(**{**names, **fields}), **action})


def check(**fields: Any) -> dict[str, list[str]]:
    """Return what the model's own validation says."""
    page = InsightPage(title="An insight", slug="an-insight", **fields)
    page.depth, page.path = 4, "0001000100010001"
    page.locale = factories.home().locale
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    messages: dict[str, list[str]] = caught.value.message_dict
    return messages


def test_an_insight_needs_a_body_or_an_address() -> None:
    assert check() == NEITHER


def test_an_insight_cannot_have_both_a_body_and_an_address() -> None:
    body = [{"type": "rich_text", "value": "<p>Text</p>"}]
    assert check(body=body, external_url=ADDRESS) == BOTH


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_external_address_is_one_that_a_browser_opens_safely(address: str) -> None:
    assert set(check(external_url=address)) == {"external_url"}


@pytest.mark.parametrize("action", [DRAFT, SUBMIT], ids=["draft", "submit"])
@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_the_form_names_the_field_of_a_bad_address(
    editor: Client, address: str, action: dict[str, str]
) -> None:
    response = post(editor, action, external_url=address)
    assert set(form_errors(response)) == {"external_url"}
    assert not InsightPage.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "http://example.org",
        "HTTPS://EXAMPLE.ORG/x?y=1#z",
        "https://bücher.example/",
        "https://example.org:8443/x",
    ],
)
def test_an_external_address_may_be_any_web_address(editor: Client, address: str) -> None:
    assert post(editor, SUBMIT, external_url=address).status_code == 302
    assert InsightPage.objects.get().external_url == address


def test_an_incomplete_insight_is_saved_as_a_draft_and_loses_nothing(editor: Client) -> None:
    theme = factories.ThemeFactory()
    fields = {
        "summary": "Half a thought.",
        "source": "SOMEBODY",
        "published_on": "2023-02-01",
        "themes": str(theme.pk),
        "seo_title": "For engines",
    }
    assert post(editor, DRAFT, **fields).status_code == 302
    page = InsightPage.objects.get()
    assert not page.live

    for action in (DRAFT, SUBMIT):
        response = post_again(editor, page, action, **{**fields, "summary": "A thought."})
        assert response.status_code == (302 if action is DRAFT else 200)
    draft = InsightPage.objects.get().get_latest_revision_as_object()
    assert draft.summary == "A thought."
    assert draft.source == "SOMEBODY"
    assert draft.published_on.isoformat() == "2023-02-01"
    assert list(draft.themes.all()) == [theme]
    assert draft.seo_title == "For engines"


def test_an_incomplete_insight_is_not_submitted(editor: Client) -> None:
    assert form_errors(post(editor, SUBMIT)) == NEITHER
    assert not InsightPage.objects.exists()

    post(editor, DRAFT)
    page = InsightPage.objects.get()
    assert form_errors(post_again(editor, page, SUBMIT)) == NEITHER
    assert not WorkflowState.objects.exists()


def test_an_incomplete_insight_is_not_published(moderator: Client) -> None:
    assert form_errors(post(moderator, PUBLISH)) == NEITHER
    post(moderator, DRAFT)
    page = InsightPage.objects.get()
    assert form_errors(post_again(moderator, page, PUBLISH)) == NEITHER
    page.refresh_from_db()
    assert not page.live


def test_an_incomplete_insight_cannot_be_published_by_code_either(editor: Client) -> None:
    post(editor, DRAFT)
    with pytest.raises(ValidationError):
        InsightPage.objects.get().latest_revision.publish()


def test_an_insight_that_is_live_cannot_be_submitted_without_its_body(editor: Client) -> None:
    page = factories.InsightPageFactory()
    assert form_errors(post_again(editor, page, SUBMIT)) == NEITHER
    page.refresh_from_db()
    assert page.body


def test_only_a_draft_has_both_a_body_and_an_address(editor: Client) -> None:
    both = {"external_url": ADDRESS, "body": streamfield([TEXT])}
    assert form_errors(post(editor, SUBMIT, **both)) == BOTH
    assert post(editor, DRAFT, **both).status_code == 302


def test_an_article_is_submitted(editor: Client) -> None:
    assert post(editor, SUBMIT, body=streamfield([TEXT])).status_code == 302
    page = InsightPage.objects.get()
    assert page.workflow_in_progress
    assert page.kind == "article"


def test_a_summary_has_300_characters_at_most(editor: Client) -> None:
    long = {"external_url": ADDRESS, "summary": "x" * 301}
    assert set(check(**long)) == {"summary"}
    assert set(form_errors(post(editor, SUBMIT, **long))) == {"summary"}
