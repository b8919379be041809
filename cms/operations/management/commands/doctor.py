"""`manage.py doctor`: what is wrong with the service, and the line that mends it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.operations.facts.fact import Fact
from cms.operations.facts.gathering import examined


class Command(BaseCommand):
    """Looks at settings, database, cache, mail, storage, proxy, clock and worker, and says what it finds."""

    help = (
        "Says what is wrong with the service, and how each of it is mended: settings, database, migrations, cache, "
        "workers, debts, room on disks, storage, mail, the addresses, the proxy and the clock. Changes nothing. "
        "Ends with 1 if something is wrong."
    )
    # They are one of the facts; a database that is away would end the command here.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--json`."""
        parser.add_argument("--json", action="store_true", help="Print the facts as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print all facts, the bad ones with their remedies."""
        facts = examined()
        bad = [fact for fact in facts if not fact.is_good]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(fact) for fact in facts], ensure_ascii=False))
        else:
            for fact in facts:
                self._print(fact)
        if bad:
            names = ", ".join(fact.name for fact in bad)
            raise CommandError(f"{len(bad)} of {len(facts)} are not well: {names}.")
        if not options["json"]:
            self.stdout.write(f"All {len(facts)} are well.")

    def _print(self, fact: Fact) -> None:
        if fact.is_good:
            self.stdout.write(f"{self.style.SUCCESS('good')}  {fact.name}: {fact.says}")
            return
        self.stdout.write(f"{self.style.ERROR('BAD')}   {fact.name}: {fact.says}")
        if fact.remedy:
            self.stdout.write(f"      → {fact.remedy}")


def _as_json(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "good": fact.is_good,
        "says": fact.says,
        "remedy": "" if fact.is_good else fact.remedy,
    }
