"""The tags that a form suggests: those of images and documents of the collections that one may see, and no others."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest, JsonResponse
from taggit.models import Tag, TaggedItem
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

MOST = 10
ACTIONS = ["add", "change", "delete", "choose"]


def suggest(
    request: HttpRequest, app_name: str | None = None, model_name: str | None = None
) -> JsonResponse:
    """Return the names of tags that begin with `term`: `["annual report", "annual meeting"]`.

    Only the tags of images and documents are asked for here. Whose the tags of other models are is not known.
    """
    if (app_name, model_name) not in {(None, None), ("taggit", "tag")}:
        raise Http404
    term = request.GET.get("term", "").replace("\0", "")[:100]
    if not term:
        return JsonResponse([], safe=False)
    tags = Tag.objects.filter(name__istartswith=term, pk__in=_used(request.user))
    return JsonResponse(
        list(tags.order_by("name").values_list("name", flat=True)[:MOST]), safe=False
    )


def _used(user: Any) -> Any:
    """Return the keys of the tags of what a user may see."""
    uses = Q(pk=None)
    for model in (get_image_model(), get_document_model()):
        seen = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
            user, ACTIONS
        )
        kind = ContentType.objects.get_for_model(model)
        uses |= Q(content_type=kind, object_id__in=seen.order_by().values("pk"))
    return TaggedItem.objects.filter(uses).values("tag")
