"""Turns embedded media into JSON, from what Wagtail stored when the editor saved; a read never asks a provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred


@dataclass(frozen=True)
class EmbedsByUrl:
    """Fetches stored embeds by the URL that the editor entered."""

    names_nothing = True

    def __call__(self, perspective: Perspective, keys: set[str]) -> Mapping[str, Embed]:
        """Return the stored embed for each URL that has one."""
        hashes = {get_embed_hash(url): url for url in keys}
        return {hashes[embed.hash]: embed for embed in perspective.embeds(list(hashes))}


embeds_by_url = EmbedsByUrl()


def embed_json(url: str | None) -> Deferred | None:
    """Return the JSON of an embed, or None without a URL; `html` is None as long as its provider has not been asked.

    {"url": "https://vimeo.com/1", "title": "…", "provider": "Vimeo", "html": "<iframe …>", "width": 640,
     "height": 360, "thumbnail_url": null}
    """
    if not url:
        return None

    def build(embed: Embed | None) -> dict[str, Any]:
        return {
            "url": url,
            "title": embed.title if embed else "",
            "provider": embed.provider_name if embed else "",
            "html": (embed.html or None) if embed else None,
            "width": embed.width if embed else None,
            "height": embed.height if embed else None,
            "thumbnail_url": (embed.thumbnail_url or None) if embed else None,
        }

    return Deferred(build, (embeds_by_url, url))
