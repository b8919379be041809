"""Themes: what programmes and insights are about, and what connects them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index


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
        index.FilterField("name"),
        index.FilterField("slug"),
    ]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
