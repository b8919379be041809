"""All URLs of the service: the API, the admin and documents; the addresses of pages redirect to the frontend."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.models import Site
from wagtail.urls import serve_pattern

from cms.originals import original
from cms.rich_text import LinkView
from cms.schedule.links import calendar
from cms.sections import BrowseView, ChosenMultipleView, SearchView
from cms.tag_suggestions import suggest
from cms.translating import BoundedTranslationView
from frontend_api.previews.userbar import userbar

handler400 = "frontend_api.endpoints.problems.bad_request"
handler404 = "frontend_api.endpoints.problems.page_not_found"
handler500 = "frontend_api.endpoints.problems.server_error"


def to_frontend(request: HttpRequest, path: str) -> HttpResponse:
    """Redirect to the same path on the frontend, which alone shows pages, or to the admin if there is no site yet."""
    site = Site.find_for_request(request)
    return redirect(f"{site.root_url}/{path}") if site else redirect("wagtailadmin_home")


urlpatterns = [
    path("api/v2/", include("frontend_api.urls")),
    path("admin/session/", include("cms.editor.urls")),
    # Before Wagtail's own views of the same addresses.
    path("admin/choose-external-link/", require_admin_access(LinkView.as_view())),
    path("admin/choose-page/", require_admin_access(BrowseView.as_view())),
    path("admin/choose-page/<int:parent_page_id>/", require_admin_access(BrowseView.as_view())),
    path(
        "admin/choose-page/search/",
        require_admin_access(SearchView.as_view()),
        name="wagtailadmin_choose_page_search",
    ),
    path("admin/choose-page/chosen-multiple/", require_admin_access(ChosenMultipleView.as_view())),
    path(
        "admin/translation/submit/page/<int:page_id>/",
        require_admin_access(BoundedTranslationView.as_view()),
    ),
    path("admin/tag-autocomplete/", require_admin_access(suggest)),
    path(
        "admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/", require_admin_access(suggest)
    ),
    path("admin/", include("cms.accounts.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("originals/<path:path>", original, name="original"),
    # Read by somebody's own calendar, which cannot log in.
    path("calendar/<str:token>.ics", calendar, name="schedule_calendar"),
    path("userbar/", userbar, name="userbar"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    # Wagtail reverses the names of these two: for a document that needs a login, and for the address of a page.
    path(
        "_util/login/",
        RedirectView.as_view(pattern_name="wagtailadmin_login"),
        name="wagtailcore_login",
    ),
    # Pages in other languages than the service's own begin with theirs, as in `/fr/`.
    *i18n_patterns(
        re_path(serve_pattern, to_frontend, name="wagtail_serve"), prefix_default_language=False
    ),
]
