"""The API as it is read with the drafts of somebody, in place of a credential that stands for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page

from cms.models import User
from frontend_api.endpoints.base import ApiView
from frontend_api.endpoints.site_parameter import site_named
from frontend_api.visibility.editable_drafts import EditableDrafts
from frontend_api.visibility.perspective import Perspective
from tests import factories


@contextmanager
def seen_by(user: User | None, draft: Page | None = None) -> Iterator[None]:
    """Let every request here see the drafts that `user` may edit, and `draft` as it is in memory."""

    def perspective(view: Any) -> Perspective:
        # Each request finds out anew who its reader is.
        drafts = EditableDrafts(User.objects.get(pk=user.pk)) if user else None
        return Perspective(site_named(view.request.GET.get("site")), draft, drafts)

    name = "perspective"
    of_request: Any = cached_property(perspective)
    of_request.__set_name__(ApiView, name)
    with patch.object(ApiView, name, of_request):
        yield


def editor_of(*pages: Page, may: str = "change_page") -> User:
    """Return somebody who may change these pages and all below them, and no other."""
    user: User = factories.UserFactory()
    group = Group.objects.create(name=f"Editors {user.pk}")
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=may)
    for page in pages:
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    user.groups.add(group)
    return user
