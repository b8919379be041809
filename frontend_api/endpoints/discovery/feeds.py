"""`feeds/{collection}.atom`, `.rss` and `.json`: the newest pages of a collection, with the whole text of each."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from frontend_api.endpoints.collections import CollectionViewSet, Feed, collections

from .base import DiscoveryView
from .feed_entries import entries
from .feed_formats import CONTENT_TYPES, written


class FeedView(DiscoveryView):
    """The newest pages of a collection that declares a feed, in one of the forms that feeds have."""

    collection: ClassVar[str]
    viewset: ClassVar[type[CollectionViewSet]]
    feed: ClassVar[Feed]
    form: ClassVar[str]

    def written(self) -> Iterable[str]:
        """Return the feed."""
        perspective = self.perspective
        found = entries(perspective, self.viewset, self.feed, self.locale)
        site = perspective.site
        name = site.site_name or site.hostname
        home: Any = site.root_page
        query = f"?locale={self.locale}" if self.locale else ""
        about = {
            "title": f"{name}: {self.viewset.model._meta.verbose_name_plural}",
            "description": f"The newest of {name}.",
            "author": name,
            "link": f"{site.root_url}/",
            "address": f"{site.root_url}/feeds/{self.collection}.{self.form}{query}",
            "id": uuid.uuid5(home.translation_key, f"feeds/{self.collection}{query}").urn,
            "language": self.locale or home.locale.language_code,
        }
        return [written(self.form, about, found)]


def feed_views() -> dict[str, type[FeedView]]:
    """Return the view of each feed that there is, by its path below `feeds/`: `insights.atom` and so on."""
    return {
        f"{name}.{form}": type(
            "FeedView",
            (FeedView,),
            {
                "__doc__": FeedView.__doc__,
                "collection": name,
                "viewset": viewset,
                "feed": viewset.feed,
                "form": form,
                "content_type": content_type,
            },
        )
        for name, viewset in sorted(collections.items())
        if viewset.feed is not None
        for form, content_type in CONTENT_TYPES.items()
    }
