"""The list of former addresses in the admin, beside Wagtail's redirects: those gone for good, and those too long."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from .models import FormerPath


class FormerPathViewSet(ModelViewSet):
    """Lists former addresses, and deletes them: then readers find what they would find without."""

    model = FormerPath
    name = "former-addresses"
    url_prefix = "former-addresses"
    icon = "redirect"
    menu_label = _("Former addresses")
    menu_order = 810
    add_to_settings_menu = True
    copy_view_enabled = False
    form_fields: ClassVar = ["path"]
    list_display: ClassVar = ["path", Column("leads_to", label=_("Leads to")), "site"]
    list_filter: ClassVar = ["site"]
    search_fields: ClassVar = ["path"]
    search_backend_name = None
    ordering: ClassVar = ["path"]
