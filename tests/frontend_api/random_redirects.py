"""Redirects to all that is on a random site, and where each of them may lead."""

from wagtail.contrib.redirects.models import Redirect

from frontend_api.redirects.models import FormerPath

from .crawler import Crawler
from .random_sites import FIRST, SECOND, RandomSite

LINK, LONG = "link", "x" * 260


def lead_to_everything(site: RandomSite) -> None:
    """Lead to every page: by its id, by its address, through another redirect, and from a path that is too long."""
    for number, page in enumerate(site.pages):
        on = site.second if site.on_second_site(number) else site.first
        old = old_path(site, number)
        address = f"{on.root_url}{site.path(number)}"
        Redirect.objects.create(old_path=old, site=on, redirect_page=page)
        Redirect.objects.create(old_path=f"{old}-{LINK}", site=on, redirect_link=address)
        Redirect.objects.create(
            old_path=f"{old}-chain", site=on, redirect_link=f"{on.root_url}{old}/"
        )
        FormerPath.objects.create(site=on, path=f"{old}-{LONG}", page=page)


def old_path(site: RandomSite, number: int) -> str:
    """Return the path from which readers are led to a page."""
    return f"/old-{site.pages[number].pk}"


def check_where_paths_lead(site: RandomSite, crawler: Crawler, audience: str) -> None:
    """Check that each redirect leads to a page that is seen, and that of others nothing is said."""
    nothing = crawler.get("pages/find/", html_path="/nothing-at-all/")
    assert nothing.status == 404
    listed = {}
    for offset in ("0", "100"):
        found = crawler.get("redirects/", limit="100", offset=offset).json
        listed |= {item["old_path"]: item["location"] for item in found["items"]}
    seen = 0
    for number in range(len(site.pages)):
        if site.on_second_site(number) != (audience == SECOND):
            continue
        old, is_seen = old_path(site, number), site.audience(number) == audience
        seen += is_seen
        for end in ("", f"-{LINK}", "-chain", f"-{LONG}"):
            answer = crawler.get("pages/find/", html_path=f"{old}{end}/")
            if is_seen:
                assert answer.json["redirect"]["url"] == site.path(number), (old, end)
            else:
                assert (answer.status, answer.body) == (404, nothing.body), (old, end)
            if LONG not in end:
                assert (f"{old}{end}" in listed) == is_seen, (old, end)
    assert seen
    assert audience in (FIRST, SECOND)
