"""The step between pressing "Publish" or "Submit" and what comes of it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str, get_valid_next_url_from_request

from .decision import CHOICE, OURS, SHOWN, TOO, WITH, WITHOUT, Undecided
from .items import headline, items_of
from .watch import PUBLISH, Done

TEMPLATE = "cms/publish_with/step.html"
SESSION_KEY = "publish-with"
# Views whose form can be sent without an action, which saves a draft.
FORMS = {"add", "edit"}

Fields = list[tuple[str, str]]


def ask(request: Any, question: Undecided) -> HttpResponse:
    """Return the step, which sends the same request again with what is decided."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in sent if name not in OURS | {"csrfmiddlewaretoken"}]
    if request.headers.get("x-requested-with") != "XMLHttpRequest":
        return _step(request, request.get_full_path(), fields, question)
    # A window over the page: it can be led to another page, and no more.
    done = [
        (action, ContentType.objects.get_for_model(thing).pk, str(thing.pk))
        for action, thing in question.done
    ]
    asked = {"path": request.get_full_path(), "fields": fields, "done": done}
    request.session[SESSION_KEY] = asked
    return JsonResponse({"step": "success", "redirect": reverse("publish_with")})


class StepView(View):
    """The step of a request that came from a window."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was asked last."""
        asked = request.session.get(SESSION_KEY)
        if not asked:
            return redirect("wagtailadmin_home")
        done = []
        for action, kind, key in asked["done"]:
            found = ContentType.objects.get_for_id(kind).get_all_objects_for_this_type(pk=key)
            done += [Done(action, thing.get_latest_revision_as_object()) for thing in found]
        items = {
            item.key: item
            for action, thing in done
            for item in items_of(thing, action, request.user)
        }
        fields = [(name, value) for name, value in asked["fields"]]
        question = Undecided(done, list(items.values()), [])
        if not done:
            raise Http404
        return _step(request, asked["path"], fields, question)


def _step(request: HttpRequest, path: str, fields: Fields, question: Undecided) -> HttpResponse:
    items, first = question.items, question.done[0]
    can_be_done = [item for item in items if item.can_be_done]
    drafted = [(name, value) for name, value in fields if not name.startswith("action-")]
    shown, ticked = request.POST.getlist(SHOWN), request.POST.getlist(TOO)
    context: dict[str, Any] = {
        "title": get_latest_str(first.object),
        "headline": headline(items) if items else _("Nothing was changed"),
        "items": items,
        "problems": question.problems,
        "path": path,
        "fields": fields,
        "drafted": drafted if _is_form(path) else None,
        # Those of the view are of what was rolled back.
        "messages": [],
        "back": get_valid_next_url_from_request(request)
        or AdminURLFinder(request.user).get_edit_url(first.object)
        or reverse("wagtailadmin_home"),
        "can_be_done": can_be_done,
        "is_publishing": first.action == PUBLISH,
        "names": {"shown": SHOWN, "too": TOO, "choice": CHOICE},
        "values": {"with": WITH, "without": WITHOUT},
        "ticked": [item.key for item in can_be_done if item.key in ticked or item.key not in shown],
    }
    return TemplateResponse(request, TEMPLATE, context).render()


def _is_form(path: str) -> bool:
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return match.url_name in FORMS
