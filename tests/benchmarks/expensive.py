"""`python -m tests.benchmarks.expensive`: search for the request that costs most among 20,000 pages, and print it.

Requests are drawn from the API's description, so that whatever it allows may be found. The search climbs: it changes a
parameter of the worst that it knows of an endpoint, and goes on from there if that is worse. Nothing is kept between
two reads. `PAGES` and `STEPS` in the environment make it shorter or longer.
"""

import os
import platform
import random
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import django

from tests.benchmarks.large_site import busy, large_site

PAGES = int(os.environ.get("PAGES", "20000"))
STEPS = int(os.environ.get("STEPS", "60"))
"""How many changes are tried for each endpoint."""
MOST_SECONDS, MOST_MEGABYTES = 1.0, 50
"""What no request may take more of."""
Query = dict[str, str]

TEXTS = ["programme", "insight", "children", "in", "a", "insight since 2001 programme", "zzzz"]
FIELDS = ["*", "*,-body", "body", "_,title", "*,related_insights(*)", "*,partners(*),themes(*)"]
OF_NAME = {
    "fields": FIELDS,
    "html_path": ["/", "/insights/", "/nothing/at/all/"],
    "limit": ["100"],
    "locale": ["en-gb"],
    "offset": ["0", "1000", str(PAGES // 2), str(PAGES - 100)],
    "q": TEXTS,
    "search": TEXTS,
    "site": ["localhost"],
    "theme": ["prevention", "prevention,investigation,education,survivors"],
    "view": ["detail"],
}
"""Values that there are, or that cost more than others, of parameters whose description cannot know them."""


@dataclass(frozen=True)
class Endpoint:
    """One address of the API, and what it takes."""

    path: str
    parameters: dict[str, Any]
    required: frozenset[str]

    def value(self, name: str, some: random.Random) -> str:
        """Return a value that the description allows for a parameter."""
        if name in OF_NAME:
            return some.choice(OF_NAME[name])
        return _allowed(self.parameters[name], some)

    def changed(self, query: Query, some: random.Random) -> Query:
        """Return `query` with a parameter more, with another value of one, or without one."""
        name = some.choice([*self.parameters])
        if name in query and name not in self.required and some.random() < 0.4:
            return {one: value for one, value in query.items() if one != name}
        return {**query, name: self.value(name, some)}

    def first(self, some: random.Random) -> Query:
        """Return the query to begin with: as much of each item as there is, and as many as there may be."""
        names = self.required | ({"limit", "view"} & self.parameters.keys())
        return {name: self.value(name, some) for name in sorted(names)}


def _allowed(schema: dict[str, Any], some: random.Random) -> str:
    if "anyOf" in schema:
        return _allowed(some.choice(schema["anyOf"]), some)
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return str(some.choice(schema["enum"]))
    match schema["type"]:
        case "array":
            most = min(schema.get("maxItems", 1), 6)
            values = [_allowed(schema["items"], some) for _ in range(some.randint(1, most))]
            return ",".join(dict.fromkeys(values))
        case "integer" | "number":
            return str(some.choice([1, 3, 2005, 2015]))
        case "boolean":
            return some.choice(["true", "false"])
    if schema.get("format", "").startswith("date"):
        return some.choice(["1990-01-01", "2005-06-01", "2030-01-01"])
    return some.choice(["a", "insight", "x" * 200])


def endpoints() -> Iterator[Endpoint]:
    """Yield every endpoint that the description has, but those for one's own eyes."""
    from frontend_api.openapi.document import document
    from insights.models import InsightPage

    page = InsightPage.objects.live().order_by("-pk")[0].pk
    for path, methods in sorted(document()["paths"].items()):
        if any(part in path for part in ("preview", "schema", "docs", "events", "meetings")):
            continue
        asked = {one["name"]: one for one in methods["get"]["parameters"] if one["in"] == "query"}
        yield Endpoint(
            path.format(id=page, number=1) + ("" if "." in path else "/"),
            {name: one["schema"] for name, one in asked.items()},
            frozenset(name for name, one in asked.items() if one.get("required")),
        )


@dataclass(frozen=True)
class Found:
    """What one request takes."""

    address: str
    seconds: float
    status: int


class Asking:
    """Asks the service in this process, past what is kept."""

    def __init__(self) -> None:
        """Begin with nothing."""
        from django.test import Client

        self._client = Client(headers={"host": "localhost"}, raise_request_exception=True)

    def ask(self, endpoint: Endpoint, query: Query) -> Found:
        """Ask once."""
        from django.core.cache import caches

        from frontend_api.dependencies.memo import facts

        facts.clear()
        caches["api"].clear()
        address = f"{endpoint.path}?{urlencode(query, quote_via=quote)}"
        began = busy()
        response = self._client.get(address)
        taken = busy() - began
        return Found(address, taken, response.status_code)

    def megabytes(self, address: str) -> float:
        """Return how much memory a request takes at its height."""
        from frontend_api.dependencies.memo import facts

        facts.clear()
        tracemalloc.start()
        try:
            self._client.get(address)
            return tracemalloc.get_traced_memory()[1] / 1_000_000
        finally:
            tracemalloc.stop()


def climb(asking: Asking, endpoint: Endpoint, steps: int, some: random.Random) -> Found:
    """Return the worst request that was found of an endpoint."""
    query = endpoint.first(some)
    worst = asking.ask(endpoint, query)
    for _ in range(steps if endpoint.parameters else 0):
        other = endpoint.changed(query, some)
        found = asking.ask(endpoint, other)
        if found.status == 200 and (found.seconds > worst.seconds or worst.status != 200):
            # A request is as expensive as it is when nothing else comes between.
            again = asking.ask(endpoint, other)
            found = min(found, again, key=lambda one: one.seconds)
            if found.seconds > worst.seconds or worst.status != 200:
                query, worst = other, found
    return worst


def main() -> int:
    """Make a database of our own, fill it, and search; 1 if something costs more than it may."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from django.conf import settings

    with large_site(PAGES):
        print(
            f"{os.cpu_count()} cores, Python {platform.python_version()}, "
            f"{settings.TEST_DATABASE}, {PAGES:,} pages, {STEPS} steps an endpoint\n",
            flush=True,
        )
        return report(Asking())


def report(asking: Asking) -> int:
    """Print the worst of each endpoint as it is found, and in the end what costs more than it may."""
    print("| milliseconds | megabytes | request |\n| --- | --- | --- |", flush=True)
    over = []
    for number, endpoint in enumerate(endpoints()):
        worst = climb(asking, endpoint, STEPS, random.Random(number))
        megabytes = asking.megabytes(worst.address)
        print(f"| {worst.seconds * 1000:.0f} | {megabytes:.1f} | `{worst.address}` |", flush=True)
        if worst.seconds > MOST_SECONDS or megabytes > MOST_MEGABYTES:
            over.append(worst.address)
    print(f"\nMore than it may cost: {', '.join(over) or 'none'}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
