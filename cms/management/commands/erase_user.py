"""`manage.py erase_user`: deletes an account, and takes the person's name out of everything that outlives it."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.accounts import erasure
from cms.audit.log import record
from cms.audit.models import Kind
from cms.models import User
from frontend_api.changes.transaction import transaction


class Command(BaseCommand):
    """Erases one person. What they wrote and did stays, without their name."""

    help = (
        "Deletes an account and takes the name out of the change log, the page log and shared links. Also works for an "
        "account that was deleted before. Run again, it finds nothing more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose account it is."""
        parser.add_argument("account", help="The username, or else the primary key.")

    def handle(self, *args: Any, account: str, **options: Any) -> None:
        """Erase the person, and say what was done."""
        person = erasure.find(account)
        user = person.user
        if user is not None and _is_only_administrator(user):
            raise CommandError(
                "This is the only administrator. Make another one first, or nobody can log in to give rights."
            )
        with transaction():
            erased = erasure.erase(person)
            if user is not None:
                user.delete()
            done = [f"{count} {kind}" for kind, count in erased.items() if count]
            if user is not None:
                done.insert(0, "the account itself")
            if done:
                record(Kind.ERASED, about=str(person.key or ""))
        self.stdout.write(f"Erased: {', '.join(done)}." if done else "There is nothing to erase.")


def _is_only_administrator(user: User) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()
