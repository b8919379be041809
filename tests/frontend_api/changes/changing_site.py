"""A site of which everything can change, and every way to change it.

Each function of `CHANGES` changes something at random, in the way in which the admin, a command or a script does it.
They take what they need from the database, so that they can be run in any order; where there is nothing to change, they
do nothing.
"""

import datetime
from collections.abc import Callable
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction as django_transaction
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
)

from cms.background.models import QueuedTask
from cms.models import CmsDocument, CmsImage, ContentPage, SiteSettings, Theme
from cms.models.site_settings import NavigationItem
from frontend_api.changes.transaction import transaction
from frontend_api.images.renditions import drop_stale, make_missing, shown_by, users_of
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
from tests.events.models import Credit, EventPage, MeetingPage, Person, Question, Sponsor
from tests.frontend_api.changes import changing_redirects, read_listings
from tests.frontend_api.changes.changing_seo import ADDRESSES, SEO_CHANGES
from tests.frontend_api.endpoints.discovery import reads as discovery
from tests.publishing import publish_unchecked

from . import changing_places

TAGS = ["sea", "boats", "open", "board"]
WORDS = ("Protect", "Prevent", "Listen", "Girls", "School", "Lasting", "Change")
IN = datetime.timedelta
"""How far ahead something is scheduled is drawn in hours."""


def build() -> None:
    """Make the site: some of everything, much of it shown by something else."""
    themes = [factories.ThemeFactory() for _ in range(3)]
    partners = [factories.PartnerFactory() for _ in range(2)]
    images = [
        factories.ImageFactory(file=ContentFile(factories.png(40, 30), "a.png")) for _ in range(2)
    ]
    document = factories.DocumentFactory()
    insights = [
        factories.InsightPageFactory(
            themes=[themes[number % 3]],
            image=images[number % 2],
            published_on=datetime.date(2024, 5, 1 + number),
        )
        for number in range(4)
    ]
    for number in range(3):
        factories.ProgrammePageFactory(
            themes=[themes[number]],
            partners=partners,
            insights=insights[: number % 3],
            start_year=2024 + number,
            end_year=None,
        )
    section = factories.ContentPageFactory(title="Section", show_in_menus=True)
    factories.ContentPageFactory(
        parent=section,
        title="Below",
        body=[
            {"type": "rich_text", "value": text_with_links(insights[0], document, images[0])},
            {"type": "image", "value": {"image": images[1].pk, "alt": "", "caption": ""}},
        ],
    )
    sponsors = [factories.SponsorFactory(live=is_live) for is_live in (True, True, False)]
    event = factories.EventPageFactory(title="An event")
    for name in ("Ada", "Grace"):
        Credit.objects.create(event=event, person=Person.objects.create(name=name))
    meeting = factories.MeetingPageFactory(
        title="A meeting",
        sponsor=sponsors[0],
        supporters=sponsors,
        prepares=event,
        body=[{"type": "sponsor", "value": sponsor.pk} for sponsor in sponsors],
    )
    meeting.tags.add("open", "board")
    meeting.save()
    meeting.questions.create(text="When?")
    images[0].tags.add("sea", "boats")
    document.tags.add("sea")
    Collection.get_first_root_node().add_child(name="Private")
    Locale.objects.get_or_create(language_code="fr")


def text_with_links(page: Page, document: CmsDocument, image: CmsImage) -> str:
    """Return rich text that names a page, a document and an image."""
    return (
        f'<p>A <a linktype="page" id="{page.pk}">page</a>, a <a linktype="document" id="{document.pk}">document</a></p>'
        f'<embed embedtype="image" id="{image.pk}" format="fullwidth" alt="An image"/>'
    )


def addresses(random: Random) -> list[str]:
    """Return addresses of everything that is or was there, some drawn at random."""
    pages = list(Page.objects.filter(depth__gt=1).values_list("pk", "url_path", "slug"))
    key, url_path, slug = random.choice(pages)
    path = "/" + "/".join(url_path.split("/")[2:])
    word = random.choice(WORDS)
    theme = random.choice([*Theme.objects.values_list("slug", flat=True), "gone"])
    kind = random.choice(["insights", "programmes"])
    names = [*Sponsor.objects.values_list("name", flat=True), "gone"]
    return random.sample(
        [
            f"pages/{key}/",
            f"pages/{random.choice(pages)[0]}/",
            f"pages/find/?html_path={path}",
            f"pages/?limit={random.choice([1, 3, 100])}",
            "pages/?fields=*&limit=100",
            "pages/?type=insights.InsightPage,programmes.ProgrammePage",
            f"pages/?child_of={key}",
            f"pages/?descendant_of={key}&order=-title",
            f"pages/?slug={slug}",
            f"pages/?search={word}",
            f"search/?q={word}",
            f"autocomplete/?q={word[:2]}",
            "pages/?locale=fr",
            "pages/?order=last_published_at",
            "programmes/",
            f"programmes/?theme={theme}",
            "programmes/?status=active",
            f"programmes/?running_in={random.randint(2024, 2031)}",
            f"programmes/?partner={random.choice([*Partner.objects.values_list('slug', flat=True), 'gone'])}",
            "programmes/?order=title&limit=2&offset=1",
            "insights/",
            "insights/?fields=*,themes(name)",
            "insights/?limit=2&offset=1",
            "insights/?kind=article&order=source",
            f"insights/?theme={theme}",
            f"insights/?programme={slug}",
            "insights/?published_after=2024-05-03",
            f"{kind}/?search={word}&order=title",
            f"{kind}/{key}/",
            "images/",
            f"images/?title=Image+{random.randint(1, 9)}",
            "documents/",
            f"documents/{random.randint(1, 3)}/",
            f"images/?tags={','.join(random.sample(TAGS, 2))}",
            f"documents/?tags={random.choice(TAGS)}",
            "site/",
            "events/?fields=*",
            "meetings/?fields=*",
            f"meetings/?supporter={random.choice(names)}",
            f"pages/?type=events.MeetingPage&fields=*&search={word}",
            f"pages/?type=events.MeetingPage&tags={random.choice(TAGS)}",
            f"pages/?type=events.MeetingPage&supporters={random.randint(1, 4)}",
            f"pages/?type=programmes.ProgrammePage&themes={random.randint(1, 4)}",
            "pages/?rich_text_format=markdown&fields=*&limit=100",
            f"images/?collection={random.randint(1, 3)}",
            f"images/find/?id={random.randint(1, 4)}",
            "insights/?fields=image(tags)",
            *ADDRESSES,
            *discovery.addresses(random, key),
            *changing_places.addresses(path, key),
            *read_listings.addresses(random, theme),
            *changing_redirects.led_from(random),
        ],
        8,
    )


def _some(random: Random, queryset: Any) -> Any:
    keys = list(queryset.order_by("pk").values_list("pk", flat=True))
    return queryset.get(pk=random.choice(keys)) if keys else None


def _page(random: Random, **only: Any) -> Any:
    """Return a page below the home page, as its own type."""
    found = _some(random, Page.objects.filter(depth__gt=3, alias_of=None, **only))
    return found and found.specific


def _title(random: Random) -> str:
    return " ".join(random.sample(WORDS, 2))


def edit(random: Random, page: Any) -> None:
    """Change something of a page, as an editor does in its form."""
    page.title = random.choice([page.title, _title(random)])
    page.seo_title = random.choice(["", _title(random)])
    page.show_in_menus = random.choice([True, False])
    if random.random() < 0.2:
        page.slug = f"slug-{random.randint(1, 10**6)}"
    if isinstance(page, ContentPage | InsightPage | ProgrammePage):
        page.body = [{"type": "rich_text", "value": f"<p>{_title(random)}</p>"}]
        page.image = random.choice([None, _some(random, CmsImage.objects.all())])
    if isinstance(page, InsightPage | ProgrammePage):
        page.themes.set(random.sample(list(Theme.objects.all()), min(2, Theme.objects.count())))
    if isinstance(page, InsightPage):
        page.published_on = datetime.date(2024, 5, random.randint(1, 9))
        page.external_url = ""
        if random.random() < 0.3:
            page.external_url, page.body, page.source = "https://example.org/a", [], "END"
    if isinstance(page, ProgrammePage):
        page.start_year = random.randint(2024, 2030)
        page.end_year = random.choice([None, page.start_year + 2])
        page.key_figures = [KeyFigure(value=str(random.randint(1, 99)), label="Girls")]
        page.phases = [Phase(title=_title(random), start_year=2025)]
        page.partners = [
            ProgrammePartner(partner=partner)
            for partner in Partner.objects.all()
            if random.random() < 0.5
        ]
        page.related_insights = [
            RelatedInsight(insight=insight)
            for insight in InsightPage.objects.all()[:4]
            if random.random() < 0.4
        ]


def save_draft(random: Random) -> None:
    """Save a draft, which nobody but editors sees."""
    if page := _page(random):
        edit(random, page)
        page.save_revision()


def publish(random: Random) -> None:
    """Publish a page with changes."""
    if page := _page(random):
        edit(random, page)
        publish_unchecked(page.save_revision())


def publish_home(random: Random) -> None:
    """Publish a page that much is below."""
    page = _some(random, Page.objects.filter(depth__in=(2, 3), alias_of=None)).specific
    page.title = _title(random)
    if page.depth == 3 and random.random() < 0.5:
        page.slug = f"slug-{random.randint(1, 10**6)}"
    publish_unchecked(page.save_revision())


def add(random: Random) -> None:
    """Add a page, published or not."""
    factory = random.choice([factories.InsightPageFactory, factories.ProgrammePageFactory])
    if (
        Page.objects.filter(
            pk__in=[factories.insight_index().pk, factories.programme_index().pk]
        ).count()
        == 2
    ):
        factory(live=random.random() < 0.7, title=_title(random))


def unpublish(random: Random) -> None:
    """Unpublish a page, sometimes with all that is below it."""
    if page := _page(random, live=True):
        page.unpublish()


def unpublish_section(random: Random) -> None:
    """Unpublish or publish again what other pages are below."""
    page = _some(random, Page.objects.filter(depth=3, alias_of=None)).specific
    if page.live:
        page.unpublish()
    else:
        publish_unchecked(page.save_revision())


def delete(random: Random) -> None:
    """Delete a page with all that is below it."""
    if Page.objects.filter(depth__gt=3).count() > 5 and (page := _page(random)):
        page.delete()


def move(random: Random) -> None:
    """Move a page below another one, or beside one of its siblings."""
    page = _page(random)
    if page is None:
        return
    if random.random() < 0.5:
        sibling = random.choice(list(page.get_siblings()))
        page.move(sibling, pos=random.choice(["left", "right", "first-sibling", "last-sibling"]))
        return
    targets = Page.objects.filter(depth__in=(3, 4)).exclude(path__startswith=page.path)
    page.slug = page.slug
    target = _some(random, targets)
    if target and not target.get_children().filter(slug=page.slug).exists():
        page.move(target, pos="last-child")


def copy(random: Random) -> None:
    """Copy a page, as it is or as an alias."""
    page = _page(random)
    if page is None:
        return
    slug = f"copy-{random.randint(1, 10**6)}"
    if random.random() < 0.5:
        page.copy(update_attrs={"slug": slug}, keep_live=random.random() < 0.5)
    else:
        page.create_alias(update_slug=slug)


def translate(random: Random) -> None:
    """Copy a page into another language."""
    page = _some(random, Page.objects.filter(depth=3, locale=Locale.get_default()))
    french = Locale.objects.filter(language_code="fr").first()
    if page and french and not page.has_translation(french):
        page.specific.copy_for_translation(french, copy_parents=True, alias=random.random() < 0.5)


def restrict(random: Random) -> None:
    """Make a page private, or what is private public."""
    existing = PageViewRestriction.objects.order_by("pk").first()
    if existing is not None and random.random() < 0.7:
        existing.delete()
        return
    page = _some(random, Page.objects.filter(depth__gt=2))
    if page and not page.view_restrictions.exists():
        page.view_restrictions.create(restriction_type="password", password="secret")


def restrict_collection(random: Random) -> None:
    """Make a collection private or public."""
    existing = CollectionViewRestriction.objects.first()
    if existing is not None:
        existing.delete()
    else:
        private = Collection.objects.get(name="Private")
        private.view_restrictions.create(restriction_type="login")


def change_image(random: Random) -> None:
    """Change what an image is called, its focal point, its file, or where it is kept."""
    image = _some(random, CmsImage.objects.all())
    if image is None:
        return
    what = random.choice(["title", "focal", "file", "collection", "tags"])
    if what == "title":
        image.title = _title(random)
        image.description = _title(random)
    elif what == "focal":
        image.focal_point_x, image.focal_point_y = random.randint(1, 20), random.randint(1, 20)
        image.focal_point_width = image.focal_point_height = 5
    elif what == "file":
        image.file = ContentFile(factories.png(random.randint(20, 60), 30), "b.png")
    elif what == "collection":
        image.collection = random.choice(list(Collection.objects.all()))
    image.save()
    if what == "tags":
        image.tags.set(random.sample(WORDS, 2))


def delete_image(random: Random) -> None:
    """Delete an image, whoever shows it."""
    image = _some(random, CmsImage.objects.all())
    if image and random.random() < 0.3:
        image.delete()


def make_renditions(random: Random) -> None:
    """Make what is missing of pictures, and drop what another focal point makes wrong."""
    image = _some(random, CmsImage.objects.all())
    if image:
        drop_stale(image)
        for found in users_of(image):
            make_missing(shown_by(found)[1])


def run_tasks(random: Random) -> None:
    """Run some of the tasks that wait, as workers do: late, in any order, and now and then one of them once more."""
    waiting = list(QueuedTask.objects.all())
    for task in random.sample(waiting, min(len(waiting), 4)):
        found = task.task_result
        found.task.call(*found.args)
        if random.random() < 0.7:
            task.delete()


def change_document(random: Random) -> None:
    """Change or delete a document."""
    document = _some(random, CmsDocument.objects.all())
    if document is None:
        factories.DocumentFactory()
    elif random.random() < 0.2:
        document.delete()
    else:
        document.title = _title(random)
        document.collection = random.choice(list(Collection.objects.all()))
        document.save()


def change_theme(random: Random) -> None:
    """Rename a theme, delete one or add one."""
    theme = _some(random, Theme.objects.all())
    if theme is None or random.random() < 0.2:
        factories.ThemeFactory()
    elif random.random() < 0.2:
        theme.delete()
    else:
        theme.name = _title(random) + str(random.randint(1, 10**6))
        if random.random() < 0.3:
            theme.slug = f"theme-{random.randint(1, 10**6)}"
        theme.save()


def choose_from_the_other_side(random: Random) -> None:
    """Change a many-to-many choice from the side of what is chosen."""
    theme, insight = _some(random, Theme.objects.all()), _some(random, InsightPage.objects.all())
    if theme and insight:
        what = random.choice(["add", "remove", "clear"])
        if what == "clear":
            theme.insights.clear()
        else:
            getattr(theme.insights, what)(insight)


def change_partner(random: Random) -> None:
    """Rename a partner, or give it another logo."""
    partner = _some(random, Partner.objects.all())
    if partner:
        partner.name = _title(random) + str(random.randint(1, 10**6))
        partner.logo = random.choice([None, _some(random, CmsImage.objects.all())])
        partner.save()


def change_settings(random: Random) -> None:
    """Change what every page shows around its content."""
    settings = SiteSettings.for_site(factories.default_site())
    settings.organisation = _title(random)
    if random.random() < 0.5:
        page = _some(random, Page.objects.filter(depth__gt=1))
        settings.navigation = [NavigationItem(label=random.choice(["", "A label"]), page=page)]
    else:
        settings.navigation = []
    settings.save()


def change_site(random: Random) -> None:
    """Give the site another address or home."""
    site = factories.default_site()
    site.hostname = f"www{random.randint(1, 99)}.example.org"
    site.save()


def add_site(random: Random) -> None:
    """Start another site at a page within the first one, or end it."""
    other = Site.objects.filter(is_default_site=False).first()
    if other is not None:
        other.delete()
    elif page := _some(random, Page.objects.filter(depth=3)):
        Site.objects.create(hostname="other.example.org", root_page=page)


def change_locale(random: Random) -> None:
    """Change the code of a language."""
    locale = Locale.objects.exclude(pk=Locale.get_default().pk).first()
    if locale is None:
        Locale.objects.create(language_code="fr")
    else:
        locale.language_code = "de" if locale.language_code == "fr" else "fr"
        locale.save()


def schedule(random: Random) -> None:
    """Schedule a page's changes, and when it goes."""
    if page := _page(random):
        edit(random, page)
        now = timezone.now()
        page.go_live_at = random.choice([None, now + IN(hours=random.randint(1, 30))])
        page.expire_at = random.choice([None, now + IN(hours=random.randint(31, 60))])
        publish_unchecked(page.save_revision(approved_go_live_at=page.go_live_at))


def schedule_what_has_aliases(random: Random) -> None:
    """Schedule a page that is published or not, and of which there are aliases, and aliases of these."""
    if page := _page(random):
        slugs = [f"alias-{random.randint(1, 10**6)}" for _ in range(2)]
        alias = page.create_alias(update_slug=slugs[0])
        if random.random() < 0.5:
            alias.create_alias(update_slug=slugs[1])
        if random.random() < 0.5:
            page.unpublish()
        schedule(random)


def change_sponsor(random: Random) -> None:
    """Do to a snippet with drafts what can be done to it."""
    sponsor = _some(random, Sponsor.objects.all())
    if sponsor is None:
        factories.SponsorFactory(live=random.random() < 0.5)
        return
    sponsor.name = _title(random)
    now = timezone.now()
    what = random.choice(["draft", "publish", "unpublish", "expire", "schedule", "save", "delete"])
    if what == "unpublish":
        sponsor.unpublish()
    elif what == "save":
        sponsor.save()
    elif what == "delete":
        Sponsor.objects.get(pk=sponsor.pk).delete()
    else:
        sponsor.expire_at = now + IN(hours=random.randint(1, 40)) if what == "expire" else None
        sponsor.go_live_at = now + IN(hours=random.randint(1, 40)) if what == "schedule" else None
        revision = sponsor.save_revision()
        if what != "draft":
            publish_unchecked(revision)


def change_credit(random: Random) -> None:
    """Change who has a part in an event, by the rows between the two."""
    event, person = _some(random, EventPage.objects.all()), _some(random, Person.objects.all())
    credit = _some(random, Credit.objects.all())
    if event and person and random.random() < 0.4:
        Credit.objects.create(event=event, person=person)
    elif credit and person and random.random() < 0.5:
        credit.person = person
        credit.save()
    elif credit:
        credit.delete()


def change_person(random: Random) -> None:
    """Rename somebody."""
    if person := _some(random, Person.objects.all()):
        person.name = _title(random)
        person.save()


def change_tags(random: Random) -> None:
    """Tag something, or tag it no more."""
    tagged = random.choice([CmsImage, CmsDocument, MeetingPage])
    if item := _some(random, tagged.objects.all()):
        item.tags.set(random.sample(TAGS, random.randint(0, 3)))
        if tagged is MeetingPage:
            publish_unchecked(item.save_revision())


def rename_tag(random: Random) -> None:
    """Give a tag another name."""
    if tag := _some(random, Tag.objects.all()):
        tag.name = random.choice(TAGS)
        if not Tag.objects.filter(name=tag.name).exists():
            tag.save()


def ask_question(random: Random) -> None:
    """Change the rows that point at a meeting and are no part of it."""
    meeting, question = (
        _some(random, MeetingPage.objects.all()),
        _some(random, Question.objects.all()),
    )
    if question and random.random() < 0.5:
        question.delete()
    elif meeting:
        Question.objects.create(meeting=meeting, text=_title(random))


def lock(random: Random) -> None:
    """Change what the admin notes down for itself, and when a page ends, which meetings show."""
    if page := _page(random):
        page.locked = not page.locked
        page.owner = None
        page.expire_at = random.choice([None, timezone.now() + IN(hours=random.randint(1, 60))])
        page.save()


def publish_scheduled(random: Random) -> None:
    """Do what is due."""
    call_command("publish_scheduled")


def behind_its_back(random: Random) -> None:
    """Change content by SQL, and say so."""
    Page.objects.filter(depth__gt=3).update(title=_title(random))
    call_command("invalidate_all", verbosity=0)


def roll_back(random: Random) -> None:
    """Change much, and take it back."""
    with django_transaction.atomic():
        publish(random)
        change_theme(random)
        restrict(random)
        django_transaction.set_rollback(True)


def roll_back_part(random: Random) -> None:
    """Change much as a request does, part of which is taken back, or all."""
    try:
        with transaction():
            publish(random)
            with django_transaction.atomic():
                change_theme(random)
                unpublish(random)
                django_transaction.set_rollback(True)
            change_partner(random)
            if random.random() < 0.5:
                raise _TakenBack
    except _TakenBack:
        return


class _TakenBack(Exception):
    """Ends a transaction."""


def several_at_once(random: Random) -> None:
    """Change several things in one transaction, as a request of the admin does."""
    with transaction():
        for change in random.sample([publish, add, change_image, change_theme, move, restrict], 3):
            change(random)


CHANGES: list[Callable[[Random], None]] = [
    save_draft,
    publish,
    publish,
    publish_home,
    add,
    unpublish,
    unpublish_section,
    delete,
    move,
    move,
    copy,
    translate,
    restrict,
    restrict_collection,
    change_image,
    make_renditions,
    run_tasks,
    run_tasks,
    run_tasks,
    delete_image,
    change_document,
    change_theme,
    choose_from_the_other_side,
    change_partner,
    change_settings,
    change_site,
    add_site,
    change_locale,
    schedule,
    schedule_what_has_aliases,
    publish_scheduled,
    change_sponsor,
    change_sponsor,
    change_credit,
    change_person,
    change_tags,
    rename_tag,
    ask_question,
    lock,
    behind_its_back,
    roll_back,
    roll_back_part,
    several_at_once,
    *SEO_CHANGES,
    *changing_places.CHANGES,
    *changing_redirects.CHANGES,
]
