"""Decides whether a cached result is still what computing it again would give; every cache here uses it."""

from datetime import datetime
from typing import NamedTuple

from frontend_api.changes.versions import State, tag_versions


class Validity(NamedTuple):
    """When a result was made, what it depends on, and how long it holds."""

    since: State
    """Where the change log stood before work on the result began."""
    seen: State
    """Where the change log stood once the result was made; it shows nothing that was committed later."""
    made_at: datetime
    """When the result was made; a server whose clock is behind this might have made another."""
    until: datetime | None
    """The first moment at which the result may differ without any change; None for never."""
    tags: tuple[str, ...]
    """What the result depends on; see `changes.tags`."""

    def holds(self, state: State, now: datetime) -> bool:
        """Return whether the result holds at `now`, with the change log at `state`; False if that is unknown."""
        return self.in_time(now) and tag_versions.unchanged(self.tags, self.since, self.seen, state)

    def in_time(self, now: datetime) -> bool:
        """Return whether the clock has not ended the result at `now`."""
        return self.made_at <= now and (self.until is None or now < self.until)
