"""Finds what the columns of a listing or a chooser show."""

from typing import Any

from django.db.models import QuerySet


def matching(queryset: QuerySet[Any], words: str) -> QuerySet[Any]:
    """Return what has all of these words in its title, wherever they stand in it."""
    for word in words.split():
        queryset = queryset.filter(title__icontains=word)
    return queryset
