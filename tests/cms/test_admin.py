"""The admin as editors, moderators and administrators meet it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, Page, Site
from wagtail.test.utils.form_data import streamfield

from cms.models import ContentPage, HomePage
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import (
    DRAFT,
    PUBLISH,
    SUBMIT,
    TEXT,
    add_url,
    content_form,
    edit_url,
    insight_form,
    programme_form,
    soup,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def main_menu(client: Client) -> list[tuple[str, str]]:
    """Return the labels and addresses of the main menu."""
    props = soup(client.get(reverse("wagtailadmin_home"))).find(id="wagtail-sidebar-props")
    modules = {module["_type"]: module["_args"] for module in json.loads(props.string)["modules"]}
    items = [item["_args"][0] for item in modules["wagtail.sidebar.MainMenuModule"][0]]
    return [(item["label"], item.get("url", "")) for item in items]


CONTENT_MENU = [
    ("Pages", "/admin/pages/"),
    ("Programmes", "/admin/programmes/"),
    ("Insights", "/admin/insights/"),
    ("Images", "/admin/images/"),
    ("Documents", "/admin/documents/"),
    ("Snippets", "/admin/snippets/"),
    ("Reports", ""),
]


def test_the_main_menu_of_an_editor(editor: Client) -> None:
    assert main_menu(editor) == [*CONTENT_MENU, ("Help", "")]


@pytest.mark.parametrize("browser", ["moderator", "administrator"])
def test_the_main_menu_of_those_who_keep_the_settings(
    request: pytest.FixtureRequest, browser: str
) -> None:
    menu = main_menu(request.getfixturevalue(browser))
    assert menu == [*CONTENT_MENU, ("Settings", ""), ("Help", "")]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/programmes/",
        "/admin/insights/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/snippets/",
        "/admin/snippets/cms/theme/",
        "/admin/snippets/programmes/partner/",
        "/admin/reports/workflow/",
        "/admin/account/",
    ],
)
def test_what_the_menu_leads_to_opens(editor: Client, address: str) -> None:
    assert editor.get(address).status_code == 200


@pytest.fixture
def pages() -> dict[str, Page]:
    """A page of every type."""
    return {
        "home": factories.home(),
        "programme index": factories.programme_index(),
        "insight index": factories.insight_index(),
        "programme": factories.ProgrammePageFactory(
            partners=[factories.PartnerFactory()],
            insights=[factories.InsightPageFactory()],
            figures=[{"value": "1", "label": "x"}],
            parts=[{"title": "x", "start_year": 2015, "end_year": 2016}],
        ),
        "insight": factories.InsightPageFactory(external_url="https://example.org/"),
        "content": factories.ContentPageFactory(),
        "event": factories.EventPageFactory(),
    }


PAGES = ["home", "programme index", "insight index", "programme", "insight", "content", "event"]


@pytest.mark.parametrize("browser", ["editor", "moderator", "administrator"])
@pytest.mark.parametrize("name", PAGES)
def test_the_form_of_every_page_opens(
    request: pytest.FixtureRequest, pages: dict[str, Page], browser: str, name: str
) -> None:
    client: Client = request.getfixturevalue(browser)
    assert soup(client.get(edit_url(pages[name]))).find("form", attrs={"data-edit-form": True})


@pytest.mark.parametrize(
    ("model", "parent"),
    [
        (ProgrammePage, "programme index"),
        (InsightPage, "insight index"),
        (ContentPage, "home"),
    ],
)
def test_the_form_of_every_new_page_opens(
    editor: Client, pages: dict[str, Page], model: type[Page], parent: str
) -> None:
    assert editor.get(add_url(model, pages[parent])).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_view_live_leads_to_the_frontend(editor: Client, pages: dict[str, Page], name: str) -> None:
    page = pages[name]
    site = factories.default_site()
    assert page.full_url.startswith(f"{site.root_url}/")
    # With a single site Wagtail's own links have no host, so that they come here first, and go on from here.
    listing = soup(editor.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])))
    links = {link["href"] for link in listing.find_all("a", href=True)}
    live = page.full_url if page.full_url in links else page.url
    assert live in links
    response = editor.get(live)
    assert response.status_code == 302
    assert response.headers["Location"] == page.full_url


def actions(client: Client, page: Page) -> set[str]:
    """Return what the form offers to do."""
    buttons = soup(client.get(edit_url(page))).find_all("button")
    return {button["name"] for button in buttons if button.get("name", "").startswith("action-")}


def test_editors_submit_and_moderators_publish(editor: Client, moderator: Client) -> None:
    page = factories.ContentPageFactory(live=False)
    assert actions(editor, page) == {"action-submit"}
    assert {"action-publish", "action-submit"} <= actions(moderator, page)


def test_an_editor_cannot_publish_by_asking_for_it(editor: Client) -> None:
    page = factories.ContentPageFactory(live=False)
    form = {**content_form(title="Changed", slug=page.slug), **PUBLISH}
    assert editor.post(edit_url(page), form).status_code == 302
    page.refresh_from_db()
    assert not page.live
    assert page.get_latest_revision_as_object().title == "Changed"


def test_an_editor_cannot_take_a_page_off_the_website(editor: Client) -> None:
    page = factories.ContentPageFactory()
    for view in ("unpublish", "delete"):
        response = editor.post(reverse(f"wagtailadmin_pages:{view}", args=[page.pk]))
        assert response.status_code == 302
    page.refresh_from_db()
    assert page.live


NEW_PAGES: list[tuple[type[Page], Any, dict[str, str]]] = [
    (ProgrammePage, factories.programme_index, programme_form()),
    (
        InsightPage,
        factories.insight_index,
        insight_form(external_url="https://www.end-violence.org/x"),
    ),
    (ContentPage, factories.home, content_form()),
]


@pytest.mark.parametrize(
    ("model", "parent", "form"), NEW_PAGES, ids=[model.__name__ for model, _, _ in NEW_PAGES]
)
def test_what_an_editor_submits_and_a_moderator_approves_is_live(
    editor: Client, moderator: Client, model: type[Page], parent: Any, form: dict[str, str]
) -> None:
    assert editor.post(add_url(model, parent()), {**form, **SUBMIT}).status_code == 302
    page = model.objects.get()
    assert not page.live
    task = page.current_workflow_task_state
    assert task.task.name == "Moderators approval"

    def act(client: Client) -> int:
        names = (page.pk, "approve", task.pk)
        url = reverse("wagtailadmin_pages:workflow_action", args=names)
        return client.post(url, {"comment": ""}).status_code

    # Nobody approves their own work by knowing the address.
    act(editor)
    assert not model.objects.get().live
    assert act(moderator) == 302
    assert model.objects.get().live


def test_a_change_to_a_live_page_shows_once_it_is_approved(
    editor: Client, moderator: Client
) -> None:
    page = factories.ContentPageFactory(title="Before")
    form = content_form(title="After", slug=page.slug)
    editor.post(edit_url(page), {**form, **SUBMIT})
    page.refresh_from_db()
    assert page.title == "Before"
    names = (page.pk, "approve", page.current_workflow_task_state.pk)
    moderator.post(reverse("wagtailadmin_pages:workflow_action", args=names), {"comment": ""})
    page.refresh_from_db()
    assert page.title == "After"


def test_what_is_submitted_waits_for_the_moderator_who_may_still_change_it(
    editor: Client, moderator: Client
) -> None:
    page = factories.ContentPageFactory(live=False)

    def save(client: Client, title: str, action: dict[str, str]) -> str:
        client.post(edit_url(page), {**content_form(slug=page.slug, title=title), **action})
        return str(ContentPage.objects.get().get_latest_revision_as_object().title)

    assert save(editor, "First", SUBMIT) == "First"
    assert save(editor, "Second", DRAFT) == "First"
    assert save(moderator, "Third", DRAFT) == "Third"
    task = ContentPage.objects.get().current_workflow_task_state
    names = (page.pk, "approve", task.pk)
    moderator.post(reverse("wagtailadmin_pages:workflow_action", args=names), {"comment": ""})
    assert ContentPage.objects.live().get().title == "Third"


def test_themes_are_listed_with_where_they_are_used(editor: Client) -> None:
    theme = factories.ThemeFactory(name="Prevention")
    factories.ProgrammePageFactory(title="A programme about it", themes=[theme])
    factories.InsightPageFactory(title="An insight about it", themes=[theme])
    listing = soup(editor.get(reverse("wagtailsnippets_cms_theme:list")))
    assert "Prevention" in listing.find("main").get_text()
    usage = soup(editor.get(reverse("wagtailsnippets_cms_theme:usage", args=[theme.pk])))
    text = usage.find("main").get_text()
    assert "A programme about it" in text
    assert "An insight about it" in text


def test_an_editor_adds_a_theme_and_a_moderator_deletes_it(
    editor: Client, moderator: Client
) -> None:
    add = reverse("wagtailsnippets_cms_theme:add")
    assert editor.post(add, {"name": "Recovery", "slug": "recovery"}).status_code == 302
    theme = factories.ThemeFactory._meta.model.objects.get(slug="recovery")
    delete = reverse("wagtailsnippets_cms_theme:delete", args=[theme.pk])
    editor.post(delete)
    assert type(theme).objects.exists()
    moderator.post(delete)
    assert not type(theme).objects.exists()


def test_an_image_has_a_focal_point_and_an_alternative_text(editor: Client) -> None:
    image = factories.ImageFactory(collection=Collection.get_first_root_node())
    form = soup(editor.get(reverse("wagtailimages:edit", args=[image.pk])))
    assert form.find("label", attrs={"for": "id_description"}).get_text(strip=True) == (
        "Alternative text"
    )
    assert form.find(class_="focal-point-chooser")
    assert {f"focal_point_{name}" for name in ("x", "y", "width", "height")} <= {
        field.get("name") for field in form.find_all("input")
    }


def test_the_admin_names_the_title_field_once_and_says_what_helps(editor: Client) -> None:
    form = soup(editor.get(add_url(ProgrammePage, factories.programme_index())))
    headings = [
        heading.get_text(" ", strip=True) for heading in form.select(".w-panel__heading--label")
    ]
    for heading in ("Title", "Period", "Summary", "Partners", "Key figures", "Body", "Phases"):
        assert sum(heading in found for found in headings) >= 1, heading
    assert "While the programme runs, leave the last year empty." in form.get_text()


class TestReaders:
    """Only the frontend shows pages: every address of a reader's leads there, and none is a dead end."""

    @pytest.mark.parametrize(
        ("path", "target"),
        [
            ("/", "http://localhost/"),
            ("/programmes/", "http://localhost/programmes/"),
            ("/programmes/a-slug/", "http://localhost/programmes/a-slug/"),
            ("/unknown/", "http://localhost/unknown/"),
        ],
    )
    def test_an_address_leads_to_the_same_one_on_the_frontend(
        self, client: Client, path: str, target: str
    ) -> None:
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, target)

    def test_an_address_with_a_port_leads_to_that_port(self, client: Client) -> None:
        Site.objects.update(hostname="www.example.org", port=3000)
        Site.clear_site_root_paths_cache()
        response = client.get("/programmes/")
        assert response.headers["Location"] == "http://www.example.org:3000/programmes/"

    def test_a_private_page_leads_to_the_frontend_too(self, client: Client) -> None:
        page = factories.ContentPageFactory(slug="secret")
        factories.restrict(page)
        response = client.get("/secret/")
        assert (response.status_code, response.headers["Location"]) == (
            302,
            "http://localhost/secret/",
        )

    def test_without_a_site_an_address_leads_to_the_admin(self, client: Client) -> None:
        Site.objects.all().delete()
        assert client.get("/").headers["Location"] == reverse("wagtailadmin_home")

    def test_a_login_is_that_of_the_admin(self, client: Client) -> None:
        response = client.get("/_util/login/", follow=True)
        assert response.redirect_chain == [(reverse("wagtailadmin_login"), 302)]
        assert response.status_code == 200

    def test_a_private_document_asks_for_a_login_at_the_admin(self, client: Client) -> None:
        document = factories.DocumentFactory()
        document.collection.view_restrictions.create(restriction_type="login")
        response = client.get(document.url, follow=True)
        assert response.status_code == 200
        assert response.redirect_chain[-1][0].startswith(reverse("wagtailadmin_login"))


class TestPreview:
    """What is not live is seen in the frontend as well."""

    @pytest.mark.parametrize("name", PAGES)
    def test_a_draft_opens_in_the_frontend(
        self, editor: Client, pages: dict[str, Page], name: str
    ) -> None:
        page = pages[name]
        response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert response.status_code == 302
        content_type = f"{page._meta.app_label}.{page._meta.model_name}"
        assert response.headers["Location"].startswith(
            f"http://localhost/preview?content_type={content_type}&token="
        )

    def test_a_page_outside_every_site_says_so(self, administrator: Client) -> None:
        root = Page.objects.get(depth=1)
        page = root.add_child(instance=HomePage(title="Nowhere", slug="nowhere"))
        page.save_revision()
        response = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
        assert soup(response).find("h1").get_text() == "This page belongs to no site"
        assert "Settings, Sites" in response.content.decode()

    def test_an_insight_that_is_not_complete_can_be_previewed(self, editor: Client) -> None:
        page = factories.InsightPageFactory(live=False)
        url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        response = editor.post(url, insight_form(title=page.title, slug=page.slug))
        assert response.json() == {"is_valid": True, "is_available": True}
        assert editor.get(url).status_code == 302

    def test_a_programme_that_is_not_complete_can_be_previewed(self, editor: Client) -> None:
        names = ("programmes", "programmepage", factories.programme_index().pk)
        url = reverse("wagtailadmin_pages:preview_on_add", args=names)
        response = editor.post(url, programme_form(start_year="", end_year=""))
        assert response.json() == {"is_valid": True, "is_available": True}
        assert editor.get(url).status_code == 302


def test_an_article_is_written_and_published_by_a_moderator(moderator: Client) -> None:
    form = insight_form(body=streamfield([TEXT]))
    url = add_url(InsightPage, factories.insight_index())
    assert moderator.post(url, {**form, **PUBLISH}).status_code == 302
    assert InsightPage.objects.live().get().kind == "article"
