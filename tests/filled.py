"""Pages of any type with everything in them that the API can show, found from the models alone.

A type, a field, an inline child or a block that comes later is filled as well, so that what is tested of "every page
type" holds for it with no further line.
"""

import datetime
import itertools
import uuid
from typing import Any

from django.db import models
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from taggit.managers import TaggableManager
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page, get_page_models
from wagtail.snippets.blocks import SnippetChooserBlock

from frontend_api.changes.transaction import transaction
from insights.models import InsightPage
from tests import factories

_numbers = itertools.count()


def page_types() -> list[type[Page]]:
    """Return every page type that has something to show, the plugin's included."""
    return [model for model in get_page_models() if hasattr(model, "api_fields")]


class Filler:
    """Makes pages that name `many` different objects wherever they can name one or more.

    What they name, other pages above all, is filled in the same way, but names no pages in turn.
    """

    def __init__(self, many: int, *, names_pages: bool = True) -> None:
        self.many = many
        self.names_pages = names_pages
        self.made: dict[type[models.Model], list[Any]] = {}

    def page(self, model: type[Page], *, children: bool = True) -> Any:
        """Return a live page below home, with or without inline children."""
        # One change of the site, of which all that follows changes is told once.
        with transaction():
            return self._page(model, children)

    def _page(self, model: type[Page], children: bool) -> Any:
        name = f"Filled {model.__name__} {next(_numbers)}"
        page: Any = model(
            title=name,
            slug=slugify(name),
            first_published_at=datetime.datetime(self._year(), 5, 1, tzinfo=datetime.UTC),
        )
        self._fill(page)
        factories.home().add_child(instance=page)
        for field in _choices_of_several(model):
            getattr(page, field.name).set(self.named(field.related_model))
        page.save()
        for relation in _rows_that_are_shown(model) if children else ():
            self._children(page, relation)
        return page

    def _year(self) -> int:
        # What is named is older, so that it comes after what names it wherever the newest is first.
        return 2024 if self.names_pages else 2014

    def named(self, model: Any) -> list[Any]:
        """Return the objects of `model` that are named, made when they are first asked for."""
        if model is Page:
            model = InsightPage
        if model not in self.made:
            if issubclass(model, Page):
                self.made[model] = copies(Filler(1, names_pages=False).page(model), self.many)
            elif issubclass(model, get_image_model()):
                self.made[model] = [factories.ImageFactory() for _ in range(self.many)]
            elif issubclass(model, get_document_model()):
                self.made[model] = [factories.DocumentFactory() for _ in range(self.many)]
            else:
                self.made[model] = [self._object(model) for _ in range(self.many)]
        return self.made[model]

    def _object(self, model: Any) -> Any:
        made = model()
        self._fill(made)
        made.save()
        return made

    def _children(self, page: Page, relation: Any) -> None:
        children = [relation.related_model(**{relation.field.name: page}) for _ in range(self.many)]
        for place, child in enumerate(children):
            self._fill(child, place)
            if hasattr(child, "sort_order"):
                child.sort_order = place
        choosers = [field for field in _own(children[0]) if field.is_relation]
        # An inline child that is there to choose a page is nothing without one.
        if all(getattr(children[0], field.attname) or field.null for field in choosers):
            relation.related_model._default_manager.bulk_create(children)

    def _fill(self, instance: Any, place: int = 0) -> None:
        """Give a value to every field of the instance's own model that has none."""
        for field in _own(instance):
            if isinstance(field, StreamField):
                setattr(instance, field.name, self.stream(field.stream_block))
            elif isinstance(field, RichTextField):
                setattr(instance, field.name, self.rich_text(place))
            elif isinstance(field, ParentalKey) or getattr(instance, field.attname):
                continue
            elif field.is_relation:
                if self.names_pages or not issubclass(field.related_model, Page):
                    setattr(instance, field.attname, self.named(field.related_model)[place].pk)
            elif isinstance(field, models.SlugField):
                setattr(instance, field.name, f"x-{next(_numbers)}")
            elif isinstance(field, models.CharField) and (field.unique or not field.blank):
                setattr(instance, field.name, f"x {next(_numbers)}")
            elif isinstance(field, models.DateField):
                setattr(instance, field.name, datetime.date(self._year(), 5, 1))
            elif isinstance(field, models.IntegerField) and not field.has_default():
                setattr(instance, field.name, 2020)

    def stream(self, block: Any) -> list[dict[str, Any]]:
        """Return a body with `many` blocks of each kind."""
        return [
            {"type": name, "value": self.raw(child, place), "id": f"{name}-{place}"}
            for place in range(self.many)
            for name, child in block.child_blocks.items()
        ]

    def raw(self, block: Any, place: int) -> Any:
        """Return what is stored for a block that names the objects at `place`."""
        match block:
            case ImageBlock():
                image = self.named(get_image_model())[place].pk
                return {"image": image, "alt_text": "x", "decorative": False}
            case ImageChooserBlock():
                return self.named(get_image_model())[place].pk
            case DocumentChooserBlock():
                return self.named(get_document_model())[place].pk
            case SnippetChooserBlock():
                return self.named(block.target_model)[place].pk
            case blocks.PageChooserBlock():
                return self.named(block.target_model)[place].pk if self.names_pages else None
            case EmbedBlock():
                return video(place)
            case blocks.RichTextBlock():
                return self.rich_text(place)
            case BaseTypedTableBlock():
                columns = [{"type": name, "heading": name} for name in block.child_blocks]
                values = [self.raw(child, place) for child in block.child_blocks.values()]
                return {"caption": "x", "columns": columns, "rows": [{"values": values}]}
            case blocks.BaseStreamBlock():
                return self.stream(block)
            case blocks.BaseStructBlock():
                return {name: self.raw(child, place) for name, child in block.child_blocks.items()}
            case blocks.ListBlock():
                return [{"type": "item", "value": self.raw(block.child_block, place), "id": "x"}]
            case blocks.DateBlock():
                return "2024-05-01"
            case blocks.IntegerBlock() | blocks.FloatBlock():
                return 1
        return block.get_prep_value(block.get_default()) or ("x" if block.required else "")

    def rich_text(self, place: int) -> str:
        """Return rich text with a link of each kind, an image and a video."""
        links = f'<a linktype="document" id="{self.named(get_document_model())[place].pk}">x</a>'
        if self.names_pages:
            links += f'<a linktype="page" id="{self.named(Page)[place].pk}">x</a>'
        image = self.named(get_image_model())[place].pk
        return (
            f'<p>x {links}</p><embed embedtype="image" id="{image}" format="left" alt="x"/>'
            f'<embed embedtype="media" url="{video(place)}"/>'
        )


def _choices_of_several(model: Any) -> list[Any]:
    """Return the many-to-many fields of a page type; its tags are rows of their own."""
    fields = model._meta.local_many_to_many
    return [field for field in fields if not isinstance(field, TaggableManager)]


def _rows_that_are_shown(model: Any) -> list[Any]:
    """Return the relations to the rows of a page: its inline children, and those that point at it and are shown."""
    return [
        relation
        for relation in model._meta.related_objects
        if relation.field.remote_field.model is model
        and (
            isinstance(relation.field, ParentalKey)
            or (relation.one_to_many and relation.get_accessor_name() in model.api_fields)
        )
    ]


def _own(instance: Any) -> list[Any]:
    """Return the fields that an instance's model has for editors, without its place in an order and its times."""
    return [
        field
        for field in instance._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.model is not Page
        and field.name not in {"sort_order", "first_published_at", "go_live_at", "expire_at"}
    ]


def video(place: int) -> str:
    """Return the address of a video that is stored."""
    url = f"https://vimeo.com/{place + 1}"
    Embed.objects.get_or_create(hash=get_embed_hash(url), defaults={"url": url, "type": "video"})
    return url


def copies(page: Any, count: int) -> list[Any]:
    """Return `page` and copies of it beside it, `count` in all, written as fast as can be: no signals, no index."""
    with transaction():
        return _copies(page, count)


def _copies(page: Any, count: int) -> list[Any]:
    parent, model = page.get_parent(), type(page)
    beside = parent.get_last_child()
    bases = []
    for _ in range(count - 1):
        # treebeard has no public way to name the next place in the tree.
        beside.path = beside._inc_path()
        slug = f"{model.__name__}-{next(_numbers)}".lower()
        different = {
            "path": beside.path,
            "slug": slug,
            "url_path": f"{parent.url_path}{slug}/",
            "translation_key": uuid.uuid4(),
        }
        bases.append(Page(**{**_values(page, Page), **different}))
    Page.objects.bulk_create(bases)
    Page.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + len(bases))
    made = [page]
    for base in bases:
        copy = model(page_ptr=base, **{**_values(page, model), **_values(base, Page)})
        # Raw, a row goes into the model's own table alone.
        copy.save_base(raw=True, force_insert=True)
        made.append(copy)
    _copy_rows(page, made[1:])
    return made


def _copy_rows(page: Any, to: list[Any]) -> None:
    """Give `to` the inline children and the choices of several that `page` has."""
    for relation in _rows_that_are_shown(type(page)):
        _copy_of_rows(relation.related_model, relation.field, page, to)
    for field in _choices_of_several(type(page)):
        through = field.remote_field.through
        _copy_of_rows(through, through._meta.get_field(field.m2m_field_name()), page, to)


def _copy_of_rows(model: Any, parent: Any, page: Any, to: list[Any]) -> None:
    rows = [_values(row, model) for row in model._default_manager.filter(**{parent.name: page})]
    model._default_manager.bulk_create(
        model(**{**row, parent.attname: copy.pk}) for copy in to for row in rows
    )


def _values(instance: Any, model: Any) -> dict[str, Any]:
    """Return what `instance` has in the table of `model` and those above it, without its keys."""
    return {
        field.attname: getattr(instance, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name != "id"
    }
