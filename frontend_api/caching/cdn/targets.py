"""The caches in front that the setting `WAGTAILFRONTENDCACHE` names, and how each of them is purged."""

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
    """One cache."""

    name: str
    kind: type[Any]

    @property
    def takes_tags(self) -> bool:
        """Whether it is purged by tag, and else by address."""
        return hasattr(self.kind, "purge_tags")

    @property
    def takes_wildcards(self) -> bool:
        """Whether an address may end in `*`."""
        return issubclass(self.kind, CloudfrontBackend | AzureBaseBackend)

    def backend(self) -> Any:
        """Return what purges it; it fails where the settings are wrong."""
        return get_backends(backends=[self.name])[self.name]


def configured() -> list[Target]:
    """Return every cache that is to be purged."""
    return [
        Target(name, _kind(options))
        for name, options in getattr(settings, "WAGTAILFRONTENDCACHE", {}).items()
    ]


def _kind(options: dict[str, Any]) -> type[Any]:
    try:
        kind: type[Any] = import_string(options["BACKEND"])
    except (ImportError, KeyError):
        # The attempt to purge it says what is wrong.
        kind = BaseBackend
    return kind
