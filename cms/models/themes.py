"""Themes: what programmes and insights are about, and what connects them."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import ReferenceIndex
from wagtail.search import index
from wagtail.tasks import update_reference_index_task


class Theme(index.Indexed, models.Model):
    """A subject; programmes and insights that share one are related."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        help_text=_("The theme's name in addresses, such as ?theme=prevention."),
    )

    panels: ClassVar = [TitleFieldPanel("name", placeholder=False), FieldPanel("slug")]
    api_fields: ClassVar = ["name", "slug"]
    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("id"),
        index.FilterField("name"),
        index.FilterField("slug"),
    ]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ThemesField(ParentalManyToManyField):
    """The themes of a page, known to Wagtail's reference index, which by itself passes over many-to-many fields.

    Without it a theme says that it is used nowhere, and is deleted with an easy mind.
    """

    def extract_references(
        self, themes: Iterable[Theme]
    ) -> Iterator[tuple[type[models.Model], str, str, str]]:
        """Give Wagtail the model and key of each theme, and the path to it."""
        for theme in themes:
            yield Theme, str(theme.pk), "item", str(theme.pk)

    def deconstruct(self) -> Any:
        """Stand in migrations as what the database knows it for."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "modelcluster.fields.ParentalManyToManyField", args, kwargs


@receiver(m2m_changed)
def note_references(
    instance: Any, action: str, model: type[models.Model], reverse: bool, **kwargs: Any
) -> None:
    """Note a page's references anew once its themes are stored, which is after the page itself."""
    if (
        model is Theme
        and not reverse
        and action in {"post_add", "post_remove", "post_clear"}
        and ReferenceIndex.is_indexed(type(instance))
    ):
        update_reference_index_task.enqueue(
            instance._meta.app_label, instance._meta.model_name, str(instance.pk)
        )
