"""Forms that accept a draft whose values do not fit together yet."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.utils.functional import cached_property


class AcceptsUnfinished:
    """Leaves the `clean` of models, which compares values, to the moment at which a draft is published.

    The values themselves are checked in drafts, too. A form's own `clean` can ask `is_deferred_validation`.
    """

    is_deferred_validation: bool
    fields: dict[str, Any]
    instance: Any

    def defer_required_fields(self) -> None:
        """Accept an empty field, too, whose column has to hold something, if there is something to hold."""
        super().defer_required_fields()  # type: ignore[misc]
        for name, field in self.fields.items():
            if field.required and getattr(self.instance, name, None) not in field.empty_values:
                field.required = False
                self.kept_fields.add(name)

    def restore_required_fields(self) -> None:
        """Require what is needed to publish."""
        super().restore_required_fields()  # type: ignore[misc]
        for name in self.kept_fields:
            self.fields[name].required = True
        self.kept_fields.clear()

    @cached_property
    def kept_fields(self) -> set[str]:
        """The names of the fields that keep their value if a draft leaves them empty."""
        return set()

    def clean(self) -> dict[str, Any]:
        """Leave such a field as it is: the date that somebody is about to type anew holds up nothing else."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        for name in self.kept_fields:
            if name in cleaned and cleaned[name] in self.fields[name].empty_values:
                del cleaned[name]
        return cleaned

    def is_valid(self) -> bool:
        """Return whether this can be saved, as a draft or as more than that."""
        with ExitStack() as unchecked:
            if self.is_deferred_validation:
                for form in _all_forms(self):
                    unchecked.enter_context(without_clean(form.instance))
            valid: bool = super().is_valid()  # type: ignore[misc]
        return valid


def _all_forms(form: Any) -> Iterator[Any]:
    """Yield a form, those of its children, and those of their children."""
    yield form
    for formset in getattr(form, "formsets", {}).values():
        for child in formset.forms:
            yield from _all_forms(child)


@contextmanager
def without_clean(instance: Any) -> Iterator[None]:
    """Leave out what compares an object's values with each other, for the time of the block."""
    # Django calls it in the middle of its validation and cannot be told not to.
    instance.clean = lambda: None
    try:
        yield
    finally:
        # Two forms that were sent with the same id share their object.
        vars(instance).pop("clean", None)
