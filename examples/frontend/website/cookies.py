"""What a browser remembers of previews: the tokens that the CMS put into addresses, in cookies that no script reads.

Each page that was opened by a token has a cookie of its own, so that several drafts can be open at once. An editor's
last token is remembered for all other pages as well: it shows the draft site.
"""

import hashlib
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from . import settings
from .policy import CMS_ORIGIN

# All cookies here begin like this.
PREFIX = "preview"
SITE_WIDE = PREFIX
SHOWS = f"{PREFIX}-shows"
PUBLISHED = "published"
# A preview's token works for an hour, unless the CMS is told otherwise. A share's lasts for days, in which the link can
# be opened again: the browser forgets it when it is closed.
PREVIEW_SECONDS = 3600
SHARE = "share_"
# Each is sent with each request.
MOST_PAGES = 10


@dataclass(frozen=True)
class Held:
    """The credential that a visitor holds at a path."""

    token: str
    edit_url: str
    """Where the page for which the token was made is edited; empty for whoever may not."""
    is_own: bool
    """Whether it was made for the page at this path."""
    shows_published: bool
    """Whether the visitor has switched to what is published."""

    @property
    def is_share(self) -> bool:
        """Whether it is for somebody without an account."""
        return self.token.startswith(SHARE)


def held(request: Request, path: str | None = None) -> Held | None:
    """Return the credential for a path, which is the request's own unless another is given."""
    own = request.cookies.get(_of_page(path or request.url.path))
    cookie = own or request.cookies.get(SITE_WIDE)
    if not cookie:
        return None
    values: dict[str, Any] = parse_qs(cookie)
    edit_url = values.get("edit", [""])[0]
    return Held(
        token=values.get("token", [""])[0],
        # Whoever can set a cookie here must not be able to send an editor anywhere else.
        edit_url=edit_url if edit_url.startswith(f"{CMS_ORIGIN}/") else "",
        is_own=own is not None,
        shows_published=request.cookies.get(SHOWS) == PUBLISHED,
    )


def remember(request: Request, response: Response, path: str, token: str, edit_url: str) -> None:
    """Remember the token of the draft at `path`, and show drafts from now on."""
    value = urlencode({"token": token, "edit": edit_url})
    share = token.startswith(SHARE)
    names = [_of_page(path)] if share else [_of_page(path), SITE_WIDE]
    for name in names:
        _set(request, response, name, value, None if share else PREVIEW_SECONDS)
    # Browsers send first what they have longest.
    of_pages = [name for name in request.cookies if _is_of_page(name) and name not in names]
    for name in [*of_pages[: -MOST_PAGES + 1], SHOWS]:
        if name in request.cookies:
            _delete(request, response, name)


def switch(request: Request, response: Response, *, published: bool) -> None:
    """Show what is published, or drafts again."""
    if published:
        _set(request, response, SHOWS, PUBLISHED, None)
    else:
        _delete(request, response, SHOWS)


def forget(request: Request, response: Response, path: str, credential: Held) -> None:
    """Forget a credential that shows nothing any more; an editor's others are of the same login, and go too."""
    if credential.is_share:
        _delete(request, response, _of_page(path))
    else:
        forget_all(request, response)


def forget_all(request: Request, response: Response) -> None:
    """Forget every credential."""
    for name in request.cookies:
        if name in {SITE_WIDE, SHOWS} or _is_of_page(name):
            _delete(request, response, name)


def _of_page(path: str) -> str:
    return f"{PREFIX}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def _is_of_page(name: str) -> bool:
    return name.startswith(f"{PREFIX}-") and name != SHOWS


def _set(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    age = [] if seconds is None else [f"Max-Age={seconds}"]
    parts = [f"{name}={value}", *age, "Path=/", "HttpOnly", *_attributes(request)]
    # Starlette knows `Partitioned` from Python 3.14 on.
    response.headers.append("Set-Cookie", "; ".join(parts))


def _delete(request: Request, response: Response, name: str) -> None:
    _set(request, response, name, "", 0)


def _attributes(request: Request) -> list[str]:
    """Return what lets the cookie into the CMS's frame, and into nobody else's.

    A cookie goes into a frame of another site if it is `SameSite=None`, which takes `Secure`, which takes HTTPS or
    this machine. `Partitioned` keeps it apart from the one in a tab, as browsers without third-party cookies want it.
    Over plain HTTP between different sites there is no way: the frame stays empty, and previews are opened in tabs.
    """
    scheme = request.headers.get("X-Forwarded-Proto", request.url.scheme)
    host, cms = request.url.hostname or "", urlsplit(settings.CMS_URL)
    secure = ["Secure"] if scheme == "https" else []
    if (scheme, host) == (cms.scheme, cms.hostname) or not (secure or _is_this_machine(host)):
        return [*secure, "SameSite=Lax"]
    return ["Secure", "SameSite=None", "Partitioned"]


def _is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine by its name, which browsers trust without HTTPS."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
