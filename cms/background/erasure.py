"""Takes people out of the tasks that are kept: mails that wait or were given up, and what went wrong with them.

A mail to the person alone is sent no more. One to others, too, or one that only names the person, is sent to the
others, without the name.
"""

import re
from collections.abc import Callable, Collection
from email.utils import parseaddr
from typing import Any

from django.utils.html import escape

from .models import RUNNING, QueuedTask

MAIL = "cms.mail.send_stored"
RECIPIENTS = ("to", "cc", "bcc")
TEXTS = ("subject", "body", "from_email", "reply_to", "headers", "alternatives")
LONG_ENOUGH = 5
"""A name with fewer letters may be another word if its letters are not of the same size."""
SHORTEST = 3
"""A name with fewer letters is in too many sentences to be taken out of them."""

Without = Callable[[Any], Any]


def forget(names: Collection[str], erased: str) -> int:
    """Take somebody out of all tasks, and put `erased` where a name stood; return in how many tasks that was."""
    without = _without(names, erased)
    addresses = {name.casefold() for name in names if "@" in name}
    found = 0
    for task in QueuedTask.objects.all():
        given, traceback = task.args_kwargs, without(task.traceback)
        is_for_nobody = False
        if task.task_path == MAIL and given["args"]:
            mail = _mail_without(given["args"][0], addresses, without)
            is_for_nobody = not any(mail.get(name) for name in RECIPIENTS)
            given = {**given, "args": [mail]}
        if (given, traceback) == (task.args_kwargs, task.traceback):
            continue
        found += 1
        kept = QueuedTask.objects.filter(pk=task.pk)
        # A worker has to find again what it runs; a mail to nobody is not sent.
        kept.update(args_kwargs=given, traceback=traceback)
        if is_for_nobody:
            kept.exclude(status=RUNNING).delete()
    return found


def _mail_without(mail: dict[str, Any], addresses: set[str], without: Without) -> dict[str, Any]:
    kept = {
        name: [one for one in mail.get(name) or () if parseaddr(one)[1].casefold() not in addresses]
        for name in RECIPIENTS
    }
    return {**mail, **kept, **{name: without(mail.get(name)) for name in TEXTS}}


def _without(names: Collection[str], erased: str) -> Without:
    """Return what replaces names, wherever they are words of their own, in a text or in all texts of a value."""
    forms = {form for name in names if len(name) >= SHORTEST for form in (name, escape(name))}
    # The longest first: an e-mail address may begin with a username.
    patterns = [
        f"(?i:{re.escape(form)})" if len(form) >= LONG_ENOUGH else re.escape(form)
        for form in sorted(forms, key=len, reverse=True)
    ]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)") if patterns else None

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [without(inner) for inner in value]
        return pattern.sub(erased, value) if pattern and isinstance(value, str) else value

    return without
