"""The settings of sites in the admin: one form for each site and language, and straight to it where there is one."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.models import Locale, Page, Site
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from .models import SiteSettings


class SiteSettingsPolicy(ModelPermissionPolicy):
    """Lets nobody add settings or delete them: each site has its own, in each of its languages."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Return whether a user may do something with the settings of sites."""
        allowed: bool = action not in {"add", "delete"} and super().user_has_permission(
            user, action
        )
        return allowed

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Return whether a user may do one of several things."""
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(SiteSettings, SiteSettingsPolicy(SiteSettings))


def languages_of_sites() -> Iterator[tuple[Site, Locale]]:
    """Yield every site with each of its languages, its own first: those in which it has a home page, public or not."""
    several = getattr(settings, "WAGTAIL_I18N_ENABLED", False)
    for site in Site.objects.select_related("root_page__locale").order_by("-is_default_site", "pk"):
        home = site.root_page
        yield site, home.locale
        if several:
            translated = Page.objects.translation_of(home).filter(Q(sites_rooted_here=None))
            for page in translated.select_related("locale").order_by("path"):
                yield site, page.locale


class SiteSettingsIndexView(IndexView):
    """Every site with each of its languages; where there is one of both, its form."""

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make what is missing, as Wagtail does with settings, but unpublished: readers see what they saw."""
        kept = [
            SiteSettings.for_site(site, locale, live=False) for site, locale in languages_of_sites()
        ]
        if len(kept) == 1:
            return HttpResponseRedirect(reverse(self.edit_url_name, args=[kept[0].pk]))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


def offer_languages(request: Any, menu_items: list[Any]) -> None:
    """Leave the languages out of the menu where there is one."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        menu_items[:] = [item for item in menu_items if item.name != "locales"]


class SiteSettingsViewSet(SnippetViewSet):
    """The settings of sites, under Settings."""

    model = SiteSettings
    icon = "site"
    add_to_settings_menu = True
    menu_label = _("Site settings")
    menu_order = 100
    copy_view_enabled = False
    index_view_class = SiteSettingsIndexView
    list_display: ClassVar = ["__str__", Column("site", label=_("Site"))]
    ordering: ClassVar = ["site__hostname", "locale__language_code"]
