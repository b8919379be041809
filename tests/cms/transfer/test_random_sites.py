"""Whatever a site has, another environment answers the same, and is told of no draft unless that is asked."""

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from wagtail.models import Page, Site

from cms.transfer.backups import archive
from cms.transfer.sites.drafts import carried, draft_of
from cms.transfer.sites.exporting import export_site
from cms.transfer.sites.importing import import_site
from frontend_api import changes
from frontend_api.dependencies.memo import facts
from tests.frontend_api.random_redirects import lead_to_everything
from tests.frontend_api.random_references import fill
from tests.frontend_api.random_sites import PUBLIC, Plan, RandomSite, plans

from .drill import answers

LANGUAGES = [("en-gb", "English"), ("fr", "Français")]
IS_DEEP = settings().max_examples > 1_000


def of_one_site(plan: Plan) -> Plan:
    """Return a plan with all pages on the first site: what another site has stays there."""
    nodes = tuple(replace(node, on_second_site=False) for node in plan.nodes)
    return replace(plan, nodes=nodes, second_site_is_inside_first=False)


@contextmanager
def place(folder: Path) -> Iterator[None]:
    """A place for content, with media of its own, which is empty again afterwards."""
    with (
        transaction.atomic(),
        override_settings(
            MEDIA_ROOT=folder, WAGTAIL_CONTENT_LANGUAGES=LANGUAGES, LANGUAGES=LANGUAGES
        ),
    ):
        forget()
        yield
        transaction.set_rollback(True)
    forget()
    shutil.rmtree(folder, ignore_errors=True)


def forget() -> None:
    """Forget what was kept of another place."""
    cache.clear()
    caches["api"].clear()
    facts.clear()
    Site.clear_site_root_paths_cache()


def drafts() -> dict[str, Any]:
    """Return what is drafted of each page, by its address."""

    def same(model: Any, key: Any) -> Any:
        return key

    return {
        page.url_path: carried(type(page), draft, same, same)
        for page in Page.objects.specific()
        if (draft := draft_of(page)) is not None
    }


def check_tells_nothing(site: RandomSite, file: Path) -> None:
    """Check that an archive has no text of pages that are not published, nor of what published ones will say next."""
    [lines] = [
        gzip.decompress(content.read())
        for name, content in archive.entries(file)
        if name == "objects.jsonl.gz"
    ]
    nodes = site.plan.nodes
    told = []
    for marker, meaning in site.texts.meaning.items():
        number = site.texts.page_of[marker]
        is_of_draft = number is not None and nodes[number].state in {
            "draft",
            "scheduled",
            "unpublished",
        }
        # A redirect to a page says its address.
        is_secret = meaning.startswith("next ") or " of next " in meaning or is_of_draft
        if is_secret and not meaning.startswith("slug ") and marker.encode() in lines:
            told.append(meaning)
    assert told == []


@pytest.mark.nightly
@settings(
    max_examples=settings().max_examples // 100 if IS_DEEP else 1,
    derandomize=not IS_DEEP,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans().map(of_one_site))
def test_a_random_site_is_the_same_elsewhere(db: None, tmp_path: Path, plan: Plan) -> None:
    published, everything = tmp_path / "published.tar", tmp_path / "everything.tar"
    with place(tmp_path / "here"):
        with changes.transaction.transaction():
            site = RandomSite(plan)
            fill(site)
            lead_to_everything(site)
        before, drafted = answers(), drafts()
        assert len([node for node in plan.nodes if node.state in PUBLIC]) > 10
        export_site(published, site.first, replaces=True)
        export_site(everything, site.first, drafts=True, replaces=True)
        check_tells_nothing(site, published)
        for file in (published, everything):
            again = import_site(file)
            assert (again.created, again.updated) == ([], [])
        assert answers() == before
    with place(tmp_path / "published"):
        foreseen = import_site(published, dry_run=True)
        assert import_site(published) == foreseen
        assert answers() == before
        assert drafts() == {}
    with place(tmp_path / "everything"):
        foreseen = import_site(everything, dry_run=True)
        assert import_site(everything) == foreseen
        assert answers() == before
        assert drafts() == drafted
        again = import_site(everything)
        assert (again.created, again.updated) == ([], [])
