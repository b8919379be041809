"""What does not fit together in time: a programme that goes live before its insights, an end of what others show.

All of it is found in a few queries, however much is scheduled.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from modelcluster.models import model_from_serializable_data
from wagtail.models import Page, ReferenceIndex, Revision

from frontend_api.introspection import has_drafts
from frontend_api.scheduling.due import Act, base_type
from frontend_api.visibility.revisions import UNUSABLE
from frontend_api.visibility.unseen import named

from .entries import Entry, Key


class Timeline:
    """What is live at a time, by what is live now and what is scheduled."""

    def __init__(self, scheduled: Iterable[Entry]) -> None:
        self._moments: dict[Key, list[Entry]] = defaultdict(list)
        for entry in scheduled:
            self._moments[entry.key].append(entry)
        self.objects: dict[Key, Any] = {}

    def know(self, model: type[Model], keys: Iterable[str]) -> None:
        """Fetch objects of a base model."""
        type_id = base_type(model).pk
        missing = {key for key in keys if (type_id, key) not in self.objects}
        objects: Any = model._default_manager.filter(pk__in=missing)
        if missing:
            found = objects.defer_streamfields() if model is Page else objects
            self.objects |= {(type_id, str(one.pk)): one for one in found}

    def is_live(self, key: Key, at: datetime) -> bool:
        """Return whether an object that is known is live just after a time."""
        one = self.objects[key]
        if not has_drafts(type(one)):
            return True
        is_live = bool(one.live and not (one.expire_at and one.expire_at <= timezone.now()))
        for entry in self._moments[key]:
            if entry.at <= at:
                is_live = entry.act is Act.PUBLISH
        return is_live

    def version(self, key: Key, at: datetime) -> int | None:
        """Return the scheduled version that is live just after a time, or None if it is the present one."""
        found = [e.revision for e in self._moments[key] if e.act is Act.PUBLISH and e.at <= at]
        return found[-1] if found else None

    def goes_live(self, key: Key, after: datetime) -> datetime | None:
        """Return when an object goes live after a time."""
        moments = self._moments[key]
        return next((e.at for e in moments if e.act is Act.PUBLISH and e.at > after), None)


def find_conflicts(entries: Iterable[Entry], scheduled: Iterable[Entry]) -> None:
    """Say of each of these entries what does not fit to it, given all that is scheduled, in order."""
    entries, scheduled = [one for one in entries if not one.is_past], list(scheduled)
    if not entries:
        return
    timeline = Timeline(scheduled)
    # What ends is held against what is live then; else only what these entries publish has to be read.
    last = max((entry.at for entry in entries if entry.act is Act.EXPIRE), default=None)
    read = [one for one in scheduled if last and one.at <= last]
    shown = _shown_by([*entries, *read])
    of_model: dict[type[Model], set[str]] = defaultdict(set)
    for entry in [*entries, *read]:
        of_model[Page if issubclass(entry.model, Page) else entry.model].add(entry.key[1])
    for names in shown.values():
        for model, key in names or ():
            of_model[model].add(key)
    for model, keys in of_model.items():
        timeline.know(model, keys)
    _look_at_names(entries, shown, timeline)
    _look_above(entries, timeline)
    _look_below(entries, timeline)
    _look_at_users(entries, scheduled, shown, timeline)


def _shown_by(entries: list[Entry]) -> dict[int, list[tuple[type[Model], str]] | None]:
    """Return what each scheduled version shows that may be hidden, by its id; None if it cannot be read."""
    keys = [entry.revision for entry in entries if entry.act is Act.PUBLISH]
    shown: dict[int, list[tuple[type[Model], str]] | None] = {}
    for revision in Revision.objects.filter(pk__in=keys):
        model: Any = ContentType.objects.get_for_id(revision.content_type_id).model_class()
        read = getattr(model, "from_serializable_data", None)
        try:
            # Without checks of what it refers to, which would be a query each.
            draft = (
                read(revision.content, check_fks=False)
                if read
                else model_from_serializable_data(model, revision.content, check_fks=False)
            )
            names = dict.fromkeys(named(draft))
        except UNUSABLE:
            shown[revision.pk] = None
            continue
        shown[revision.pk] = [
            (base, key)
            for base, key in names
            if has_drafts(base) and (base_type(base).pk, key) != _key_of(revision)
        ]
    return shown


def _key_of(revision: Revision) -> Key:
    return revision.base_content_type_id, revision.object_id


def _look_at_names(entries: list[Entry], shown: Any, timeline: Timeline) -> None:
    """Find what goes live while something that it shows is not."""
    for entry in entries:
        if entry.act is not Act.PUBLISH:
            continue
        names = shown.get(entry.revision, ())
        if names is None:
            entry.conflicts.append(_("Its version cannot be read any more. Save it again."))
            continue
        for model, object_id in names:
            key = (base_type(model).pk, object_id)
            if key not in timeline.objects or timeline.is_live(key, entry.at):
                continue
            text = _("It shows “%(title)s”, which is not live then.")
            values = {"title": str(timeline.objects[key])}
            later = timeline.goes_live(key, entry.at)
            if later:
                text = _("It shows “%(title)s”, which goes live later, %(when)s.")
                values["when"] = _moment(later)
            entry.conflicts.append(text % values)


def _look_above(entries: list[Entry], timeline: Timeline) -> None:
    """Find what goes live in a section that is not live then."""
    pages = [
        (entry, timeline.objects[entry.key])
        for entry in entries
        if entry.act is Act.PUBLISH and isinstance(timeline.objects.get(entry.key), Page)
    ]
    paths = {path: entry for entry, page in pages for path in _above(page)}
    above = Page.objects.filter(path__in=paths).defer_streamfields() if paths else []
    by_path = {page.path: page for page in above}
    page_type = base_type(Page).pk
    timeline.objects |= {(page_type, str(page.pk)): page for page in above}
    for entry, page in pages:
        for path in _above(page):
            parent = by_path[path]
            if not timeline.is_live((page_type, str(parent.pk)), entry.at):
                text = _("It is in “%(title)s”, which is not live then.")
                entry.conflicts.append(text % {"title": str(parent)})


def _above(page: Page) -> list[str]:
    """Return the paths of the pages above a page, without the root of all."""
    step = Page.steplen
    return [page.path[:end] for end in range(2 * step, len(page.path), step)]


def _look_below(entries: list[Entry], timeline: Timeline) -> None:
    """Find what ends while pages below it are live."""
    ending = {
        entry.key[1]: entry
        for entry in entries
        if entry.act is Act.EXPIRE and isinstance(timeline.objects.get(entry.key), Page)
    }
    if not ending:
        return
    below = Page.objects.filter(
        Q(expire_at=None) | Q(expire_at__gt=OuterRef("expire_at")),
        path__startswith=OuterRef("path"), depth__gt=OuterRef("depth"), live=True,
    )  # fmt: skip
    found = Page.objects.filter(pk__in=ending).filter(Exists(below))
    for pk in found.values_list("pk", flat=True):
        ending[str(pk)].conflicts.append(_("Readers do not see the pages below it any more then."))


def _look_at_users(
    entries: list[Entry], scheduled: list[Entry], shown: Any, timeline: Timeline
) -> None:
    """Find what ends while something that shows it is live, now or by then."""
    ending = {entry.key: entry for entry in entries if entry.act is Act.EXPIRE}
    if not ending:
        return
    stored = _stored_users(ending, timeline)
    shows = {
        revision: {(base_type(model).pk, key) for model, key in names}
        for revision, names in shown.items()
        if names is not None
    }
    scheduled_users = [one.key for one in scheduled if one.revision in shows]
    for key, entry in ending.items():
        for user in dict.fromkeys([*stored[key], *scheduled_users]):
            if user == key or user not in timeline.objects or not timeline.is_live(user, entry.at):
                continue
            # What its version of that time shows; of the present one, the reference index knows.
            version = timeline.version(user, entry.at)
            if key in shows[version] if version in shows else user in stored[key]:
                text = _("“%(title)s” shows it, and is live then.")
                entry.conflicts.append(text % {"title": str(timeline.objects[user])})


def _stored_users(ending: Iterable[Key], timeline: Timeline) -> dict[Key, dict[Key, None]]:
    """Return what refers to each object, as it is stored."""
    wanted = Q()
    for type_id, object_id in ending:
        wanted |= Q(to_content_type=type_id, to_object_id=object_id)
    users: dict[Key, dict[Key, None]] = defaultdict(dict)
    of_model: dict[type[Model], set[str]] = defaultdict(set)
    for one in ReferenceIndex.objects.filter(wanted).exclude(model_path="alias_of"):
        model = ContentType.objects.get_for_id(one.base_content_type_id).model_class()
        if model is not None:
            of_model[model].add(one.object_id)
            user = one.base_content_type_id, one.object_id
            users[one.to_content_type_id, one.to_object_id][user] = None
    for model, keys in of_model.items():
        timeline.know(model, keys)
    return users


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")
