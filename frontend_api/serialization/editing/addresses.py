"""The addresses at which objects are edited in the admin."""

from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_admin_base_url
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective


def address_of(instance: Any, perspective: Perspective) -> str | None:
    """Return where an object is edited; None if its reader may not edit it, or if it was never saved."""
    drafts = perspective.drafts
    if drafts is None or instance.pk is None:
        return None
    if isinstance(instance, Page):
        return _in_admin(_of_page(instance.pk)) if drafts.may_edit(instance) else None
    return _in_admin(AdminURLFinder(drafts.user).get_edit_url(instance))


class NestedAddresses:
    """The addresses of the objects that an answer names, known by their types and ids alone.

    They are addresses alone, which cost no query: whether somebody may edit what is there, the admin says.
    """

    def __init__(self) -> None:
        self._finder = AdminURLFinder()
        self._models: dict[str, type[Model] | None] = {}

    def find(self, value: Any) -> tuple[type[Model], str] | None:
        """Return the model and address of the object of which `value` is the JSON; None if it is of none such."""
        meta = value.get("meta")
        label = meta.get("type") if isinstance(meta, dict) else None
        pk = value.get("id")
        if not isinstance(label, str) or not isinstance(pk, int) or pk < 1:
            return None
        if label not in self._models:
            self._models[label] = _edited(label)
        model = self._models[label]
        if model is None:
            return None
        absolute = _in_admin(_of_page(pk) if issubclass(model, Page) else self._of_key(model, pk))
        return (model, absolute) if absolute else None

    def _of_key(self, model: type[Model], pk: int) -> str | None:
        """Return the address of an object's form; None if it takes more than a key, as those of a site do."""
        try:
            address: str | None = self._finder.get_edit_url(model(pk=pk))
        except NoReverseMatch:
            return None
        return address


def _edited(label: str) -> type[Model] | None:
    """Return the model with a label; None for a picture or a file, which is edited where it was chosen."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return None if issubclass(model, get_image_model() | get_document_model()) else model


def _of_page(pk: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def _in_admin(address: str | None) -> str | None:
    return urljoin(get_admin_base_url() or "", address) if address else None
