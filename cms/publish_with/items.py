"""What is chosen and not seen, as an editor is told of it, and what that editor may do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.models import Page, WorkflowMixin
from wagtail.permissions import policy_registry

from cms.refusals import missing
from frontend_api.visibility.revisions import UNUSABLE
from frontend_api.visibility.unseen import Reason, Unseen, unseen

from .watch import PUBLISH


@dataclass
class Item:
    """Something that is not seen, for a user who does `action`: publish, or submit."""

    unseen: Unseen
    action: str
    user: Any
    at: datetime | None = None
    """When what names it will be published, if that is scheduled."""

    @property
    def object(self) -> Any:
        """What is named."""
        return self.unseen.object

    @cached_property
    def key(self) -> str:
        """What a form names it by, such as `12:34`: its content type and its id."""
        return f"{ContentType.objects.get_for_model(self.object).pk}:{self.object.pk}"

    @cached_property
    def title(self) -> str:
        """Its title as it is in its draft."""
        return str(get_latest_str(self.object))

    @cached_property
    def kind(self) -> str:
        """What it is, such as `insight`."""
        return str(self.object._meta.verbose_name)

    @cached_property
    def edit_url(self) -> str | None:
        """Where it is edited, if the user may."""
        url: str | None = AdminURLFinder(self.user).get_edit_url(self.object)
        return url

    @property
    def status(self) -> str:
        """Why readers do not see it."""
        return status_of(self.unseen)

    @cached_property
    def draft(self) -> Any:
        """What would be published or submitted, as it was saved last."""
        waiting = self.unseen.awaits
        return waiting and waiting.get_latest_revision_as_object()

    @cached_property
    def hindrance(self) -> str | None:
        """Why the user cannot do it with this one too; None if they can."""
        if self.unseen.awaits is None:
            return ""
        if self.action == PUBLISH:
            if not may_publish(self.user, self.unseen.awaits):
                return _("It needs approval.")
        elif not may_submit(self.user, self.unseen.awaits):
            is_waiting = getattr(self.unseen.awaits, "workflow_in_progress", False)
            return _("It is submitted already.") if is_waiting else ""
        try:
            self.draft.full_clean()
        except ValidationError as error:
            return missing(error, type(self.draft))
        except UNUSABLE:
            return _("Its draft cannot be read any more. Save it again.")
        return None

    @property
    def can_be_done(self) -> bool:
        """Whether the user can publish or submit it too."""
        return self.hindrance is None


def status_of(found: Unseen) -> str:
    """Return why readers do not see something, in a few words."""
    moment = found.goes_live_at
    if moment:
        day = date_format(timezone.localtime(moment), "j F Y, H:i")
        return _("scheduled for %(day)s") % {"day": day}
    return {
        Reason.DRAFT: _("draft"),
        Reason.SCHEDULED: _("scheduled"),
        Reason.EXPIRED: _("expired"),
        Reason.PRIVATE: _("private"),
        Reason.SECTION: _("in a section that is not published"),
        Reason.ALIAS: _("an alias of a page that is not published"),
        Reason.ELSEWHERE: _("on another site"),
    }[found.reason]


def items_of(done: Any, action: str, user: Any) -> list[Item]:
    """Return what is chosen in an object, as it is in memory, and not seen once that is published."""
    at = done.go_live_at if done.go_live_at and done.go_live_at > timezone.now() else None
    return [
        Item(found, action, user, at)
        for found in unseen(done)
        if not (at and found.goes_live_at and found.goes_live_at <= at)
    ]


def may_publish(user: Any, thing: Any) -> bool:
    """Return whether a user may publish something now."""
    if isinstance(thing, Page):
        tester = thing.permissions_for_user(user)
        return bool(tester.can_publish() and not tester.page_locked())
    return bool(policy_registry.get(thing).user_has_permission(user, "publish"))


def may_submit(user: Any, thing: Any) -> bool:
    """Return whether a user may start the workflow of something now."""
    if isinstance(thing, Page):
        tester = thing.permissions_for_user(user)
        return bool(tester.can_edit() and tester.can_submit_for_moderation())
    return bool(
        isinstance(thing, WorkflowMixin)
        and thing.has_workflow
        and not thing.workflow_in_progress
        and policy_registry.get(thing).user_has_permission(user, "change")
    )


def headline(items: list[Item]) -> str:
    """Return what is wrong in a sentence: `3 chosen insights are not published`."""
    count = len(items)
    models: set[type[Model]] = {type(item.object) for item in items}
    if len(models) == 1:
        meta = models.pop()._meta
        name = str(meta.verbose_name if count == 1 else meta.verbose_name_plural)
    elif all(isinstance(item.object, Page) for item in items):
        name = ngettext("page", "pages", count)
    else:
        name = ngettext("item", "items", count)
    return ngettext(
        "%(count)d chosen %(name)s is not published",
        "%(count)d chosen %(name)s are not published",
        count,
    ) % {"count": count, "name": name}
