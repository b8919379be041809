"""The script of the editor's forms that focuses what is clicked on in the preview beside a form.

A preview that is framed by the panel says so to the admin, whose origin it knows::

    window.parent.postMessage({frontendApi: {edit: address}}, cmsOrigin)

`address` is one of `meta.draft.edit`. Messages count only if they come from the panel's frame and the origin of a
site's frontend. An address of another form is opened in a tab of its own.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.staticfiles import versioned_static
from wagtail_headless_preview.settings import headless_preview_settings

from . import origins


def script() -> SafeString | str:
    """Return the script, with the origins of the frontends; nothing where there are no previews."""
    if not headless_preview_settings.CLIENT_URLS:
        return ""
    return format_html(
        '<script src="{}" data-origins="{}"></script>',
        versioned_static("frontend_api/point.js"),
        " ".join(origins.frontend_origins()),
    )
