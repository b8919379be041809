"""Lets the admin export long lists: objects are read a few at a time, and more than can be done at once are refused.

Wagtail holds all objects of a list in memory to write a file of them, with all that they were fetched with.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports import ReportView

from .search_backend import Found

MOST = {SpreadsheetExportMixin.FORMAT_CSV: 50_000, SpreadsheetExportMixin.FORMAT_XLSX: 3_000}
"""How many rows a file may have: in CSV it is sent as it is written, in XLSX only once it is whole."""

AT_ONCE = 200
"""How many objects are read together."""

Prepare = Callable[[Any], Iterable[Any]]


class Batches:
    """The objects of a list in its order, as an export reads them; what was deleted meanwhile is left out.

    No query stays open between two batches, so that whoever downloads slowly holds nothing in the database.
    """

    def __init__(self, found: Any, most: int, prepare: Prepare | None = None) -> None:
        """Note which objects there are, one more than `most` if there are too many."""
        self.model = found.model
        self._found = found.queryset if isinstance(found, Found) else found
        self._prepare: Prepare = prepare or (lambda objects: objects)
        # The rows of a union, or of what is no query, are none of a model, and can only be cut into pieces.
        self._has_keys = isinstance(self._found, QuerySet) and not self._found.query.combinator
        some = self._found.values_list("pk", flat=True) if self._has_keys else self._found
        self._rows: Sequence[Any] = list(some[: most + 1])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def __iter__(self) -> Iterator[Any]:
        """Yield each, prepared for the export."""
        for start in range(0, len(self), AT_ONCE):
            rows = self._rows[start : start + AT_ONCE]
            if not self._has_keys:
                yield from self._prepare(rows)
                continue
            read = self._prepare(self._found.filter(pk__in=rows))
            by_key = {one.pk: one for one in read}
            yield from (by_key[key] for key in rows if key in by_key)


def export_in_batches() -> None:
    """Let all of Wagtail's exports do so: every view of the admin that exports has these two methods."""

    def get_paginate_by(self: Any, queryset: Any) -> Any:
        # Wagtail prepares all of a list that is exported as if it were shown. A page of it is enough.
        return super(SpreadsheetExportMixin, self).get_paginate_by(queryset)

    def as_spreadsheet(self: Any, queryset: Any, spreadsheet_format: str) -> HttpResponse | None:
        prepare = self.decorate_paginated_queryset if isinstance(self, ReportView) else None
        most = MOST[spreadsheet_format]
        batches = Batches(self.object_list, most, prepare)
        if len(batches) > most:
            return _refused(self, most)
        return given(self, batches, spreadsheet_format)

    given = SpreadsheetExportMixin.as_spreadsheet
    SpreadsheetExportMixin.get_paginate_by = get_paginate_by
    SpreadsheetExportMixin.as_spreadsheet = as_spreadsheet


def _refused(view: Any, most: int) -> HttpResponse:
    """Lead back to the list as it is filtered, with a sentence."""
    text = _(
        "This list has more than %(most)s rows, and a file of this kind takes no more. Filter the list first, and "
        "download it in parts."
    )
    if most < max(MOST.values()):
        text += " " + _("A CSV file takes up to %(csv)s.")
    messages.error(view.request, text % {"most": _number(most), "csv": _number(max(MOST.values()))})
    asked = view.request.GET.copy()
    del asked["export"]
    query = urlencode(list(asked.lists()), doseq=True)
    return redirect(f"{view.get_index_url() or view.request.path}{'?' if query else ''}{query}")


def _number(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
