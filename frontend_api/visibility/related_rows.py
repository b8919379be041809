"""Rows that belong to parents: inline children, choices of several, and what points at an object."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class RelatedRows:
    """The rows of `model` by `parent`, a key of it, each with the object that its key `joined` names, if any.

    They come in the order of `model`, or in that of what is joined, when `as_joined` says so. A change of a row is
    logged as one of its parent if it `is_part` of that, and else as one of its table alone.
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
        """The model of what is joined."""
        field: Any = self.model._meta.get_field(self.joined)
        return field.related_model
