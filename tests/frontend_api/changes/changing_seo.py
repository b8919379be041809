"""Changes of what pages say of their place and of themselves, and addresses that show it; see `changing_site`."""

from random import Random

from wagtail.models import Locale, Page

from cms.models import CmsImage, SiteSettings
from insights.models import InsightPage
from tests.publishing import publish_unchecked

ADDRESSES = [
    "pages/?fields=ancestors,translations,x_default,seo&limit=100",
    "insights/?fields=_,translations,seo",
]


def change_share_defaults(random: Random) -> None:
    """Change what a site says in the place of its pages, some of it or nothing."""
    setting = SiteSettings.objects.order_by("pk").first()
    if setting is None:
        return
    keys = [None, *CmsImage.objects.order_by("pk").values_list("pk", flat=True)]
    setting.organisation = random.choice(["", "HDF", "Foundation"])
    setting.description = random.choice(["", "Safer childhoods.", "Another description."])
    setting.logo_id, setting.share_image_id = random.choice(keys), random.choice(keys)
    setting.save()


def change_what_search_engines_see(random: Random) -> None:
    """Change what an insight says to search engines alone."""
    found = list(InsightPage.objects.filter(alias_of=None).order_by("pk"))
    if not found:
        return
    insight = random.choice(found)
    insight.search_description = random.choice(["", "In short."])
    insight.hide_from_search_engines = random.random() < 0.5
    publish_unchecked(insight.save_revision())


def translate_beside(random: Random) -> None:
    """Make a page another one's translation below the same page, or end what such a translation says."""
    french = Locale.objects.filter(language_code="fr").first()
    translated = Page.objects.filter(locale=french, depth__gt=3).order_by("pk").first()
    if french is None:
        return
    if translated is not None and random.random() < 0.5:
        if translated.live:
            translated.specific.unpublish()
        else:
            publish_unchecked(translated.specific.save_revision())
        return
    originals = Page.objects.filter(depth__gt=3, alias_of=None).exclude(locale=french)
    keys = list(originals.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return
    page = Page.objects.get(pk=random.choice(keys)).specific
    if not page.has_translation(french):
        slug = f"translated-{random.randint(1, 10**6)}"
        page.copy(
            reset_translation_key=False,
            update_attrs={"locale": french, "slug": slug},
            keep_live=True,
        )


SEO_CHANGES = [change_share_defaults, change_what_search_engines_see, translate_beside]
