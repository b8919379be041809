"""A warning on the admin's home page that recipients of webhooks fail, or were switched off."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

from .health import Problem


class WebhooksPanel(Component):
    """Shows which recipients are not told, since when, and why."""

    template_name = "frontend_api/webhooks/panel.html"
    order = 52

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the context of the template, `{"problems": [...]}`."""
        return {"problems": self.problems}
