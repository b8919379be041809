"""The editors' guide in the admin: `docs/editors.md` as a page, with its pictures, behind the Help menu."""

import mimetypes
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from markdown_it import MarkdownIt
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button


class Guide(NamedTuple):
    """A guide as HTML, and its sections: the identifier and the title of each."""

    html: SafeString
    sections: list[tuple[str, str]]


def read_guide() -> Guide | None:
    """Return the guide, or None where its file is not; it is read anew when the file has changed."""
    file = Path(settings.EDITORS_GUIDE)
    try:
        return _rendered(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=2)
def _rendered(file: Path, changed_at: int) -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(file.read_text(encoding="utf-8"))
    sections = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            title = tokens[number + 1].content
            token.attrSet("id", slugify(title))
            if token.tag == "h1":
                # The admin's page has one already.
                token.hidden = tokens[number + 2].hidden = True
                tokens[number + 1].children = []
            elif token.tag == "h2":
                sections.append((slugify(title), title))
        elif token.type == "table_open":
            # What is wider than a phone scrolls by itself, with the keyboard too.
            token.attrSet("tabindex", "0")
        for child in token.children or ():
            if child.type == "image":
                name = Path(str(child.attrs["src"])).name
                child.attrSet("src", reverse("cms_guide_picture", args=[name]))
                child.attrSet("loading", "lazy")
    return Guide(mark_safe(markdown.renderer.render(tokens, markdown.options, {})), sections)


class GuideView(WagtailAdminTemplateMixin, TemplateView):
    """The guide, for everybody who may log in."""

    template_name = "cms/guide.html"
    page_title = _("Guide for editors")
    header_icon = "help"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return where this stands."""
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the guide."""
        return super().get_context_data(guide=read_guide(), **kwargs)


def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return a picture of the guide; no other file, whatever is asked for."""
    folder = Path(settings.EDITORS_GUIDE).parent / "images"
    kind, _encoding = mimetypes.guess_type(name)
    # The name is compared with those that are there, so that no path can be made of it.
    found = next((file for file in _files(folder) if file.name == name), None)
    if found is None or kind not in {"image/png", "image/jpeg", "image/webp"}:
        raise Http404
    response = FileResponse(found.open("rb"), content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.glob("*") if file.is_file())


def guide_urls() -> list[URLPattern]:
    """Return the addresses below the admin's."""
    return [
        path("help/", GuideView.as_view(), name="cms_guide"),
        path("help/images/<str:name>", picture, name="cms_guide_picture"),
    ]


def offer_own_guide(request: HttpRequest, items: list[MenuItem]) -> None:
    """Put the guide in the place of what Wagtail links to on its own website; the keyboard's shortcuts stay."""
    own = MenuItem(
        _("Guide for editors"), reverse("cms_guide"), name="guide", icon_name="help", order=1
    )
    items[:] = [own, *(item for item in items if item.url == "#")]


def help_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Add "Help" to the menu of a page, which leads to the section of the guide about pages of its type."""
    section = getattr(page.specific_class, "guide_section", "blocks")
    yield Button(_("Help"), f"{reverse('cms_guide')}#{section}", icon_name="help", priority=900)


@register
def guide_is_there(**kwargs: Any) -> list[CheckMessage]:
    """Warn where the guide was not installed beside the code."""
    if Path(settings.EDITORS_GUIDE).is_file():
        return []
    return [
        Warning(
            f"The editors' guide is not at {settings.EDITORS_GUIDE}, so Help shows none.",
            hint="Install the folder docs/ beside cms/, or name the file in EDITORS_GUIDE.",
            id="cms.W041",
        )
    ]
