"""Puts pages and collections in their places, as Wagtail's trees have them."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from .matching import Matching
from .records import Record
from .shape import TREES, Part, label, root


class Trees:
    """The places of what is written, and what has to be put right in the end."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._below: dict[tuple[Any, Any], list[Any]] = defaultdict(list)
        self._touched = False

    def _parent(self, base: Any, record: Record) -> Any:
        if record["parent"] is None:
            return base.get_first_root_node()
        return base._base_manager.get(pk=self._matching.key([label(base), record["parent"]]))

    def place_of_new(self, model: Any, record: Record, row: dict[str, Any]) -> dict[str, Any]:
        """Return the columns that say where a new object stands: the last below its parent."""
        if model not in TREES:
            return {}
        parent = self._parent(model, record)
        last = (
            model._base_manager.filter(path__startswith=parent.path, depth=parent.depth + 1)
            .order_by("path")
            .last()
        )
        # treebeard has no public way to name the next place in the tree.
        path = last._inc_path() if last else model._get_path(parent.path, parent.depth + 1, 1)
        self._note(model, record, parent)
        place = {"path": path, "depth": parent.depth + 1, "numchild": 0}
        if model is Page:
            place["url_path"] = f"{parent.url_path}{row['slug']}/"
        return place

    def _note(self, base: Any, record: Record, parent: Any) -> None:
        self._touched = True
        self._below[base, parent.pk].append(self._matching.key([label(base), record["key"]]))

    def move(self, record: Record, pk: Any) -> bool:
        """Put an object that is here below its parent; return whether it was elsewhere."""
        base = root(self._matching.models[record["model"]])
        if base not in TREES or record["parent"] is None:
            return False
        parent, here = self._parent(base, record), base._base_manager.get(pk=pk)
        is_elsewhere = not (here.path.startswith(parent.path) and here.depth == parent.depth + 1)
        if is_elsewhere:
            here.move(parent, "last-child")
        self._note(base, record, parent)
        return is_elsewhere

    def settle(self, imported: Any) -> None:
        """Count children, put siblings in their order, and say at which address each page is."""
        for base in TREES:
            self._count(base)
        for (base, parent), keys in self._below.items():
            stand = [
                *base._base_manager.filter(pk__in=keys)
                .order_by("path")
                .values_list("pk", flat=True)
            ]
            if stand != keys:
                for pk in keys:
                    base._base_manager.get(pk=pk).move(
                        base._base_manager.get(pk=parent), "last-child"
                    )
                imported.updated.append(f"the order below {base._base_manager.get(pk=parent)}")
        if self._touched:
            self._address()

    def _count(self, base: Any) -> None:
        children: dict[str, int] = defaultdict(int)
        rows = list(base._base_manager.values_list("pk", "path", "numchild"))
        for _, path, _ in rows:
            children[path[: -base.steplen]] += 1
        for pk, path, count in rows:
            if count != children[path]:
                base._base_manager.filter(pk=pk).update(numchild=children[path])

    def _address(self) -> None:
        """Give every page the path of its parent and its own slug."""
        paths: dict[str, str] = {}
        for page in Page.objects.order_by("path").only("path", "depth", "slug", "url_path"):
            above = paths.get(page.path[: -page.steplen])
            # As Wagtail has it: the root's is "/", and its children's are "/slug/".
            paths[page.path] = "/" if above is None else f"{above}{page.slug}/"
            if page.url_path != paths[page.path]:
                Page.objects.filter(pk=page.pk).update(url_path=paths[page.path])


def tagging(part: Part) -> dict[str, Any]:
    """Return what a row of a tag is looked up by beside the key of what has it."""
    if not part.is_tagging:
        return {}
    return {"content_type_id": ContentType.objects.get_for_model(part.whole).pk}
