"""Navigation and social links, by the models alone and by the form in the admin's settings."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, rich_text

from cms.models import NavigationItem, SiteSettings, SocialLink
from tests import factories
from tests.cms.admin import PUBLISH, form_data, form_errors

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADDRESS = "https://example.org/"
INLINE = ("navigation", "footer_navigation", "social_links", "words")
BAD_ADDRESSES = [
    "javascript:alert(1)",
    "ftp://example.org/",
    "//example.org",
    "mailto:somebody@example.org",
    "https://",
    "example.org",
]


def save(client: Client, **children: list[dict[str, str]]) -> Any:
    """Send the form of the default site's settings."""
    fields = {"organisation": "HDF", "footer_text": rich_text("<p>Text</p>")}
    formsets = {name: inline_formset(items) for name, items in children.items()}
    kept = SiteSettings.for_site(factories.default_site(), live=False)
    data = form_data({**fields, **formsets, **PUBLISH}, *INLINE)
    return client.post(reverse(edit_name(), args=[kept.pk]), data)


def edit_name() -> str:
    """Return the name of the address of the form."""
    return str(SiteSettings.snippet_viewset.get_url_name("edit"))


def item(**fields: str) -> dict[str, str]:
    """Return an item of the navigation as the form has it."""
    return {"page": "", "url": "", "label": "", "children-count": "0", **fields}


def check(instance: Any) -> dict[str, list[str]]:
    """Return what the model's own validation says."""
    with pytest.raises(ValidationError) as caught:
        instance.full_clean(exclude=["settings"])
    messages: dict[str, list[str]] = caught.value.message_dict
    return messages


@pytest.mark.parametrize(
    ("page", "url", "label", "errors"),
    [
        (False, "", "Apply", {"page": ["Choose a page or give an address."]}),
        (True, ADDRESS, "Apply", {"url": ["Choose a page or give an address, not both."]}),
        (False, ADDRESS, "", {"label": ["An address needs a label."]}),
    ],
)
def test_an_item_of_the_navigation_leads_to_one_place_and_has_a_label(
    moderator: Client, page: bool, url: str, label: str, errors: dict[str, list[str]]
) -> None:
    home = factories.home()
    assert check(NavigationItem(page=home if page else None, url=url, label=label)) == errors

    sent = item(page=str(home.pk) if page else "", url=url, label=label)
    assert form_errors(save(moderator, navigation=[sent])) == {
        f"navigation-0-{field}": messages for field, messages in errors.items()
    }
    assert not NavigationItem.objects.exists()


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_item_of_the_navigation_leads_to_a_web_address(moderator: Client, address: str) -> None:
    assert set(check(NavigationItem(url=address, label="Elsewhere"))) >= {"url"}
    sent = item(url=address, label="Elsewhere")
    assert "navigation-0-url" in form_errors(save(moderator, navigation=[sent]))


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_social_link_leads_to_a_web_address(moderator: Client, address: str) -> None:
    assert set(check(SocialLink(url=address, label="LinkedIn"))) == {"url"}
    sent = {"url": address, "label": "LinkedIn"}
    assert set(form_errors(save(moderator, social_links=[sent]))) == {"social_links-0-url"}


def test_a_social_link_needs_both_its_parts(moderator: Client) -> None:
    assert set(check(SocialLink())) == {"label", "url"}
    errors = form_errors(save(moderator, social_links=[{"label": "LinkedIn", "url": ""}]))
    assert set(errors) == {"social_links-0-url"}


def test_a_moderator_saves_the_settings_of_a_site(moderator: Client) -> None:
    home = factories.home()
    navigation = [item(page=str(home.pk)), item(url=ADDRESS, label="Elsewhere")]
    links = [{"label": "LinkedIn", "url": "https://www.linkedin.com/"}]
    assert save(moderator, navigation=navigation, social_links=links).status_code == 302
    saved = SiteSettings.for_site(factories.default_site())
    assert saved.organisation == "HDF"
    assert [(entry.page_id, entry.url) for entry in saved.navigation.all()] == [
        (home.pk, ""),
        (None, ADDRESS),
    ]
    assert [link.label for link in saved.social_links.all()] == ["LinkedIn"]


def test_an_editor_does_not_reach_the_settings_of_a_site(editor: Client) -> None:
    assert save(editor).headers["Location"] == reverse("wagtailadmin_home")
    assert not SiteSettings.objects.filter(live=True).exists()
