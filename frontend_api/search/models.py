"""What is kept for searches: the words of pages, images and documents, and how each word may be misspelt."""

from typing import ClassVar

from django.db import models

from .fields import WordsField


class SearchEntry(models.Model):
    """The words of one object as it is stored, published or not; who may see it decides a perspective."""

    kind = models.CharField(max_length=100)
    """The lower-case label of the model that has the object's key: for a page of any type, that of all pages."""
    number = models.BigIntegerField()
    """The key of the object."""
    type_key = models.PositiveIntegerField(null=True)
    """The key of the content type of a page, by which results are counted."""
    title_words = WordsField()
    lead_words = WordsField()
    """The words of the title and of what introduces the object."""
    words = WordsField()
    """All its words."""
    sort_key = models.BinaryField()
    """By which titles are in readers' order, byte by byte; see `sort_keys`."""
    text = models.TextField(blank=True)
    """What readers see of it beside the title, for excerpts."""
    digest = models.CharField(max_length=32)
    """Tells whether anything of all this has changed."""

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="search_entry_of_object")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class SearchSpelling(models.Model):
    """A word, and the same without one of its letters.

    Two words that differ by one letter, or by two that changed places, have a spelling in common.
    """

    spelling = models.CharField(max_length=60)
    word = models.CharField(max_length=60)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["spelling", "word"], name="search_spelling_of_word")
        ]

    def __str__(self) -> str:
        return f"{self.spelling} for {self.word}"
