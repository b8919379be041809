"""What is asked for: a month, a type, a person."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .entries import Entry

MONTH = re.compile(r"(19[7-9]\d|2\d\d\d)-(0[1-9]|1[0-2])", re.ASCII)
KEY = re.compile(r"\d{1,18}", re.ASCII)
LIST, MONTHS, PAST = "list", "month", "past"


class ScheduleForm(forms.Form):
    """Filters what is listed by what there is in it."""

    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)

    def __init__(self, data: Any, entries: Iterable[Entry]) -> None:
        super().__init__(data)
        entries = list(entries)
        types = {entry.model._meta.label_lower: entry.kind for entry in entries}
        self.people = names_of({entry.person for entry in entries} - {None})
        for name, choices in (("type", types), ("person", self.people)):
            in_order = sorted(choices.items(), key=lambda one: one[1].casefold())
            field: Any = self.fields[name]
            # What was chosen stays a choice when a month has nothing of it.
            chosen = self.data.get(name)
            kept = [(chosen, _known(name, chosen))] if chosen and chosen not in choices else []
            field.choices = [
                ("", _("All types") if name == "type" else _("Everybody")),
                *in_order,
                *(one for one in kept if one[1]),
            ]

    def filtered(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return what is asked for; nothing if what is asked for is not there to choose."""
        if not self.is_valid():
            return []
        kind, person = self.cleaned_data["type"], self.cleaned_data["person"]
        return [
            entry
            for entry in entries
            if (not kind or entry.model._meta.label_lower == kind)
            and (not person or str(entry.person) == person)
        ]


def names_of(keys: Iterable[Any]) -> dict[str, str]:
    """Return what people are called, by their ids as texts."""
    users = get_user_model()._default_manager.filter(pk__in=keys)
    return {str(user.pk): user.get_full_name() or user.get_username() for user in users}


def _known(name: str, chosen: str) -> str:
    """Return what to call a choice of which nothing is scheduled, or nothing if there is no such thing."""
    if name == "type":
        try:
            return str(apps.get_model(chosen)._meta.verbose_name)
        except (LookupError, ValueError):
            return ""
    is_key = KEY.fullmatch(chosen)
    return names_of([chosen]).get(chosen, "") if is_key else ""


class Month:
    """A month as weeks of days, from the day on which weeks begin where the user is."""

    def __init__(self, text: str) -> None:
        found = MONTH.fullmatch(text)
        if text and not found:
            raise ValueError(_("“%(text)s” is no month, such as 2027-05.") % {"text": text[:20]})
        today = timezone.localdate()
        year, month = (int(part) for part in found.groups()) if found else (today.year, today.month)
        self.first = date(year, month, 1)
        # Django counts from Sunday, Python from Monday.
        begin = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
        self.weeks = calendar.Calendar(begin).monthdatescalendar(year, month)
        self.previous = f"{self.first - timedelta(days=1):%Y-%m}"
        self.next = f"{self.first + timedelta(days=32):%Y-%m}"

    @property
    def since(self) -> datetime:
        """When its first day begins, or that of the week before it."""
        return _midnight(self.weeks[0][0])

    @property
    def until(self) -> datetime:
        """When the day after its last week begins."""
        return _midnight(self.weeks[-1][-1] + timedelta(days=1))

    def days(self, entries: Iterable[Entry]) -> list[list[dict[str, Any]]]:
        """Return its weeks, each day with what happens on it."""
        of_day: dict[date, list[Entry]] = {}
        for entry in sorted(entries, key=lambda one: one.at):
            of_day.setdefault(timezone.localtime(entry.at).date(), []).append(entry)
        today = timezone.localdate()
        return [
            [
                {
                    "date": day,
                    "is_other_month": day.month != self.first.month,
                    "is_today": day == today,
                    "entries": of_day.get(day, []),
                }
                for day in week
            ]
            for week in self.weeks
        ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
