"""The caches in front that the setting `WAGTAILFRONTENDCACHE` names, and how each one is purged."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from wagtail.contrib.frontend_cache.backends import (
    AzureBaseBackend,
    BaseBackend,
    CloudfrontBackend,
)
from wagtail.contrib.frontend_cache.utils import get_backends


@dataclass(frozen=True)
class Target:
    """A cache in front; `name` is its key in the setting, `kind` the class of its backend."""

    name: str
    kind: type[Any]

    @property
    def takes_tags(self) -> bool:
        """Whether it is purged by tag; otherwise it is purged by address."""
        return hasattr(self.kind, "purge_tags")

    @property
    def takes_wildcards(self) -> bool:
        """Whether an address to purge may end in `*`."""
        return issubclass(self.kind, CloudfrontBackend | AzureBaseBackend)

    def backend(self) -> Any:
        """Return a new backend that purges it; raises whatever the backend raises if its settings are wrong."""
        return get_backends(backends=[self.name])[self.name]


def configured() -> list[Target]:
    """Return every cache in the setting."""
    return [
        Target(name, _kind(options))
        for name, options in getattr(settings, "WAGTAILFRONTENDCACHE", {}).items()
    ]


def _kind(options: dict[str, Any]) -> type[Any]:
    try:
        kind: type[Any] = import_string(options["BACKEND"])
    except (ImportError, KeyError):
        # The attempt to purge it reports what is wrong.
        kind = BaseBackend
    return kind
