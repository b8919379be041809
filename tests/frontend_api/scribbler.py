"""Drafts with random content, found from the models alone, as `tests.filled` finds what they could have."""

from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from tests.filled import Filler

# What nothing has, and what is no key at all.
GONE = 10**9
TEXTS = ("", "x", " x ", "é\u2028👍", "<b>&amp;\"'</b>", "{{ x }}\t\\", "x" * 40)
YEARS = (1900, 2019, 2020, 2100)


class Scribbler:
    """Writes one page over, with what `random` picks out of all that it can have, and with links to `targets`."""

    def __init__(self, random: Random, filler: Filler, targets: list[Page]) -> None:
        self.random, self.filler, self.targets = random, filler, targets

    def write(self, page: Any) -> None:
        """Write every field, inline child and choice of `page`; what could not be published stays as it was."""
        before = type(page).objects.get(pk=page.pk)
        page.title = self.random.choice([text for text in TEXTS if text.strip()])
        page.slug = self.random.choice([page.slug, f"{page.slug}-new"])
        for name in ("seo_title", "search_description"):
            setattr(page, name, self._text())
        page.show_in_menus = self.random.random() < 0.5
        self._fields(page)
        for field in page._meta.local_many_to_many:
            getattr(page, field.name).set(self._some(self.filler.named(field.related_model)))
        for relation in page._meta.related_objects:
            own = relation.field.remote_field.model is type(page)
            if own and isinstance(relation.field, ParentalKey):
                getattr(page, relation.get_accessor_name()).set(self._children(page, relation))

        try:
            page.full_clean()
        except ValidationError:
            for field in page._meta.local_concrete_fields:
                setattr(page, field.attname, getattr(before, field.attname))

    def _text(self) -> str:
        return self.random.choice(TEXTS)

    def _some(self, items: list[Any]) -> list[Any]:
        return self.random.sample(items, self.random.randint(0, len(items)))

    def _children(self, page: Any, relation: Any) -> list[Any]:
        manager, model = getattr(page, relation.get_accessor_name()), relation.related_model
        # Those that there are, in another order and with some of them gone, and new ones between.
        kept = self._some(list(manager.all()))
        new = [model() for _ in range(self.random.randint(0, 2))]
        children = self.random.sample([*kept, *new], len(kept) + len(new))
        # No two children of a page choose the same, and a kept one stays with what it chose.
        taken = [
            getattr(child, field.attname)
            for child in manager.all()
            for field in model._meta.concrete_fields
            if _is_choice(field)
        ]
        written = []
        for child in children:
            self._fields(child, taken)
            child.sort_order = self.random.choice((None, 0, 1, 2))
            choosers = [
                field
                for field in child._meta.concrete_fields
                if _is_choice(field) and not field.null
            ]
            if all(getattr(child, field.attname) for field in choosers):
                written.append(child)
        return written

    def _fields(self, instance: Any, taken: list[Any] | None = None) -> None:
        for field in instance._meta.concrete_fields:
            if field.model is Page or field.primary_key or isinstance(field, ParentalKey):
                continue
            if isinstance(field, StreamField):
                setattr(instance, field.name, self.stream(field.stream_block))
            elif isinstance(field, RichTextField):
                setattr(instance, field.name, self.rich_text())
            elif _is_choice(field):
                if taken is None:
                    setattr(
                        instance,
                        field.attname,
                        self.random.choice([*self._keys(field.related_model), None]),
                    )
                elif instance.pk is None:
                    free = [key for key in self._keys(field.related_model) if key not in taken]
                    taken.append(self.random.choice([*free, None]))
                    setattr(instance, field.attname, taken[-1])
            elif isinstance(field, models.BooleanField):
                setattr(instance, field.name, self.random.random() < 0.5)
            elif isinstance(field, models.CharField) and field.name != "slug":
                setattr(instance, field.name, self._text())
            elif isinstance(field, models.IntegerField) and field.name != "sort_order":
                setattr(instance, field.name, self.random.choice([*YEARS, *[None] * field.null]))

    def _keys(self, model: Any) -> list[Any]:
        keys = [item.pk for item in self.filler.named(model)]
        if issubclass(model, Page):
            keys += [page.pk for page in self.targets if isinstance(page, model)]
        return keys

    def _key(self, model: Any) -> Any:
        return self.random.choice([*self._keys(model), GONE, None])

    def stream(self, block: Any) -> list[dict[str, Any]]:
        """Return what is stored for a body: blocks of any kinds in any order, with and without ids."""
        names = self.random.choices(list(block.child_blocks), k=self.random.randint(0, 6))
        children = [
            {"type": name, "value": self.raw(block.child_blocks[name]), "id": f"{number}"}
            for number, name in enumerate(names)
        ]
        if self.random.random() < 0.2:
            children.append({"type": "taken_out_since", "value": "x", "id": "gone"})
        return children

    def raw(self, block: Any) -> Any:
        """Return what is stored for a block."""
        match block:
            case ImageBlock():
                text = self._text()
                decorative = self.random.random() < 0.5
                image = self._key(get_image_model())
                return {"image": image, "alt_text": text, "decorative": decorative}
            case ImageChooserBlock():
                return self._key(get_image_model())
            case DocumentChooserBlock():
                return self._key(get_document_model())
            case SnippetChooserBlock() | blocks.PageChooserBlock():
                return self._key(block.target_model)
            case blocks.RichTextBlock():
                return self.rich_text()
            case BaseTypedTableBlock():
                names = self.random.choices(list(block.child_blocks), k=self.random.randint(0, 3))
                columns = [{"type": name, "heading": self._text()} for name in names]
                rows = [
                    {"values": [self.raw(block.child_blocks[name]) for name in names]}
                    for _ in range(self.random.randint(0, 2))
                ]
                return {"caption": self._text(), "columns": columns, "rows": rows}
            case blocks.BaseStreamBlock():
                return self.stream(block)
            case blocks.BaseStructBlock():
                # What was stored before a block got an optional part does not have it.
                return {
                    name: self.raw(child)
                    for name, child in block.child_blocks.items()
                    if child.required or self.random.random() < 0.9
                }
            case blocks.ListBlock():
                values = [self.raw(block.child_block) for _ in range(self.random.randint(0, 2))]
                if self.random.random() < 0.3 and not any(map(_is_item, values)):
                    return values
                return [
                    {"type": "item", "value": value, "id": f"{len(values)}"} for value in values
                ]
            case blocks.ChoiceBlock():
                return self.filler.raw(block, 0)
            case blocks.CharBlock() | blocks.TextBlock():
                return self._text()
        return self.filler.raw(block, self.random.randrange(self.filler.many))

    def rich_text(self) -> str:
        """Return text with links that lead somewhere, to the page itself, nowhere, and some that are damaged."""
        links = [
            f'<a linktype="{kind}" id="{key}">{kind}</a>'
            for kind, model in (("page", Page), ("document", get_document_model()))
            for key in (*self._keys(model), GONE, "x", "")
        ]
        image = (
            f'<embed embedtype="image" id="{self._key(get_image_model())}" format="left" alt="x"/>'
        )
        other = ("", "<p></p>", '<a href="https://elsewhere.example/?a=1&amp;b">x</a>', "é & ö")
        parts = [*links, image, *other, self.filler.rich_text(0)]
        return "".join(self._some(parts)[:8])


def _is_choice(field: Any) -> bool:
    return isinstance(field, models.ForeignKey) and not isinstance(field, ParentalKey)


def _is_item(value: Any) -> bool:
    return isinstance(value, dict)
