"""What readers never saw leaves no trace in the feed: no item, and no gap of a number or a cursor."""

import datetime
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Locale, Page
from wagtail.models.media import CollectionMember

from cms.models import CmsDocument, CmsImage, ContentPage
from frontend_api.changes.transaction import transaction
from frontend_api.feed import reading
from frontend_api.redirects.models import FormerPath
from tests import factories
from tests.publishing import publish_unchecked
from tests.transactions import taken_back

Hidden = dict[str, Any]


def build() -> Hidden:
    """Make a site of which some is public, and much is not."""
    draft = factories.ContentPageFactory(title="A draft", live=False)
    private = factories.ContentPageFactory(title="Private", show_in_menus=True)
    private.view_restrictions.create(restriction_type="login")
    expired = factories.ContentPageFactory(
        title="Expired", expire_at=timezone.now() - datetime.timedelta(hours=1)
    )
    collection = Collection.get_first_root_node().add_child(name="Private")
    collection.view_restrictions.create(restriction_type="login")
    for parent in (draft, private, expired):
        factories.ContentPageFactory(parent=parent, title="Below")
    factories.ImageFactory(collection=collection)
    factories.DocumentFactory(collection=collection)
    factories.ContentPageFactory(title="Public")
    Locale.objects.get_or_create(language_code="fr")
    return {"places": [draft.pk, private.pk, expired.pk], "collection": collection, "slugs": 0}


def _hidden(random: Random, hidden: Hidden) -> Any:
    """Return one of the pages that readers do not see."""
    tops = Page.objects.filter(pk__in=hidden["places"])
    keys = [key for top in tops for key in top.get_descendants(inclusive=True).values_list("pk")]
    return Page.objects.get(pk=random.choice(keys)[0]).specific


def _new(hidden: Hidden) -> str:
    """Return a slug that no page has."""
    hidden["slugs"] += 1
    return f"slug-of-its-own-{hidden['slugs']}"


def add_below(random: Random, hidden: Hidden) -> None:
    factories.ContentPageFactory(parent=_hidden(random, hidden), title="New", slug=_new(hidden))


def edit(random: Random, hidden: Hidden) -> None:
    page = _hidden(random, hidden)
    # An alias is not edited, but its original is.
    if page.alias_of_id:
        return
    page.title, page.show_in_menus = f"Title {random.random()}", random.random() < 0.5
    if random.random() < 0.5:
        page.slug = _new(hidden)
    revision = page.save_revision()
    top = page.pk in hidden["places"] and page.pk != hidden["places"][1]
    if not top:
        publish_unchecked(revision)


def schedule(random: Random, hidden: Hidden) -> None:
    page = _hidden(random, hidden)
    if page.alias_of_id:
        return
    page.go_live_at = timezone.now() + datetime.timedelta(days=2)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    publish_unchecked(revision)


def take_down(random: Random, hidden: Hidden) -> None:
    page = _hidden(random, hidden)
    if page.pk not in hidden["places"]:
        random.choice([page.unpublish, page.delete])()


def move_within(random: Random, hidden: Hidden) -> None:
    page, target = _hidden(random, hidden), _hidden(random, hidden)
    is_free = not target.get_children().filter(slug=page.slug).exists()
    if page.pk not in hidden["places"] and not target.path.startswith(page.path) and is_free:
        page.move(target, pos="last-child")


def restrict_more(random: Random, hidden: Hidden) -> None:
    page = _hidden(random, hidden)
    if page.pk not in hidden["places"]:
        restriction = page.view_restrictions.first()
        if restriction is None:
            page.view_restrictions.create(restriction_type="password", password="secret")
        else:
            restriction.delete()


def copy(random: Random, hidden: Hidden) -> None:
    page = _hidden(random, hidden)
    if page.pk in hidden["places"] or page.alias_of_id:
        return
    slug = _new(hidden)
    if random.random() < 0.5:
        page.create_alias(update_slug=slug)
    else:
        page.copy(update_attrs={"slug": slug}, keep_live=random.random() < 0.5)


def alias_elsewhere(random: Random, hidden: Hidden) -> None:
    """Make an alias, at a place that readers see, of what they do not see."""
    _hidden(random, hidden).create_alias(parent=factories.home(), update_slug=_new(hidden))


def translate(random: Random, hidden: Hidden) -> None:
    page, french = _hidden(random, hidden), Locale.objects.get(language_code="fr")
    if page.alias_of_id is None and not page.has_translation(french):
        page.copy_for_translation(french, copy_parents=True)


def draft_of_public(random: Random, hidden: Hidden) -> None:
    """Save a draft of a page that readers see."""
    page = ContentPage.objects.get(title="Public")
    page.title = "Another title"
    page.save_revision()


def change_media(random: Random, hidden: Hidden) -> None:
    model = random.choice([CmsImage, CmsDocument])
    kept: Any = model.objects.filter(collection=hidden["collection"])
    what = random.choice(["add", "change", "tags", "delete"])
    factory = factories.ImageFactory if model is CmsImage else factories.DocumentFactory
    medium: CollectionMember = kept.first()
    if what == "add" or medium is None:
        factory(collection=hidden["collection"])
    elif what == "change":
        medium.title = f"Title {random.random()}"
        if model is CmsImage:
            medium.file = ContentFile(factories.png(20, 30), "b.png")
        medium.save()
    elif what == "tags":
        medium.tags.set(["sea", f"tag-{random.randint(1, 5)}"])
    else:
        medium.delete()


def lead_there(random: Random, hidden: Hidden) -> None:
    """Lead an address to a page that readers do not see, or lead it there no more."""
    redirect = Redirect.objects.first()
    page = _hidden(random, hidden)
    if redirect is None or random.random() < 0.4:
        Redirect.add_redirect(f"/{_new(hidden)}", page)
    elif random.random() < 0.5:
        redirect.redirect_page = page
        redirect.save()
    else:
        redirect.delete()
    assert not FormerPath.objects.exists()


HIDDEN: list[Callable[[Random, Hidden], None]] = [
    add_below,
    edit,
    edit,
    schedule,
    take_down,
    move_within,
    restrict_more,
    copy,
    alias_elsewhere,
    translate,
    draft_of_public,
    change_media,
    lead_there,
]


@pytest.mark.hypothesis
@settings(
    max_examples=max(4, settings().max_examples // 20),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(HIDDEN), st.integers(0, 2**32 - 1)), min_size=6, max_size=14
    )
)
def test_what_nobody_sees_is_not_in_the_feed(
    db: None, steps: list[tuple[Callable[[Random, Hidden], None], int]]
) -> None:
    with taken_back():
        with transaction():
            hidden = build()
        for act, seed in steps:
            before = reading.newest()
            with transaction():
                act(Random(seed), hidden)
            told = reading.changes_after(before, 10)
            assert not told, f"{act.__name__}: {[str(one) for one in told]}"
        with transaction():
            publish_unchecked(ContentPage.objects.get(title="Public").save_revision())
        told = reading.changes_after(before, 10)
        assert [one.number for one in told] == list(range(before + 1, before + 1 + len(told)))
