"""What is published is found, whatever comes between the commit and the writing of the index."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from wagtail.search.backends import get_search_backend

from cms.models import Theme
from frontend_api.changes import search_backend
from frontend_api.changes.models import Change, UnindexedObject
from insights.models import InsightPage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def found(words: str, model: Any = InsightPage) -> list[str]:
    """Return what a search finds."""
    return [str(one) for one in get_search_backend().search(words, model.objects.all())]


def publish(page: InsightPage, title: str) -> None:
    """Publish a page as the admin does."""
    page.title = title
    with transaction.atomic():
        page.save_revision().publish()


def crash(*args: Any) -> None:
    """Stand for a process that is killed once it has committed."""
    raise SystemExit


@pytest.fixture
def page() -> InsightPage:
    """A page that is found by its title."""
    page = factories.InsightPageFactory(title="Planting")
    assert found("Planting") == ["Planting"]
    return page


@pytest.mark.parametrize(
    "later",
    [
        lambda: call_command("publish_scheduled", stdout=StringIO()),
        lambda: publish(factories.InsightPageFactory(), "Another"),
    ],
    ids=["publish_scheduled", "the next one"],
)
def test_what_a_crash_leaves_behind_is_indexed_later(
    page: InsightPage, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = factories.InsightPageFactory(title="Gone")
    with monkeypatch.context() as patch:
        patch.setattr(search_backend, "_write_some", crash)
        with pytest.raises(SystemExit):
            publish(page, "Harvest")
        with pytest.raises(SystemExit):
            gone.delete()
    assert UnindexedObject.objects.count() > 0
    assert (found("Harvest"), found("Gone")) == ([], [])
    later()
    assert found("Harvest") == ["Harvest"]
    assert not UnindexedObject.objects.exists()
    assert not search_backend.IndexEntry.objects.filter(
        object_id=str(gone.pk), title="gone"
    ).exists()


def test_a_database_in_trouble_costs_the_index_and_not_the_publish(
    page: InsightPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr(search_backend, "_lock", fail)
        publish(page, "Harvest")
    assert InsightPage.objects.get().title == "Harvest"
    assert "The search index is behind" in caplog.text
    call_command("publish_scheduled", stdout=StringIO())
    assert found("Harvest") == ["Harvest"]


def test_one_object_that_cannot_be_indexed_holds_up_no_other(
    page: InsightPage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = factories.InsightPageFactory(title="Fine")
    index = get_search_backend().get_index_for_model(InsightPage)
    base = next(one for one in type(index).__mro__ if one.__module__.startswith("modelsearch."))
    add_items = base.add_items

    def refuse(self: Any, model: Any, objs: Any) -> None:
        objs = list(objs)
        if any(str(obj) == "Broken" for obj in objs):
            raise ValueError("It cannot be indexed.")
        add_items(self, model, objs)

    with monkeypatch.context() as patch:
        patch.setattr(base, "add_items", refuse)
        with transaction.atomic():
            for one, title in ((broken, "Broken"), (page, "Harvest")):
                one.title = title
                one.save_revision().publish()
    assert found("Harvest") == ["Harvest"]
    assert "cannot be indexed" in caplog.text
    assert not UnindexedObject.objects.exists(), "it is not tried without end"
    assert found("Broken") == []


def test_what_the_database_cannot_index_holds_up_no_other(
    page: InsightPage, caplog: pytest.LogCaptureFixture
) -> None:
    # PostgreSQL indexes a megabyte of words; SQLite takes them all.
    words = " ".join(f"{number:040}" for number in range(40_000))
    large = factories.InsightPageFactory(title="Large")
    with transaction.atomic():
        for one, title in ((large, "Larger"), (page, "Harvest")):
            one.title = title
            one.body = [{"type": "rich_text", "value": f"<p>{words if one is large else ''}</p>"}]
            one.save()
    assert found("Harvest") == ["Harvest"]
    assert not UnindexedObject.objects.exists()
    if connection.vendor == "postgresql":
        assert "cannot be indexed" in caplog.text
    else:
        assert found("Larger") == ["Larger"]


def test_what_was_taken_out_of_the_code_is_forgotten(page: InsightPage) -> None:
    UnindexedObject.objects.create(model="gone.thing", object_id="1")
    UnindexedObject.objects.create(model="cms.theme", object_id="not a number")
    publish(page, "Harvest")
    assert found("Harvest") == ["Harvest"]
    assert not UnindexedObject.objects.exists()


def test_what_is_rolled_back_is_not_indexed(page: InsightPage) -> None:
    with transaction.atomic():
        page.title = "Undone"
        page.save_revision().publish()
        transaction.set_rollback(True)
    assert found("Undone") == []
    assert found("Planting") == ["Planting"]
    assert not UnindexedObject.objects.exists()


def test_every_change_of_the_index_is_in_the_log(page: InsightPage) -> None:
    def searches() -> int:
        return Change.objects.filter(kind="search").count()

    before = searches()
    publish(page, "Harvest")
    assert searches() == before + 1
    page.title = "A draft"
    page.save_revision()
    assert searches() == before + 1, "a draft changes no entry"
    before = searches()
    factories.ThemeFactory(name="Girls")
    assert found("Girls", Theme) == ["Girls"]
    assert searches() == before + 1
    Theme.objects.get().delete()
    # What is left of it is looked for once more after the commit.
    assert searches() >= before + 2
    before = searches()
    call_command("update_index", stdout=StringIO())
    assert searches() > before
    assert found("Harvest") == ["Harvest"]
