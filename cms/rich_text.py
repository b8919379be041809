"""Where links in rich text may lead, and the script that pastes into it from word processors.

What an editor types or pastes is written for readers, who have no use for an address inside the admin, for a file on
the editor's own disk or for a mark inside the document that a text came from. Such a link is only its text.
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.forms import ValidationError
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    PageLinkElementHandler,
)
from wagtail.admin.views.chooser import ExternalLinkView
from wagtail.rich_text.feature_registry import FeatureRegistry

# Marks that Word, Google Docs, LibreOffice and Pages make inside their documents, for footnotes, headings and comments.
INNER_MARK = re.compile(
    r"_(ftn|edn|toc|ref|hlk|mso|heading|goback)|ftnt|sdfootnote|sdendnote|heading=|bookmark=|kix\.",
    re.IGNORECASE,
)


def leads_somewhere(address: str) -> bool:
    """Return whether a link to `address` is of use to a reader."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    if scheme in {"mailto", "tel"}:
        return bool(parts.path)
    if scheme in {"http", "https"}:
        own = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname
        is_admin = host == own and _is_in_admin(parts.path)
        return bool(host) and not is_admin and not INNER_MARK.match(parts.fragment)
    if scheme or host or address.startswith("//") or "\\" in address:
        return False
    if address.startswith("#"):
        return len(address) > 1 and not INNER_MARK.match(parts.fragment)
    # A path of the website, such as that of its search.
    return address.startswith("/") and not _is_in_admin(parts.path)


def _is_in_admin(path: str) -> bool:
    return f"{path.rstrip('/')}/".startswith(reverse("wagtailadmin_home"))


def link_or_text(props: dict[str, Any]) -> Any:
    """Return a link as it is stored, or its text if it leads nowhere; for Wagtail's converter of rich text."""
    address = props.get("url")
    if props.get("id") is None and not (isinstance(address, str) and leads_somewhere(address)):
        return props["children"]
    return link_entity(props)


def register_links(features: FeatureRegistry) -> None:
    """Have rich text store only links that lead somewhere."""
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {
                "a[href]": ExternalLinkElementHandler("LINK"),
                'a[linktype="page"]': PageLinkElementHandler("LINK"),
            },
            "to_database_format": {"entity_decorators": {"LINK": link_or_text}},
        },
    )


class LinkForm(ExternalLinkChooserForm):
    """Wagtail's form for the address of a link, which says why one would not be kept."""

    def clean_url(self) -> str:
        """Check that the address leads somewhere."""
        address: str = self.cleaned_data["url"]
        if not leads_somewhere(address):
            raise ValidationError(
                _(
                    "Readers cannot follow this address. Give one that begins with https://, or choose the page "
                    "under “Internal link”."
                )
            )
        return address


class LinkView(ExternalLinkView):
    """The dialog in which the address of a link is typed."""

    form_class = LinkForm


def paste_script() -> str:
    """Return the scripts of forms that paste from word processors."""
    sentences = {
        "made": gettext("A table that you pasted is a Table block now, below this text."),
        "refused": gettext(
            "This field cannot hold the table that you pasted, so its rows are lines now. To keep a table, add a "
            "Table block to the body and paste there what belongs in it."
        ),
        "pictures": gettext(
            "Pictures were not pasted. Add each one as an Image block, from its own file."
        ),
    }
    return format_html(
        '<script src="{}" data-admin="{}"></script><script src="{}" data-sentences="{}"></script>',
        static("cms/paste/document.js"),
        reverse("wagtailadmin_home"),
        static("cms/paste/editor.js"),
        json.dumps(sentences),
    )
