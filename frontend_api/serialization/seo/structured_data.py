"""What a page says of itself in the words of schema.org, as one graph of JSON-LD that Google's rules take.

A property that is not known is left out, and not null: the graph is written into pages as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frontend_api.serialization.images import Shown

from .declaration import ARTICLES

CONTEXT = "https://schema.org"
# What Google shows of a headline.
LONGEST_HEADLINE = 110


@dataclass(frozen=True)
class Facts:
    """What is known of a page; an address is absolute, and a text in one line."""

    root_url: str
    site_name: str
    organisation: str
    schema: str
    canonical: str
    title: str
    heading: str
    description: str | None
    language: str
    trail: list[tuple[str, str]]
    """The titles and addresses of the pages above, from the home down."""
    image: Shown | None
    logo: Shown | None
    published: str | None
    modified: str | None
    is_elsewhere: bool
    """Whether readers are sent to somebody else's page."""

    @property
    def is_article(self) -> bool:
        """Whether the page is an article of this site."""
        return self.schema in ARTICLES and not self.is_elsewhere


def graph(facts: Facts) -> dict[str, Any]:
    """Return the graph of a page: its site and publisher, the page, the way to it, and the article that it is."""
    nodes = [_organisation(facts), _website(facts)]
    if not facts.is_elsewhere:
        nodes.append(_page(facts))
        if facts.trail:
            nodes.append(_breadcrumbs(facts))
        if facts.is_article:
            nodes.append(_article(facts))
    return {"@context": CONTEXT, "@graph": nodes}


def headline(text: str) -> str:
    """Return a text cut at a word, if there is one to cut at, to what Google shows of a headline."""
    if len(text) <= LONGEST_HEADLINE:
        return text
    cut = text[: LONGEST_HEADLINE - 1]
    whole, _, rest = cut.rpartition(" ")
    # A word that is longer than a third of it all is cut itself.
    kept = whole if whole and len(rest) < LONGEST_HEADLINE // 3 else cut
    return f"{kept.rstrip()}…"


def _organisation(facts: Facts) -> dict[str, Any]:
    return _known(
        {
            "@type": "Organization",
            "@id": f"{facts.root_url}/#organization",
            "name": facts.organisation or facts.site_name,
            "url": f"{facts.root_url}/",
            "logo": _image(facts.logo),
        }
    )


def _website(facts: Facts) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "@id": f"{facts.root_url}/#website",
        "url": f"{facts.root_url}/",
        "name": facts.site_name,
        "publisher": {"@id": f"{facts.root_url}/#organization"},
    }


def _page(facts: Facts) -> dict[str, Any]:
    return _known(
        {
            "@type": "WebPage" if facts.is_article else facts.schema,
            "@id": _part(facts, "webpage"),
            "url": facts.canonical,
            "name": facts.title,
            "description": facts.description,
            "inLanguage": facts.language,
            "isPartOf": {"@id": f"{facts.root_url}/#website"},
            "breadcrumb": {"@id": _part(facts, "breadcrumb")} if facts.trail else None,
            "primaryImageOfPage": _image(facts.image),
            "datePublished": facts.published if facts.is_article else None,
            "dateModified": facts.modified if facts.is_article else None,
        }
    )


def _breadcrumbs(facts: Facts) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "@id": _part(facts, "breadcrumb"),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(
                [*facts.trail, (facts.heading, facts.canonical)], 1
            )
        ],
    }


def _article(facts: Facts) -> dict[str, Any]:
    publisher = _organisation(facts)
    return _known(
        {
            "@type": facts.schema,
            "@id": _part(facts, "article"),
            "headline": headline(facts.heading),
            "description": facts.description,
            "image": [facts.image.url] if facts.image else None,
            "datePublished": facts.published,
            "dateModified": facts.modified,
            # Whole, and not by reference alone: not every reader follows one.
            "author": [publisher],
            "publisher": publisher,
            "mainEntityOfPage": {"@id": _part(facts, "webpage")},
            "inLanguage": facts.language,
        }
    )


def _image(image: Shown | None) -> dict[str, Any] | None:
    return image and {
        "@type": "ImageObject",
        "url": image.url,
        "width": image.width,
        "height": image.height,
    }


def _part(facts: Facts, name: str) -> str:
    return f"{facts.canonical}#{name}"


def _known(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
