"""Reads all that an API says: every endpoint, with every parameter that it says it takes, and every link it names."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client
from django.urls import reverse

from frontend_api import urls
from tests.frontend_api import crawled_listings
from tests.frontend_api.random_texts import MARKER

ROOT = "/api/v2/"
# A preview is for whoever has its token, and what changed when is another matter; the rest is no endpoint of its own.
NOT_CRAWLED = {"changes", "preview", "root", None}
# What the crawler has its own ways with.
AS = " as "
"""Between an address and the media type that is asked for there, if it is not JSON."""
NEVER_ASKED = {"search", "search_operator", "site", "type"}
NESTING = (
    "body",
    "featured_insights",
    "follows",
    "image",
    "parent",
    "partners",
    "related_insights",
)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    reason: str
    headers: str
    body: str

    @property
    def json(self) -> Any:
        """The body, taken for JSON."""
        return json.loads(self.body)

    def markers(self) -> set[str]:
        """Return every marker that is anywhere in the answer."""
        return set(MARKER.findall(f"{self.reason} {self.headers} {self.body}".lower()))


@dataclass(frozen=True)
class Values:
    """What to ask about, by kind (`id`, `medium`, `slug`, `path`, `text`): `public` things, and `private` ones."""

    public: dict[str, list[str]]
    private: dict[str, list[str]]


class Crawler:
    """Reads the API of one site, and keeps every answer by its address."""

    def __init__(self, client: Client, site: str | None, values: Values) -> None:
        self.client = client
        self.values = values
        self.always = {"site": site} if site else {}
        self.answers: dict[str, Answer] = {}

    def get(self, path: str, **parameters: str) -> Answer:
        """Read an endpoint with these parameters, and the site."""
        query = urlencode({**parameters, **self.always})
        return self.fetch(f"{ROOT}{path}{'?' if query else ''}{query}")

    def fetch(self, address: str) -> Answer:
        """Read an address, once for all."""
        if address not in self.answers:
            place, _, form = address.partition(AS)
            response: Any = self.client.get(place, headers={"accept": form} if form else {})
            content = response.getvalue().decode()
            headers = json.dumps(dict(response.headers.items()))
            status, reason = response.status_code, response.reason_phrase
            self.answers[address] = Answer(status, reason, headers, content)
        return self.answers[address]

    def crawl(self) -> None:
        """Read every listing and object, all that each nests, and where every link leads."""
        for path in listings():
            self.get(path)
        everything = self.get("pages/", fields="*", limit="100").json["items"]
        for path in details():
            for known in (self.values.public, self.values.private):
                # Every page is asked for once; a collection looks for a few in the same way.
                pages = known["id"] if path.startswith("pages/") else known["id"][:6]
                for pk in {*pages, *known["medium"]}:
                    self.get(path.format(pk))
        for pk in {*self.values.public["id"], *self.values.private["id"]}:
            query = f"?{urlencode(self.always)}" if self.always else ""
            self.fetch(f"{ROOT}pages/{pk}/{query}{AS}text/markdown")
        for item in {item["type"]: item for item in everything}.values():
            for name, value in {**item, **item["meta"]}.items():
                if value and isinstance(value, dict | list):
                    self.get(f"pages/{item['id']}/", fields=f"{name}(*)")
        crawled_listings.crawl(self)
        self._follow_links()

    def ask(self, random: Random, few: int) -> None:
        """Ask about `few` values of every parameter that a listing takes, and search for a few of the markers."""
        for taken in interface(self):
            values = self._values_for(taken, random)
            # A number can stand for a thing of each kind, so more of them are needed to meet one that is used.
            most = few * 4 if taken.takes_ids and not taken.takes_text else few
            for value in random.sample(values, min(len(values), most)):
                self.get(taken.path, **taken.given, **{taken.name: value})
        searched = [*batches(self.values.private["text"], 25)]
        for path in {taken.path for taken in interface(self) if taken.name == "limit"}:
            for markers in random.sample(searched, min(len(searched), few)):
                self.get(path, search=" ".join(markers), search_operator="or", limit="100")
        words = [*self.values.private["text"], *self.values.public["text"]]
        for word in random.sample(words, min(len(words), few * 4)):
            self.get("search/", q=word)
            self.get("search/", q=f"{word[:3]}{word[4:]}")
            self.get("autocomplete/", q=word[:5])

    def _values_for(self, taken: "Taken", random: Random) -> list[str]:
        public, private = self.values.public, self.values.private
        if taken.name == "facets":
            return taken.values
        if taken.name == "view":
            return ["detail"]
        if taken.name == "order":
            return [*taken.values, *(f"-{value}" for value in taken.values)]
        if taken.name == "fields":
            return ["*", "_,title", *(f"{name}(*)" for name in NESTING)]
        if taken.name == "rich_text_format":
            return ["markdown"]
        if taken.name in {"limit", "offset"}:
            return ["0", "1", "2", "5"]
        if taken.is_lookup:
            return [*private["path"], *private["slug"], *public["path"]]
        if taken.takes_ids and not taken.takes_text:
            media = private["medium"]
            return [*media, *media, *private["id"], *public["id"][:3]]
        slugs = ",".join(private["slug"][:40])
        one = random.choice([public, private, private])
        return [
            slugs,
            slugs,
            *(random.choice(one[kind]) for kind in ("id", "slug", "path", "text")),
        ]

    def _follow_links(self) -> None:
        followed: set[str] = set()
        while (
            found := {link for answer in self.answers.values() for link in links_in(answer)}
            - followed
        ):
            for link in found:
                self._follow(link)
            followed |= found

    def _follow(self, link: str) -> None:
        path = urlsplit(link).path
        if path.startswith(ROOT):
            self.get(path.removeprefix(ROOT))
        elif path.startswith("/documents/"):
            self.fetch(path)
        elif path.endswith("/") and "elsewhere" not in link:
            self.get("pages/find/", html_path=path)


@dataclass(frozen=True)
class Taken:
    """A parameter that an endpoint says it takes; with a `type`, `given` has it."""

    path: str
    given: dict[str, str]
    name: str
    values: list[str]
    takes_ids: bool
    takes_text: bool
    is_lookup: bool


_interface: list[Taken] = []


def interface(crawler: Crawler) -> list[Taken]:
    """Return every parameter of every listing, as the API itself describes it; it is the same for every site."""
    if not _interface:
        types = {item["type"] for item in crawler.get("pages/", limit="100").json["items"]}
        known: set[tuple[str, ...]] = set()
        for path in listings():
            for given in ({}, *({"type": name} for name in sorted(types))):
                own = _listed_in_error(crawler, path, "nonsense", **given)
                if given and "type" not in own:
                    continue
                for name in sorted(own - NEVER_ASKED):
                    # The fields of a type are parameters and orders too, and are asked of one type that has them.
                    taken = _taken(crawler, path, given, name)
                    new = {(path, name), *((path, name, value) for value in taken.values)} - known
                    if new:
                        orders = [value for value in taken.values if (path, name, value) in new]
                        _interface.append(replace(taken, values=orders))
                        known |= new
    return _interface


def _taken(crawler: Crawler, path: str, given: dict[str, str], name: str) -> Taken:
    def status(value: str) -> int:
        return crawler.get(path, **given, **{name: value}).status

    values = (
        sorted(_listed_in_error(crawler, path, name, **given))
        if name in {"facets", "order"}
        else []
    )
    ids, text = status(crawler.values.public["id"][0]), status("nonsense")
    return Taken(path, given, name, values, ids != 400, text != 400, text == 404)


def _listed_in_error(crawler: Crawler, path: str, name: str, **given: str) -> set[str]:
    answer = crawler.get(path, **given, **{name: "nonsense"})
    if answer.status != 400:
        # The endpoint is not strict, so that it has nothing to ask.
        return set()
    listed = answer.json["detail"].partition("it takes ")[2].rstrip(".")
    return set(re.split(r", | or ", listed)) - {"random", ""}


def listings() -> list[str]:
    """Return the path of every endpoint that has no id in it."""
    return [
        reverse(f"frontend_api:{pattern.name}").removeprefix(ROOT)
        for pattern in urls.urlpatterns
        if pattern.name not in NOT_CRAWLED and not pattern.pattern.converters
    ]


def details() -> list[str]:
    """Return the path of every endpoint with an id in it, the id as `{}`."""
    return [
        reverse(f"frontend_api:{pattern.name}", args=[0]).removeprefix(ROOT).replace("/0/", "/{}/")
        for pattern in urls.urlpatterns
        if pattern.name and "pk" in pattern.pattern.converters
    ]


def links_in(answer: Answer) -> set[str]:
    """Return every address that an answer names, in its JSON or in the HTML within."""
    if answer.status != 200 or not answer.body.startswith(("{", "[")):
        return set()
    found = set()
    stack = [answer.json]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, str):
            if re.match(r"(https?:/)?/\S+$", value):
                found.add(value.partition("#")[0])
            found |= set(re.findall(r'(?:href|src)="([^"]+)"', value))
    return found


def batches(items: list[str], size: int) -> Iterator[list[str]]:
    """Split `items` into lists of `size` at most."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
