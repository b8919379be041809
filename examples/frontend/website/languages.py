"""The languages of the website: which one a path is in, its words, and where a page is in the others."""

from typing import Any

from .api import JSON, NotFound, Reading, Refused, Unavailable, path_of

# What stands around a page while the API gives nothing.
NO_SITE: JSON = {
    "name": "",
    "organisation": "",
    "navigation": [],
    "footer_navigation": [],
    "social_links": [],
    "locales": [],
    "words": {
        "home": "Home",
        "search": "Search",
        "skip_to_content": "Skip to the content",
        "main_menu": "Main",
    },
    "meta": {"locale": "en"},
}


async def site_at(reading: Reading, path: str, page: JSON | None) -> JSON:
    """Return what stands around a page, in its language, or in that of a path without a page."""
    try:
        if page is not None:
            return await reading.site(page["meta"]["locale"])
        site = await reading.site()
        language = language_at(site, path)
        return site if language == site["meta"]["locale"] else await reading.site(language)
    except (NotFound, Refused, Unavailable):
        return NO_SITE


def language_at(site: JSON, path: str) -> str:
    """Return the code of the language that a path is in: that of the home page above it."""
    homes = {_path(one): one["code"] for one in site["locales"]}
    above = [home for home in homes if f"{path.rstrip('/')}/".startswith(home)]
    longest = max(above, key=len, default=None)
    return str(homes[longest] if longest else site["meta"]["locale"])


def home_of(site: JSON, language: str) -> str:
    """Return the path of the home page in a language; that of the site where it has none."""
    homes = (_path(one) for one in site["locales"] if one["code"] == language)
    return next(homes, "/")


def choices(site: JSON, page: JSON | None, language: str) -> list[JSON]:
    """Return the languages to choose from, each with where it leads: to the same page, or to the home page."""
    if len(site["locales"]) < 2:
        return []
    # A page that was never saved has no translation.
    named = page["meta"].get("translations", []) if page else []
    same = {one["locale"]: _path(one) for one in [*named, *([page["meta"]] if page else [])]}
    return [
        {
            "code": one["code"],
            "name": one["name"],
            "url": same.get(one["code"]) or _path(one),
            "is_current": one["code"] == language,
        }
        for one in site["locales"]
    ]


def filled(text: str, **values: Any) -> str:
    """Return a word of the site with its braces filled in; whatever else editors put into braces stays."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _path(home: JSON) -> str:
    return path_of({"meta": home})
