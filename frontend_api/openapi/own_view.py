"""The base of the views that show the description itself."""

from typing import ClassVar

from frontend_api.endpoints.base import ApiView


class OwnView(ApiView):
    """A view of the description; `operations` describes it by what it `shows`."""

    shows: ClassVar[str]
