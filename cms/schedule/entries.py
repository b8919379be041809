"""What goes live and what ends: what is scheduled, and what the history says was done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.admin.utils import quote
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Revision
from wagtail.permissions import policy_registry

from frontend_api.scheduling.due import Act, base_type, models_with_expiry
from frontend_api.scheduling.models import ScheduleFailure

DONE = {"wagtail.publish.scheduled": Act.PUBLISH, "wagtail.unpublish.scheduled": Act.EXPIRE}
"""The actions that the history has of what was done at its time."""

MOST_PAST = 1_000
"""How much of the past is looked at, the latest of it."""

MOST_AHEAD = 300
"""How much of what is to come is looked at, the soonest of it: to find conflicts, its versions are read."""

MAY = ("add", "change", "publish")
"""Whoever may do one of these with an object sees when it goes live and ends."""

Key = tuple[int, str]
"""An object: the id of the type by which Wagtail names its base, and its own as a text."""


@dataclass
class Entry:
    """Something that goes live or ends, or did."""

    act: Act
    at: datetime
    key: Key
    model: type[Model]
    title: str
    person: Any = None
    """The id of who saved the version that goes live, or the latest one of what ends."""
    revision: int | None = None
    is_past: bool = False
    failure: ScheduleFailure | None = None
    conflicts: list[str] = field(default_factory=list)
    # What a page says of it.
    person_name: str = ""
    said: str = ""
    is_late: bool = False

    @property
    def kind(self) -> str:
        """What it is, such as `insight`."""
        return str(self.model._meta.verbose_name)

    @property
    def url(self) -> str | None:
        """Where it is edited."""
        if issubclass(self.model, Page):
            return reverse("wagtailadmin_pages:edit", args=[self.key[1]])
        viewset = getattr(self.model, "snippet_viewset", None)
        if viewset is None:
            return None
        return reverse(viewset.get_url_name("edit"), args=[quote(self.key[1])])


class Ahead(NamedTuple):
    """What is scheduled, in order, and until when that is all, if more comes later."""

    entries: list[Entry]
    until: datetime | None


def approaching() -> Ahead:
    """Return the next that is scheduled, whoever may see it; what is late or failed comes first."""
    scheduled = _scheduled()
    ending = [_live_until(model) for model in models_with_expiry()]
    goes_live = {entry.key: entry.at for entry in scheduled.entries if entry.act is Act.PUBLISH}
    # What is published anew before it ends, ends when its new version says so.
    live = [
        entry
        for part in ending
        for entry in part.entries
        if not entry.at > goes_live.get(entry.key, entry.at)
    ]
    found = sorted([*live, *scheduled.entries], key=_order)
    # Of what comes after the first of these moments, not all was read.
    until = min((part.until for part in (scheduled, *ending) if part.until), default=None)
    if until:
        found = [entry for entry in found if entry.at <= until]
    if len(found) > MOST_AHEAD:
        found = found[:MOST_AHEAD]
        until = found[-1].at
    noted = {one.key: one for one in ScheduleFailure.objects.all()}
    for entry in found if noted else ():
        entry.failure = noted.get((entry.act.value, *entry.key))
    return Ahead(found, until)


def past(since: datetime, until: datetime) -> list[Entry]:
    """Return what was done at its time in a period, the latest first."""
    found: list[Entry] = []
    for log, number in ((PageLogEntry, F("page_id")), (ModelLogEntry, F("object_id"))):
        rows = (
            log.objects.filter(action__in=[*DONE], timestamp__gte=since, timestamp__lt=until)
            .order_by("-timestamp")
            .annotate(number=number, person=F("revision__user"))
            .values_list("action", "timestamp", "content_type_id", "number", "label", "person")
        )
        for action, at, type_id, object_id, title, person in rows[:MOST_PAST]:
            model = ContentType.objects.get_for_id(type_id).model_class()
            if model is not None:
                key = (base_type(model).pk, str(object_id))
                found.append(Entry(DONE[action], at, key, model, title, person, is_past=True))
    return sorted(found, key=_order, reverse=True)


def seen_by(user: Any, entries: Iterable[Entry]) -> list[Entry]:
    """Return those of the objects with which a user may do something; what was deleted is nobody's any more."""
    entries = list(entries)
    of_model: dict[type[Model], set[str]] = defaultdict(set)
    for entry in entries:
        base = Page if issubclass(entry.model, Page) else entry.model
        of_model[base].add(entry.key[1])
    seen: set[Key] = set()
    for model, keys in of_model.items():
        policy: Any = policy_registry.get_by_type(model)
        if policy is None:
            continue
        objects = policy.instances_user_has_any_permission_for(user, MAY)
        found = objects.filter(pk__in=keys).values_list("pk", flat=True)
        seen |= {(base_type(model).pk, str(pk)) for pk in found}
    return [entry for entry in entries if entry.key in seen]


def _order(entry: Entry) -> tuple[Any, ...]:
    return entry.at, entry.act is Act.PUBLISH, entry.title, entry.key


def _scheduled() -> Ahead:
    """Return the versions that go live next, and when these end."""
    rows = Revision.objects.filter(approved_go_live_at__isnull=False)
    values = rows.order_by("approved_go_live_at", "pk").values_list(
        "pk", "content_type_id", "base_content_type_id", "object_id", "approved_go_live_at",
        "object_str", "user_id", "content__expire_at",
    )[: MOST_AHEAD + 1]  # fmt: skip
    found: list[Entry] = []
    at = None
    for pk, type_id, base_id, object_id, at, title, person, ends in values:
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model is None:
            continue
        key = (base_id, object_id)
        found.append(Entry(Act.PUBLISH, at, key, model, title, person, pk))
        ends_at = parse_datetime(ends) if ends else None
        if ends_at is not None and ends_at > at:
            if is_naive(ends_at):
                ends_at = make_aware(ends_at)
            found.append(Entry(Act.EXPIRE, ends_at, key, model, title, person, pk))
    return Ahead(found, at if len(values) > MOST_AHEAD else None)


def _live_until(model: Any) -> Ahead:
    """Return what of a model is live and ends next."""
    objects: Any = model._default_manager.filter(live=True, expire_at__isnull=False)
    is_page = issubclass(model, Page)
    if hasattr(model, "latest_revision"):
        objects = objects.annotate(person=F("latest_revision__user"))
    if is_page:
        objects = objects.defer_streamfields()
    ending = list(objects.order_by("expire_at", "pk")[: MOST_AHEAD + 1])
    found: list[Entry] = []
    for one in ending:
        concrete = one.specific_class if is_page else model
        if concrete is None:
            continue
        person = getattr(one, "person", None) or getattr(one, "owner_id", None)
        key = (base_type(model).pk, str(one.pk))
        found.append(Entry(Act.EXPIRE, one.expire_at, key, concrete, str(one), person))
    return Ahead(found, ending[-1].expire_at if len(ending) > MOST_AHEAD else None)
