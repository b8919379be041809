"""Wagtail's own v2 API over the project's models, with Wagtail's own serialisers.

The models say in `api_fields` what they show, partly with serialisers of this project's. Here those fields keep
Wagtail's, and inline children name what they choose, so that a client gets the same things from both.
"""

from typing import Any

from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import BaseAPIViewSet, PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.api.v2.views import ImagesAPIViewSet

from frontend_api.images.uses import use_named
from frontend_api.serialization.fields import RepresentedField
from programmes.models import Partner, ProgrammePartner, RelatedInsight


class StockFields:
    """Shows the fields that a model declares, each by the serialiser that Wagtail has for it."""

    @classmethod
    def get_body_fields(cls, model: Any) -> list[Any]:
        """Return the fields that the models declare, those that Wagtail can serialise."""
        declared: Any = super()
        return [
            APIField(field.name) if isinstance(field.serializer, RepresentedField) else field
            for field in declared.get_body_fields(model)
            # Where an insight leads is a field of this project's JSON alone.
            if not isinstance(field.serializer, RepresentedField) or hasattr(model, field.name)
        ]


def renditions(use: str) -> dict[str, str]:
    """Return the renditions of a use that the demo's pictures have, each by the name of its field."""
    described = use_named(use)
    return {
        f"{use}_{form}_{width}": described.spec(width, form)
        for width in described.widths[:2]
        for form in ("avif", "webp", "jpeg")
    }


class StockPagesViewSet(StockFields, PagesAPIViewSet):
    """`pages/` as Wagtail has it, with a field for each rendition that this API shows."""

    @classmethod
    def get_body_fields(cls, model: Any) -> list[Any]:
        """Return the fields that the models declare, and those of their images' renditions."""
        specs = {**renditions("hero"), **renditions("teaser")} if hasattr(model, "image") else {}
        return [
            *super().get_body_fields(model),
            *(
                APIField(name, serializer=ImageRenditionField(spec, source="image"))
                for name, spec in specs.items()
            ),
        ]


class StockPartnersViewSet(StockFields, BaseAPIViewSet):
    """How Wagtail shows a partner."""

    model = Partner


class PartnersOfProgrammes(BaseAPIViewSet):
    """The inline children through which a programme names its partners."""

    model = ProgrammePartner
    body_fields = [*BaseAPIViewSet.body_fields, "partner"]


class InsightsOfProgrammes(BaseAPIViewSet):
    """The inline children through which a programme names its insights."""

    model = RelatedInsight
    body_fields = [*BaseAPIViewSet.body_fields, "insight"]


router = WagtailAPIRouter("stock")
router.register_endpoint("pages", StockPagesViewSet)
router.register_endpoint("images", ImagesAPIViewSet)
router.register_endpoint("documents", DocumentsAPIViewSet)
# Wagtail looks here for how it nests objects of a model.
router.register_endpoint("partners", StockPartnersViewSet)
router.register_endpoint("programme-partners", PartnersOfProgrammes)
router.register_endpoint("programme-insights", InsightsOfProgrammes)
