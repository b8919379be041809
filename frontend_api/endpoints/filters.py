"""Filters of collection endpoints, which only ever narrow the perspective's queryset.

An app declares its own with django-filter::

    class EventFilterSet(CollectionFilterSet):
        city = filters.CharFilter(field_name="city")
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet

from frontend_api.errors import BadParameters
from frontend_api.visibility.perspective import Perspective

from .bounds import LARGEST, MOST_VALUES

_SLUG = re.compile(r"[\w-]{1,255}")


class CollectionFilterSet(django_filters.FilterSet):
    """The filters of one collection; `perspective` lets a filter look up what the request may see."""

    perspective: Perspective

    @classmethod
    def narrow(cls, queryset: QuerySet[Any], data: Any, perspective: Perspective) -> QuerySet[Any]:
        """Return `queryset` narrowed by the filters in `data`; raises `BadParameters`, which names every bad one."""
        filterset = cls(data, queryset=queryset)
        filterset.perspective = perspective
        if not filterset.is_valid():
            raise BadParameters(
                {
                    name: f"{name} is '{data[name][:40]}'; {' '.join(map(_in_a_sentence, errors))}"
                    for name, errors in filterset.errors.items()
                }
            )
        narrowed: QuerySet[Any] = filterset.qs
        return narrowed


def _in_a_sentence(error: object) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]


class ChoiceFilter(django_filters.ChoiceFilter):
    """One of several values; the error for any other value lists them."""

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        values = sorted(value for value, _ in choices)
        message = f"it takes {', '.join(values[:-1])} or {values[-1]}."
        super().__init__(
            *args, choices=choices, error_messages={"invalid_choice": message}, **kwargs
        )


def folded(text: str) -> str:
    """Return `text` as it compares with others in any case, and in any form of Unicode."""
    small = unicodedata.normalize("NFKC", text).casefold()
    # In Turkish, the capital of `ı` is `I`, and that of `i` is `İ`.
    return unicodedata.normalize("NFKC", small.replace("i\u0307", "i").replace("ı", "i"))


class AnyCaseFilter(django_filters.CharFilter):
    """A text in any case, in every alphabet.

    A database compares so what it knows: SQLite the letters of ASCII alone, PostgreSQL those of its locale. So the
    different texts that there are, which should be few, are compared here.
    """

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return `qs` narrowed to the objects that have the text `value`."""
        if not value:
            return qs
        wanted = folded(value)
        # In their order, so that the response depends on this column, and on no other that is not compared.
        texts = qs.order_by(self.field_name).values_list(self.field_name, flat=True).distinct()
        with self.parent.perspective.dependencies.tracking_selection():
            same = [text for text in texts if text is not None and folded(text) == wanted]
        return qs.filter(**{f"{self.field_name}__in": same})


class DateFilter(django_filters.DateFilter):
    """A date as in `2024-05-31`, the one form that is unambiguous."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": "enter a valid date, as in 2024-05-31."},
            **kwargs,
        )


class SlugsField(forms.CharField):
    """Comma-separated slugs, read as a list."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the different slugs in `value`; raises `ValidationError` for too many, or for one that is no slug."""
        parts = (super().to_python(value) or "").split(",") if value else []
        slugs = list(dict.fromkeys(part.strip() for part in parts))
        if len(slugs) > MOST_VALUES:
            raise forms.ValidationError(f"give {MOST_VALUES} slugs at most.")
        if not all(_SLUG.fullmatch(slug) for slug in slugs):
            raise forms.ValidationError("give slugs (letters, digits, hyphens), comma-separated.")
        return slugs


def is_list(one: django_filters.Filter) -> bool:
    """Return whether a filter takes several values, separated by commas."""
    return issubclass(one.field_class, SlugsField)


class SlugsFilter(django_filters.Filter):
    """Keeps the objects that are related to one with any of several slugs.

    A slug that nothing has, or only objects that may not be seen, matches nothing.
    """

    field_class = SlugsField

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        """Return `qs` narrowed to the objects that have any of the slugs in `value`."""
        if not value:
            return qs
        if self.method is not None:
            filtered: QuerySet[Any] = super().filter(qs, value)
            return filtered
        # A join would repeat an object for every slug that matches; a subquery does not.
        condition = _condition(qs.model, self.field_name, value, self.parent.perspective)
        having = qs.model._default_manager.filter(**condition)
        return qs.filter(pk__in=having.order_by().values("pk"))


def _condition(
    model: type[Model], path: str, values: list[str], perspective: Perspective
) -> dict[str, Any]:
    """Return the `filter()` arguments for objects of `model` that lead to `values` by a path such as `themes__slug`.

    Related objects that may not be seen do not count.
    """
    relation, _, rest = path.partition("__")
    target: Any = rest and model._meta.get_field(relation).related_model
    if not target:
        return {f"{path}__in": values}
    condition = _condition(target, rest, values, perspective)
    if not perspective.has_privacy(target):
        return {f"{relation}__{name}": value for name, value in condition.items()}
    visible = perspective.objects(target).filter(**condition)
    return {f"{relation}__in": visible.order_by().values("pk")}


class WholeNumberFilter(django_filters.Filter):
    """A whole number that every database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", LARGEST)
        super().__init__(*args, **kwargs)
