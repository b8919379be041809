"""The JSON API, as this website uses it: one request for a page, one for a listing, one for the site.

A public answer is kept, and used again for as long as the API says it holds, or until one of its tags is purged or
changes; see `following.py`. After that the API is asked whether it still holds. What a credential shows is asked for
each time, and never kept.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from . import settings
from .editing import with_places
from .kept import Answer, Kept

JSON = dict[str, Any]
PORTS = {"http": 80, "https": 443}
# What the log has of an answer that is none of those that are known.
LONGEST = 500
# The statuses that say that there is no page, which hold until they are purged, as a page does.
ABSENT = {404, 410}
# What a header can carry; anything else was never a token.
TOKEN = re.compile(r"[A-Za-z0-9_:=.~+/-]{1,255}")


class Unavailable(Exception):
    """The API does not answer, or cannot."""


class Misplaced(Unavailable):
    """Something answers where the API should be, but it is not the API."""


class NotFound(Exception):
    """The API has nothing public there."""


class Moved(NotFound):
    """There is no page at a path, and readers are to go elsewhere: `url`, with the `status` of the redirect."""

    def __init__(self, redirect: JSON) -> None:
        super().__init__(redirect["url"])
        self.url, self.status = str(redirect["url"]), int(redirect["status"])


class Gone(NotFound):
    """There was a page at a path, and there will be none again."""


class Refused(Exception):
    """The API does not take what it was sent."""


class Ended(Exception):
    """The credential shows nothing, or no longer; the API does not say why."""


class Text(NamedTuple):
    """What the API said, in whatever form, and for how many seconds it holds without asking again."""

    body: bytes
    content_type: str
    etag: str
    seconds: int


class Reading(ABC):
    """Everything that this website reads, in the eyes of the public or of whoever holds a credential."""

    async def page(self, path: str, query: str = "") -> JSON:
        """Return the page at a path of this website; raises `Moved` or `Gone` if it is known what became of it.

        Where there is none, the query may tell more: it is kept where the path leads on, or is part of an old address.
        """
        try:
            return await self._get("pages/find/", {"html_path": path})
        except NotFound:
            if not query:
                raise
        return await self._get("pages/find/", {"html_path": f"{path}?{query}"})

    async def page_with_id(self, key: int) -> JSON:
        """Return the page with an id, wherever it stands."""
        return await self._get(f"pages/{key}/", {})

    async def site(self, language: str = "") -> JSON:
        """Return what every page shows around its content, in a language if there is something in it."""
        parameters = {"locale": language, "fallback": "default"} if language else {}
        try:
            return await self._get("site/", parameters)
        except NotFound as error:
            # The API always has a site, or says that it knows none of this name.
            raise Misplaced("site/: 404, so this is not the address of the API.") from error

    async def listing(self, collection: str, parameters: dict[str, str]) -> JSON:
        """Return `{"meta": {"total_count": n}, "items": […]}` of `pages`, `programmes` or `insights`."""
        return await self._get(f"{collection}/", parameters)

    @abstractmethod
    async def _get(self, path: str, parameters: dict[str, str]) -> JSON:
        """Return what the API answers."""


class Api(Reading):
    """A client of the API at `url`, in the eyes of the public; its connections are kept and shared by all requests."""

    def __init__(self, url: str = settings.API_URL, site: str = settings.SITE) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=settings.TIMEOUT_SECONDS)
        self._site = site
        self.kept = Kept()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def name_of_site(self) -> str:
        """Return the `hostname:port` of the site that this website shows."""
        if self._site:
            return self._site
        address = urlsplit((await self.site())["root_url"])
        return f"{address.hostname}:{address.port or PORTS[address.scheme]}"

    async def changes(self, after: str, seconds: int) -> JSON:
        """Return what has changed after a cursor; while nothing has, the answer comes after so many seconds.

        Without a cursor: where to begin. Raises `Gone` if the API does not know any more what came after it.
        """
        parameters = {"after": after, "wait": str(seconds)} if after else {}
        told = _read(await self.ask("changes/", parameters, seconds=seconds))
        if not isinstance(told, dict) or not told.keys() >= {"cursor", "items", "more"}:
            raise Unavailable("changes/: this is no feed of changes.")
        return told

    async def ask(
        self,
        path: str,
        parameters: dict[str, str],
        headers: dict[str, str] | None = None,
        seconds: int = 0,
    ) -> httpx.Response:
        """Ask the API something, and return what it answers; it may take so many seconds more than usual."""
        timeout = settings.TIMEOUT_SECONDS + seconds
        try:
            return await self._client.get(path, params=parameters, headers=headers, timeout=timeout)
        except httpx.HTTPError as error:
            raise Unavailable(f"{path}: {error!r}") from error

    async def text(self, path: str, parameters: dict[str, str], accept: str = "") -> Text:
        """Return a text that this website passes on, or a page in the form `accept`."""
        return await self._kept(path, parameters, accept, _checked)

    async def _get(self, path: str, parameters: dict[str, str]) -> JSON:
        return _parsed((await self._kept(path, parameters, "", _read)).body)

    async def _kept(
        self,
        path: str,
        parameters: dict[str, str],
        accept: str,
        check: Callable[[httpx.Response], Any],
    ) -> Text:
        """Return what is kept, or what the API answers if `check` does not refuse it."""
        if self._site:
            parameters = {**parameters, "site": self._site}
        # An address has another answer for each form.
        address = f"{httpx.URL(path, params=parameters)} {accept}".rstrip()
        kept, asked = self.kept.get(address), self.kept.moment()
        if kept and kept.is_fresh and self.kept.is_followed:
            return _held(kept, path)
        headers = {"Accept": accept} if accept else {}
        if kept:
            headers["If-None-Match"] = kept.etag
        try:
            response = await self.ask(path, parameters, headers)
            if response.status_code >= 500:
                raise Unavailable(f"{path}: {response.status_code}")
        except Unavailable:
            # As long as the API has allowed it, what may be old is better than nothing.
            if kept and kept.is_fresh:
                return _held(kept, path)
            raise
        if kept and response.status_code == 304:
            self.kept.keep(address, response, kept.body, asked, kept)
            if absent := _absence(kept.status, kept.body, path):
                raise absent
            body, kind = kept.body, kept.content_type
        else:
            body, kind = response.content, response.headers.get("Content-Type", "")
            if response.status_code in ABSENT:
                self.kept.keep(address, response, body, asked)
            check(response)
            self.kept.keep(address, response, body, asked)
        now = self.kept.get(address)
        return Text(body, kind, response.headers.get("ETag", ""), now.seconds if now else 0)


class Drafts(Reading):
    """What the holder of a credential sees: drafts, and what is public where there is none."""

    def __init__(self, api: Api, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise Ended("This is not how tokens look.")
        self._api = api
        self._headers = {"Authorization": f"Bearer {token}"}

    async def draft(self) -> JSON:
        """Return the page that the credential is for, as it was typed or shared."""
        return await self._get("preview/", {})

    async def _get(self, path: str, parameters: dict[str, str]) -> JSON:
        # The site is named always, so that a credential for another site shows nothing here.
        named = {**parameters, "site": await self._api.name_of_site()}
        return with_places(_read(await self._api.ask(path, named, self._headers)))


def _held(kept: Answer, path: str) -> Text:
    """Return what is kept, or raise what it says of a page that is not there."""
    if absent := _absence(kept.status, kept.body, path):
        raise absent
    return Text(kept.body, kept.content_type, kept.etag, kept.seconds)


def _read(response: httpx.Response) -> JSON:
    """Return the JSON of a response that has some."""
    try:
        return _parsed(_checked(response).content)
    except ValueError as error:
        raise Unavailable(f"{response.url.path}: {error!r}") from error


def _checked(response: httpx.Response) -> httpx.Response:
    """Return a response that is what was asked for."""
    if absent := _absence(response.status_code, response.content, response.url.path):
        raise absent
    try:
        if response.status_code == 401:
            raise Ended(response.json()["detail"])
        # A parameter that is refused is the visitor's, as a path with `..` is. All else is between us and the API, such
        # as a host at which it does not answer.
        if response.status_code == 400 and response.json().get("errors"):
            raise Refused(response.json()["detail"])
        return response.raise_for_status()
    except (httpx.HTTPError, ValueError, KeyError) as error:
        said = response.text[:LONGEST]
        raise Unavailable(f"{response.url.path}: {error!r} {said}".rstrip()) from error


def _absence(status: int, body: bytes, path: str) -> NotFound | None:
    """Return what an answer says of a page that is not there, or None if it is another answer."""
    if status not in ABSENT:
        return None
    if status == 410:
        return Gone(path)
    try:
        redirect = _parsed(body).get("redirect")
    except ValueError:
        # Somebody between here and the API says so.
        redirect = None
    return Moved(redirect) if redirect else NotFound(path)


def _parsed(body: bytes) -> JSON:
    # Anew each time, so that nobody changes what is kept.
    answer: JSON = json.loads(body)
    return answer


def path_of(page: JSON) -> str:
    """Return the path of a page on this website, such as `/programmes/a-slug/`."""
    return urlsplit(page["meta"]["html_url"]).path or "/"
