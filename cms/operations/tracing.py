"""Traces for OpenTelemetry: a span for each request that Django answers, which belongs to the trace of whoever asked.

Tasks that a request asks for belong to its trace, too.

Hits of the response cache have none: a span would take longer than the answer. Where the traces go, the environment
says, in the names of OpenTelemetry's own specification.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_started: list[Tracer] = []
_propagator = TraceContextTextMapPropagator()


def start() -> None:
    """Have traces sent, if the environment says where to."""
    if not settings.TRACES_ENDPOINT or _started:
        return
    # Only where it is asked for: it would make the start-up of every other process longer.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _started.append(provider.get_tracer("cms"))


class RequestSpan:
    """The span of a request, or nothing where no traces are sent."""

    def __init__(self, span: Span | None) -> None:
        self._span = span

    def end(self, status: int, observed: dict[str, Any]) -> None:
        """Say how the request ended."""
        if self._span is None:
            return
        self._span.set_attribute("http.response.status_code", status)
        self._span.set_attribute("cms.queries", observed["queries"])
        if observed.get("path"):
            self._span.set_attribute("url.path", observed["path"])
        if status >= 500:
            self._span.set_status(Status(StatusCode.ERROR))


@contextmanager
def span(request: HttpRequest) -> Iterator[RequestSpan]:
    """Have a span for as long as a request is answered."""
    if not _started:
        yield RequestSpan(None)
        return
    headers = {
        name: request.headers[name] for name in _propagator.fields if name in request.headers
    }
    method = str(request.method)
    with _started[0].start_as_current_span(
        method,
        context=_propagator.extract(headers),
        kind=SpanKind.SERVER,
        attributes={"http.request.method": method},
    ) as current:
        yield RequestSpan(current)
        if request.resolver_match is not None:
            # Its route, not its path: the name of a span has to be one of few.
            current.update_name(f"{method} /{request.resolver_match.route}")
            current.set_attribute("http.route", f"/{request.resolver_match.route}")


def traceparent() -> str:
    """Return the span of what is done now, as other processes are told of it, or nothing where there is none."""
    told: dict[str, str] = {}
    _propagator.inject(told)
    return told.get("traceparent", "")


@contextmanager
def task_span(path: str, parent: str) -> Iterator[None]:
    """Have a span for as long as a task runs, below the span `parent` of the request that asked for it."""
    if not _started:
        yield
        return
    with _started[0].start_as_current_span(
        path,
        context=_propagator.extract({"traceparent": parent}),
        kind=SpanKind.CONSUMER,
        attributes={"cms.task": path},
    ):
        yield


def task_ended(*, is_well: bool) -> None:
    """Say how the task ended whose span this is."""
    if not is_well:
        trace.get_current_span().set_status(Status(StatusCode.ERROR))
