"""`llms.txt`: what a website has to read, for language models, by https://llmstxt.org.

It names the title and summary of every page that search engines are told of, and links to each as Markdown.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType

from frontend_api.endpoints.collections import collections
from frontend_api.introspection import Page
from frontend_api.serialization.markdown_text import inline, link
from frontend_api.visibility.perspective import Perspective

from .base import DiscoveryView
from .found import columns, here

PAGES = "Pages"


class LlmsView(DiscoveryView):
    """The name of the website, what it is about, and its pages with what each is about, a section a collection."""

    content_type = "text/plain; charset=utf-8"

    def written(self) -> Iterable[str]:
        """Return the text, in Markdown."""
        perspective = self.perspective
        site = perspective.site
        names = ("pk", "title", "path", "url_path", "content_type", "locale__language_code")
        pages = here(perspective, locale=self.locale).order_by("path")
        rows = list(pages.values_list(*names))
        about = _descriptions()
        yield f"# {inline(site.site_name or site.hostname)}\n"
        summary = about.get(site.root_page_id)
        if summary and any(pk == site.root_page_id for pk, *_ in rows):
            yield f"\n> {inline(summary)}\n"
        sections: dict[tuple[str, str], list[str]] = {}
        for pk, title, place, url_path, kind, language in rows:
            address = _markdown_address(perspective, place, url_path)
            line = f"- {link(title, address)}"
            summary = inline(about.get(pk) or "")
            section = sections.setdefault((language, _section(kind)), [])
            section.append(f"{line}: {summary}\n" if summary else f"{line}\n")
        several = len({language for language, _ in sections}) > 1
        for (language, name), lines in sorted(sections.items(), key=lambda one: _place(one[0])):
            yield f"\n## {inline(f'{name} ({language})' if several else name)}\n\n"
            yield from lines


def _descriptions() -> dict[int, str]:
    """Return what pages say that they are about, by id, whether they are public or not."""
    found = [
        model._default_manager.exclude(**{name: ""}).order_by().values_list("pk", name)
        for model, name in columns("description")
    ]
    return dict(found[0].union(*found[1:], all=True)) if found else {}


def _section(content_type: int) -> str:
    model: Any = ContentType.objects.get_for_id(content_type).model_class() or Page
    return _names().get(model, PAGES)


def _names() -> dict[type[Page], str]:
    return {
        viewset.model: str(viewset.model._meta.verbose_name_plural).capitalize()
        for viewset in collections.values()
    }


def _place(section: tuple[str, str]) -> tuple[str, bool, str]:
    language, name = section
    return language, name != PAGES, name


def _markdown_address(perspective: Perspective, place: str, url_path: str) -> str:
    """Return the address at which a frontend has a page as Markdown: `/a/b.md`, and `/index.md` for the home page."""
    path = perspective.path_at(place, url_path).rstrip("/") or "/index"
    return f"{perspective.site.root_url}{path}.md"
