"""A warning for superusers on the admin's home page that a cache in front may serve stale responses."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from .health import Problem


class PurgePanel(Component):
    """Shows which caches could not be purged, since when, and why."""

    template_name = "frontend_api/purge_panel.html"
    order = 50

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the context of the template, `{"problems": [...]}`."""
        return {"problems": self.problems}
