"""Describes rows that belong to parents: inline children, many-to-many choices, and what points at an object."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class RelatedRows:
    """The rows of `model` by its foreign key `parent`, each with the object of its foreign key `joined`, if given.

    They come in the order of `model` or, with `as_joined`, of the joined model. With `is_part`, a change of a row is
    logged as a change of its parent, otherwise of its table only.
    """

    model: type[Model]
    parent: str
    joined: str = ""
    as_joined: bool = False
    is_part: bool = True

    @property
    def parent_field(self) -> Any:
        """The field that `parent` names."""
        return self.model._meta.get_field(self.parent)

    @property
    def joined_model(self) -> Any:
        """The model that `joined` refers to."""
        field: Any = self.model._meta.get_field(self.joined)
        return field.related_model
