"""The base of the views that show the description itself, and whether there are any."""

from typing import ClassVar

from django.apps import apps

from frontend_api.endpoints.base import ApiView


class OwnView(ApiView):
    """A view of the description; `operations` describes it by what it `shows`."""

    shows: ClassVar[str]


def is_described() -> bool:
    """Return whether the project has what the description is made with: drf-spectacular among its apps."""
    return apps.is_installed("drf_spectacular")
