"""The bulk action that publishes all complete pages, and shows a message for each of the others."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from .bulk_actions import MOST_NAMED, NamesWhatIsLeft, topmost
from .refusals import missing

Incomplete = list[tuple[Page, str]]


class PublishCompleteBulkAction(NamesWhatIsLeft, PublishBulkAction):
    """Publishes the complete pages even if others are incomplete; Wagtail's own action then publishes nothing."""

    of_those_below: ClassVar = {"live": False}

    def __init__(self, request: Any, model: Any) -> None:
        super().__init__(request, model)
        self.incomplete: Incomplete = []

    def get_execution_context(self) -> dict[str, Any]:
        """Pass `execute_action` the list to which it adds the pages that it cannot publish."""
        return {**super().get_execution_context(), "incomplete": self.incomplete}

    @classmethod
    def execute_action(
        cls,
        objects: Iterable[Page],
        incomplete: Incomplete,
        include_descendants: bool = False,
        user: Any = None,
        **kwargs: Any,
    ) -> tuple[int, int]:
        """Publish what is complete; return how many chosen pages and how many of their descendants were published."""
        chosen = below = 0
        for page in topmost(objects) if include_descendants else objects:
            chosen += _published(page, user, incomplete)
            if include_descendants:
                # An alias is published with its original.
                drafts = page.get_descendants().not_live().filter(alias_of=None)
                for draft in drafts.specific():
                    if user is None or draft.permissions_for_user(user).can_publish():
                        below += _published(draft, user, incomplete)
        return chosen, below

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Add messages about the pages that were not published, and return one about those that were, if any."""
        for page, lacks in self.incomplete[:MOST_NAMED]:
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            messages.error(
                self.request,
                _("“%(title)s” is not published. %(missing)s")
                % {"title": page.get_admin_display_title(), "missing": lacks},
                buttons=[messages.button(edit, _("Edit"))],
            )
        more = len(self.incomplete) - MOST_NAMED
        if more > 0:
            messages.error(
                self.request,
                ngettext(
                    "%(count)d more page is not published, because it lacks something too.",
                    "%(count)d more pages are not published, because they lack something too.",
                    more,
                )
                % {"count": more},
            )
        return super().get_success_message(num_parent_objects, num_child_objects)


def _published(page: Page, user: Any, incomplete: Incomplete) -> bool:
    """Publish the latest draft of a page, or add what it lacks to `incomplete`; return whether it was published."""
    if page.alias_of_id:
        incomplete.append((page, _("It shows another page, and is published with that one.")))
        return False
    try:
        with transaction.atomic():
            revision = page.get_latest_revision() or page.specific.save_revision(user=user)
            revision.publish(user=user)
    except ValidationError as error:
        incomplete.append((page, missing(error, page.specific_class)))
        return False
    except IntegrityError:
        # A draft can hold duplicates that the database refuses in the rows of a published page.
        incomplete.append((page, _("Something that it names is there twice.")))
        return False
    return True
