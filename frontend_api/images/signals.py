"""Signals that an image model sends, so that it need not know who listens."""

from django.dispatch import Signal

image_saved = Signal()
"""Sent after an image is saved, with `instance` and `file_is_new`."""

file_examined = Signal()
"""Sent with `instance` in the transaction that stores the kind and placeholder of an image's file."""
