"""What is read in the benchmark: the demo site, with enough of each kind to fill a listing."""

from io import StringIO

from django.core.management import call_command

from examples.demo.content import INTERPOL_PROGRAMME
from examples.demo.loading import load
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests.filled import Filler, copies

IN_ALL = 60


def make() -> None:
    """Load the demo site, give its richest pages every block there is, multiply the rest, and make all renditions."""
    load()
    for model in (InsightPage, ProgrammePage):
        for page in [page for page in model.objects.live() if page.body]:
            copies(page, IN_ALL // model.objects.live().count())
    programme, insight = richest()
    for page in (programme, insight):
        page.body = [*page.body.raw_data, *Filler(1).stream(page.body.stream_block)]
        page.save()
    call_command("make_renditions", stdout=StringIO())


def richest() -> tuple[ProgrammePage, InsightPage]:
    """Return the programme and the insight that have most to show."""
    programme = ProgrammePage.objects.get(slug=INTERPOL_PROGRAMME["slug"])
    insights = InsightPage.objects.live().filter(external_url="").order_by("pk")
    return programme, max(insights, key=lambda insight: len(insight.body))
