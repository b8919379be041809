"""A copy of all that the API says, kept up to date by its feed as `docs/api.md` tells a static build to do it."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tests.frontend_api.caching.scene import Got

Fetch = Callable[[str], Got]
LISTINGS = (
    "pages/?limit=100",
    "pages/?fields=*&limit=100",
    "pages/?order=-last_published_at&limit=3",
    "pages/?type=insights.InsightPage,programmes.ProgrammePage",
    "programmes/?fields=*&limit=100",
    "programmes/?status=active",
    "insights/?fields=*,themes(name)&limit=100",
    "insights/?kind=article&order=source",
    "events/?fields=*",
    "meetings/?fields=*",
    "images/?limit=100",
    "documents/?limit=100",
    "redirects/?limit=100",
    "site/",
    "sitemap.xml",
    "llms.txt",
    "feeds/insights.json",
)


class Kept(NamedTuple):
    """An answer, and the names of what it was made of; without any, nothing is known of it."""

    status: int
    body: bytes
    names: frozenset[str]


class Copy:
    """Answers by their addresses, and where in the feed they are from."""

    def __init__(self, fetch: Fetch, listings: Iterable[str] = LISTINGS) -> None:
        """Begin: first the cursor, then everything, which is `listings` and what they lead to."""
        self._fetch = fetch
        self._listings = tuple(listings)
        self.kept: dict[str, Kept] = {}
        self.fetched: list[str] = []
        """What was fetched last."""
        self.begin()

    def turn_to(self, fetch: Fetch) -> None:
        """Go on with another server."""
        self._fetch = fetch

    def begin(self) -> None:
        """Forget everything, and fetch it."""
        self.kept = {}
        self.cursor = json.loads(self._fetch("changes/").body)["cursor"]
        self.crawl()

    def follow(self, **narrowed: str) -> list[dict[str, Any]]:
        """Take over what changed, until nothing more did, and return it."""
        heard, more = [], True
        rest = "".join(f"&{name}={value}" for name, value in narrowed.items())
        while more:
            answer = self._fetch(f"changes/?after={self.cursor}{rest}")
            if answer.status == 410:
                self.begin()
                return heard
            assert answer.status == 200, answer.body
            part = json.loads(answer.body)
            self.cursor, more = part["cursor"], part["more"]
            heard += part["items"]
        self.apply(heard)
        return heard

    def apply(self, items: list[dict[str, Any]]) -> None:
        """Drop what is gone and what is old, then fetch what is missing."""
        names = {name for item in items for name in item["tags"]}
        gone = {f"pages/{item['id']}/" for item in items if item["kind"] == "gone"}
        self.kept = {
            address: one
            for address, one in self.kept.items()
            if one.names and not one.names & names and address not in gone
        }
        self.crawl()

    def crawl(self) -> None:
        """Fetch every address that is not kept, and drop what nothing leads to any more."""
        self.fetched = []
        wanted = set()
        for address in self._addresses():
            if address not in self.kept:
                self.fetched.append(address)
                got = self._fetch(address)
                names = got.headers.get("Surrogate-Key", "").split()
                self.kept[address] = Kept(got.status, got.body, frozenset(names))
            wanted.add(address)
        self.kept = {address: self.kept[address] for address in sorted(wanted)}

    def _addresses(self) -> Iterator[str]:
        yield from self._listings
        everything = json.loads(self.kept["pages/?limit=100"].body)
        for item in everything.get("items", ()):
            yield f"pages/{item['id']}/"
            path = "/" + item["meta"]["html_url"].split("/", 3)[-1]
            yield f"pages/find/?html_path={path}"

    def said(self) -> dict[str, tuple[int, bytes]]:
        """Return what each address answers."""
        return {address: (one.status, one.body) for address, one in self.kept.items()}
