"""Turns stored rich text into display HTML, in which links to pages are paths of the frontend.

Wagtail stores a link as `<a linktype="page" id="3">` and an image as `<embed embedtype="image" id="4" …/>`. A link
to something that is not visible is reduced to its text; an image that is not visible is removed. A link or embed of an
unknown type is treated in the same way, so that no stored reference is ever delivered as it is stored.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import IntegerField
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.images import get_image_model
from wagtail.rich_text import features
from wagtail.rich_text.rewriters import extract_attrs

from frontend_api.images.pictures import PICTURES, Picture, has_file
from frontend_api.images.uses import DEFAULT
from frontend_api.introspection import Page
from frontend_api.visibility.other_sites import PageElsewhere
from frontend_api.visibility.perspective import Perspective

from .addresses import absolute_url
from .deferred import Deferred, Need
from .embeds import embeds_by_url
from .images import image_json
from .links import elsewhere
from .loaders import need_of, pages
from .markdown import MarkdownText

# References that `_REFERENCE` does not match, because they are not closed or are inside another link.
_LEFT_OVER = re.compile(
    r"<a\b[^>]*(?<![\w-])linktype\s*=[^>]*>|<embed\b[^>]*>", re.DOTALL | re.IGNORECASE
)

_HAS_TYPE = re.compile(r"(?<![\w-])linktype\s*=", re.IGNORECASE)

# Wagtail itself writes the rich text that it stores, so links are never nested.
_REFERENCE = re.compile(r"<a\b([^>]*)>(.*?)</a>|<embed\b([^>]*?)/?>", re.DOTALL | re.IGNORECASE)

# Up to the path in a link, such as `/programmes/`; `//elsewhere.example/` is none.
_PATH = re.compile(r"""(<a\b[^>]*?(?<![\w-])href\s*=\s*["'])(?=/(?!/))""", re.IGNORECASE)

_OPENING = re.compile(r"<a\b[^>]*>", re.IGNORECASE)

# Only the frontend knows how wide its text column is; this suits a line of readable length.
SIZES = "(min-width: 48rem) 48rem, 100vw"

MARKDOWN = "markdown"

Part = Callable[[Any], str]


def rich_text(stored: str | None, perspective: Perspective) -> str | Deferred:
    """Return stored rich text in the format of the perspective; it is deferred if the text refers to anything."""
    text = MarkdownText() if perspective.rich_text_format == MARKDOWN else None

    def finished(html: str) -> str:
        html = _with_base(html, perspective.link_base) if perspective.link_base else html
        return html if text is None else text.made_of(html)

    return _then(_html(stored, perspective, text), finished)


def _with_base(html: str, base: str) -> str:
    """Return HTML in which every path that a link leads to has the website that it is on before it."""
    return _PATH.sub(lambda match: f"{match[1]}{escape(base)}", html)


def _then(html: str | Deferred, make: Callable[[str], str]) -> str | Deferred:
    """Return what `make` makes of a text, once it is there."""
    if isinstance(html, str):
        return make(html)
    return Deferred(lambda *found: _then(html.build(*found), make), *html.needs)


def _html(
    stored: str | None, perspective: Perspective, text_of_media: MarkdownText | None
) -> str | Deferred:
    """Return the display HTML of stored rich text, with images and media left to `text_of_media`, if given."""
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
            reference = _embed(extract_attrs(embed), text_of_media)
        if reference is None:
            continue
        need, part = reference
        needs.append(need)
        parts += [_without_left_over(stored[end : match.start()]), part]
        end = match.end()
    parts.append(_without_left_over(stored[end:]))
    if not needs:
        return str(parts[0])

    def join(found: Iterable[Any]) -> str:
        targets = iter(found)
        return "".join(part if isinstance(part, str) else part(next(targets)) for part in parts)

    def build(*found: Any) -> str | Deferred:
        # Pages that this site does not show may be those of another one.
        missing = {
            place: elsewhere(key)
            for place, ((loader, key), target) in enumerate(zip(needs, found, strict=True))
            if target is None and loader is pages
        }
        if not missing:
            return join(found)

        def with_others(*others: Any) -> str:
            by_place = dict(zip(missing, others, strict=True))
            return join(by_place.get(place, target) for place, target in enumerate(found))

        return Deferred(with_others, *missing.values())

    return Deferred(build, *needs)


def _without_left_over(stored: str) -> str:
    """Return stored text without the references that could not be matched."""
    return _LEFT_OVER.sub("", stored)


def _needed(model: Any, attributes: dict[str, str]) -> Need:
    """Return the need for the object that a stored reference names by its id; for nothing if the id is invalid."""
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
    """Return what a link with these attributes and this text needs and becomes, or None if it stays as it is."""
    attributes = extract_attrs(anchor)
    kind = attributes.get("linktype")
    if kind is None and not _HAS_TYPE.search(anchor):
        return None
    if kind == "page":
        return _needed(Page, attributes), lambda page: _anchor(_address(page, perspective), text)
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
    """Return what a reference needs and becomes through the handler that an app registered for its type.

    Without a handler it becomes "". A handler that knows its target's model is called only if the target is visible.
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
    """Fetch nothing: the loader of references that need nothing."""
    return {}


def _address(page: Any, perspective: Perspective) -> str | None:
    return page.url if isinstance(page, PageElsewhere) else page and perspective.path(page)


def _anchor(url: str | None, text: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>' if url else text


def _embed(attributes: dict[str, str], text: MarkdownText | None) -> tuple[Need, Part]:
    kind = attributes.get("embedtype")
    if kind == "image":
        need = _needed(get_image_model(), attributes)
        if need[1] is not None:
            need = (PICTURES, (need[1], DEFAULT))
        return need, lambda picture: _image(picture, attributes, text)
    if kind == "media":
        url = attributes.get("url", "")
        return (embeds_by_url, url), lambda embed: _video(embed, url, text)
    return _by_handler(features.get_embed_types().get(kind), attributes)


def _image(picture: Picture | None, attributes: dict[str, str], text: MarkdownText | None) -> str:
    if picture is None or not has_file(picture):
        return ""
    shown = image_json(picture, attributes.get("alt"))
    if text is not None:
        return text.put_image(shown["alt"], shown["src"])
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


def _video(embed: Embed | None, url: str, text: MarkdownText | None) -> str:
    if text is not None:
        return text.put_link(embed.title or url, url) if embed else ""
    return embed.html if embed else ""
