"""Holds what a request did against what its user has decided, and does the rest with it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.refusals import missing

from .items import Item, items_of
from .watch import PUBLISH, Done

SHOWN, TOO, CHOICE = "chosen-shown", "chosen-too", "chosen-choice"
WITH, WITHOUT = "with", "without"
OURS = frozenset({SHOWN, TOO, CHOICE})


class Undecided(Exception):
    """Something is published or submitted of which a part would be missing, and nobody has said that it may."""

    def __init__(self, done: list[Done], items: list[Item], problems: list[str]) -> None:
        """Take what was done, what is missing from it, and what stood in the way of what was decided."""
        super().__init__(", ".join(item.key for item in items))
        self.done, self.items, self.problems = done, items, problems


def decide(done: list[Done], user: Any, sent: Any) -> None:
    """Publish or submit what the user wants with it; raise `Undecided` if there is something to ask them.

    `done` grows meanwhile: what is published too may have chosen something itself.
    """
    too = set(sent.getlist(TOO)) if sent.get(CHOICE) == WITH else set()
    shown = set(sent.getlist(SHOWN))
    at_first = list(done)
    items: dict[str, Item] = {}
    problems: list[str] = []
    examined = 0
    while examined < len(done):
        action, thing = done[examined]
        examined += 1
        for item in items_of(thing, action, user):
            if item.key in items:
                continue
            items[item.key] = item
            if item.key in too:
                problems += _done_too(item)
    # What was published by the same request is seen by now.
    still = (
        {item.key for action, thing in done for item in items_of(thing, action, user)}
        if items
        else set()
    )
    open_questions = (still & items.keys()) - shown
    if open_questions or problems:
        left = [item for key, item in items.items() if key in still or key in too]
        raise Undecided(at_first, left, problems)


def _done_too(item: Item) -> Iterable[str]:
    """Publish or submit one thing; return what stood in the way."""
    hindrance = item.hindrance
    if hindrance is None:
        try:
            with transaction.atomic():
                _do(item)
        except ValidationError as error:
            hindrance = missing(error, type(item.draft))
        except IntegrityError:
            # A draft can hold duplicates that the database refuses.
            hindrance = _("Something that it names is there twice.")
    if hindrance is None:
        return []
    return [_("“%(title)s”: %(hindrance)s") % {"title": item.title, "hindrance": hindrance}]


def _do(item: Item) -> None:
    thing = item.unseen.awaits
    if item.action == PUBLISH and item.at:
        draft = thing.get_latest_revision_as_object()
        draft.go_live_at = item.at
        draft.save_revision(user=item.user).publish(user=item.user)
    elif item.action == PUBLISH:
        revision = thing.get_latest_revision() or thing.save_revision(user=item.user)
        revision.publish(user=item.user)
    else:
        thing.get_workflow().start(thing, item.user)
