"""The years of a programme for display, in the language of the page."""

from typing import Any

from django.db.models import Model
from django.utils import translation

from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import STRING, Schema, Types
from frontend_api.serialization.nested import Level
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.perspective import Perspective


class Period(RepresentedField):
    """The years, such as `Since 2021`, and `Depuis 2021` on a French page."""

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> str:
        """Return the years."""
        with translation.override(instance.locale.language_code):
            return str(instance.period)

    def json_schema(self, model: type[Model], name: str, types: Types, level: Level) -> Schema:
        """Return the schema of a text."""
        return STRING
