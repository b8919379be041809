"""Makes the demo site out of `content`."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.embeds.embeds import get_embed
from wagtail.models import Site

from cms.models import (
    CmsDocument,
    CmsImage,
    ContentPage,
    FeaturedInsight,
    FeaturedProgramme,
    FooterItem,
    HomePage,
    NavigationItem,
    SiteSettings,
    SocialLink,
    Theme,
)
from insights.models import InsightIndexPage, InsightPage
from programmes.models import (
    KeyFigure,
    Partner,
    Phase,
    ProgrammeIndexPage,
    ProgrammePage,
    ProgrammePartner,
    RelatedInsight,
)

from . import content, pictures
from .accounts import ACCOUNTS
from .building import in_order, menu_links, stored_body
from .loading_french import load_french

VIDEO = "https://vimeo.com/76979871"


def load() -> None:
    """Fill the default site, which has nothing but its home page and index pages, and make the accounts."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    home = site.root_page.specific
    _accounts()
    themes = {
        slug: Theme.objects.create(slug=slug, name=name) for slug, name in content.THEMES.items()
    }
    partners = {slug: _partner(slug, facts) for slug, facts in content.PARTNERS.items()}
    file = ContentFile(pictures.report(), name="programmes-in-figures.pdf")
    report = CmsDocument.objects.create(
        title="Programmes in figures", file=file, file_size=file.size
    )

    insight_index = InsightIndexPage.objects.child_of(home).get()
    insight_index.introduction = "<p>Articles of our own, and others that we recommend.</p>"
    insight_index.save_revision().publish()
    chosen = [content.SIX_POLICIES, content.MOORE_CENTER, content.LACK_OF_DATA]
    insights = {
        facts["slug"]: _insight(insight_index, facts, themes, number)
        for number, facts in enumerate([*chosen, *content.INSIGHTS])
    }
    draft = _insight(insight_index, content.DRAFT_INSIGHT, themes, 14, live=False)
    draft.save_revision()

    programme_index = ProgrammeIndexPage.objects.child_of(home).get()
    programme_index.introduction = "<p>What we do, with whom, and what has come of it.</p>"
    programme_index.save_revision().publish()
    programmes = [
        _programme(programme_index, facts, themes, partners, insights, number)
        for number, facts in enumerate([content.INTERPOL_PROGRAMME, *content.PROGRAMMES])
    ]

    _home(home, programmes, [insights[facts["slug"]] for facts in chosen])
    _about(home, report, insights, programmes[0])
    _settings(site, programme_index, insight_index)
    if settings.WAGTAIL_I18N_ENABLED and "fr" in dict(settings.WAGTAIL_CONTENT_LANGUAGES):
        load_french(site)


def _accounts() -> None:
    for account in ACCOUNTS:
        user = get_user_model()(
            username=account.username,
            email=f"{account.username}@example.org",
            first_name=account.first_name,
            last_name=account.last_name,
            is_superuser=account.group is None,
            is_staff=account.group is None,
        )
        user.set_password(account.password)
        user.save()
        if account.group:
            user.groups.add(Group.objects.get(name=account.group))


def _partner(slug: str, facts: dict[str, Any]) -> Partner:
    name = facts["name"]
    logo = CmsImage.objects.create(
        title=f"{name} (logo)", description=name, file=pictures.wordmark(name, facts["colour"])
    )
    return Partner.objects.create(
        slug=slug, name=name, website=facts["website"], description=facts["description"], logo=logo
    )


def _picture(number: int, title: str) -> CmsImage:
    image = CmsImage(
        title=title,
        description="Hills under a low sun, in a few colours",
        file=pictures.landscape(number),
    )
    image.focal_point_x, image.focal_point_y = pictures.WIDTH // 2, 420
    image.focal_point_width = image.focal_point_height = 400
    image.save()
    return image


def _insight(
    parent: InsightIndexPage,
    facts: dict[str, Any],
    themes: dict[str, Theme],
    number: int,
    *,
    live: bool = True,
) -> InsightPage:
    blocks = facts.get("body") or ([("rich_text", facts["text"])] if "text" in facts else [])
    page = InsightPage(
        title=facts["title"],
        slug=facts["slug"],
        summary=facts["summary"],
        published_on=facts["published_on"],
        external_url=facts.get("external_url", ""),
        body=stored_body(blocks),
        image=_picture(20 + number, facts["slug"].replace("-", " ").capitalize()),
        live=live,
    )
    parent.add_child(instance=page)
    page.themes.set([themes[slug] for slug in facts["themes"]])
    if live:
        page.save_revision().publish()
    else:
        page.save()
    return page


def _programme(
    parent: ProgrammeIndexPage,
    facts: dict[str, Any],
    themes: dict[str, Theme],
    partners: dict[str, Partner],
    insights: dict[str, InsightPage],
    number: int,
) -> ProgrammePage:
    text = [("rich_text", f"<p>{facts['summary']}</p>")]
    page = ProgrammePage(
        title=facts["title"],
        slug=facts["slug"],
        summary=facts["summary"],
        start_year=facts["start_year"],
        end_year=facts["end_year"],
        body=stored_body(facts.get("body", text)),
        image=_picture(number, facts["slug"].replace("-", " ").capitalize()),
    )
    parent.add_child(instance=page)
    page.themes.set([themes[slug] for slug in facts["themes"]])
    page.partners.set(
        in_order(ProgrammePartner(partner=partners[slug]) for slug in facts["partners"])
    )
    page.key_figures.set(
        in_order(KeyFigure(value=value, label=label) for value, label in facts["key_figures"])
    )
    page.phases.set(
        in_order(
            Phase(title=title, start_year=first, end_year=last, text=text)
            for title, first, last, text in facts.get("phases", ())
        )
    )
    page.related_insights.set(
        in_order(
            RelatedInsight(insight=insights[slug]) for slug in facts.get("related_insights", ())
        )
    )
    page.save_revision().publish()
    return page


def _home(home: HomePage, programmes: list[ProgrammePage], insights: list[InsightPage]) -> None:
    home.title = "HDF"
    home.heading = "Every child we find is a child who can be helped"
    home.introduction = (
        "<p>HDF is a private foundation. We work with police, researchers and schools so that children are safe "
        "from sexual violence, online and off.</p>"
    )
    home.summary = "A private foundation for the protection of children from sexual violence."
    home.image = _picture(41, "Hills at the edge of the sea")
    home.featured_programmes.set(
        in_order(FeaturedProgramme(page=page.page_ptr) for page in programmes[:3])
    )
    home.featured_insights.set(in_order(FeaturedInsight(page=page.page_ptr) for page in insights))
    home.save_revision().publish()


def _about(
    home: HomePage, report: CmsDocument, insights: dict[str, InsightPage], programme: ProgrammePage
) -> None:
    get_embed(VIDEO)
    picture = _picture(52, "The foundation’s garden")
    page = ContentPage(
        title="About",
        slug="about",
        summary="Who we are, how we work, and how to reach us.",
        show_in_menus=True,
        body=stored_body(
            [
                (
                    "rich_text",
                    "<p>HDF is a private foundation. We fund what is known to work, pay for finding out what is not "
                    f'known yet, and stay for longer than one grant. <a linktype="page" id="{programme.pk}">Our work '
                    "with INTERPOL</a> has gone on for eight years.</p>",
                ),
                ("heading", {"text": "How we work", "level": "h2"}),
                (
                    "key_figures",
                    {
                        "figures": [
                            {"value": "10", "label": "programmes", "as_of": None},
                            {"value": "4", "label": "partners", "as_of": None},
                            {"value": "1", "label": "aim", "as_of": None},
                        ]
                    },
                ),
                (
                    "image",
                    {
                        "image": {
                            "image": picture.pk,
                            "alt_text": "A garden between low hills",
                            "decorative": False,
                        },
                        "caption": "The garden behind the office",
                        "credit": "Drawn for this site",
                    },
                ),
                ("heading", {"text": "Watch", "level": "h2"}),
                ("video", {"video": VIDEO, "caption": "A short film"}),
                ("document", {"document": report.pk, "label": ""}),
                (
                    "insights",
                    {
                        "heading": "Where to begin",
                        "insights": [
                            insights["eight-years-on"].pk,
                            insights["a-survey-is-a-promise"].pk,
                        ],
                    },
                ),
                (
                    "call_to_action",
                    {"label": "See our programmes", "page": programme.get_parent().pk, "url": ""},
                ),
            ]
        ),
    )
    home.add_child(instance=page)
    page.save_revision().publish()


def _settings(site: Site, programmes: ProgrammeIndexPage, insights: InsightIndexPage) -> None:
    site.site_name = "HDF"
    site.save()
    kept = SiteSettings.for_site(site)
    kept.organisation = "HDF"
    kept.description = "HDF, a private foundation, protects children from sexual violence."
    kept.footer_text = (
        "<p>HDF is a private foundation. This is a demo site; its content is made up.</p>"
    )
    about = ContentPage.objects.child_of(site.root_page).get(slug="about")
    labels = {
        "identifying-victims-online": "Identifying victims",
        "prevention-that-works": "Prevention",
        "a-place-to-talk": "A place to talk",
    }
    below = menu_links(ProgrammePage.objects.filter(slug__in=labels), labels)
    kept.navigation.set(
        in_order(
            [
                NavigationItem(page=programmes.page_ptr, children=below),
                NavigationItem(page=insights.page_ptr),
                NavigationItem(page=about.page_ptr),
            ]
        )
    )
    kept.footer_navigation.set(
        in_order(
            [
                FooterItem(page=about.page_ptr),
                FooterItem(url="https://www.interpol.int", label="INTERPOL"),
            ]
        )
    )
    kept.social_links.set(
        in_order(
            [
                SocialLink(label="LinkedIn", url="https://www.linkedin.com/"),
                SocialLink(label="Mastodon", url="https://mastodon.social/"),
            ]
        )
    )
    kept.save()
