"""Leads to the files that images were uploaded as, where they are private (`MEDIA_PRIVATE_ORIGINALS`)."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from cms.storages import ORIGINALS, MediaStorage
from frontend_api.images.models import RetiredFile


@require_safe
def original(request: HttpRequest, path: str) -> HttpResponseRedirect:
    """Redirect to a signed address of a file, if whoever asks may see the image that it is of, and else be a 404."""
    name = f"{ORIGINALS}/{path}"
    # No file has such a name, and PostgreSQL takes none.
    image = None if "\0" in name else _image_of(name)
    if image is None or not isinstance(default_storage, MediaStorage):
        raise Http404
    restrictions = image.collection.get_view_restrictions()
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
    answer = HttpResponseRedirect(default_storage.signed(name))
    add_never_cache_headers(answer)
    return answer


def _image_of(name: str) -> Any:
    """Return the image whose file has this name, or had it until a moment ago, as answers that are kept still say."""
    images = get_image_model().objects.select_related("collection")
    if image := images.filter(file=name).first():
        return image
    retired = RetiredFile.objects.filter(name=name, is_rendition=False).first()
    return retired and images.filter(pk=retired.image_key).first()
