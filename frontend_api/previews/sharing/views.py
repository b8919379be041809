"""The admin's views of shared drafts: create a link, list the links of a page, revoke a link."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.generic.edit import FormMixin, ProcessFormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, Table
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page
from wagtail.models import Site
from wagtail_headless_preview.models import HeadlessPreviewMixin

from frontend_api.introspection import Page
from frontend_api.previews import tokens
from frontend_api.visibility.sites import site_of_draft

from .actions import revoke, share
from .forms import ShareForm
from .models import SharedDraft


def is_shareable(page: Any) -> bool:
    """Return whether pages of this page's type can be previewed in a frontend."""
    return issubclass(page.specific_class or Page, HeadlessPreviewMixin)


def page_to_share(pk: int, user: Any) -> Any:
    """Return the specific page if `user` may share its draft.

    Raises `PermissionDenied` if they may not edit it, and `Http404` if it does not exist or cannot be shared.
    """
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    if not is_shareable(page):
        raise Http404
    return page.specific


# In the session, the seeds of links that were made and not shown yet, by the ids of their rows.
NEW_LINKS = "frontend_api_sharing_new_links"
MADE = "made"


@method_decorator(never_cache, name="dispatch")
class ShareView(WagtailAdminTemplateMixin, FormMixin, ProcessFormView):  # type: ignore[type-arg]
    """Shares the draft of a page; a link is shown once, on the page that follows the form.

    Reloading that page makes no second link. Until it is shown, the session keeps what its token is made of with the
    secret key, and not the token.
    """

    template_name = "frontend_api/sharing/share.html"
    form_class = ShareForm
    page_title = _("Share draft")
    header_icon = "link"

    @cached_property
    def page(self) -> Any:
        """The page whose draft is shared."""
        return page_to_share(self.kwargs["page_id"], self.request.user)

    @cached_property
    def site(self) -> Site | None:
        """The site that the page belongs to, or None."""
        return site_of_draft(self.page)

    def get_page_subtitle(self) -> str:
        """Return the title of the page."""
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return links to the page and its ancestors, followed by this view."""
        above = get_breadcrumbs_items_for_page(self.page, self.request.user)
        return [*above, {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the page, which the form needs."""
        return {**super().get_form_kwargs(), "page": self.page}

    @sensitive_variables("seed")
    def form_valid(self, form: ShareForm) -> HttpResponse:
        """Create the link and lead to where it is shown; show the form again if the page belongs to no site."""
        if self.site is None:
            return self.form_invalid(form)
        shared, seed = share(self.page, self.site, self.request.user, form.terms)
        self.request.session[NEW_LINKS] = {**self._new_links(), str(shared.pk): seed}
        return HttpResponseRedirect(f"{share_url(shared)}?{MADE}={shared.pk}")

    def _new_links(self) -> dict[str, str]:
        return dict(self.request.session.get(NEW_LINKS) or {})

    @sensitive_variables("seeds", "seed", "by_digest")
    def _take_new_link(self) -> dict[str, Any]:
        """Return the row and the link that the address asks for if it was not shown yet, and show it never again."""
        seeds = self._new_links()
        seed = seeds.pop(self.request.GET.get(MADE, ""), None)
        if seed is None:
            return {}
        self.request.session[NEW_LINKS] = seeds
        # The secret key may have been replaced since the link was made.
        by_digest = {tokens.digest(one): one for one in tokens.derived_tokens(tokens.SHARE, seed)}
        shared = SharedDraft.objects.open().filter(page=self.page, token_digest__in=by_digest)
        found = shared.listed().first()
        return {
            "shared": found,
            "link": found
            and self.page.get_preview_url(self.request, by_digest[found.token_digest]),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a table of the page's links that have not ended."""
        links = SharedDraft.objects.open().filter(page=self.page)
        columns = [
            Column("made_for", label=_("For"), classname="title"),
            Column("shows", label=_("Shows")),
            Column("made_by", label=_("By"), accessor=maker_name),
            DateColumn("created_at", label=_("Created")),
            Column("expires_at", label=_("Expires"), accessor=expiry),
            DateColumn("last_opened_at", label=_("Last opened")),
            StateColumn("state", label=_("State")),
            RevokeColumn("revoke", share_url, label=_("Revoke")),
        ]
        rows = links.listed()
        return super().get_context_data(
            page=self.page,
            site=self.site,
            table=Table(columns, rows) if rows else None,
            edit_url=reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            **self._take_new_link(),
            **kwargs,
        )


class StateColumn(Column):
    """The state of a link; links that work are highlighted."""

    cell_template_name = "frontend_api/sharing/state_cell.html"


class RevokeColumn(Column):
    """The button that revokes a link; `return_to` returns the address to go back to afterwards."""

    cell_template_name = "frontend_api/sharing/revoke_cell.html"

    def __init__(self, name: str, return_to: Callable[[SharedDraft], str], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.return_to = return_to

    def get_cell_context_data(self, instance: SharedDraft, parent_context: Any) -> dict[str, Any]:
        """Add the CSRF token and the address to go back to."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["csrf_token"] = get_token(context["request"])
        context["next"] = self.return_to(instance)
        return context


def share_url(shared: SharedDraft) -> str:
    """Return the address of the view that shares the link's page."""
    return reverse("frontend_api_sharing:share", args=[shared.page_id])


def expiry(shared: SharedDraft) -> str:
    """Return the date and time at which a link expires, in the local time zone and format."""
    return date_format(timezone.localtime(shared.expires_at), "DATETIME_FORMAT")


def maker_name(shared: SharedDraft) -> str:
    """Return the name of the link's maker, or "(deleted)" if that account is gone."""
    user: Any = shared.made_by
    return str(user.get_full_name() or user.get_username()) if user else gettext("(deleted)")


class RevokeView(View):
    """Revokes one link, then returns to where its button was."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke the link and confirm it in a message."""
        shared = get_object_or_404(SharedDraft.objects.select_related("page"), pk=pk)
        page_to_share(shared.page_id, request.user)
        revoke(shared, request.user)
        messages.success(
            request,
            gettext("The link for %(made_for)s does not work any more.")
            % {"made_for": shared.made_for},
        )
        return HttpResponseRedirect(get_valid_next_url_from_request(request) or share_url(shared))
