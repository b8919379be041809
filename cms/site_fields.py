"""What `site/` gives of the settings of a site beside plain fields and menus: what is shared, and words."""

from typing import Any

from django.db import models

from cms.words import WORDS, words_in
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.images import image_part
from frontend_api.serialization.json_schema import STRING, Schema, Types, nullable, record
from frontend_api.serialization.nested import Level
from frontend_api.serialization.relations import with_children
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.perspective import Perspective


class Share(RepresentedField):
    """What stands in where a page is shared: `{"image": {…}, "description": "…", "publisher": "…", "logo": {…}}`."""

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the defaults of the site."""
        return {
            "image": image_part(instance.share_image_id, "hero"),
            "description": instance.description,
            "publisher": instance.organisation or perspective.site.site_name,
            "logo": image_part(instance.logo_id, "logo"),
        }

    def json_schema(
        self, model: type[models.Model], name: str, types: Types, level: Level
    ) -> Schema:
        """Return the type of the defaults."""
        image = nullable(types.image())
        return types.named(
            "ShareDefaults",
            record({"image": image, "description": STRING, "publisher": STRING, "logo": image}),
        )


class Words(RepresentedField):
    """The words that templates need, by name: `{"read_more": "Read more", …}`."""

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return every word: the editors' own, or the one for the language."""
        known = words_in(instance.locale.language_code)

        def build(own: list[Any]) -> dict[str, str]:
            return known | {word.name: word.text for word in own if word.name in known}

        return with_children(instance, name, perspective, build)

    def json_schema(
        self, model: type[models.Model], name: str, types: Types, level: Level
    ) -> Schema:
        """Return the type of all words."""
        return types.named("Words", record(dict.fromkeys(WORDS, STRING)))
