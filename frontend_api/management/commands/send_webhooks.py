"""`manage.py send_webhooks`: tells the recipients of webhooks what they were not told yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.health import problems

PATIENCE = 50
"""How many seconds to send for; the next run may begin a minute after this one."""


class Command(BaseCommand):
    """Sends what is due: what is new, what failed, and what a crash left undone."""

    help = (
        "Sends webhooks that are due. Workers do so by themselves; without one, run it every minute. It ends with "
        "status 1 while a recipient fails or was switched off."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and raise `CommandError` while a recipient fails."""
        count = deliver(PATIENCE)
        if count:
            self.stdout.write(f"{count} {'request' if count == 1 else 'requests'} sent.")
        wrong = [f"{one.name}: {one.text}" for one in problems()]
        if wrong:
            raise CommandError(f"Not delivered: {' '.join(wrong)}")
