"""What is saved several times in a transaction is indexed once, at its end, as it is then."""

from typing import Any

import pytest
from django.db import transaction
from modelsearch import index
from wagtail.models import ReferenceIndex

from insights.models import InsightPage
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """Ends a savepoint."""


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is indexed for searches, and whose references are, in order."""
    seen: list[str] = []
    searched, referred = index.insert_or_update_object, ReferenceIndex.create_or_update_for_object

    def search(instance: Any) -> None:
        seen.append(f"search {instance}")
        searched(instance)

    def refer(instance: Any) -> None:
        seen.append(f"references {instance}")
        referred(instance)

    monkeypatch.setattr(index, "insert_or_update_object", search)
    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", refer)
    return seen


def found(word: str) -> list[str]:
    return [page.title for page in InsightPage.objects.live().search(word)]


def test_publishing_indexes_a_page_once(indexed: list[str]) -> None:
    page = factories.ProgrammePageFactory(title="Before")
    indexed.clear()
    with transaction.atomic():
        for number in range(3):
            page.key_figures.add(page.key_figures.model(value=f"{number}", label="x"))
            page.title = f"Title {number}"
            page.save_revision().publish()
        assert indexed == []
    assert sorted(indexed) == ["references Title 2", "search Title 2"]


def test_the_references_of_a_child_are_those_of_its_page(indexed: list[str]) -> None:
    page = factories.ProgrammePageFactory(title="With partners")
    indexed.clear()
    with transaction.atomic():
        for _ in range(3):
            page.partners.model.objects.create(programme=page, partner=factories.PartnerFactory())
    assert indexed.count("references With partners") == 1


def test_what_a_savepoint_takes_back_is_not_indexed(indexed: list[str]) -> None:
    def make_and_fail() -> None:
        with transaction.atomic():
            factories.InsightPageFactory(title="Marmot")
            raise Broken

    with transaction.atomic():
        with pytest.raises(Broken):
            make_and_fail()
        gone = factories.InsightPageFactory(title="Marten")
        gone.delete()
        factories.InsightPageFactory(title="Badger")
    assert not any("Mar" in one for one in indexed)
    assert (found("Marmot"), found("Marten"), found("Badger")) == ([], [], ["Badger"])


def test_outside_a_transaction_it_is_found_at_once(indexed: list[str]) -> None:
    factories.InsightPageFactory(title="Otter")
    assert found("Otter") == ["Otter"]
    assert "search Otter" in indexed
