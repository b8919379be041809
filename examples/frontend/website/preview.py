"""Previews: the token that the CMS puts into an address becomes a cookie, and the address a clean one.

An editor's token shows the whole site with their drafts, and a link to a shared draft shows one page. From then on the
token is sent to the API alone, in a header, and is in no history, log or `Referer`.
"""

from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from . import cookies, policy
from .api import JSON, Api, Drafts, Ended, NotFound, Refused, path_of
from .cookies import Held
from .differences import differences
from .drawing import draw, draw_page


async def enter(request: Request) -> Response:
    """Exchange the token in the address for a cookie, and go to the page's own path."""
    api: Api = request.app.state.api
    token = request.query_params.get("token", "")
    if not token:
        return await _problem(request, {"is_incomplete": True}, status=400)
    try:
        draft = await Drafts(api, token).draft()
    except (Ended, NotFound, Refused):
        return await _problem(request, {"is_share": token.startswith(cookies.SHARE)})
    return _opened(request, draft, token)


def _opened(request: Request, draft: JSON, token: str) -> Response:
    """Redirect to a draft's own path, with a cookie that shows it there."""
    response = _redirect(path_of(draft))
    edit_url = _state(draft).get("edit_url") or ""
    cookies.remember(request, response, path_of(draft), token, edit_url)
    return response


async def show(request: Request, held: Held) -> Response:
    """Show whoever holds a credential the page at the request's path: its draft, or what is published."""
    api: Api = request.app.state.api
    path, drafts = request.url.path, Drafts(api, held.token)
    if held.shows_published:
        return await _show_published(request, held)
    draft = await _draft_at(drafts, held, path)
    if held.is_own and path_of(draft) != path:
        # The editor has changed the slug since.
        return _opened(request, draft, held.token)
    # Somebody without an account sees this page as a draft, and everything around it as the public does.
    reading = api if held.is_share else drafts
    return await draw_page(request, reading, draft, path, {"state": _state(draft)})


async def _show_published(request: Request, held: Held) -> Response:
    api: Api = request.app.state.api
    path = request.url.path
    draft: JSON | None = None
    # Whoever may not see the draft any more is told so here too.
    with suppress(NotFound):
        draft = await _draft_at(Drafts(api, held.token), held, path)
    context = {"state": _state(draft)} if draft else {}
    try:
        if draft and held.is_own and held.is_share:
            # It is shown at the draft's path, which may be a new one.
            page = await api.page_with_id(draft["id"])
        else:
            page = await api.page(path)
        return await draw_page(request, api, page, path, context)
    except (NotFound, Refused):
        return await draw(request, api, "not_published.html", context, status=404)


async def switch(request: Request) -> Response:
    """Show what is published, or drafts again: at the same page, which may have another path there."""
    api: Api = request.app.state.api
    path, held = _place(request)
    published = request.query_params.get("as") == cookies.PUBLISHED
    if held is not None:
        drafts = Drafts(api, held.token)
        here, there = (drafts, api) if published else (api, drafts)
        try:
            page = await _draft_at(drafts, held, path) if published else await here.page(path)
            if not held.is_share:
                path = path_of(await there.page_with_id(page["id"]))
        except (NotFound, Refused):
            # There is no such page over there, which is what to say.
            pass
    response = _redirect(path)
    cookies.switch(request, response, published=published)
    return response


async def leave(request: Request) -> Response:
    """Be a reader again."""
    path, _ = _place(request)
    response = _redirect(path)
    cookies.forget_all(request, response)
    return response


async def compare(request: Request) -> Response:
    """Show what is live now beside the draft, in two frames."""
    api: Api = request.app.state.api
    path, held = _place(request)
    if held is None:
        return await _problem(request, {})
    draft, live = await _both(api, held, path)
    context = {
        "path": path,
        "held": held,
        "page": draft,
        "live": live,
        "differences": differences(live, draft) if live else [],
        "state": _state(draft),
        "is_comparison": True,
    }
    response = await draw(request, api, "compare.html", context)
    # Within the admin's frame it would have no room.
    response.headers["Content-Security-Policy"] = policy.policy(frames=["'self'"])
    return response


async def side(request: Request) -> Response:
    """Show one of the two sides of a comparison, without a banner."""
    api: Api = request.app.state.api
    path, held = _place(request)
    if held is None:
        return await _problem(request, {})
    draft, live = await _both(api, held, path)
    published = request.query_params.get("as") == cookies.PUBLISHED
    if published and live is None:
        raise NotFound(path)
    drafts = Drafts(api, held.token)
    reading = api if published or held.is_share else drafts
    page = live if published and live else draft
    response = await draw_page(
        request, reading, page, path_of(page), {"is_side": True, "held": held}
    )
    response.headers["Content-Security-Policy"] = policy.policy("'self'")
    return response


async def ended(request: Request, error: Exception) -> Response:
    """Say that a credential shows nothing any more, and forget it."""
    path = request.url.path
    held = cookies.held(request)
    if path.startswith("/preview/"):
        path, held = _place(request)
    context = {"is_share": held.is_share, "edit_url": held.edit_url} if held else {}
    response = await _problem(request, context)
    if held:
        cookies.forget(request, response, path, held)
    return response


async def _draft_at(drafts: Drafts, held: Held, path: str) -> JSON:
    """Return what the holder of a credential sees at a path: of its own page, what was typed or shared."""
    return await (drafts.draft() if held.is_own else drafts.page(path))


def _state(page: JSON) -> JSON:
    """Return what an answer says of a page as a draft: `{"is_draft", "live", "edit_url"}`."""
    state: JSON = page["meta"].get("draft") or {}
    return state


async def _both(api: Api, held: Held, path: str) -> tuple[JSON, JSON | None]:
    """Return the draft at a path, and what is live now of the same page, or None."""
    draft = await _draft_at(Drafts(api, held.token), held, path)
    try:
        return draft, await api.page_with_id(draft["id"])
    except (NotFound, Refused):
        return draft, None


def _place(request: Request) -> tuple[str, Held | None]:
    path = local_path(request.query_params.get("path", "/"))
    return path, cookies.held(request, path)


def _redirect(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers=policy.PRIVATE)


async def _problem(request: Request, context: dict[str, Any], status: int = 410) -> Response:
    """Say what has happened, as far as may be told, and what to do."""
    context = {**context, "held": None, "in_preview": True}
    response = await draw(request, request.app.state.api, "no_preview.html", context, status)
    response.headers.update(policy.of_preview(request))
    return response


def local_path(path: str) -> str:
    """Return `path` if it is one of this website, or else `/`.

    `//host` and `/\\host` are addresses of other hosts to a browser, and control characters are passed over by it.
    """
    is_local = path.startswith("/") and not path.startswith("//")
    is_plain = path.isprintable() and not set(path) & set("\\;?#")
    return path if is_local and is_plain else "/"
