"""Fills the pages of a random site with text, and with every kind of reference to all that is there."""

from collections.abc import Sequence
from typing import Any

from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.models import (
    FeaturedInsight,
    FeaturedProgramme,
    HomePage,
    Theme,
)
from insights.models import InsightPage
from programmes.models import (
    KeyFigure,
    Partner,
    Phase,
    ProgrammePage,
    ProgrammePartner,
    RelatedInsight,
)
from tests import factories
from tests.events.models import EventPage, MeetingPage, Person, Question, Speaker

from .random_menus import write_settings
from .random_sites import FIRST, SECOND, RandomSite


class Writer:
    """Writes one page: every text is a marker for its `audience`, every choice is out of `targets`."""

    def __init__(
        self, site: RandomSite, audience: str, targets: Sequence[Page], picks: int = 0
    ) -> None:
        self.site, self.audience, self.targets, self.picks = site, audience, targets, picks

    def text(self, what: str) -> str:
        """Return a new marker."""
        return self.site.texts.new(self.audience, what)

    def of_type(self, model: type[Page]) -> list[Any]:
        """Return the targets that are of `model`, as that model."""
        return list(model.objects.filter(pk__in=[page.pk for page in self.targets]))

    def pick(self, items: Sequence[Any]) -> Any:
        """Return one of `items`."""
        return items[self.picks % len(items)] if items else None

    def rich_text(self) -> str:
        """Return text with a link to every target and document, and every image."""
        text = self.text("link")
        links = [
            *(f'<a linktype="page" id="{page.pk}">{text}</a>' for page in self.targets),
            *(f'<a linktype="document" id="{item.pk}">{text}</a>' for item in self.site.documents),
        ]
        images = [
            f'<embed embedtype="image" id="{image.pk}" format="left" alt="{text}"/>'
            for image in self.site.images
        ]
        return f"<p>{' '.join(links)}</p>{''.join(images)}"

    def body(self) -> list[dict[str, Any]]:
        """Return a body with every block that there is in `cms.blocks`."""
        insights = [page.pk for page in self.of_type(InsightPage)]
        return [
            {"type": "heading", "value": {"text": self.text("heading"), "level": "h2"}},
            {"type": "rich_text", "value": self.rich_text()},
            {
                "type": "quote",
                "value": {"text": self.text("quote"), "attribution": self.text("who")},
            },
            *(
                {
                    "type": "image",
                    "value": {
                        "image": {
                            "image": image.pk,
                            "alt_text": self.text("alt"),
                            "decorative": False,
                        },
                        "caption": self.text("caption"),
                        "credit": self.text("credit"),
                    },
                }
                for image in self.site.images
            ),
            *(
                {"type": "document", "value": {"document": document.pk, "label": ""}}
                for document in self.site.documents
            ),
            {
                "type": "key_figures",
                "value": {"figures": [{"value": "1", "label": self.text("figure"), "as_of": None}]},
            },
            {
                "type": "table",
                "value": {
                    "caption": self.text("caption"),
                    "columns": [
                        {"type": "rich_text", "heading": self.text("column")},
                        {"type": "text", "heading": "-"},
                    ],
                    "rows": [{"values": [self.rich_text(), self.text("cell")]}],
                },
            },
            {"type": "insights", "value": {"heading": self.text("row"), "insights": insights}},
            *(
                {
                    "type": "call_to_action",
                    "value": {"label": self.text("button"), "page": page.pk, "url": ""},
                }
                for page in self.targets
            ),
        ]

    def write(self, page: Any) -> None:
        """Fill in the texts, rich texts, body, choices and inline children of `page`."""
        self.site.texts.write(page, self.audience, f"{type(page).__name__} {page.pk}")
        for field in page._meta.concrete_fields:
            if isinstance(field, RichTextField):
                setattr(page, field.name, getattr(page, field.name) + self.rich_text())
            elif isinstance(field, StreamField) and not isinstance(page, EventPage | MeetingPage):
                # An insight that leads elsewhere has no body.
                elsewhere = getattr(page, "external_url", "")
                setattr(page, field.name, [] if elsewhere else self.body())
            elif field.related_model is get_image_model():
                setattr(page, field.name, self.pick(self.site.images))
        if getattr(page, "external_url", ""):
            page.external_url = f"https://{self.text('host')}.example/"
        if isinstance(page, EventPage):
            page.body = [{"type": "paragraph", "value": self.rich_text()}]
            page.follows = self.pick([event for event in self.of_type(EventPage) if event != page])
            page.speakers.set([Speaker(name=self.text("speaker"))])
            page.people.set([Person.objects.create(name=self.text("person"))])
        if isinstance(page, MeetingPage):
            self._write_meeting(page)
        if isinstance(page, InsightPage | ProgrammePage):
            theme = Theme.objects.create(name=self.text("theme"), slug=self.text("theme's slug"))
            page.themes.set([theme, self.site.shared_theme])
        if isinstance(page, ProgrammePage):
            self._write_programme(page)
        if isinstance(page, HomePage):
            page.featured_insights.set([FeaturedInsight(page=target) for target in self.targets])
            page.featured_programmes.set(
                [FeaturedProgramme(page=target) for target in self.targets]
            )
        page.save()

    def _write_meeting(self, page: MeetingPage) -> None:
        sponsors = list(self.site.sponsors.values())
        page.sponsor = self.pick(sponsors)
        page.supporters.set(sponsors)
        page.body = [{"type": "sponsor", "value": sponsor.pk} for sponsor in sponsors]
        page.prepares = self.pick(self.of_type(EventPage))
        page.tags.add(self.text("tag"))
        Question.objects.create(meeting=page, text=self.text("question"))

    def _write_programme(self, page: ProgrammePage) -> None:
        partner = Partner.objects.create(
            name=self.text("partner"),
            slug=self.text("partner's slug"),
            description=self.text("description"),
            logo=self.pick(self.site.images),
        )
        page.partners.set([ProgrammePartner(partner=partner)])
        page.key_figures.set([KeyFigure(value="1", label=self.text("figure"))])
        page.phases.set([Phase(title=self.text("phase"), start_year=2020, text=self.rich_text())])
        # Without any, it has those that share a theme.
        chosen = self.of_type(InsightPage) if self.picks % 2 == 0 else []
        page.related_insights.set([RelatedInsight(insight=insight) for insight in chosen])


def fill(site: RandomSite) -> None:
    """Write every page of `site`, and what stands around them on both sites."""
    for number, (node, page) in enumerate(zip(site.plan.nodes, site.pages, strict=True)):
        site.texts.page = number
        page.refresh_from_db(fields=["numchild"])
        targets = [target for other, target in enumerate(site.pages) if other not in node.omits]
        Writer(site, site.audience(number), targets, node.picks + number).write(page)
    site.texts.page = None
    for root, audience, home in (
        (site.first, FIRST, site.home),
        (site.second, SECOND, site.second_home),
    ):
        writer = Writer(site, audience, site.pages)
        home.refresh_from_db()
        writer.write(home)
        # One site has a menu of its own, the other one the pages that are shown in menus.
        has_menu = site.plan.first_site_has_navigation == (audience == FIRST)
        write_settings(writer, root, has_menu=has_menu)
    introduction = Writer(site, FIRST, site.pages)
    for index in (factories.programme_index(), factories.insight_index()):
        introduction.write(index)
    site.revise()
