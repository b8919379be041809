"""The schemas of what a page says of its place and of itself."""

from frontend_api.serialization.json_schema import (
    COUNT,
    DATE_TIME,
    STRING,
    Schema,
    Types,
    array,
    constant,
    nullable,
    one_of_values,
    record,
    sparse,
    union,
)

from .declaration import ARTICLES, PAGES
from .structured_data import CONTEXT, LONGEST_HEADLINE

ADDRESS: Schema = {"type": "string", "format": "uri"}
LANGUAGE: Schema = {**STRING, "description": "A language code, such as `en-gb`."}


def ancestors(types: Types) -> Schema:
    """Return the schema of the pages above a page."""
    one = types.named(
        "Ancestor",
        record(
            {"id": COUNT, "type": STRING, "title": STRING, "html_url": ADDRESS},
            "A page above another one.",
        ),
    )
    return {
        **array(one),
        "description": "The visible pages above it, from the home page down; empty for a home page.",
    }


def translations(types: Types) -> Schema:
    """Return the schema of a page's translations."""
    one = types.named(
        "Translation",
        record(
            {
                "locale": LANGUAGE,
                "html_url": ADDRESS,
                "id": {**COUNT, "description": "0 in a draft, for what was never saved."},
            },
            "A page in one language.",
        ),
    )
    return {
        **array(one),
        "description": "The page itself and its visible translations, for `hreflang`, by language; each of them has "
        "the same list. Empty where there is no translation, and for an alias, which shows another page.",
    }


def x_default(types: Types) -> Schema:
    """Return the schema of the address for readers of other languages."""
    return {
        **nullable(ADDRESS),
        "description": "For `hreflang=x-default`: which of `translations` is in the language of the site's home page.",
    }


def seo(types: Types) -> Schema:
    """Return the schema of what a page says of itself."""
    return types.named("Seo", lambda: _seo(types), "seo")


def _seo(types: Types) -> Schema:
    image = types.named(
        "ShareImage",
        record(
            {"url": ADDRESS, "width": COUNT, "height": COUNT, "alt": STRING},
            "A picture for where a page is shared, in pixels: 1200 × 630, or what its original has of that.",
        ),
    )
    open_graph = types.named(
        "OpenGraph",
        record(
            {
                "type": one_of_values(["website", "article"]),
                "title": STRING,
                "description": nullable(STRING),
                "url": ADDRESS,
                "site_name": STRING,
                "locale": {**STRING, "description": "As Open Graph writes it, such as `en_GB`."},
                "image": nullable(image),
            },
            "The properties `og:…` of a page.",
        ),
    )
    times = record(
        {"published_time": nullable(DATE_TIME), "modified_time": nullable(DATE_TIME)},
        "The properties `article:…`; null for what is no article of this site.",
    )
    return record(
        {
            "title": {
                **STRING,
                "description": "The title for search engines, or that of the page.",
            },
            "description": nullable(STRING),
            "canonical": {
                **ADDRESS,
                "description": "The page's own address; that of the original for an alias; where a page leads "
                "elsewhere, that address.",
            },
            "robots": one_of_values(["index, follow", "noindex"]),
            "open_graph": open_graph,
            "article": nullable(times),
            "json_ld": types.named("JsonLd", _json_ld(types)),
        },
        "What a page says of itself to search engines and where it is shared, with what its site says in its place.",
    )


def _json_ld(types: Types) -> Schema:
    reference = record({"@id": ADDRESS})
    image = types.named(
        "JsonLdImage",
        record({"@type": constant("ImageObject"), "url": ADDRESS, "width": COUNT, "height": COUNT}),
    )
    organisation = types.named(
        "JsonLdOrganization",
        sparse(
            {
                "@type": constant("Organization"),
                "@id": ADDRESS,
                "name": STRING,
                "url": ADDRESS,
                "logo": image,
            },
            *("@type", "@id", "name", "url"),
        ),
    )
    website = types.named(
        "JsonLdWebSite",
        record(
            {
                "@type": constant("WebSite"),
                "@id": ADDRESS,
                "url": ADDRESS,
                "name": STRING,
                "publisher": reference,
            }
        ),
    )
    times = {"datePublished": DATE_TIME, "dateModified": DATE_TIME}
    page = types.named(
        "JsonLdPage",
        sparse(
            {
                "@type": one_of_values([*PAGES]),
                "@id": ADDRESS,
                "url": ADDRESS,
                "name": STRING,
                "description": STRING,
                "inLanguage": LANGUAGE,
                "isPartOf": reference,
                "breadcrumb": reference,
                "primaryImageOfPage": image,
                **times,
            },
            *("@type", "@id", "url", "name", "inLanguage", "isPartOf"),
        ),
    )
    step = record(
        {"@type": constant("ListItem"), "position": COUNT, "name": STRING, "item": ADDRESS}
    )
    breadcrumbs = types.named(
        "JsonLdBreadcrumbs",
        record(
            {"@type": constant("BreadcrumbList"), "@id": ADDRESS, "itemListElement": array(step)}
        ),
    )
    article = types.named(
        "JsonLdArticle",
        sparse(
            {
                "@type": one_of_values([*ARTICLES]),
                "@id": ADDRESS,
                "headline": {**STRING, "maxLength": LONGEST_HEADLINE},
                "description": STRING,
                "image": array(ADDRESS),
                **times,
                "author": array(organisation),
                "publisher": organisation,
                "mainEntityOfPage": reference,
                "inLanguage": LANGUAGE,
            },
            *("@type", "@id", "headline", "author", "publisher", "mainEntityOfPage", "inLanguage"),
        ),
    )
    return record(
        {
            "@context": constant(CONTEXT),
            "@graph": array(union([organisation, website, page, breadcrumbs, article])),
        },
        "JSON-LD to be written out as it is. What is not known is left out.",
    )
