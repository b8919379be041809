"""Whether what was made once still is what making it anew would give: the one question of every cache here."""

from datetime import datetime
from typing import NamedTuple

from frontend_api.changes.versions import State, tag_versions


class Validity(NamedTuple):
    """When something was made, of what, and until when it holds."""

    since: State
    """Where the change log stood before it was begun."""
    seen: State
    """Where the change log stood once it was made: it shows nothing that was committed later."""
    made_at: datetime
    """When it was about to be made; by a clock that is behind this, it may look otherwise."""
    until: datetime | None
    """The first moment at which it may be something else without any change; None for never."""
    tags: tuple[str, ...]
    """What it was made of; see `changes.tags`."""

    def holds(self, state: State, now: datetime) -> bool:
        """Tell whether it is the same at a moment when the log stands at `state`; False when that is not known."""
        in_time = self.made_at <= now and (self.until is None or now < self.until)
        return in_time and tag_versions.unchanged(self.tags, self.since, self.seen, state)
