"""The JSON API, as this website uses it: one request for a page, one for a listing, one for the site.

An answer is kept, and used again for as long as the API says it holds, or until one of its tags is purged. After that
the API is asked whether it still holds.
"""

import json
from typing import Any
from urllib.parse import urlsplit

import httpx

from . import settings
from .kept import Kept

JSON = dict[str, Any]


class Unavailable(Exception):
    """The API does not answer, or cannot."""


class NotFound(Exception):
    """The API has nothing public there."""


class Refused(Exception):
    """The API does not take what it was sent, such as a preview token that has expired."""


class Api:
    """A client of the API at `url`; its connections are kept and shared by all requests."""

    def __init__(self, url: str = settings.API_URL, site: str = settings.SITE) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=settings.TIMEOUT_SECONDS)
        self._site = {"site": site} if site else {}
        self.kept = Kept()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def page(self, path: str) -> JSON:
        """Return the page at a path of this website."""
        return await self._get("pages/find/", {"html_path": path, **self._site})

    async def site(self) -> JSON:
        """Return what every page shows around its content."""
        return await self._get("site/", self._site)

    async def listing(self, collection: str, parameters: dict[str, str]) -> JSON:
        """Return `{"meta": {"total_count": n}, "items": […]}` of `pages`, `programmes` or `insights`."""
        return await self._get(f"{collection}/", {**parameters, **self._site})

    async def preview(self, content_type: str, token: str) -> JSON:
        """Return a draft, in the shape of a page; it is never kept."""
        parameters = {"content_type": content_type, "token": token}
        return _read(await self._ask("preview/", parameters))

    async def _get(self, path: str, parameters: dict[str, str]) -> JSON:
        address = str(httpx.URL(path, params=parameters))
        kept, asked = self.kept.get(address), self.kept.moment()
        if kept and kept.is_fresh:
            return _parsed(kept.body)
        response = await self._ask(path, parameters, {"If-None-Match": kept.etag} if kept else {})
        if kept and response.status_code == 304:
            self.kept.keep(address, response, kept.body, asked)
            return _parsed(kept.body)
        answer = _read(response)
        self.kept.keep(address, response, response.content, asked)
        return answer

    async def _ask(
        self, path: str, parameters: dict[str, str], headers: dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            return await self._client.get(path, params=parameters, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(f"{path}: {error!r}") from error


def _read(response: httpx.Response) -> JSON:
    """Return the JSON of a response that has some."""
    try:
        if response.status_code == 404:
            raise NotFound(response.url.path)
        if response.status_code in {400, 401}:
            raise Refused(response.json()["detail"])
        response.raise_for_status()
        return _parsed(response.content)
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise Unavailable(f"{response.url.path}: {error!r}") from error


def _parsed(body: bytes) -> JSON:
    # Anew each time, so that nobody changes what is kept.
    answer: JSON = json.loads(body)
    return answer


def path_of(page: JSON) -> str:
    """Return the path of a page on this website, such as `/programmes/a-slug/`."""
    return urlsplit(page["meta"]["html_url"]).path or "/"
