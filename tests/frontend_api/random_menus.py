"""What stands around the pages of a random site: menus that name everything, words, and a draft that is nobody's."""

from typing import Any

from wagtail.models import Site

from cms.models import FooterItem, NavigationItem, SiteSettings, Word

from .random_sites import FIRST, NOBODY, SECOND


def write_settings(writer: Any, root: Site, *, has_menu: bool) -> None:
    """Write the settings of one site, published, with a draft of what they will say next."""
    site = writer.site
    settings = SiteSettings.for_site(root)
    settings.organisation, settings.description = (writer.text(what) for what in ("name", "about"))
    settings.footer_text = writer.rich_text()
    settings.logo = settings.share_image = writer.pick(site.images)
    settings.words = [Word(name="search", text=writer.text("word"))]
    own = SECOND if root == site.second else FIRST

    def label(number: int) -> str:
        # Without a label, it is the page's title; that of a page of the other site is for its readers.
        return "" if site.audience(number) in (own, NOBODY) else str(writer.text("label"))

    elsewhere = {"url": "https://elsewhere.example/", "label": writer.text("label")}
    named = [(page, label(number)) for number, page in enumerate(site.pages)]
    below = [_link(page.pk, text) for page, text in named]
    settings.footer_navigation = [
        FooterItem(**elsewhere, children=below),
        *(FooterItem(page=page, label=text, children=below) for page, text in named[:3]),
    ]
    if has_menu:
        settings.navigation = [
            NavigationItem(**elsewhere, children=below),
            *(NavigationItem(page=page, label=text) for page, text in named),
        ]
    settings.save()
    settings.organisation = site.texts.new(NOBODY, "next organisation")
    settings.words = [Word(name="search", text=site.texts.new(NOBODY, "next word"))]
    settings.save_revision()


def _link(key: int, label: str) -> dict[str, Any]:
    return {"type": "link", "value": {"page": key, "url": "", "label": label}}
