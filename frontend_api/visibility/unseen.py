"""What an object names and readers do not see, and why: drafts, what has expired or is private, and the like.

Whether it is seen is decided by a `Perspective`. The reason is only told to editors.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db.models import Model, Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction, Site

from frontend_api.introspection import Page, has_drafts

from .perspective import Perspective
from .sites import site_of_draft

Key = tuple[type[Model], str]


class Reason(Enum):
    """Why readers do not see something."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    PRIVATE = "private"
    SECTION = "section"
    ALIAS = "alias"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Unseen:
    """Something that readers do not see although an object names it."""

    object: Any
    reason: Reason
    goes_live_at: datetime | None = None
    """When it will be published, if it is scheduled."""
    awaits: Any = None
    """What has to be published for it to be seen, if that alone is in the way: itself, or an alias's original."""


def unseen(instance: Any) -> list[Unseen]:
    """Return what `instance`, a page or a snippet, names and readers would not see once it is published.

    What is on another site is seen there, but not here; something that no page is named by may be shown on any site.
    """
    if isinstance(instance, Page):
        site = site_of_draft(instance)
        sites = [site] if site else []
    else:
        sites = list(Site.objects.select_related("root_page"))
    by_model: dict[type[Model], dict[str, None]] = defaultdict(dict)
    for model, key in named(instance):
        by_model[model][key] = None
    if not sites or not by_model:
        return []
    perspectives = [Perspective(site) for site in sites]
    found = []
    for model, keys in by_model.items():
        seen = {
            str(key)
            for perspective in perspectives
            for key in perspective.objects(model).filter(pk__in=keys).values_list("pk", flat=True)
        }
        stored = _stored(model, keys.keys() - seen)
        found += [stored[key] for key in keys if key in stored]
    within = instance.path if isinstance(instance, Page) else None
    roots = [root.path for perspective in perspectives for root in perspective.roots]
    reasons = (_why(candidate, roots, within) for candidate in found)
    return [item for item in reasons if item and not _is_same(item.object, instance)]


def why_unseen(pages: Iterable[Any]) -> dict[Any, Unseen]:
    """Return why readers do not see those of these pages, as their own types, that they do not see, by id."""
    pages = list(pages)
    perspectives = [Perspective(site) for site in Site.objects.select_related("root_page")]
    keys = [page.pk for page in pages]
    seen = {
        key
        for perspective in perspectives
        for key in perspective.pages().filter(pk__in=keys).values_list("pk", flat=True)
    }
    roots = [root.path for perspective in perspectives for root in perspective.roots]
    reasons = {page.pk: _why(page, roots, None) for page in pages if page.pk not in seen}
    return {key: reason for key, reason in reasons.items() if reason}


def named(instance: Any) -> Iterator[Key]:
    """Return what an object, as it is in memory, names and may be private: (base model, key as text), in order.

    Choosers, blocks, rich text, and all of that in inline children; as Wagtail's reference index, which knows only what
    is stored, and not what a draft names.
    """
    for field in instance._meta.get_fields():
        yield from _named_by(field, instance)
    if isinstance(instance, ClusterableModel):
        for relation in get_all_child_relations(instance):
            for child in getattr(instance, relation.get_accessor_name()).all():
                yield from named(child)


def _named_by(field: Any, instance: Any) -> Iterator[Key]:
    if hasattr(field, "extract_references"):
        value = field.value_from_object(instance)
        for model, key, *_path in field.extract_references(value) if value is not None else ():
            yield from _private(model, [key])
    elif isinstance(field, GenericForeignKey):
        chosen = getattr(instance, field.name)
        if chosen is not None:
            yield from _private(type(chosen), [chosen.pk])
    elif not field.concrete or field.name == "alias_of" or isinstance(field, ParentalKey):
        return
    elif field.many_to_one:
        yield from _private(field.related_model, [field.value_from_object(instance)])
    elif field.many_to_many and instance.pk and _base(field.related_model):
        yield from _private(
            field.related_model, (chosen.pk for chosen in getattr(instance, field.name).all())
        )


def _private(model: type[Model], keys: Iterable[Any]) -> Iterator[Key]:
    base = _base(model)
    if base:
        yield from ((base, str(key)) for key in keys if key is not None)


def _base(model: type[Model]) -> type[Model] | None:
    """Return the model by which objects of `model` are asked for, or None if nothing of it is ever hidden."""
    if issubclass(model, Page):
        pages: type[Model] = Page
        return pages
    can_be_hidden = issubclass(model, get_image_model() | get_document_model()) or has_drafts(model)
    return model if can_be_hidden else None


def _stored(model: type[Model], keys: Iterable[str]) -> dict[str, Any]:
    objects: Any = model._default_manager.filter(pk__in=list(keys))
    if model is Page:
        objects = objects.specific()
    return {str(obj.pk): obj for obj in objects}


def _is_same(one: Any, other: Any) -> bool:
    return bool(one.pk == other.pk and _base(type(one)) is _base(type(other)))


def _why(candidate: Any, roots: list[str], within: str | None) -> Unseen | None:
    """Return why something is not seen, the farthest reason first; None if only the naming page itself hides it."""
    if not has_drafts(type(candidate)):
        return Unseen(candidate, Reason.PRIVATE)
    if isinstance(candidate, Page):
        above = _hidden_above(candidate, roots, within)
        if above:
            return Unseen(candidate, above)
        if candidate.alias_of_id:
            return _why_alias(candidate, roots, within)
    if candidate.expired or (candidate.expire_at and candidate.expire_at <= timezone.now()):
        return Unseen(candidate, Reason.EXPIRED)
    if candidate.live:
        return None
    scheduled = candidate.scheduled_revision
    if scheduled:
        return Unseen(candidate, Reason.SCHEDULED, goes_live_at=scheduled.approved_go_live_at)
    return Unseen(candidate, Reason.DRAFT, awaits=candidate)


def _hidden_above(page: Page, roots: list[str], within: str | None) -> Reason | None:
    """Return what is in the way besides the page's own state; a page that names others below it will be published."""
    if not page.path.startswith(tuple(roots)):
        return Reason.ELSEWHERE
    above = Page.objects.ancestor_of(page, inclusive=True)
    if PageViewRestriction.objects.filter(page__in=above).exists():
        return Reason.PRIVATE
    hidden = Q(live=False) | Q(expire_at__lte=timezone.now())
    if above.filter(hidden).exclude(path__in=[page.path, within or ""]).exists():
        return Reason.SECTION
    return None


def _why_alias(alias: Any, roots: list[str], within: str | None) -> Unseen:
    original = alias.alias_of.specific
    reason = _why(original, roots, within) if original.path.startswith(tuple(roots)) else None
    return Unseen(alias, Reason.ALIAS, awaits=reason.awaits if reason else None)
