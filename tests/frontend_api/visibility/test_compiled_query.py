"""Queries that are written once give what Django's own would give, each time anew."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client
from wagtail.models import Collection, Page

from cms.models import Theme
from frontend_api.visibility import compiled_query, specific_pages
from frontend_api.visibility.compiled_query import CompiledObjectQuery, Parameter
from frontend_api.visibility.perspective import Perspective
from frontend_api.visibility.related_rows import RelatedRows
from frontend_api.visibility.related_rows_query import fetch
from programmes.models import KeyFigure, Partner, ProgrammePage, ProgrammePartner
from tests import factories
from tests.filled import Filler, page_types

pytestmark = pytest.mark.django_db


def stored(instance: models.Model) -> dict[str, Any]:
    """Return the values of all columns of an object."""
    return {
        field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields
    }


def test_objects_are_those_that_django_makes() -> None:
    images = [factories.ImageFactory() for _ in range(3)]
    model: Any = type(images[0])
    query = CompiledObjectQuery(model.objects.filter(pk__in=Parameter("keys", model._meta.pk)))
    for chosen in (images[:1], images[1:], []):
        found = query.fetch(keys=[image.pk for image in chosen])
        assert sorted(map(str, map(stored, found))) == sorted(
            str(stored(model.objects.get(pk=image.pk))) for image in chosen
        )


@pytest.mark.parametrize("model", page_types(), ids=lambda model: model.__name__)
def test_pages_of_any_type_are_those_that_django_makes(
    model: type[Page], django_assert_num_queries: Any
) -> None:
    page = Filler(1).page(model)
    perspective = Perspective(factories.default_site())
    [found] = perspective.specific_pages([page.pk])
    assert type(found) is model
    assert stored(found) == stored(model.objects.get(pk=page.pk))
    with django_assert_num_queries(0):
        assert found.locale.pk == page.locale_id


def test_a_page_whose_type_is_gone_is_shown_as_what_is_left(client: Client) -> None:
    page = factories.ContentPageFactory()
    content_type = page.content_type
    Page.objects.filter(pk=page.pk).update(
        content_type=type(content_type).objects.create(app_label="gone", model="gonepage")
    )
    [found] = Perspective(factories.default_site()).specific_pages([page.pk])
    assert type(found) is Page
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["title"] == page.title


def test_rows_of_several_kinds_come_in_the_order_of_each_and_with_what_they_join() -> None:
    partners = [factories.PartnerFactory() for _ in range(2)]
    first, second = (
        factories.ProgrammePageFactory(partners=partners, figures=[{"value": value, "label": "x"}])
        for value in ("1", "2")
    )
    figures = RelatedRows(KeyFigure, "programme")
    links = RelatedRows(ProgrammePartner, "programme", "partner")
    found = fetch({figures: [first.pk, second.pk], links: [first.pk, 0]})
    assert {key: [row.value for row in rows] for key, rows in found[figures].items()} == {
        first.pk: ["1"],
        second.pk: ["2"],
    }
    assert [row.partner for row in found[links][first.pk]] == partners
    assert found[links][0] == []


def test_choices_come_in_the_order_that_the_chosen_model_declares() -> None:
    themes = [factories.ThemeFactory(name=name) for name in ("b", "a", "c")]
    programme = factories.ProgrammePageFactory(themes=themes)
    rows = RelatedRows(ProgrammePage.themes.through, "programmepage", "theme", as_joined=True)
    assert [row.theme.name for row in fetch({rows: [programme.pk]})[rows][programme.pk]] == [
        "a",
        "b",
        "c",
    ]


def test_a_collection_that_becomes_private_takes_its_images_away_at_once(client: Client) -> None:
    collection = Collection.get_first_root_node().add_child(name="Private later")
    page = factories.ContentPageFactory(image=factories.ImageFactory(collection=collection))
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["image"]
    collection.view_restrictions.create(restriction_type="password", password="x")
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["image"] is None


class Shown(models.Manager):
    """Leaves out what a set, which may change at any time, does not name."""

    names: set[str] = set()

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(name__in=self.names)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """What the default managers of themes and partners let through."""
    names: set[str] = set()
    compiled_query.is_filtered.cache_clear()
    for model in (Theme, Partner):
        manager = Shown()
        manager.model, manager.names = model, names
        monkeypatch.setitem(model._meta.__dict__, "default_manager", manager)
    yield names
    compiled_query.is_filtered.cache_clear()


def test_a_manager_that_leaves_objects_out_is_asked_each_time(
    client: Client, shown: set[str]
) -> None:
    shown |= {"a", "b"}
    programme = factories.ProgrammePageFactory(
        themes=[factories.ThemeFactory(name="a")], partners=[factories.PartnerFactory(name="b")]
    )

    def names(of: str) -> list[str]:
        form = client.get(f"/api/v2/pages/{programme.pk}/").json()
        return [item["name"] for item in form[of]]

    assert (names("themes"), names("partners")) == (["a"], ["b"])
    shown -= {"a", "b"}
    assert (names("themes"), names("partners")) == ([], [])


def test_with_more_page_types_than_one_query_can_join_the_answers_are_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = factories.programme_index()
    factories.ProgrammePageFactory(insights=[factories.InsightPageFactory()])
    factories.InsightPageFactory(live=False)
    paths = [
        f"/api/v2/pages/{index.pk}/",
        "/api/v2/pages/?fields=*",
        "/api/v2/programmes/?fields=*",
    ]
    in_one_query = [client.get(path).json() for path in paths]
    monkeypatch.setattr(specific_pages, "MOST_TYPES", 0)
    assert [client.get(path).json() for path in paths] == in_one_query
