"""Makes the French part of the demo site out of `french`: translations of a few pages, and settings of their own."""

from typing import Any

from wagtail.models import Locale, Site

from cms.models import (
    ContentPage,
    FeaturedInsight,
    FeaturedProgramme,
    FooterItem,
    NavigationItem,
    SiteSettings,
)
from insights.models import InsightIndexPage, InsightPage
from programmes.models import KeyFigure, Phase, ProgrammeIndexPage, ProgrammePage

from . import french
from .building import in_order, menu_links, stored_body


def load_french(site: Site) -> None:
    """Translate a few pages of a site into French, and publish its French settings."""
    locale, _ = Locale.objects.get_or_create(language_code="fr")
    home = _translated(site.root_page.specific, locale, french.HOME, publish=False)
    programmes = _translated(
        ProgrammeIndexPage.objects.child_of(site.root_page).get(), locale, french.PROGRAMMES
    )
    insights = _translated(
        InsightIndexPage.objects.child_of(site.root_page).get(), locale, french.INSIGHTS
    )
    shown_programmes = [
        _programme(slug, locale, texts)
        for slug, texts in (
            ("identifying-victims-online", french.INTERPOL_PROGRAMME),
            ("prevention-that-works", french.PREVENTION_PROGRAMME),
        )
    ]
    shown_insights = [
        _translated(InsightPage.objects.get(slug=slug, locale=site.root_page.locale), locale, texts)
        for slug, texts in (
            ("experts-to-develop-prevention-programmes", french.MOORE_CENTER),
            ("what-a-power-socket-told", french.POWER_SOCKET),
        )
    ]
    about_text = french.ABOUT_TEXT.format(programme=shown_programmes[0].pk)
    about = _translated(
        ContentPage.objects.child_of(site.root_page).get(slug="about"),
        locale,
        {**french.ABOUT, "body": [("rich_text", about_text)]},
    )
    home.featured_programmes.set(
        in_order(FeaturedProgramme(page=page.page_ptr) for page in shown_programmes)
    )
    home.featured_insights.set(
        in_order(FeaturedInsight(page=page.page_ptr) for page in shown_insights)
    )
    home.save_revision().publish()
    _settings(site, locale, programmes, insights, about)


def _translated(page: Any, locale: Locale, texts: dict[str, Any], *, publish: bool = True) -> Any:
    """Return the translation of a page, with these texts in place of its own."""
    found = page.copy_for_translation(locale, copy_parents=True)
    for name, value in texts.items():
        setattr(found, name, stored_body(value) if name == "body" else value)
    if publish:
        found.save_revision().publish()
        found.refresh_from_db()
    return found


def _programme(slug: str, locale: Locale, texts: dict[str, Any]) -> ProgrammePage:
    plain = {name: text for name, text in texts.items() if name not in {"key_figures", "phases"}}
    original = ProgrammePage.objects.exclude(locale=locale).get(slug=slug)
    page = _translated(original, locale, plain, publish=False)
    page.key_figures.set(
        in_order(KeyFigure(value=value, label=label) for value, label in texts["key_figures"])
    )
    page.phases.set(
        in_order(
            Phase(title=title, start_year=first, end_year=last, text=text)
            for title, first, last, text in texts["phases"]
        )
    )
    # What is related in English alone would lead nowhere in French.
    page.related_insights.set([])
    page.save_revision().publish()
    page.refresh_from_db()
    made: ProgrammePage = page
    return made


def _settings(site: Site, locale: Locale, programmes: Any, insights: Any, about: Any) -> None:
    settings = SiteSettings.for_site(site, locale, live=False)
    settings.organisation, settings.description = french.ORGANISATION, french.DESCRIPTION
    settings.footer_text = french.FOOTER
    below = menu_links(ProgrammePage.objects.child_of(programmes), french.MENU)
    settings.navigation.set(
        in_order(
            [
                NavigationItem(page=programmes.page_ptr, children=below),
                NavigationItem(page=insights.page_ptr),
                NavigationItem(page=about.page_ptr),
            ]
        )
    )
    settings.footer_navigation.set(
        in_order(
            [
                FooterItem(page=about.page_ptr),
                FooterItem(url="https://www.interpol.int/fr", label="INTERPOL"),
            ]
        )
    )
    settings.save_revision().publish()
