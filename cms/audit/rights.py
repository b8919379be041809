"""What groups may do, as words: all that Wagtail lets a group have."""

from collections import defaultdict

from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission, GroupSitePermission


def rights_of_groups() -> dict[str, set[str]]:
    """Return the rights of each group by its name, in a few queries: `publish_page on page Home (3)`."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, right in Group.objects.values_list("name", "permissions__codename"):
        # A group without any right has one row, of none.
        found[name] |= {right} - {None}
    for page in GroupPagePermission.objects.select_related("group", "permission", "page"):
        place = f"page {page.page.title} ({page.page_id})"
        found[page.group.name].add(f"{page.permission.codename} on {place}")
    for media in GroupCollectionPermission.objects.select_related(
        "group", "permission", "collection"
    ):
        place = f"collection {media.collection.name} ({media.collection_id})"
        found[media.group.name].add(f"{media.permission.codename} on {place}")
    for one in GroupSitePermission.objects.select_related("group", "permission", "site"):
        place = f"site {one.site} ({one.site_id})"
        found[one.group.name].add(f"{one.permission.codename} on {place}")
    return dict(found)
