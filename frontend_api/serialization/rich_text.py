"""Rich text as display HTML: what editors stored, with links to pages as paths of the frontend.

Wagtail stores a link as `<a linktype="page" id="3">` and an image as `<embed embedtype="image" id="4" …/>`. A link
whose target may not be seen goes, and its text stays; an image or a document that may not be seen goes whole. So does
what is of a type that nobody knows: what is stored never leaves as it is stored.
"""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import IntegerField
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import features
from wagtail.rich_text.rewriters import extract_attrs

from frontend_api.images.pictures import PICTURES, Picture, has_file
from frontend_api.images.uses import DEFAULT
from frontend_api.visibility.perspective import Perspective

from .deferred import Deferred, Need
from .documents import absolute_url
from .embeds import embeds_by_url
from .images import image_json
from .loaders import need_of

# What names something by its id and was passed over, because it is not closed or stands in another link.
_LEFT_OVER = re.compile(
    r"<a\b[^>]*(?<![\w-])linktype\s*=[^>]*>|<embed\b[^>]*>", re.DOTALL | re.IGNORECASE
)

_HAS_TYPE = re.compile(r"(?<![\w-])linktype\s*=", re.IGNORECASE)

# The rich text that Wagtail stores is its own output, so an anchor never holds another one.
_REFERENCE = re.compile(r"<a\b([^>]*)>(.*?)</a>|<embed\b([^>]*?)/?>", re.DOTALL | re.IGNORECASE)

_OPENING = re.compile(r"<a\b[^>]*>", re.IGNORECASE)

# How wide a column of text is, only the frontend knows: this is what fits a line that one can read.
SIZES = "(min-width: 48rem) 48rem, 100vw"

Part = Callable[[Any], str]


def rich_text(stored: str | None, perspective: Perspective) -> str | Deferred:
    """Return the display HTML of rich text as it is stored, deferred where it names anything."""
    if not stored:
        return ""
    needs: list[Need] = []
    parts: list[str | Part] = []
    end = 0
    for match in _REFERENCE.finditer(stored):
        anchor, text, embed = match.groups()
        if embed is None:
            reference = _link(anchor, _without_left_over(text), perspective)
        else:
            reference = _embed(extract_attrs(embed))
        if reference is None:
            continue
        need, part = reference
        needs.append(need)
        parts += [_without_left_over(stored[end : match.start()]), part]
        end = match.end()
    parts.append(_without_left_over(stored[end:]))
    if not needs:
        return str(parts[0])

    def build(*found: Any) -> str:
        targets = iter(found)
        return "".join(part if isinstance(part, str) else part(next(targets)) for part in parts)

    return Deferred(build, *needs)


def _without_left_over(stored: str) -> str:
    """Return stored text without the tags that name something in a way in which nothing here shows it."""
    return _LEFT_OVER.sub("", stored)


def _needed(model: Any, attributes: dict[str, str]) -> Need:
    """Return the need for the object that a stored reference names by its id; for nothing where that is damaged."""
    text = attributes.get("id", "")
    key: Any = model._meta.pk
    while key.is_relation:
        key = key.target_field
    if isinstance(key, IntegerField) and not (text.isascii() and text.isdigit() and len(text) < 19):
        return (_nothing, None)
    try:
        named = key.to_python(text)
    except ValidationError:
        return (_nothing, None)
    return need_of(model, named)


def _link(anchor: str, text: str, perspective: Perspective) -> tuple[Need, Part] | None:
    """Return what becomes of a link of which these are the attributes and the text, None where it stays as it is."""
    attributes = extract_attrs(anchor)
    kind = attributes.get("linktype")
    if kind is None and not _HAS_TYPE.search(anchor):
        return None
    if kind == "page":
        return _needed(Page, attributes), lambda page: _anchor(
            page and perspective.path(page), text
        )
    if kind == "document":
        return _needed(get_document_model(), attributes), lambda document: _anchor(
            document and absolute_url(document.url), text
        )
    need, made = _by_handler(features.get_link_types().get(kind), attributes)

    def part(found: Any) -> str:
        opening = made(found)
        return f"{opening}{text}</a>" if _OPENING.fullmatch(opening) else text

    return need, part


def _by_handler(handler: Any, attributes: dict[str, str]) -> tuple[Need, Part]:
    """Return what the handler of another app makes of a reference whose type it registered, "" without a handler.

    A handler that knows the model of what is named is asked where that may be seen.
    """
    if handler is None:
        return (_nothing, None), lambda _: ""
    try:
        model = handler.get_model()
    except NotImplementedError:
        return (_nothing, None), lambda _: handler.expand_db_attributes(attributes)
    need = _needed(model, attributes)
    return need, lambda found: handler.expand_db_attributes(attributes) if found else ""


def _nothing(perspective: Perspective, keys: set[None]) -> dict[None, None]:
    """Fetch nothing, for what needs nothing."""
    return {}


def _anchor(url: str | None, text: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>' if url else text


def _embed(attributes: dict[str, str]) -> tuple[Need, Part]:
    kind = attributes.get("embedtype")
    if kind == "image":
        need = _needed(get_image_model(), attributes)
        if need[1] is not None:
            need = (PICTURES, (need[1], DEFAULT))
        return need, lambda picture: _image(picture, attributes)
    if kind == "media":
        return (embeds_by_url, attributes.get("url", "")), _video
    return _by_handler(features.get_embed_types().get(kind), attributes)


def _image(picture: Picture | None, attributes: dict[str, str]) -> str:
    if picture is None or not has_file(picture):
        return ""
    shown = image_json(picture, attributes.get("alt"))
    image = (
        f'<img src="{escape(shown["src"])}" alt="{escape(shown["alt"])}" width="{shown["width"]}" '
        f'height="{shown["height"]}" class="richtext-image {escape(attributes.get("format", ""))}" loading="lazy">'
    )
    if not shown["sources"]:
        return image
    sources = "".join(
        f'<source type="{source["type"]}" srcset="{escape(_srcset(source))}" sizes="{SIZES}">'
        for source in shown["sources"]
    )
    return f"<picture>{sources}{image}</picture>"


def _srcset(source: dict[str, Any]) -> str:
    return ", ".join(f"{item['url']} {item['width']}w" for item in source["srcset"])


def _video(embed: Embed | None) -> str:
    return embed.html if embed else ""
