"""Random sites, of which it is known what the public may see, with a marker in every text that it may not.

A `Plan` is what hypothesis draws: a tree of pages in every state, and what each leaves out or picks of all that it
could name. The simplest plan names everything from everywhere. `RandomSite` makes the rows of a plan. Who may see a
page is worked out here from the plan alone; none of it is asked of the code under test.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from hypothesis import strategies as st
from wagtail.models import Collection, Locale, Page, Site

from cms.models import HomePage
from tests import factories
from tests.events.models import Sponsor
from tests.publishing import publish_unchecked

from .random_texts import Texts

KINDS = {
    "content": factories.ContentPageFactory,
    "event": factories.EventPageFactory,
    "external": factories.InsightPageFactory,
    "insight": factories.InsightPageFactory,
    "meeting": factories.MeetingPageFactory,
    "programme": factories.ProgrammePageFactory,
}
PUBLIC = ("live", "redrafted", "rescheduled")
# What was never published; "unpublished" was, and has not been saved since.
DRAFTS = ("draft", "scheduled")
RESTRICTIONS = ("password", "login", "groups")
HIDDEN = ("draft", "unpublished", "scheduled", "expired", *RESTRICTIONS)
SOON = datetime.timedelta(hours=1)

FIRST, SECOND, NOBODY = "first", "second", "nobody"


@dataclass(frozen=True)
class Node:
    """A page to be: `parent` is the number of another one, or None for the home of its site."""

    kind: str
    state: str
    parent: int | None
    on_second_site: bool = False
    alias_of: int | None = None
    translation_of: int | None = None
    in_menus: bool = True
    omits: frozenset[int] = frozenset()
    picks: int = 0


@dataclass(frozen=True)
class Plan:
    """A site to be."""

    nodes: tuple[Node, ...]
    collection_restriction: str
    second_site_is_inside_first: bool
    first_site_has_navigation: bool
    seed: int


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan in which pages of every state, and a live page below each, are somewhere."""
    nodes: list[Node] = []

    def add(state: str, parent: int | None, **given: Any) -> None:
        # The simplest plan has each kind in turn.
        turn = len(nodes) + draw(st.integers(0, len(KINDS) - 1))
        kind = given.pop("kind", None) or sorted(KINDS)[turn % len(KINDS)]
        omits = draw(st.frozensets(st.integers(0, 40), max_size=12))
        nodes.append(
            Node(
                kind,
                state,
                parent,
                omits=omits,
                picks=draw(st.integers(0, 40)),
                in_menus=not draw(st.booleans()),
                **given,
            )
        )

    def somewhere() -> int | None:
        return draw(st.sampled_from([None, *range(len(nodes))]))

    # Of two programmes, one chooses insights and the other has those of its theme.
    for kind in (*sorted(KINDS), "programme"):
        add(draw(st.sampled_from(PUBLIC)), None, kind=kind)
    first_hidden = len(nodes)
    for state in draw(st.permutations(HIDDEN)):
        add(state, somewhere())
        add(draw(st.sampled_from(PUBLIC)), len(nodes) - 1)
    for state in ("live", "draft"):
        add(state, None, on_second_site=True)
    # What stands below something hidden hides it from some mistakes, so these have nothing below them.
    for state in ("expired", draw(st.sampled_from(HIDDEN))):
        add(state, None)
    hidden = range(first_hidden, first_hidden + 2 * len(HIDDEN))
    for role in ("alias_of", "translation_of"):
        # One of something public and one of something private, public itself or not.
        for original in (draw(st.integers(0, first_hidden - 1)), draw(st.sampled_from(hidden))):
            state = draw(st.sampled_from(("live", *HIDDEN)))
            add(state, somewhere(), kind=nodes[original].kind, **{role: original})
    # Of these, nothing but their originals says that they are private: pages that are hidden, and what is below one.
    restricted = [number for number in hidden if nodes[number].state in RESTRICTIONS]
    scheduled = next(number for number in hidden if nodes[number].state == "scheduled")
    for original in (scheduled, draw(st.sampled_from(restricted)), draw(st.sampled_from(hidden))):
        add("live", None, kind=nodes[original].kind, alias_of=original)
    add("live", None, kind=nodes[-1].kind, alias_of=len(nodes) - 1)
    return Plan(
        tuple(nodes),
        collection_restriction=draw(st.sampled_from(RESTRICTIONS)),
        second_site_is_inside_first=not draw(st.booleans()),
        first_site_has_navigation=not draw(st.booleans()),
        seed=draw(st.integers(0, 2**16)),
    )


class RandomSite:
    """The rows of a plan, and who may see each of them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.texts = Texts()
        self.first = factories.default_site()
        self.home = factories.home()
        self.french = Locale.objects.create(language_code="fr")
        self.shared_theme = factories.ThemeFactory(name="Shared", slug="shared")
        self._make_second_site()
        self._make_media()
        self._make_sponsors()
        self.pages: list[Page] = []
        for number in range(len(plan.nodes)):
            self.texts.page = number
            self._make_page(number)
        self.texts.page = None

    def audience(self, number: int) -> str:
        """Return who may see page `number`: the readers of one site, or nobody."""
        node = self.plan.nodes[number]
        if node.state not in PUBLIC or self._is_alias_of_private(number):
            return NOBODY
        if node.parent is not None:
            return self.audience(node.parent)
        return SECOND if node.on_second_site else FIRST

    def _is_alias_of_private(self, number: int) -> bool:
        original = self.plan.nodes[number].alias_of
        return original is not None and self.audience(original) == NOBODY

    def in_section(self, number: int, section: int) -> bool:
        """Tell whether page `number` is another one, or stands below it."""
        parent = self.plan.nodes[number].parent
        return number == section or (parent is not None and self.in_section(parent, section))

    def seen_by_editor(self, number: int, section: int) -> bool:
        """Tell whether somebody who edits one section of the first site sees page `number`, be it as a draft."""
        node = self.plan.nodes[number]
        is_draft = (
            node.state in DRAFTS and node.alias_of is None and self.in_section(number, section)
        )
        if (node.state not in PUBLIC and not is_draft) or self._is_alias_of_private(number):
            return False
        if node.parent is None:
            return not node.on_second_site
        return self.seen_by_editor(node.parent, section)

    def on_second_site(self, number: int) -> bool:
        """Tell whether page `number` stands below the second site's home."""
        node = self.plan.nodes[number]
        return node.on_second_site if node.parent is None else self.on_second_site(node.parent)

    def ids(self, *audiences: str) -> list[int]:
        """Return the ids of the pages of these audiences."""
        return [
            page.pk for number, page in enumerate(self.pages) if self.audience(number) in audiences
        ]

    def public_paths(self, audience: str) -> dict[str, int]:
        """Return the id of every page that `audience` may see, by the path that its slugs make."""
        return {
            self.path(number): page.pk
            for number, page in enumerate(self.pages)
            if self.audience(number) == audience
        }

    def path(self, number: int) -> str:
        """Return the path that page `number` has or would have."""
        node = self.plan.nodes[number]
        above = "/" if node.parent is None else self.path(node.parent)
        return f"{above}{self.pages[number].slug}/"

    def _make_second_site(self) -> None:
        above = self.home if self.plan.second_site_is_inside_first else Page.get_first_root_node()
        self.second_home = HomePage(title="-", slug=self.texts.new(SECOND, "home's slug"))
        above.add_child(instance=self.second_home)
        self.second = Site.objects.create(
            hostname="second.example",
            port=8080,
            site_name=self.texts.new(SECOND, "site name"),
            root_page=self.second_home,
        )

    def _make_media(self) -> None:
        root = Collection.get_first_root_node()
        public = root.add_child(name=self.texts.new(NOBODY, "collection"))
        private = root.add_child(name=self.texts.new(NOBODY, "private collection"))
        below = private.add_child(name=self.texts.new(NOBODY, "collection below"))
        kind = self.plan.collection_restriction
        restriction = private.view_restrictions.create(restriction_type=kind, password="x")
        if kind == "groups":
            restriction.groups.add(Group.objects.get(name="Editors"))
        # What is private comes first, so that the simplest plan picks it.
        self.images: list[Any] = []
        self.documents: list[Any] = []
        for collection in (private, below, root, public):
            audience = NOBODY if collection in {private, below} else "all"
            self.images.append(self._medium(factories.ImageFactory, collection, audience))
            self.documents.append(self._medium(factories.DocumentFactory, collection, audience))

    def _medium(self, factory: Any, collection: Collection, audience: str) -> Any:
        def text(what: str) -> str:
            return self.texts.new(audience, f"{what} of a {factory._meta.model.__name__}")

        is_image = factory is factories.ImageFactory
        content = factories.png() if is_image else text("content").encode()
        given = {"description": text("alternative text")} if is_image else {}
        name = f"{text('file name')}.{'png' if is_image else 'txt'}"
        made = factory(
            title=text("title"),
            collection=collection,
            file=ContentFile(content, name=name),
            **given,
        )
        made.tags.add(text("tag"), "shared")
        return made

    def _make_sponsors(self) -> None:
        """Make snippets in every state, some of which are nobody's to see."""
        now = timezone.now()
        self.sponsors: dict[str, Sponsor] = {}
        for state, given in {
            "draft": {"live": False},
            "scheduled": {"live": False, "go_live_at": now + SOON},
            "expired": {"expire_at": now - SOON},
            "live": {},
            "redrafted": {},
        }.items():
            audience = "all" if state in PUBLIC else NOBODY
            name = self.texts.new(audience, f"name of a {state} sponsor")
            made = self.sponsors[state] = factories.SponsorFactory(name=name, **given)
            if state != "live":
                made.name = self.texts.new(NOBODY, f"next name of a {state} sponsor")
                made.save_revision()

    def _make_page(self, number: int) -> None:
        node, audience = self.plan.nodes[number], self.audience(number)
        home = self.second_home if node.on_second_site else self.home
        # Without this, treebeard would count children on what it read before others were added.
        parent = Page.objects.get(pk=home.pk if node.parent is None else self.pages[node.parent].pk)
        given: dict[str, Any] = {"slug": self.texts.new(audience, f"slug of {node}")}
        if node.translation_of is not None:
            original = self.pages[node.translation_of]
            given |= {"locale": self.french, "translation_key": original.translation_key}
        if node.kind == "external":
            given["external_url"] = "https://elsewhere.example/"
        if node.alias_of is None:
            page = KINDS[node.kind](
                parent=parent,
                owner=factories.UserFactory(first_name=self.texts.new(NOBODY, "owner")),
                show_in_menus=node.in_menus,
                **given,
            )
        else:
            page = self.pages[node.alias_of].create_alias(parent=parent, update_slug=given["slug"])
        self.pages.append(page)
        self._set_state(page, node.state)

    def _set_state(self, page: Page, state: str) -> None:
        now = timezone.now()
        if state == "rescheduled":
            # Only what was published by a revision stays live until the next one is due.
            publish_unchecked(page.save_revision())
            page.refresh_from_db()
        if state in RESTRICTIONS:
            restriction = page.view_restrictions.create(
                restriction_type=state, password=self.texts.new(NOBODY, "password")
            )
            if state == "groups":
                restriction.groups.add(Group.objects.get(name="Editors"))
        page.live = state not in {"draft", "unpublished", "scheduled"}
        if state in {"draft", "scheduled"}:
            page.first_published_at = page.last_published_at = None
        if state == "scheduled":
            page.go_live_at = now + SOON
        if state == "expired":
            # The command that unpublishes has not run yet.
            page.expire_at = now - SOON

    def revise(self) -> None:
        """Give the pages that have one a draft of what they will say next; what is scheduled goes to aliases too."""
        for number, (node, page) in enumerate(zip(self.plan.nodes, self.pages, strict=True)):
            if node.state not in {"redrafted", "rescheduled", "scheduled"} or (
                node.alias_of is not None
            ):
                continue
            self.texts.page = number
            draft = Page.objects.get(pk=page.pk).specific
            self.texts.write(draft, NOBODY, f"next {node}")
            draft.slug = self.texts.new(NOBODY, f"next slug of {node}")
            is_scheduled = node.state in {"rescheduled", "scheduled"}
            if is_scheduled:
                draft.go_live_at = timezone.now() + SOON
            revision = draft.save_revision()
            if is_scheduled:
                publish_unchecked(revision)
        self.texts.page = None

    def delete_private(self, section: int | None = None) -> None:
        """Delete all that readers may not see, but for what whoever edits one section of the first site does.

        What the readers of the second site see stays: links lead there.
        """
        hidden = [
            page.pk
            for number, page in enumerate(self.pages)
            if self.audience(number) == NOBODY
            and not (section is not None and self.seen_by_editor(number, section))
        ]
        for pk in hidden:
            # It may have gone with what is above it.
            if page := Page.objects.filter(pk=pk).first():
                page.delete()
        for medium in (*self.images, *self.documents):
            if not self.is_public(medium):
                medium.delete()
        for state, sponsor in self.sponsors.items():
            if state not in PUBLIC:
                sponsor.delete()

    def is_public(self, medium: Any) -> bool:
        """Tell whether an image or a document is in a public collection."""
        return medium in self.images[2:] or medium in self.documents[2:]
