"""Takes people out of links to drafts, the history of those, and what they typed.

Whom a link is for is written down twice: with the link, and in the history of its page. It goes with whoever made the
link, and with whoever it names.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import PageLogEntry
from wagtail_headless_preview.models import PagePreview

from .sharing.actions import REVOKED, SHARED
from .sharing.models import SharedDraft

LONG_ENOUGH = 5
"""A name with fewer letters is only looked for as the whole of whom a link is for."""


def names_of(user: Any) -> set[str]:
    """Return what somebody may be called where a link is for them."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    email = getattr(user, user.get_email_field_name(), "")
    return {name for name in (user.get_username(), full_name, email) if name}


def forget(key: Any, names: Collection[str]) -> tuple[int, int]:
    """Forget whom the links are for that an account made, or that are for one of `names`.

    Returns in how many links and in how many entries of histories that was. `key` may be of a deleted account.
    """
    shared = PageLogEntry.objects.filter(action__in=[SHARED, REVOKED])
    entries = {entry.pk: entry for entry in shared if entry.data.get("made_for")}
    own = {
        (entry.page_id, entry.data["made_for"])
        for entry in entries.values()
        if key is not None and entry.action == SHARED and str(entry.user_id) == str(key)
    }
    links = [
        link
        for link in SharedDraft.objects.exclude(made_for="").defer("content")
        if (key is not None and str(link.made_by_id) == str(key))
        or (link.made_by_id is None and (link.page_id, link.made_for) in own)
        or _is_for(link.made_for, names)
    ]
    own |= {(link.page_id, link.made_for) for link in links}
    SharedDraft.objects.filter(pk__in=[link.pk for link in links]).update(made_for="")
    found = [
        entry
        for entry in entries.values()
        if (entry.page_id, entry.data["made_for"]) in own or _is_for(entry.data["made_for"], names)
    ]
    for entry in found:
        PageLogEntry.objects.filter(pk=entry.pk).update(data={**entry.data, "made_for": ""})
    return len(links), len(found)


def links_for(names: Collection[str]) -> list[SharedDraft]:
    """Return the links that are for one of `names`."""
    links = SharedDraft.objects.exclude(made_for="").defer("content")
    return [link for link in links if _is_for(link.made_for, names)]


def forget_typed(key: Any) -> int:
    """Delete what an account typed for previews, and return how much there was."""
    deleted: dict[str, int] = PagePreview.objects.filter(typed__user=key).delete()[1]
    return deleted.get(PagePreview._meta.label, 0)


def _is_for(made_for: str, names: Collection[str]) -> bool:
    recipient = made_for.casefold()
    folded = {name.casefold() for name in names}
    return any(
        name == recipient or (len(name) >= LONG_ENOUGH and name in recipient) for name in folded
    )


@receiver(pre_delete)
def forget_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Forget whoever is about to be deleted."""
    if issubclass(sender, get_user_model()):
        forget(instance.pk, names_of(instance))
        forget_typed(instance.pk)
