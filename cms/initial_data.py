"""Helpers for data migrations: create pages and permissions with the models as they were at that migration."""

import uuid
from typing import Any

from django.utils import timezone


def content_type(apps: Any, app_label: str, model: str) -> Any:
    """Return the content type of a model, and create it if need be: in a first migrate it does not exist yet."""
    return apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )[0]


def add_index_page(apps: Any, app_label: str, model: str, title: str, slug: str) -> None:
    """Add a live index page below every home page that has no child with that slug."""
    page_model = apps.get_model("wagtailcore", "Page")
    kind = content_type(apps, app_label, model)
    for home in apps.get_model("cms", "HomePage").objects.all():
        below = page_model.objects.filter(path__startswith=home.path, depth=home.depth + 1)
        if below.filter(slug=slug).exists():
            continue
        last = below.order_by("-path").first()
        # treebeard's paths have four base-36 digits per level; a fresh tree needs only one of them.
        step = int(last.path[-4:], 36) + 1 if last else 1
        now = timezone.now()
        apps.get_model(app_label, model).objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=kind,
            path=f"{home.path}{_base36(step)}",
            depth=home.depth + 1,
            numchild=0,
            url_path=f"{home.url_path}{slug}/",
            locale_id=home.locale_id,
            translation_key=uuid.uuid4(),
            live=True,
            show_in_menus=True,
            first_published_at=now,
            last_published_at=now,
        )
        page_model.objects.filter(pk=home.pk).update(numchild=home.numchild + 1)


def remove_empty_index_pages(apps: Any, app_label: str, model: str) -> None:
    """Remove the index pages that have no children."""
    page_model = apps.get_model("wagtailcore", "Page")
    for index in apps.get_model(app_label, model).objects.filter(numchild=0):
        parent = page_model.objects.get(path=index.path[:-4])
        index.delete()
        page_model.objects.filter(pk=parent.pk).update(numchild=parent.numchild - 1)


def grant(apps: Any, group: str, app_label: str, model: str, actions: list[str]) -> None:
    """Let one of Wagtail's own groups (`Editors`, `Moderators`) `add`, `change` or `delete` objects of a model."""
    for found in apps.get_model("auth", "Group").objects.filter(name=group):
        found.permissions.add(*_permissions(apps, app_label, model, actions))


def revoke(apps: Any, group: str, app_label: str, model: str, actions: list[str]) -> None:
    """Undo `grant`."""
    for found in apps.get_model("auth", "Group").objects.filter(name=group):
        found.permissions.remove(*_permissions(apps, app_label, model, actions))


def _permissions(apps: Any, app_label: str, model: str, actions: list[str]) -> list[Any]:
    kind = content_type(apps, app_label, model)
    name = apps.get_model(app_label, model)._meta.verbose_name
    permissions = apps.get_model("auth", "Permission").objects
    # By id, because when migrations are reversed the models of two apps may come from different states.
    return [
        permissions.get_or_create(
            content_type_id=kind.pk,
            codename=f"{action}_{model}",
            defaults={"name": f"Can {action} {name}"},
        )[0]
        for action in actions
    ]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits.rjust(4, "0")
