"""Ways in which it changes where an address leads, and the addresses that tell."""

from collections.abc import Callable
from random import Random

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from frontend_api.redirects.ending import ending
from frontend_api.redirects.models import FormerPath
from frontend_api.redirects.storing import Target

PATHS = ["/a", "/b", "/c?x=1", "/section", "/Section/Below", "/insights", f"/{'l' * 300}"]


def led_from(random: Random) -> list[str]:
    """Return addresses at which it is seen where paths lead."""
    known = [*Redirect.objects.order_by("pk").values_list("pk", "old_path")]
    key, old_path = random.choice([*known, (1, "/gone")])
    slug = random.choice([*Page.objects.filter(depth__gt=2).values_list("slug", flat=True)])
    path = random.choice([*PATHS, old_path, f"/{slug}", f"/insights/{slug}", f"/section/{slug}"])
    return [
        f"pages/find/?html_path={path.replace('?', '%3F')}",
        f"pages/find/?html_path={path.partition('?')[0].upper()}/index.html",
        f"pages/find/?html_path={random.choice(PATHS[:3]).partition('?')[0]}%3Fx=1",
        f"redirects/find/?html_path={old_path.replace('?', '%3F')}",
        f"redirects/{key}/",
        "redirects/?limit=100",
        f"redirects/?old_path={random.choice(PATHS[:2])}",
    ]


def lead_somewhere(random: Random) -> None:
    """Add a redirect, change one, or delete one."""
    site = random.choice([None, *Site.objects.order_by("pk")])
    old_path = random.choice([path for path in PATHS if len(path) < 255])
    found = Redirect.objects.filter(old_path=old_path, site=site).first()
    if found is not None and random.random() < 0.4:
        found.delete()
        return
    redirect = found or Redirect(old_path=old_path, site=site)
    redirect.is_permanent = random.random() < 0.5
    redirect.redirect_page, redirect.redirect_link = None, ""
    if random.random() < 0.5:
        redirect.redirect_page = random.choice([*Page.objects.filter(depth__gt=1).order_by("pk")])
    else:
        root = Site.objects.order_by("pk")[0].root_url
        paths = ["https://example.org/", *(f"{root}{path}" for path in PATHS[:6])]
        redirect.redirect_link = random.choice(paths)
    redirect.save()


def end_for_good(random: Random) -> None:
    """Say that a path is gone or leads to a page, or take that back."""
    former = FormerPath.objects.order_by("pk").first()
    if former is not None and random.random() < 0.5:
        former.delete()
        return
    page = random.choice([None, *Page.objects.filter(depth__gt=2).order_by("pk")])
    site = Site.objects.order_by("pk")[0]
    FormerPath.objects.create(site=site, path=random.choice(PATHS).partition("?")[0], page=page)


def leave(random: Random) -> None:
    """Unpublish a page, and send its readers elsewhere, or nowhere."""
    page = random.choice([*Page.objects.filter(depth__gt=2, live=True, alias_of=None), None])
    if page is None:
        return
    ended = ending([page])
    others = Page.objects.filter(depth__gt=1).exclude(pk__in=ended.pages).order_by("pk")
    page.specific.unpublish()
    ended.lead(random.choice([Target(), Target(page_id=random.choice([*others]).pk)]))


CHANGES: list[Callable[[Random], None]] = [lead_somewhere, lead_somewhere, end_for_good, leave]
