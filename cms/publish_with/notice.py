"""What the form of a page says, while one writes, of what it chose and readers would not see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View
from wagtail.models import Page

from .items import headline, items_of
from .watch import PUBLISH


class NoticeView(View):
    """The notice of one page's latest draft, as a part of the form; empty if there is nothing to say."""

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Return the notice, to somebody who may edit the page."""
        page = get_object_or_404(Page, pk=page_id).specific
        if not page.permissions_for_user(request.user).can_edit():
            return HttpResponse(status=403)
        items = items_of(page.get_latest_revision_as_object(), PUBLISH, request.user)
        context = {"items": items, "headline": headline(items)} if items else {}
        response = render(request, "cms/publish_with/notice.html", context)
        response["Cache-Control"] = "no-store"
        return response
