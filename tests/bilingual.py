"""A site in English and French, for tests of languages."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Locale

from cms.models import ContentPage, HomePage
from tests import factories


@dataclass(frozen=True)
class Bilingual:
    """The default site with a French tree beside its own: home, and a page About, in both."""

    french: Locale
    home: HomePage
    accueil: HomePage
    about: ContentPage
    a_propos: ContentPage


def translated(page: Any, locale: Locale, *, live: bool = True, **texts: Any) -> Any:
    """Return a translation of a page as somebody made it: published, unless it is to stay a draft."""
    found = page.copy_for_translation(locale, copy_parents=True)
    for name, text in texts.items():
        setattr(found, name, text)
    revision = found.save_revision()
    if live:
        revision.publish()
    found.refresh_from_db()
    return found


def bilingual(settings: Any) -> Bilingual:
    """Switch languages on, and translate home and About."""
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English"), ("fr", "Français")]
    french, _ = Locale.objects.get_or_create(language_code="fr")
    home = factories.home()
    about = factories.ContentPageFactory(title="About", slug="about", show_in_menus=True)
    accueil = translated(home, french, title="Accueil")
    a_propos = translated(about, french, title="À propos", slug="a-propos")
    return Bilingual(french, home, accueil, about, a_propos)


def paths(listing: dict[str, Any]) -> list[str]:
    """Return the addresses of the items of a listing."""
    return [item["meta"]["html_url"] for item in listing["items"]]
