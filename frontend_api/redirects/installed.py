"""Joins the redirects of `wagtail.contrib.redirects`, where that is installed, to this API and its change log."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.contrib.redirects import signal_handlers, views
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.permissions import register_permission_policy

from frontend_api.changes.affected_tags import when_page_appears
from frontend_api.changes.logged_models import log_with
from frontend_api.changes.tags import about_tag, redirect_tag
from frontend_api.introspection import Page

from . import keeping  # noqa: F401
from .leads import leading_to
from .models import FormerPath
from .paths import digest_of
from .policy import DeletedOnly
from .rules import check_path, check_redirect


def _leads_to(page_id: int | None) -> str:
    """Return the tag by which nobody is told of a redirect to a page that nobody sees."""
    return about_tag(Page, page_id) if page_id else about_tag()


log_with(Redirect, lambda one: {redirect_tag(one.old_path), _leads_to(one.redirect_page_id)})
log_with(FormerPath, lambda one: {redirect_tag(one.path), _leads_to(one.page_id)})
when_page_appears(lambda page: leading_to([page]))


register_permission_policy(FormerPath, DeletedOnly(FormerPath))


def _left_to_us(*args: Any, **kwargs: Any) -> None:
    """Stand in for what Wagtail does in its own way."""


# Its handlers call this by its name. They cannot be disconnected here: the app that connects them may come later.
signal_handlers.create_redirects = _left_to_us

_clean = Redirect.clean


def clean(self: Any) -> None:
    """Bring a redirect's paths into their form, and refuse one that leads nowhere or back."""
    try:
        check_path(self.old_path)
    except ValidationError as error:
        raise ValidationError({"old_path": error.messages}) from error
    _clean(self)
    check_redirect(self)


# Every form and import asks the model; it has no other place for a rule of its own.
Redirect.clean = clean
# The form takes the path apart by itself, before the model is asked.
RedirectForm.base_fields["old_path"].validators.append(check_path)


_create_from = views.create_redirects_from_dataset


def create_redirects_from_dataset(dataset: Any, config: Any) -> Any:
    """Import the rows of a file: those without anything in them are left out, and those cut short are filled up."""
    width = 1 + max(config["from_index"], config["to_index"])
    rows = [[*row, *[""] * (width - len(row))] for row in dataset if any(row)]
    return _create_from(rows, config)


# The view of Wagtail calls it by its name, and ends in an error at the first line that is empty.
views.create_redirects_from_dataset = create_redirects_from_dataset


class NoPurges(views.PurgeBatch):
    """Purges nothing: the change log has what was made of a redirect purged, once that is committed."""

    def purge(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing."""


# Wagtail's views ask caches in front to drop old addresses, within the transaction, even where the app that does so for
# pages is not installed: then these are not its caches.
if not apps.is_installed("wagtail.contrib.frontend_cache"):
    views.PurgeBatch = NoPurges
    views.purge_urls_from_cache = _left_to_us


@receiver(post_save, sender=Redirect)
def is_not_gone(sender: type[Redirect], instance: Redirect, **kwargs: Any) -> None:
    """Forget that a path has ended for good once a redirect leads on from it."""
    path = instance.old_path
    former = FormerPath.objects.filter(digest=digest_of(path), path=path, page=None, link="")
    (former if instance.site_id is None else former.filter(site=instance.site_id)).delete()
