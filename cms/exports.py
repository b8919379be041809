"""Writes no formulas into the CSV files that the admin exports: what editors type is text, whoever opens it.

A spreadsheet takes a cell of a CSV file for a formula by its first character, and formulas send data elsewhere. Cells
of XLSX files have types, and Wagtail writes all of them as text.
"""

from functools import wraps
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What formulas begin with, also in the full width of East Asian keyboards."""


def as_text(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula: text that looks like one has an apostrophe in front."""
    if isinstance(value, str) and value.lstrip(" \ufeff\u00a0").startswith(BEGINNINGS):
        return f"'{value}"
    return value


def write_no_formulas() -> None:
    """Let all of Wagtail's exports do so: every view of the admin that exports has this one method."""
    given = SpreadsheetExportMixin.preprocess_field_value

    @wraps(given)
    def preprocess_field_value(self: Any, field: str, value: Any, export_format: str) -> Any:
        ready = given(self, field, value, export_format)
        return as_text(ready) if export_format == self.FORMAT_CSV else ready

    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
