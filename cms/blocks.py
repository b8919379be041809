"""The blocks of page bodies. Their names and values are a public contract, listed in `docs/api.md`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock

from frontend_api.serialization.json_schema import STRING, Schema, Types, nullable, record
from frontend_api.serialization.links import external_link, page_link
from frontend_api.visibility.perspective import Perspective

from . import block_markdown
from .choosers import InsightChooserBlock
from .validators import validate_web_address

TEXT = _("Text")
MEDIA = _("Images and files")
DATA = _("Figures")
LINKS = _("Links to more")

RICH_TEXT_FEATURES = [
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "hr",
    "link",
    "document-link",
    "superscript",
]
LINE_FEATURES = ["bold", "italic", "link", "document-link"]

BODY_HELP = _(
    "The text of the page, out of blocks. Choose the plus sign to add one: most texts begin with “Text”. Blocks can be "
    "moved, and split with “/” while you type."
)

PREVIEW = "cms/blocks/preview.html"


class WebAddressBlock(blocks.CharBlock):
    """The address of something on another website."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, validators=[validate_web_address], **kwargs)


class HeadingBlock(blocks.StructBlock):
    """`{"text": "Working together", "level": "h2"}`."""

    text = blocks.CharBlock(label=_("Text"), max_length=200)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("h2", _("Section")), ("h3", _("Part of a section"))],
        default="h2",
        help_text=_("Readers with a screen reader move from section to section."),
        # Readers do not see what it is called.
        search_index=False,
    )

    class Meta:
        icon = "title"
        group = TEXT
        label = _("Heading")
        description = _("A line above a section of text")
        preview_value = {"text": "Working across borders", "level": "h2"}
        preview_template = PREVIEW

    markdown = block_markdown.heading


class BodyImageBlock(blocks.StructBlock):
    """`{"image": {"id": 3, "alt": "…", "src": "…", …}, "caption": "", "credit": "Photo: A. Name"}`."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    credit = blocks.CharBlock(
        label=_("Credit"),
        max_length=200,
        required=False,
        help_text=_("Who made the image, or whose it is."),
    )

    class Meta:
        icon = "image"
        group = MEDIA
        label = _("Image")
        description = _("An image with a caption and a credit")
        preview_value = {"caption": "A workshop in Lyon", "credit": "Photo: A. Name"}
        preview_template = PREVIEW


class QuoteBlock(blocks.StructBlock):
    """`{"text": "…", "attribution": "…"}`."""

    text = blocks.TextBlock(label=_("Words"), max_length=1000)
    attribution = blocks.CharBlock(label=_("Who said it"), max_length=200, required=False)

    class Meta:
        icon = "openquote"
        group = TEXT
        label = _("Quote")
        description = _("Somebody's own words, and who said them")
        preview_value = {
            "text": "Every child we find is a child who can be helped.",
            "attribution": "An investigator",
        }
        preview_template = PREVIEW

    markdown = block_markdown.quote


class KeyFigureBlock(blocks.StructBlock):
    """`{"value": "10,000+", "label": "victims identified", "as_of": "2023-12-31"}`."""

    value = blocks.CharBlock(
        label=_("Figure"), max_length=40, help_text=_("As readers see it, such as “10,000+”.")
    )
    label = blocks.CharBlock(label=_("What it counts"), max_length=200)
    as_of = blocks.DateBlock(label=_("As of"), required=False)


class KeyFiguresBlock(blocks.StructBlock):
    """`{"figures": [{"value": "10,000+", "label": "…", "as_of": null}]}`."""

    figures = blocks.ListBlock(
        KeyFigureBlock(label=_("Figure")), label=_("Figures"), min_num=1, max_num=8
    )

    class Meta:
        icon = "order"
        group = DATA
        label = _("Key figures")
        description = _("A few large numbers with what they count")
        preview_value = {
            "figures": [
                {"value": "10,000+", "label": "victims identified", "as_of": None},
                {"value": "2,000+", "label": "case files shared", "as_of": None},
            ]
        }
        preview_template = PREVIEW

    markdown = block_markdown.key_figures


class VideoBlock(blocks.StructBlock):
    """`{"video": {"url": "…", "html": "<iframe …>", …}, "caption": ""}`."""

    video = EmbedBlock(
        label=_("Address of the video"),
        help_text=_(
            "The address of its page on YouTube or Vimeo, such as https://vimeo.com/76979871."
        ),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "media"
        group = MEDIA
        label = _("Video")
        description = _("A film from YouTube or Vimeo")
        preview_value = {"caption": "How investigators work together"}
        preview_template = PREVIEW


class DocumentBlock(blocks.StructBlock):
    """`{"document": {"id": 2, "title": "…", "url": "…", "size": 48213, …}, "label": ""}`."""

    document = DocumentChooserBlock(label=_("Document"))
    label = blocks.CharBlock(
        label=_("Label"),
        max_length=200,
        required=False,
        help_text=_("Without it, the title of the document."),
    )

    class Meta:
        icon = "doc-full-inverse"
        group = MEDIA
        label = _("Document")
        description = _("A file to download")
        preview_value = {"label": "Annual report (PDF)"}
        preview_template = PREVIEW

    markdown = block_markdown.document


class CallToActionBlock(blocks.StructBlock):
    """`{"label": "Apply", "link": {"url": "/apply/", "external": false}}`; `link` is null when its page is private."""

    label = blocks.CharBlock(
        label=_("Label"), max_length=80, help_text=_("What happens, such as “Read the report”.")
    )
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = WebAddressBlock(
        label=_("Address"),
        required=False,
        help_text=_("Instead of a page, the address of something elsewhere."),
    )

    class Meta:
        icon = "link"
        group = LINKS
        label = _("Call to action")
        description = _("A button that leads to a page or to an address elsewhere")
        preview_value = {"label": "Read the report"}
        preview_template = PREVIEW

    def clean(self, value: Any) -> Any:
        """Check that the button leads to exactly one place."""
        cleaned = super().clean(value)
        page, url = cleaned.get("page"), cleaned.get("url")
        if page and url:
            raise StructBlockValidationError(
                block_errors={
                    "url": ValidationError(_("Choose a page or give an address, not both."))
                }
            )
        if not page and not url:
            raise StructBlockValidationError(
                block_errors={"page": ValidationError(_("Choose a page or give an address."))}
            )
        return cleaned

    def represent(self, raw: dict[str, Any] | None, perspective: Perspective) -> dict[str, Any]:
        """Return the label, and a link to either the page or the address."""
        stored = raw or {}
        url = stored.get("url")
        return {
            "label": stored.get("label") or "",
            "link": external_link(url) if url else page_link(stored.get("page"), perspective),
        }

    def json_schema(self, types: Types) -> Schema:
        """Return the schema of what `represent` returns."""
        return record({"label": STRING, "link": nullable(types.link())})

    markdown = block_markdown.call_to_action


class InsightsBlock(blocks.StructBlock):
    """`{"heading": "…", "insights": [teaser, …]}`."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=200, required=False)
    insights = blocks.ListBlock(
        InsightChooserBlock(page_type="insights.InsightPage", label=_("Insight")),
        label=_("Insights"),
        min_num=1,
        max_num=12,
    )

    class Meta:
        icon = "list-ul"
        group = LINKS
        label = _("Row of insights")
        description = _("Insights that go with the text, side by side")
        preview_value = {"heading": "Read more"}
        preview_template = PREVIEW

    markdown = block_markdown.insights


class TableBlock(TypedTableBlock):
    """`{"caption": "", "columns": [{"type": "text", "heading": "Year"}], "rows": [{"values": ["2020"]}]}`."""

    text = blocks.CharBlock(label=_("Text"), required=False)
    number = blocks.FloatBlock(label=_("Number"), required=False)
    rich_text = blocks.RichTextBlock(
        label=_("Text with links"), features=LINE_FEATURES, required=False
    )

    class Meta:
        icon = "table"
        group = DATA
        label = _("Table")
        description = _("Rows and columns, each column of text or numbers")
        preview_template = PREVIEW


class BodyBlock(blocks.StreamBlock):
    """A body: `[{"type": "heading", "value": {…}, "id": "…"}, …]`."""

    heading = HeadingBlock()
    rich_text = blocks.RichTextBlock(
        features=RICH_TEXT_FEATURES,
        icon="pilcrow",
        group=TEXT,
        label=_("Text"),
        description=_("Paragraphs, lists and links"),
        preview_value="<p>Since 2015 we have supported the people who <b>find and rescue</b> victims.</p>",
        preview_template=PREVIEW,
    )
    quote = QuoteBlock()
    image = BodyImageBlock()
    video = VideoBlock()
    document = DocumentBlock()
    key_figures = KeyFiguresBlock()
    table = TableBlock()
    insights = InsightsBlock()
    call_to_action = CallToActionBlock()
