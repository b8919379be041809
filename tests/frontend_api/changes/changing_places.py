"""Changes of what stands around pages, and of the languages of a site; steps and addresses for `changing_site`."""

from collections.abc import Callable
from random import Random
from typing import Any

from wagtail.models import Locale, Page, Site

from cms.models import FooterItem, NavigationItem, SiteSettings, Word
from cms.models.media import CmsImage
from tests import factories
from tests.publishing import publish_unchecked


def addresses(path: str, key: int) -> list[str]:
    """Return addresses at which the languages and menus of a site are read, and a page of it in another language."""
    return [
        "site/?locale=fr",
        "site/?locale=fr&fallback=default",
        "site/?site=other.example.org",
        "pages/find/?html_path=/fr/",
        f"pages/find/?html_path=/fr{path}&fallback=default",
        f"pages/find/?html_path={path}&locale=fr&fallback=default",
        f"pages/find/?id={key}&locale=fr",
        "programmes/?locale=fr",
        "insights/?locale=en-gb",
    ]


def _some(random: Random, objects: Any) -> Any:
    found = list(objects.order_by("pk"))
    return random.choice(found) if found else None


def _link(random: Random) -> dict[str, Any]:
    page = _some(random, Page.objects.filter(depth__gt=1))
    return {"type": "link", "value": {"page": page.pk, "url": "", "label": ""}}


def _settings(random: Random) -> SiteSettings:
    """Return settings with something changed, not saved."""
    locale = _some(random, Locale.objects.all())
    site = random.choice([factories.default_site(), _some(random, Site.objects.all())])
    settings = SiteSettings.for_site(site, locale, live=random.random() < 0.5)
    page = _some(random, Page.objects.filter(depth__gt=1))
    settings.organisation = f"Organisation {random.randint(1, 99)}"
    settings.description = random.choice(["", "What we do."])
    settings.share_image = random.choice([None, _some(random, CmsImage.objects.all())])
    settings.navigation = random.choice([[], [NavigationItem(page=page, children=[_link(random)])]])
    settings.footer_navigation = [
        FooterItem(url="https://e.org/", label="E", children=[_link(random), _link(random)])
    ]
    settings.words = random.choice([[], [Word(name="search", text=f"Find {random.random()}")]])
    return settings


def publish_settings(random: Random) -> None:
    """Publish the settings of a site in one of its languages."""
    publish_unchecked(_settings(random).save_revision())


def save_draft_of_settings(random: Random) -> None:
    """Save a draft of them, which nobody but editors sees."""
    _settings(random).save_revision()


def unpublish_settings(random: Random) -> None:
    """Unpublish them, or delete them with their site's language."""
    settings = _some(random, SiteSettings.objects.all())
    if settings is not None:
        settings.unpublish() if random.random() < 0.7 else settings.delete()


def translate_home(random: Random) -> None:
    """Start the site in another language, or publish or unpublish what was started."""
    french = Locale.objects.filter(language_code="fr").first()
    home = Page.objects.get(pk=factories.default_site().root_page_id).specific
    if french is None or home.locale_id == french.pk:
        return
    there = home.get_translation_or_none(french)
    if there is None:
        there = home.copy_for_translation(french, alias=random.random() < 0.2)
    if there.alias_of_id is None:
        there = there.specific
        there.unpublish() if there.live else publish_unchecked(there.save_revision())


CHANGES: list[Callable[[Random], None]] = [
    publish_settings,
    save_draft_of_settings,
    unpublish_settings,
    translate_home,
]
