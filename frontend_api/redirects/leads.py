"""The redirects of a site: where a path leads, in one step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from wagtail.models import Site

from frontend_api import conf
from frontend_api.changes.tags import redirect_tag
from frontend_api.dependencies.tracker import Dependencies

from .models import FormerPath
from .paths import digest_of, stored_form, stored_forms

APP = "wagtail.contrib.redirects"
# Beyond so many, digests are not named in a query: databases limit how many values one may have.
MOST_NAMED = 900


@dataclass(frozen=True)
class Lead:
    """Where a path leads: to a page, perhaps to a path within it, or to an address; or nowhere, as it has ended."""

    page_id: int | None = None
    link: str = ""
    is_permanent: bool = True
    route: str = ""
    names_query: bool = False
    """Whether the redirect is from the path with this very query, which then is not kept."""
    key: Any = None
    """The key of the redirect in Wagtail's table, or None."""

    @property
    def is_end(self) -> bool:
        """Whether the path has ended for good."""
        return self.page_id is None and not self.link


def is_installed() -> bool:
    """Return whether the project has Wagtail's redirects."""
    return apps.is_installed(APP)


def redirects() -> QuerySet[Any]:
    """Return all redirects; only where they are installed."""
    found: QuerySet[Any] = apps.get_model("wagtailredirects", "Redirect")._default_manager.all()
    return found


def redirects_of(site: Site) -> QuerySet[Any]:
    """Return the redirects of a site, and those of all sites."""
    return redirects().filter(Q(site=site.pk) | Q(site=None))


def in_any_case() -> bool:
    """Return whether the case of a path does not matter, as the project's setting says."""
    return conf.path_rule("CASE") == conf.REDIRECT


def lead_at(site: Site, path: str, query: str, dependencies: Dependencies) -> Lead | None:
    """Return where a path of a site leads, or None if that is not known.

    A redirect from the path with its query comes before one from the path alone, one in the very same case before
    others, and one of the site before one of all sites.
    """
    dependencies.tags.add(redirect_tag(path))
    if not is_installed():
        return None
    with dependencies.untracked():
        return _redirect(site, path, query) or _former(site, path)


def may_lead_on(
    site: Site, asked: Mapping[Any, tuple[str, str]], dependencies: Dependencies
) -> set[Any]:
    """Return the keys of those paths, each with its query, for which `lead_at` may know a lead.

    That takes two queries, however many paths there are.
    """
    dependencies.tags.update(redirect_tag(path) for path, _ in asked.values())
    if not (asked and is_installed()):
        return set()
    forms = {key: {*map(str.casefold, stored_forms(*one))} for key, one in asked.items()}
    digests = {key: digest_of(stored_form(path)) for key, (path, _) in asked.items()}
    wanted = {*digests.values()}
    paths = FormerPath.objects.filter(site=site.pk)
    if len(wanted) <= MOST_NAMED:
        paths = paths.filter(digest__in=wanted)
    with dependencies.untracked():
        old_paths = redirects_of(site).values_list("old_path", flat=True).iterator()
        known = {path.casefold() for path in old_paths}
        former = {*paths.values_list("digest", flat=True)}
    return {key for key in asked if digests[key] in former or not known.isdisjoint(forms[key])}


def _redirect(site: Site, path: str, query: str) -> Lead | None:
    forms = stored_forms(path, query)
    alike = Q(old_path__in=forms)
    if in_any_case():
        for form in forms:
            # Where the database knows the case of ASCII letters alone, one in small letters is found still.
            alike |= Q(old_path=form.lower()) | Q(old_path__iexact=form)
    found = list(redirects_of(site).filter(alike).select_related(None))
    if not found:
        return None
    rank = _ranked(forms)
    best = min(found, key=lambda one: (*rank(one.old_path), one.site_id is None, one.pk))
    return Lead(
        page_id=best.redirect_page_id,
        link=best.redirect_link,
        is_permanent=best.is_permanent,
        route=best.redirect_page_route_path,
        names_query="?" in best.old_path,
        key=best.pk,
    )


def _ranked(forms: list[str]) -> Callable[[str], tuple[int, int]]:
    folded = [form.casefold() for form in forms]

    def rank(old_path: str) -> tuple[int, int]:
        place = folded.index(old_path.casefold()) if old_path.casefold() in folded else len(forms)
        return place, old_path not in forms

    return rank


def _former(site: Site, path: str) -> Lead | None:
    form = stored_form(path)
    rows = FormerPath.objects.filter(site=site.pk, digest=digest_of(form)).order_by("pk")
    found = [row for row in rows if row.path == form]
    if not found and in_any_case():
        found = list(rows)
    if not found:
        return None
    # What is gone, is gone until the page that was led to is seen again.
    row = min(found, key=lambda one: not one.is_gone)
    return Lead(row.page_id, row.link, row.is_permanent)


def leading_to(pages: Iterable[Any]) -> set[str]:
    """Return the tags of the paths from which redirects lead to these pages."""
    keys = [page.pk for page in pages]
    tags = FormerPath.objects.filter(page__in=keys).values_list("path", flat=True)
    paths = [*tags]
    if is_installed():
        paths += redirects().filter(redirect_page__in=keys).values_list("old_path", flat=True)
    return {redirect_tag(path) for path in paths}
