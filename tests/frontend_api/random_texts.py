"""Markers: texts that say who may see them, and what they were written into."""

import re
from typing import Any

from django.db import models
from wagtail.fields import RichTextField

MARKER = re.compile(r"q[afsn]\d{4}z")


class Texts:
    """Every marker that was made, with what it stands for."""

    def __init__(self) -> None:
        self.meaning: dict[str, str] = {}
        self.page: int | None = None
        """The number of the page that is being written, if any."""
        self.page_of: dict[str, int | None] = {}

    def new(self, audience: str, what: str) -> str:
        """Return a new marker for the readers of the `first` or `second` site, for `all` or for `nobody`.

        It is one word to a search, and can stand in a slug, a host or the name of a file.
        """
        marker = f"q{audience[0]}{len(self.meaning):04}z"
        self.meaning[marker] = f"{what}, for {audience}"
        self.page_of[marker] = self.page
        return marker

    def write(self, page: Any, audience: str, what: str) -> None:
        """Put a marker of its own into every plain text of `page`, whatever model it is of."""
        for field in page._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            is_own = field.editable and not field.is_relation and not field.choices
            if is_text and is_own and field.name not in {"path", "slug", "external_url"}:
                marker = self.new(audience, f"{field.name} of {what}")
                text = f"<p>{marker}</p>" if isinstance(field, RichTextField) else marker
                setattr(page, field.name, text)
        page.draft_title = page.title

    def of(self, *audiences: str) -> list[str]:
        """Return the markers for these audiences."""
        initials = {audience[0] for audience in audiences}
        return [marker for marker in self.meaning if marker[1] in initials]
