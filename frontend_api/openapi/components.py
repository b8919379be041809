"""The named schemas (components) of the document, each described once and referenced everywhere else."""

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

# Names of the API's own schemas; a model with one of these names is prefixed with the name of its app.
RESERVED = frozenset(
    {
        "Page",
        "Image",
        "Document",
        "Embed",
        "FacetValue",
        "Link",
        "DraftState",
        "Ancestor",
        "Translation",
        "Seo",
        "ShareImage",
        "OpenGraph",
        "JsonLd",
        "JsonLdArticle",
        "JsonLdBreadcrumbs",
        "JsonLdImage",
        "JsonLdOrganization",
        "JsonLdPage",
        "JsonLdWebSite",
        "DocumentDetail",
        "DocumentInLibrary",
        "ImageDetail",
        "ImageInLibrary",
        "Site",
        "SearchListing",
        "Completions",
        "Completion",
        "Highlight",
        "Problem",
        "ContentChanged",
        "WebhookTest",
        "JsonSchema",
        "AnyJson",
        "Example",
        "OpenApiDocument",
    }
)
SUFFIXES = {Level.DETAIL: "", Level.TEASER: "Teaser", Level.LINK: "Link"}


DescribeObject = Callable[[type[Model], Level, "Components"], Schema]


class Components:
    """The named schemas of one document so far; `describe_object` returns those of pages and other objects."""

    def __init__(
        self,
        describe_object: DescribeObject,
        registry: ComponentRegistry | None = None,
        *,
        is_strict: bool = False,
    ) -> None:
        self._describe_object = describe_object
        self.is_strict = is_strict
        """Whether a block without a type raises `Untyped`, as the checks want it, or is any JSON."""
        self.registry = ComponentRegistry() if registry is None else registry

    def named(
        self, name: str, describe: Schema | Callable[[], Schema], source: Any = None
    ) -> Schema:
        """Return a reference to the schema `name`; `describe` is the schema, or a function that makes it if it is new.

        `source` is what that function makes it from, such as a model. Raises `Untyped` if `name` already stands for
        another schema or source.
        """
        identity = describe if source is None and not callable(describe) else source
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=(name, identity))
        if component not in self.registry:
            # Registered before its schema is made, so that the schema can refer to itself.
            self.registry.register(component)
            component.schema = describe() if callable(describe) else describe
        elif self.registry[component].object != component.object:
            raise Untyped(f"there are two different types with the name {name}")
        reference: Schema = component.ref
        return reference

    def image(self) -> Schema:
        """Return the schema of an image."""
        return self.named("Image", media.medium(media.IMAGE, get_image_model()))

    def document(self) -> Schema:
        """Return the schema of a document in the media library."""
        return self.named("Document", media.medium(media.DOCUMENT, get_document_model()))

    def embed(self) -> Schema:
        """Return the schema of embedded media."""
        return self.named("Embed", media.EMBED)

    def link(self) -> Schema:
        """Return the schema of a link, as in `serialization.links`."""
        return self.named("Link", media.LINK)

    def of(self, model: type[Model], level: Level = Level.TEASER) -> Schema:
        """Return the schema of an object of `model`; for a page model, a union of all its page types."""
        if issubclass(model, get_image_model()):
            return self.image()
        if issubclass(model, get_document_model()):
            return self.document()
        return self._describe_object(model, level, self)


def name_of(model: type[Model]) -> str:
    """Return the name of a model's schema: its class name, prefixed with that of its app if others have the same."""
    own = model.__name__
    is_alone = sum(other.__name__ == own for other in apps.get_models()) == 1
    if is_alone and own not in RESERVED:
        return own
    return f"{model._meta.app_label.title().replace('_', '')}{own}"
