"""Embeds YouTube and Vimeo videos without asking the providers: the frame's address follows from the video's."""

import re
from html import escape
from typing import Any

from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.finders.base import EmbedFinder

_YOUTUBE = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|embed/|shorts/|live/)|youtu\.be/)"
    r"([\w-]{11})(?![\w-])"
)
_VIMEO = re.compile(
    r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(\d{1,12})(?:/([0-9a-f]{6,20}))?(?![\w-])"
)

WIDTH, HEIGHT = 640, 360


class VideoFinder(EmbedFinder):
    """Makes frames that set no cookie before the video is played.

    Saving a page needs no network access, and a reader's browser contacts the provider only through the frame.
    """

    def __init__(self, **options: Any) -> None:
        self.options = options

    def accept(self, url: str) -> bool:
        """Return whether `url` is the address of a video on YouTube or Vimeo."""
        return bool(_YOUTUBE.match(url) or _VIMEO.match(url))

    def find_embed(
        self, url: str, max_width: int | None = None, max_height: int | None = None
    ) -> dict[str, Any]:
        """Return what Wagtail stores about the video; raises `EmbedNotFoundException` for any other address."""
        if youtube := _YOUTUBE.match(url):
            provider, video = "YouTube", youtube.group(1)
            source = f"https://www.youtube-nocookie.com/embed/{video}"
            thumbnail = f"https://i.ytimg.com/vi/{video}/hqdefault.jpg"
        elif vimeo := _VIMEO.match(url):
            provider, thumbnail = "Vimeo", ""
            secret = f"&h={vimeo.group(2)}" if vimeo.group(2) else ""
            source = f"https://player.vimeo.com/video/{vimeo.group(1)}?dnt=1{secret}"
        else:
            raise EmbedNotFoundException
        title = f"{provider} video"
        return {
            "title": title,
            "author_name": "",
            "provider_name": provider,
            "type": "video",
            "thumbnail_url": thumbnail,
            "width": WIDTH,
            "height": HEIGHT,
            "html": f'<iframe src="{escape(source)}" title="{title}" width="{WIDTH}" height="{HEIGHT}" '
            'loading="lazy" allow="fullscreen; picture-in-picture" '
            'referrerpolicy="strict-origin-when-cross-origin" allowfullscreen></iframe>',
        }
