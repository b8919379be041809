"""A site is brought into another environment: there, readers get the same; twice changes nothing."""

import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.models import Collection, Page, ReferenceIndex, Site

from cms.models import CmsDocument, CmsImage, ContentPage, SiteSettings, User
from cms.transfer.backups.archive import BackupError
from cms.transfer.models import Identity
from cms.transfer.sites.exporting import export_site
from cms.transfer.sites.importing import Imported, import_site
from cms.transfer.sites.writing import Writing
from frontend_api.changes import versions
from programmes.models import Phase, ProgrammePage, RelatedInsight
from tests import factories

from .drill import answers, fill


def state() -> list[Any]:
    """Return everything that an import may change."""
    models = (Page, CmsImage, CmsDocument, Collection, Identity, Site)
    return [*(list(model.objects.order_by("pk").values()) for model in models), versions.current()]


def is_nothing(imported: Imported) -> bool:
    return not imported.created and not imported.updated


@pytest.mark.django_db(transaction=True)
def test_in_an_empty_environment_every_answer_is_equal_and_twice_changes_nothing(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    fill()
    before = answers()
    file = tmp_path / "site.tar"
    call_command("export_site", str(file), stdout=StringIO())
    assert is_nothing(import_site(file))
    go_elsewhere()
    untouched = state()

    foreseen = import_site(file, dry_run=True)
    assert state() == untouched
    imported = import_site(file)

    assert imported == foreseen
    assert answers() == before
    assert not User.objects.exists()
    assert not Page.objects.filter(slug="draft").exists()
    assert not Page.find_problems()[0]
    assert ReferenceIndex.objects.exists()
    settled = state()
    assert is_nothing(import_site(file))
    assert state() == settled
    factories.ContentPageFactory()


IDS = re.compile(rb'("id":|/pages/|/images/|/documents/|"next_page":)[0-9]+')


def without_ids(found: dict[str, bytes]) -> dict[str, Any]:
    """Return what is the same wherever keys are others: the pages by their addresses."""
    pages = json.loads(IDS.sub(rb"\g<1>0", found["pages"]))["items"]
    return {page["meta"]["html_url"]: page for page in pages}


@pytest.mark.django_db(transaction=True)
def test_among_other_content_what_is_named_is_the_same_under_other_keys(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    fill()
    before = without_ids(answers())
    file = tmp_path / "site.tar"
    export_site(file, factories.default_site())
    go_elsewhere()
    for _ in range(20):
        factories.ContentPageFactory()
    theirs = factories.ImageFactory(
        title="Theirs", file=ContentFile(factories.png(9, 9), name="x.png")
    )
    factories.DocumentFactory(file=ContentFile(b"Theirs", name="y.txt"))
    names = {"theirs": theirs.file.name}

    import_site(file)

    after = without_ids(answers())
    assert {address: after[address] for address in before} == before
    assert len(after) == len(before) + 20
    theirs.refresh_from_db()
    assert theirs.file.name == names["theirs"]
    assert is_nothing(import_site(file))


@pytest.mark.django_db(transaction=True)
def test_what_changed_there_changes_here_and_what_is_here_alone_stays(
    media: Path, tmp_path: Path
) -> None:
    page = factories.ContentPageFactory(title="As it was", slug="page")
    below = factories.ContentPageFactory(parent=page, slug="below")
    file = tmp_path / "site.tar"
    export_site(file, factories.default_site())
    page.title, page.slug = "Changed here", "elsewhere"
    page.save_revision().publish()
    below.refresh_from_db()
    below.move(factories.home(), "last-child")
    factories.ContentPageFactory(title="Here alone", slug="alone")

    imported = import_site(file)

    assert not imported.created
    page.refresh_from_db()
    below.refresh_from_db()
    assert (page.title, page.slug, page.latest_revision) == ("As it was", "page", None)
    assert below.url_path == "/home/page/below/"
    assert below.get_parent().pk == page.pk
    assert ContentPage.objects.filter(slug="alone").exists()
    assert not Page.find_problems()[0]
    assert is_nothing(import_site(file))


@pytest.mark.django_db(transaction=True)
def test_drafts_come_along_if_that_is_said(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    factories.ContentPageFactory(title="Draft", slug="draft", live=False)
    file = tmp_path / "site.tar"
    export_site(file, factories.default_site(), drafts=True)
    go_elsewhere()
    import_site(file)
    assert not ContentPage.objects.get(slug="draft").live


@pytest.mark.django_db(transaction=True)
def test_what_is_drafted_of_a_published_page_comes_along_if_that_is_said_and_can_be_published(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    document, insight = factories.DocumentFactory(title="Drafted"), factories.InsightPageFactory()
    page = factories.ProgrammePageFactory(title="Published", slug="page")
    page.title = "Secret"
    page.body = [{"type": "document", "value": {"document": document.pk, "label": ""}}]
    page.phases.set([Phase(title="One", start_year=2020, end_year=2021, text="<p>x</p>")])
    page.related_insights.set([RelatedInsight(insight=insight)])
    page.save_revision()
    file, plain = tmp_path / "site.tar", tmp_path / "plain.tar"
    export_site(file, factories.default_site(), drafts=True)
    export_site(plain, factories.default_site())
    # What is drafted here stays drafted here.
    for one in (file, plain):
        assert is_nothing(import_site(one))
    assert ProgrammePage.objects.get().get_latest_revision_as_object().title == "Secret"
    go_elsewhere()
    for _ in range(3):
        factories.DocumentFactory()
        factories.ContentPageFactory()

    import_site(plain)
    here = ProgrammePage.objects.get()
    assert (here.draft_title, here.has_unpublished_changes) == ("Published", False)
    assert not CmsDocument.objects.filter(title="Drafted").exists()
    import_site(file)

    here = ProgrammePage.objects.get()
    assert (here.title, here.draft_title, here.has_unpublished_changes) == (
        *("Published", "Secret"),
        True,
    )
    assert is_nothing(import_site(file))
    here.get_latest_revision().publish()
    here = ProgrammePage.objects.get()
    assert here.title == "Secret"
    assert here.body[0].value["document"].title == "Drafted"
    assert [phase.title for phase in here.phases.all()] == ["One"]
    [related] = here.related_insights.all()
    assert related.insight.slug == insight.slug


@pytest.mark.django_db(transaction=True)
def test_settings_that_are_not_published_come_along_if_that_is_said(
    media: Path, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    site = factories.default_site()
    SiteSettings.objects.create(
        site=site, locale=site.root_page.locale, organisation="Not yet its name", live=False
    )
    file, plain = tmp_path / "site.tar", tmp_path / "plain.tar"
    export_site(file, site, drafts=True)
    export_site(plain, site)
    go_elsewhere()
    import_site(plain)
    assert not SiteSettings.objects.filter(organisation="Not yet its name").exists()
    import_site(file)
    assert not SiteSettings.objects.get(organisation="Not yet its name").live


@pytest.mark.django_db(transaction=True)
def test_an_import_that_fails_at_its_end_changes_nothing(
    media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factories.ContentPageFactory(title="As it was", slug="page")
    file = tmp_path / "site.tar"
    export_site(file, factories.default_site())
    page.title = "Changed here"
    page.save()
    before = state()

    def crash(writing: Writing) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Writing, "_settle", crash)
    with pytest.raises(KeyboardInterrupt):
        import_site(file)
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_is_said_in_a_sentence(media: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "site.tar", tmp_path / "other.tar"
    page = factories.ContentPageFactory(title="One", slug="one")
    export_site(file, factories.default_site())
    call_command("backup", str(other), stdout=StringIO())
    before = state()
    for arguments, match in (
        (["export_site", str(file)], "there already"),
        (["export_site", str(tmp_path / "x.tar"), "--site", "nowhere.example"], "no one site"),
        (["import_site", str(tmp_path / "nothing.tar")], "cannot be read"),
        (["import_site", str(other)], "export_site"),
        (["import_site", str(file), "--site", "nowhere.example:1"], "no one site"),
        (["import_site", str(file), "--site", "localhost:²"], "no one site"),
    ):
        with pytest.raises(CommandError, match=match):
            call_command(*arguments)
    assert state() == before
    key = page.translation_key
    page.delete()
    factories.EventPageFactory(title="Another", slug="one", translation_key=key)
    with pytest.raises(BackupError, match=r"events\.EventPage"):
        import_site(file)
