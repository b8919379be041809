"""What an image model says of itself, so that it need not know who listens."""

from django.dispatch import Signal

image_saved = Signal()
"""Sent once an image is saved: `instance`, and whether its `file_is_new`."""

file_examined = Signal()
"""Sent in the transaction in which what an image's file turned out to be is stored: `instance`."""
