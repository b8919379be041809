"""The settings of sites as a snippet: found at once, saved as a draft, and published by whoever could change them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset

from cms.models import NavigationItem, SiteSettings
from tests import factories
from tests.cms.admin import PUBLISH, form_data, form_errors, soup

pytestmark = pytest.mark.django_db

INLINE = ("navigation", "footer_navigation", "social_links", "words")


def address(view: str, *args: int) -> str:
    """Return the address of a view of the settings."""
    return reverse(SiteSettings.snippet_viewset.get_url_name(view), args=args)


def sent(**fields: object) -> dict[str, str]:
    """Return the form as it is sent."""
    return form_data({"organisation": "HDF", "footer_text": "null", **fields}, *INLINE)


def test_the_menu_leads_straight_to_the_one_form(moderator: Client) -> None:
    home = soup(moderator.get(reverse("wagtailadmin_home")))
    assert address("list") in str(home)
    opened = moderator.get(address("list"))
    kept = SiteSettings.objects.get()
    assert opened.headers["Location"] == address("edit", kept.pk)
    assert not kept.live
    form = moderator.get(address("edit", kept.pk))
    assert form.status_code == 200
    assert b"action-publish" in form.content


def test_an_editor_is_offered_no_settings_of_sites(editor: Client) -> None:
    assert address("list") not in editor.get(reverse("wagtailadmin_home")).content.decode()
    assert editor.get(address("list")).status_code == 302
    assert not SiteSettings.objects.exists()


def test_nobody_adds_or_deletes_settings(administrator: Client) -> None:
    kept = SiteSettings.for_site(factories.default_site())
    for view, args in (("add", ()), ("delete", (kept.pk,))):
        assert administrator.get(address(view, *args)).headers["Location"] == reverse(
            "wagtailadmin_home"
        )
    form = administrator.get(address("edit", kept.pk)).content.decode()
    assert address("delete", kept.pk) not in form


def test_what_is_saved_is_a_draft_until_it_is_published(moderator: Client, client: Client) -> None:
    kept = SiteSettings.for_site(factories.default_site())
    page = factories.ContentPageFactory(title="Contact")
    rows = inline_formset([{"page": str(page.pk), "url": "", "label": "", "children-count": "0"}])

    def menu() -> list[str]:
        return [item["label"] for item in client.get("/api/v2/site/").json()["navigation"]]

    before = menu()
    response = moderator.post(address("edit", kept.pk), sent(navigation=rows))
    assert response.status_code == 302, form_errors(response)
    assert menu() == before
    moderator.post(address("edit", kept.pk), sent(navigation=rows, **PUBLISH))
    assert menu() == ["Contact"]


def test_an_item_has_links_below_it(moderator: Client, client: Client) -> None:
    kept = SiteSettings.for_site(factories.default_site())
    page = factories.ContentPageFactory(title="About", slug="about")
    below = factories.ContentPageFactory(parent=page, title="Team", slug="team")
    rows = inline_formset(
        [
            {
                "page": str(page.pk),
                "url": "",
                "label": "",
                "children-count": "2",
                "children-0-deleted": "",
                "children-0-order": "0",
                "children-0-type": "link",
                "children-0-value-page": str(below.pk),
                "children-0-value-url": "",
                "children-0-value-label": "",
                "children-1-deleted": "",
                "children-1-order": "1",
                "children-1-type": "link",
                "children-1-value-page": "",
                "children-1-value-url": "https://example.org/",
                "children-1-value-label": "Jobs",
            }
        ]
    )
    response = moderator.post(address("edit", kept.pk), sent(navigation=rows, **PUBLISH))
    assert response.status_code == 302, form_errors(response)
    assert client.get("/api/v2/site/").json()["navigation"] == [
        {
            "label": "About",
            "url": "/about/",
            "external": False,
            "children": [
                {"label": "Team", "url": "/about/team/", "external": False, "children": []},
                {"label": "Jobs", "url": "https://example.org/", "external": True, "children": []},
            ],
        }
    ]


def test_a_site_in_two_languages_has_a_form_for_each(moderator: Client, settings: object) -> None:
    settings.WAGTAIL_I18N_ENABLED = True  # type: ignore[attr-defined]
    french = Locale.objects.create(language_code="fr")
    first = SiteSettings.for_site(factories.default_site())
    first.organisation = "HDF"
    first.navigation = [NavigationItem(url="https://example.org/", label="Jobs")]
    first.save()
    factories.home().copy_for_translation(french)
    listed = moderator.get(address("list"))
    assert listed.status_code == 200
    second = SiteSettings.objects.get(locale=french)
    assert address("edit", second.pk) in listed.content.decode()
    # What is the same in every language comes along; a menu is another one.
    assert (second.organisation, second.live) == ("HDF", False)
    assert second.translation_key == first.translation_key
    assert not second.navigation.exists()


def test_a_translation_of_settings_is_a_draft() -> None:
    kept = SiteSettings.for_site(factories.default_site())
    kept.navigation = [NavigationItem(url="https://example.org/", label="Jobs")]
    kept.save_revision().publish()
    copied = kept.copy_for_translation(Locale.objects.create(language_code="fr"))
    copied.save()
    assert (copied.live, copied.site, copied.latest_revision) == (False, kept.site, None)
    assert copied.translation_key == kept.translation_key


def test_the_admin_speaks_of_languages_only_where_there_are_several(
    administrator: Client, settings: object
) -> None:
    page = factories.ContentPageFactory()
    addresses = (
        reverse("wagtailadmin_explore", args=[factories.home().pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_choose_page"),
        address("edit", SiteSettings.for_site(factories.default_site()).pk),
    )

    def said() -> list[bool]:
        pages = [administrator.get(one).content.decode() for one in addresses]
        return [
            word in page
            for page in pages
            for word in ("/admin/locales/", "Translate", "Locale:", "id_locale")
        ]

    assert not any(said())
    settings.WAGTAIL_I18N_ENABLED = True  # type: ignore[attr-defined]
    Locale.objects.create(language_code="fr")
    assert any(said())


def test_who_could_change_the_settings_can_publish_them() -> None:
    may = Permission.objects.filter(
        content_type__app_label="cms", content_type__model="sitesettings", group__name="Moderators"
    )
    assert {one.codename for one in may} == {"change_sitesettings", "publish_sitesettings"}
