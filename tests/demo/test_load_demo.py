"""The demo site: loaded once, valid throughout, and true to the facts that it was given."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page
from wagtail.rich_text import get_text_for_indexing

from cms.models import CmsImage, ContentPage, HomePage, SiteSettings, Theme, User
from examples.demo.accounts import ACCOUNTS
from insights.models import InsightPage
from programmes.models import Partner, ProgrammePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Titles as their authors wrote them, with the label of whoever publishes each, none for our own.
CITED = {
    "Six policies to end violence against children": "END-VIOLENCE.ORG",
    "Johns Hopkins experts to develop programmes that prevent child sexual abuse perpetration": "",
    "At the heart of the challenge to better understand the scale and hidden prevalence of child sexual abuse is "
    "the lack of robust data": "CSACENTRE.ORG.UK",
}


def load() -> str:
    """Run the command, and return what it says."""
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def programme() -> ProgrammePage:
    """Return the programme that the facts are about."""
    return ProgrammePage.objects.get(slug="identifying-victims-online")


def texts(page: Any) -> str:
    """Return what a page says, without its markup."""
    parts = [page.title, page.summary]
    parts += [get_text_for_indexing(block.render()) for block in page.body]
    return " ".join(parts)


def test_it_is_loaded_once(demo: None) -> None:
    pages, images = Page.objects.count(), CmsImage.objects.count()
    assert load() == "There is content already; the demo site was not loaded.\n"
    assert (Page.objects.count(), CmsImage.objects.count()) == (pages, images)


def test_every_page_is_valid(demo: None) -> None:
    for page in Page.objects.filter(depth__gt=1).specific():
        page.full_clean()
        if hasattr(page, "body"):
            page.body.stream_block.clean(page.body)
        for name in ("phases", "key_figures", "partners"):
            for child in getattr(page, name).all() if hasattr(page, name) else ():
                child.full_clean()
    for stored in (*Theme.objects.all(), *Partner.objects.all(), *CmsImage.objects.all()):
        stored.full_clean()
    assert Page.find_problems() == ([], [], [], [], [])


def test_every_page_is_live_but_one_draft(demo: None) -> None:
    drafts = Page.objects.filter(live=False).values_list("title", flat=True)
    assert list(drafts) == ["Coaches who speak up"]
    changed = Page.objects.filter(live=True, has_unpublished_changes=True)
    assert not changed.exists()


def test_every_image_has_an_alternative_text(demo: None) -> None:
    assert CmsImage.objects.exists()
    assert not CmsImage.objects.filter(description="").exists()


def test_the_accounts_are_in_their_groups_and_log_in(demo: None) -> None:
    found = {
        user.username: (
            list(user.groups.values_list("name", flat=True)),
            user.is_superuser,
        )
        for user in User.objects.all()
    }
    assert found == {
        "editor": (["Editors"], False),
        "moderator": (["Moderators"], False),
        "administrator": ([], True),
    }
    for account in ACCOUNTS:
        assert authenticate(username=account.username, password=account.password)


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.username)
def test_each_account_reaches_the_admin(demo: None, account: Any) -> None:
    client = Client()
    form = {"username": account.username, "password": account.password}
    assert client.post("/admin/login/", form).headers["Location"] == "/admin/"
    assert client.get("/admin/programmes/").status_code == 200


def test_the_cited_titles_and_their_sources_are_as_they_were_given(demo: None) -> None:
    for title, source in CITED.items():
        insight = InsightPage.objects.get(title=title)
        assert insight.source == source
        assert insight.kind == ("external" if source else "article")


def test_the_programme_says_what_the_facts_say(demo: None) -> None:
    page = programme()
    assert page.period == "2015 – 2023"
    assert [choice.partner.name for choice in page.partners.all()] == ["INTERPOL"]
    assert "child sexual exploitation" in page.title
    assert [(phase.start_year, phase.end_year) for phase in page.phases.all()] == [
        (2015, 2019),
        (2020, 2023),
    ]
    assert "Confirmed in 2020" in page.phases.last().text
    assert {child.insight.title for child in page.related_insights.all()} == set(CITED)
    said = texts(page)
    for fact in ("Crimes Against Children Unit", "192 member countries", "ICSE"):
        assert fact in said


def test_the_figures_of_the_programme_are_those_of_the_facts(demo: None) -> None:
    figures = {figure.label: figure.value for figure in programme().key_figures.all()}
    assert figures["victims identified"] == "10,000+"
    assert figures["case files shared with local law enforcement"] == "2,000+"
    [media] = [label for label in figures if "media" in label]
    assert figures[media] == "100,000s"
    assert "ICSE" in media


def test_the_partner_is_who_the_facts_say(demo: None) -> None:
    interpol = Partner.objects.get(slug="interpol")
    assert "largest international police organisation" in interpol.description
    assert "192 member countries" in interpol.description


def test_the_insights_say_what_the_facts_say(demo: None) -> None:
    policies, experts, data = (InsightPage.objects.get(title=title) for title in CITED)
    for fact in ("laws", "institutions", "funding", "lasting change"):
        assert fact in policies.summary
    for fact in ("Moore Center", "largest single investment", "five years", "worldwide"):
        assert fact in texts(experts)
    for fact in ("Home Office", "Tackling CSA Strategy", "first cross-government approach"):
        assert fact in data.summary


def test_listings_page_and_filters_have_something_to_do(demo: None) -> None:
    programmes = ProgrammePage.objects.live()
    assert {page.status for page in programmes if page.end_year is None} == {"active"}
    assert programmes.filter(start_year__gte=2028).exists()
    assert programmes.filter(partners__isnull=True).exists()
    assert programmes.count() == 10
    assert InsightPage.objects.live().count() == 13
    assert {page.kind for page in InsightPage.objects.all()} == {"article", "external"}


def test_the_sections_of_the_site_are_there(demo: None) -> None:
    home = HomePage.objects.get()
    assert home.title == "HDF"
    assert SiteSettings.objects.get().organisation == "HDF"
    sections = home.get_children().live().in_menu().values_list("title", flat=True)
    assert list(sections) == ["Programmes", "Insight", "About"]


def test_the_body_blocks_are_all_used_somewhere(demo: None) -> None:
    pages = [*ContentPage.objects.all(), *InsightPage.objects.all(), *ProgrammePage.objects.all()]
    used = {block.block_type for page in pages for block in page.body}
    assert used == set(ContentPage._meta.get_field("body").stream_block.child_blocks)
