"""A Django system check of the addresses at which previews open."""

from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Warning, register
from wagtail_headless_preview.settings import headless_preview_settings


@register()
def check_client_urls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the addresses in `WAGTAIL_HEADLESS_PREVIEW["CLIENT_URLS"]`.

    `frontend_api.E008`: an entry is not an http(s) address, or has a query, or there is no `default` entry.
    `frontend_api.W006`: there are none, so that nothing can be previewed.
    """
    urls = headless_preview_settings.CLIENT_URLS
    if not urls:
        return [
            Warning(
                "Previews have nowhere to open: WAGTAIL_HEADLESS_PREVIEW has no CLIENT_URLS.",
                hint='Set {"CLIENT_URLS": {"default": "{SITE_ROOT_URL}/preview"}}, where your frontend shows previews.',
                id="frontend_api.W006",
            )
        ]
    return [
        Error(
            f"WAGTAIL_HEADLESS_PREVIEW: CLIENT_URLS has no usable address for {name!r}.",
            hint="Give it the address of a frontend's preview, such as https://www.example.org/preview; the default "
            "one may have {SITE_ROOT_URL} in it.",
            id="frontend_api.E008",
        )
        for name in ("default", *(name for name in urls if name != "default"))
        if not _is_address(urls.get(name), name)
    ]


def _is_address(url: Any, name: str) -> bool:
    try:
        if name == "default":
            url = url.format(SITE_ROOT_URL="https://www.example.org")
        parts = urlsplit(url)
    except (AttributeError, LookupError, ValueError):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query
