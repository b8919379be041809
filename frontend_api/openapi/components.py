"""The named types of the document, each described once and referred to from everywhere else."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.serialization.json_schema import Schema, Untyped
from frontend_api.serialization.nested import Level

from . import media

# What the API itself calls a type; a model of the same name gets its app's before its own.
RESERVED = frozenset(
    {
        "Page",
        "Image",
        "Document",
        "Embed",
        "Link",
        "DraftState",
        "Site",
        "Problem",
        "JsonSchema",
        "OpenApiDocument",
    }
)
SUFFIXES = {Level.DETAIL: "", Level.TEASER: "Teaser", Level.LINK: "Link"}


DescribeObject = Callable[[type[Model], Level, "Components"], Schema]


class Components:
    """The named types that one document has so far; `describe_object` knows those of pages and other objects."""

    def __init__(
        self, describe_object: DescribeObject, registry: ComponentRegistry | None = None
    ) -> None:
        self._describe_object = describe_object
        self.registry = ComponentRegistry() if registry is None else registry

    def named(
        self, name: str, describe: Schema | Callable[[], Schema], source: Any = None
    ) -> Schema:
        """Return the reference to the type `name`; `describe` is its schema, or makes it when it is new.

        `source` is what the type is made from where a schema is not given, such as a model: two of them cannot have
        one name.
        """
        identity = describe if source is None and not callable(describe) else source
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=(name, identity))
        if component not in self.registry:
            # It is there before its schema is, so that a type can hold itself.
            self.registry.register(component)
            component.schema = describe() if callable(describe) else describe
        elif self.registry[component].object != component.object:
            raise Untyped(f"there are two different types with the name {name}")
        reference: Schema = component.ref
        return reference

    def image(self) -> Schema:
        """Return the type of an image."""
        return self.named("Image", media.IMAGE)

    def document(self) -> Schema:
        """Return the type of a document."""
        return self.named("Document", media.DOCUMENT)

    def embed(self) -> Schema:
        """Return the type of embedded media."""
        return self.named("Embed", media.EMBED)

    def link(self) -> Schema:
        """Return the type of a link, as `links.py` makes them."""
        return self.named("Link", media.LINK)

    def of(self, model: type[Model], level: Level = Level.TEASER) -> Schema:
        """Return the type of an object of `model`; of pages, a union of all types that a `model` can be."""
        if issubclass(model, get_image_model()):
            return self.image()
        if issubclass(model, get_document_model()):
            return self.document()
        return self._describe_object(model, level, self)


def name_of(model: type[Model]) -> str:
    """Return the name of a model's type: the model's own, after its app's where another one has the same."""
    own = model.__name__
    is_alone = sum(other.__name__ == own for other in apps.get_models()) == 1
    if is_alone and own not in RESERVED:
        return own
    return f"{model._meta.app_label.title().replace('_', '')}{own}"
