"""What is counted of requests, and the text in which Prometheus reads that and the facts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from frontend_api import conf
from frontend_api.caching.backends.memory import MemoryCache

from .facts.fact import Fact
from .observed import Observed
from .shared_folder import of_this_server
from .tally import BOUNDS, Tally

MISS = "miss"


tally = Tally(Path(settings.METRICS_FOLDER or of_this_server()))


def count(path: str, status: int, seconds: float, observed: Observed) -> None:
    """Count a request that was answered."""
    tally.add(path, status, seconds, observed)
    if observed.get("cache") == MISS:
        kept = caches[conf.cache_alias()]
        tally.kept_bytes = kept.size if isinstance(kept, MemoryCache) else 0


def written(facts: Iterable[Fact] | None) -> bytes:
    """Return all metrics as Prometheus reads them; without facts, if they are not known in time."""
    registry = CollectorRegistry()
    registry.register(_Requests())
    registry.register(_Facts(facts))
    return generate_latest(registry)


class _Requests(Collector):
    """What all processes of the server have counted."""

    def collect(self) -> Iterator[Metric]:
        rows = [*tally.rows()]
        requests = CounterMetricFamily(
            "cms_requests", "Requests that were answered.", labels=["endpoint", "cache", "status"]
        )
        queries = CounterMetricFamily(
            "cms_queries", "Queries of requests that Django answered.", labels=["endpoint"]
        )
        seconds = HistogramMetricFamily(
            "cms_request_seconds",
            "For how long requests were answered.",
            labels=["endpoint", "cache"],
        )
        kept = GaugeMetricFamily(
            "cms_cache_bytes", "What the processes of this server keep of responses in memory."
        )
        asked: defaultdict[str, float] = defaultdict(float)
        spreads: defaultdict[tuple[str, str], list[float]] = defaultdict(
            lambda: [0.0] * (len(BOUNDS) + 2)
        )
        for row in rows:
            requests.add_metric([row.endpoint, row.cache, str(row.status)], row.requests)
            asked[row.endpoint] += row.queries
            spread = spreads[row.endpoint, row.cache]
            for place, number in enumerate((*row.spread, row.seconds)):
                spread[place] += number
        for endpoint, number in asked.items():
            queries.add_metric([endpoint], number)
        for labels, (*spread, total) in spreads.items():
            bounds = (*map(str, BOUNDS), "+Inf")
            buckets = [*zip(bounds, accumulate(spread), strict=True)]
            seconds.add_metric([*labels], buckets=buckets, sum_value=total)
        kept.add_metric([], tally.all_kept_bytes())
        yield from (requests, seconds, queries, kept)


class _Facts(Collector):
    """The facts as metrics: whether each is good, and its numbers."""

    def __init__(self, facts: Iterable[Fact] | None) -> None:
        self._facts = facts

    def collect(self) -> Iterator[Metric]:
        known = GaugeMetricFamily("cms_facts_known", "Whether the facts were found in time.")
        known.add_metric([], float(self._facts is not None))
        yield known
        good = GaugeMetricFamily("cms_fact_good", "Whether a fact is good.", labels=["fact"])
        families: dict[str, Any] = {}
        for fact in self._facts or ():
            good.add_metric([fact.name], float(fact.is_good))
            for one in fact.measures:
                labels = [one.label[0]] if one.label else []
                if one.name not in families:
                    families[one.name] = GaugeMetricFamily(one.name, one.help, labels=labels)
                families[one.name].add_metric([one.label[1]] if one.label else [], one.value)
        yield good
        yield from families.values()
