"""Models as one finds them: a diamond of abstract pages, a form, a gallery, routes, and code of their own."""

from typing import Any, ClassVar

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from rest_framework import serializers
from taggit.models import TaggedItemBase
from wagtail.api import APIField
from wagtail.blocks import CharBlock, PageChooserBlock, RichTextBlock, StructBlock
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.models import AbstractDocument, Document
from wagtail.fields import RichTextField, StreamField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Collection, DraftStateMixin, Orderable, Page, RevisionMixin
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.models import register_snippet
from wagtail_headless_preview.models import HeadlessPreviewMixin


class Picture(AbstractImage):
    credit = models.CharField(max_length=80, blank=True)
    admin_form_fields = (*Image.admin_form_fields, "credit")
    api_fields = ("credit",)


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Paper(AbstractDocument):
    source = models.CharField(max_length=80, blank=True)
    admin_form_fields = (*Document.admin_form_fields, "source")
    api_fields = ("source",)


@register_snippet
class Author(DraftStateMixin, RevisionMixin, models.Model):
    name = models.CharField(max_length=80)
    portrait = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.name

    api_fields = ("name", APIField("face", ImageRenditionField("fill-20x20", source="portrait")))


class Thumbnail(ImageChooserBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        return {"title": value.title, "src": value.get_rendition("fill-30x20").url}


class Card(StructBlock):
    heading = CharBlock()
    image = ImageChooserBlock(required=False)
    page = PageChooserBlock(required=False)
    text = RichTextBlock(required=False)

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        return {
            "heading": value["heading"],
            "alt": value["image"].title if value["image"] else None,
            "leads_to": value["page"].title,
            "text": str(value["text"]),
            "method": context["request"].method if context.get("request") else None,
        }


class Home(Page):
    api_fields = ("title",)


class Introduced(Page):
    introduction = RichTextField(blank=True)
    api_fields: ClassVar[Any] = ["introduction"]

    class Meta:
        abstract = True


class Illustrated(Page):
    image = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    api_fields: ClassVar[Any] = [
        "image",
        APIField("thumbnail", ImageRenditionField("fill-40x30", source="image")),
    ]

    class Meta:
        abstract = True


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey(
        "strange.ArticlePage", related_name="tagged", on_delete=models.CASCADE
    )


class AuthorName(serializers.Serializer[Any]):
    name = serializers.CharField()


class ArticlePage(HeadlessPreviewMixin, Introduced, Illustrated):
    colour = models.CharField(max_length=5, choices=[("r", "Red"), ("b", "Blue")], default="r")
    author = models.ForeignKey(Author, null=True, on_delete=models.SET_NULL, related_name="+")
    editors = ParentalManyToManyField(Author, blank=True, related_name="edited")
    notes = models.JSONField(default=dict)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    body = StreamField(
        [
            ("text", RichTextBlock()),
            ("picture", ImageBlock()),
            ("thumbnail", Thumbnail()),
            ("card", Card()),
            ("table", TableBlock()),
            ("author", SnippetChooserBlock(Author)),
        ],
        blank=True,
    )
    api_fields: ClassVar[Any] = [
        *Introduced.api_fields,
        *Illustrated.api_fields,
        "colour",
        "get_colour_display",
        "author",
        "editors",
        "notes",
        "tags",
        "body",
        "links",
        "untyped",
        APIField("written_by", AuthorName(source="author")),
        APIField("author_name", serializers.CharField(source="author.name")),
    ]

    @property
    def untyped(self):  # type: ignore[no-untyped-def]
        return {"words": len(self.introduction.split()), "siblings": ["a", 1, None]}


class Link(Orderable):
    page = ParentalKey(ArticlePage, related_name="links", on_delete=models.CASCADE)
    target = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=80)
    api_fields = ("label", "target")


class Question(AbstractFormField):
    page = ParentalKey("strange.ContactPage", related_name="form_fields", on_delete=models.CASCADE)
    api_fields = ("clean_name", "label", "field_type", "required")


class ContactPage(Introduced, AbstractEmailForm):
    api_fields: ClassVar[Any] = [*Introduced.api_fields, "form_fields"]


class GalleryPage(Page):
    collection = models.ForeignKey(
        Collection, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    api_fields = ("pictures",)

    @property
    def pictures(self) -> list[Picture]:
        return list(Picture.objects.filter(collection=self.collection).order_by("title"))


class EventsPage(RoutablePageMixin, Page):
    api_fields = ("title",)

    @path("year/<int:year>/")
    def of_year(self, request: Any, year: int) -> Any:
        return self.render(request)
