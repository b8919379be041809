"""What the admin's search looks through: the words of every page, snippet, image and document, drafts included."""

from typing import ClassVar

from django.db import models

from frontend_api.changes.logged_models import log_only_if


class SearchedText(models.Model):
    """The words of one object, in small letters and without accents; see `cms/searched_text.py`."""

    model = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    name = models.TextField()
    """What the object is called, as stored and in its latest draft."""
    text = models.TextField(default="")
    """The words of what is stored of the object."""
    draft = models.TextField(default="")
    """The words of its latest draft, if that is another than what is stored."""

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "key"], name="searched_text_of_object")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"


class SearchedName(models.Model):
    """The words of something that an object names, such as a partner, which change when that is renamed."""

    owner = models.ForeignKey(SearchedText, on_delete=models.CASCADE, related_name="names")
    in_draft = models.BooleanField()
    source = models.CharField(max_length=255, db_index=True)
    """How and what the object names, such as `programmes.programmepage.partners.partner:12`."""
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.source


def _is_shown(row: models.Model) -> bool:
    return False


# The public never sees either.
log_only_if(SearchedText, _is_shown)
log_only_if(SearchedName, _is_shown)
