"""When a slug changes or a branch moves, every old address leads to its page."""

import uuid
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, Site

from frontend_api.changes.models import Change
from frontend_api.changes.transaction import transaction
from frontend_api.redirects.models import FormerPath
from tests import factories
from tests.frontend_api.conftest import Get

pytestmark = pytest.mark.django_db

FIND = "pages/find/"


def led(get: Get, path: str, **parameters: Any) -> str | None:
    """Return the URL to which a path leads, or None."""
    found = get(FIND, expect=404, html_path=path, **parameters).get("redirect")
    assert found is None or found["status"] == 301
    return found and found["url"]


def rename(page: Page, slug: str) -> None:
    """Publish a page with another slug."""
    page = Page.objects.get(pk=page.pk).specific
    page.slug = slug
    page.save_revision().publish()


def old_paths() -> set[str]:
    """Return the paths of all redirects."""
    return {*Redirect.objects.values_list("old_path", flat=True)}


@pytest.fixture
def section(db: None) -> Page:
    return factories.ContentPageFactory(slug="section")


@pytest.fixture
def child(section: Page) -> Page:
    return factories.ContentPageFactory(parent=section, slug="child")


def test_a_new_slug_leads_from_the_old_one_to_the_page_and_all_below_it(
    get: Get, section: Page, child: Page
) -> None:
    rename(section, "renamed")
    assert get(FIND, html_path="/renamed/child/")["id"] == child.pk
    assert led(get, "/section/") == "/renamed/"
    assert led(get, "/section/child/?a=1") == "/renamed/child/?a=1"
    assert all(Redirect.objects.values_list("automatically_created", flat=True))


def test_slugs_that_change_again_and_again_lead_on(get: Get, section: Page, child: Page) -> None:
    for slug in ("b", "c"):
        rename(section, slug)
    for old in ("section", "b"):
        assert led(get, f"/{old}/") == "/c/"
        assert led(get, f"/{old}/child/") == "/c/child/"
    rename(section, "section")
    assert get(FIND, html_path="/section/child/")["id"] == child.pk
    assert old_paths() == {"/b", "/b/child", "/c", "/c/child"}
    assert led(get, "/b/child/") == "/section/child/"


def test_a_page_that_moves_leads_from_where_it_was_and_back(
    get: Get, section: Page, child: Page
) -> None:
    other = factories.ContentPageFactory(slug="other")
    below = factories.ContentPageFactory(parent=child, slug="below")
    child.move(other, pos="last-child")
    assert led(get, "/section/child/") == "/other/child/"
    assert led(get, "/section/child/below/") == "/other/child/below/"
    Page.objects.get(pk=child.pk).move(Page.objects.get(pk=section.pk), pos="last-child")
    assert get(FIND, html_path="/section/child/below/")["id"] == below.pk
    assert old_paths() == {"/other/child", "/other/child/below"}


def test_another_order_of_siblings_leads_nowhere(section: Page) -> None:
    other = factories.ContentPageFactory(slug="other")
    other.move(section, pos="left")
    assert old_paths() == set()


def test_a_page_at_an_old_address_wins(get: Get, section: Page) -> None:
    rename(section, "renamed")
    new = factories.ContentPageFactory(slug="section")
    assert get(FIND, html_path="/section/")["id"] == new.pk
    # What it leads away from is now its own.
    rename(new, "newer")
    assert led(get, "/section/") == "/newer/"
    assert led(get, "/renamed-not/") is None


def test_an_editors_redirect_stays(get: Get, section: Page) -> None:
    Redirect.add_redirect("/section", "https://example.com/")
    rename(section, "renamed")
    assert led(get, "/section/") == "https://example.com/"


@pytest.mark.parametrize("state", ["draft", "restricted"])
def test_what_readers_never_saw_leaves_no_trace(
    get: Get, section: Page, child: Page, state: str
) -> None:
    if state == "draft":
        child.unpublish()
    else:
        factories.restrict(child)
    below = factories.ContentPageFactory(parent=child, slug="below")
    rename(section, "renamed")
    section.refresh_from_db()
    section.move(factories.ContentPageFactory(slug="other"), pos="last-child")
    assert old_paths() == {"/section", "/renamed"}
    if state == "draft":
        Page.objects.get(pk=child.pk).specific.save_revision().publish()
    else:
        child.view_restrictions.all().delete()
    assert led(get, "/section/child/") is None
    assert get(FIND, html_path="/other/renamed/child/below/")["id"] == below.pk


def test_a_draft_slug_leads_nowhere_until_it_is_published(get: Get, section: Page) -> None:
    section.slug = "drafted"
    revision = section.save_revision()
    assert get(FIND, html_path="/section/")["id"] == section.pk
    assert old_paths() == set()
    revision.publish()
    assert led(get, "/section/") == "/drafted/"


def test_a_first_publication_under_another_slug_leaves_no_trace(section: Page) -> None:
    draft = factories.ContentPageFactory(slug="draft", live=False)
    factories.ContentPageFactory(parent=draft, slug="below")
    rename(draft, "published")
    assert old_paths() == set()


def test_a_branch_that_moves_to_a_hidden_place_leads_there_once_it_is_seen(
    get: Get, section: Page, child: Page
) -> None:
    hidden = factories.ContentPageFactory(slug="hidden", live=False)
    section.move(hidden, pos="last-child")
    assert led(get, "/section/child/") is None
    Page.objects.get(pk=hidden.pk).specific.save_revision().publish()
    assert led(get, "/section/child/") == "/hidden/section/child/"


def test_aliases_keep_their_own_addresses(get: Get, section: Page) -> None:
    alias = section.create_alias(update_slug="alias")
    rename(section, "renamed")
    assert get(FIND, html_path="/alias/")["id"] == alias.pk
    assert old_paths() == {"/section"}


def test_a_path_longer_than_a_redirect_holds_is_kept_whole(get: Get, section: Page) -> None:
    long = factories.ContentPageFactory(parent=section, slug="l" * 200)
    longer = factories.ContentPageFactory(parent=long, slug="m" * 200)
    rename(section, "renamed")
    path = f"/section/{long.slug}/{longer.slug}/"
    assert led(get, path) == path.replace("section", "renamed")
    assert led(get, path.replace("mm", "m")) is None
    assert FormerPath.objects.get().path == path.rstrip("/")
    rename(section, "section")
    assert get(FIND, html_path=path)["id"] == longer.pk
    paths = {*FormerPath.objects.values_list("path", flat=True)}
    assert paths == {path.replace("section", "renamed").rstrip("/")}
    longer.delete()
    assert not FormerPath.objects.exists()


def test_each_site_keeps_its_own_paths(get: Get, section: Page, child: Page) -> None:
    inner = factories.ContentPageFactory(parent=child, slug="inner")
    site = Site.objects.create(hostname="inner.example", root_page=child)
    rename(section, "renamed")
    # The other site's home keeps its address, whatever is above it.
    assert old_paths() == {"/section"}
    rename(inner, "within")
    assert led(get, "/inner/", site="inner.example") == "/within/"
    assert Redirect.objects.get(old_path="/inner").site == site
    assert led(get, "/inner/") is None


def test_a_move_to_another_site_leads_there(get: Get, child: Page) -> None:
    second = factories.ContentPageFactory(slug="second")
    Site.objects.create(hostname="second.example", root_page=second)
    child.move(second, pos="last-child")
    assert led(get, "/section/child/") == "http://second.example/child/"


def test_translations_keep_their_paths_with_the_prefix_of_their_language(
    get: Get, settings: Any, section: Page
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    french = Locale.objects.create(language_code="fr")
    translated = section.copy_for_translation(french, copy_parents=True)
    Page.objects.filter(pk=translated.get_parent().pk).update(live=True, alias_of=None)
    translated.slug = "rubrique"
    translated.save_revision().publish()
    rename(translated, "partie")
    assert get(FIND, html_path="/section/")["id"] == section.pk
    assert led(get, "/fr/rubrique/") == "/fr/partie/"


def test_a_projects_setting_turns_this_off(settings: Any, section: Page) -> None:
    settings.WAGTAILREDIRECTS_AUTO_CREATE = False
    rename(section, "renamed")
    assert old_paths() == set()


def test_all_is_one_change_of_the_log_and_undone_with_it(section: Page, child: Page) -> None:
    class TakenBackError(Exception):
        pass

    def rename_and_fail() -> None:
        with transaction():
            rename(section, "renamed")
            raise TakenBackError

    with pytest.raises(TakenBackError):
        rename_and_fail()
    assert old_paths() == set()
    with transaction():
        rename(section, "renamed")
    kinds = [*Change.objects.filter(object_type="wagtailredirects.redirect")]
    assert [change.kind for change in kinds] == ["redirect"]


def grow(section: Page, count: int) -> None:
    """Add pages below a page, without Wagtail's ado."""
    first = factories.ContentPageFactory(parent=section, slug="page-0")
    kind = ContentType.objects.get_for_model(Page)
    Page.objects.bulk_create(
        Page(
            title="Page",
            slug=f"page-{number}",
            path=Page._get_path(section.path, first.depth, number + 1),
            depth=first.depth,
            url_path=f"{section.url_path}page-{number}/",
            content_type=kind,
            locale=first.locale,
            translation_key=uuid.uuid4(),
            live=True,
        )
        for number in range(1, count)
    )
    Page.objects.filter(pk=section.pk).update(numchild=count)


def test_a_large_section_moves_in_time_that_grows_no_faster_than_it(get: Get) -> None:
    taken = {}
    for count in (50, 500):
        target = factories.ContentPageFactory(slug=f"to-{count}")
        section = factories.ContentPageFactory(slug=f"section-{count}")
        grow(section, count)
        section.refresh_from_db()
        with (
            CaptureQueriesContext(connection) as queries,
            transaction(),
        ):
            section.move(target, pos="last-child")
        taken[count] = len(queries)
        assert (
            Redirect.objects.filter(old_path__startswith=f"/section-{count}").count() == count + 1
        )
        assert led(get, f"/section-{count}/page-{count - 1}/") == (
            f"/to-{count}/section-{count}/page-{count - 1}/"
        )
    assert taken[500] <= taken[50] + 20, taken


@pytest.mark.once
def test_a_section_of_a_thousand_pages_is_renamed_and_moved_back(get: Get, section: Page) -> None:
    grow(section, 1_000)
    section.refresh_from_db()
    for slug in ("renamed", "section"):
        with transaction():
            rename(section, slug)
    assert led(get, "/renamed/page-999/") == "/section/page-999/"
    assert Redirect.objects.count() == 1_001
