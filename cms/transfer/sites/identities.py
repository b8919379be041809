"""The UUIDs of objects that have no key of their own which is the same everywhere."""

from typing import Any
from uuid import UUID, uuid4

from cms.transfer.models import Identity

from .shape import label


class Identities:
    """What is known of UUIDs, read once."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], UUID] = {}
        self._by: dict[tuple[str, UUID], str] = {}
        for model, key, uuid in Identity.objects.values_list("model", "key", "uuid").iterator():
            self._note(model, key, uuid)

    def _note(self, model: str, key: str, uuid: UUID) -> None:
        self._of[model, key], self._by[model, uuid] = uuid, key

    def of(self, model: Any, key: Any) -> str:
        """Return the UUID of an object, which gets one if it has none."""
        name = label(model)
        if (name, str(key)) not in self._of:
            row = Identity.objects.create(model=name, key=str(key), uuid=uuid4())
            self._note(row.model, row.key, row.uuid)
        return str(self._of[name, str(key)])

    def find(self, name: str, uuid: str) -> str | None:
        """Return the primary key of the object with a UUID, or None."""
        return self._by.get((name, UUID(uuid)))

    def keep(self, name: str, key: Any, uuid: str) -> None:
        """Note that an object here is the one with this UUID elsewhere."""
        if self._of.get((name, str(key))) != UUID(uuid):
            Identity.objects.update_or_create(
                model=name, key=str(key), defaults={"uuid": UUID(uuid)}
            )
            self._note(name, str(key), UUID(uuid))
