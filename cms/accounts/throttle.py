"""How often somebody may try: counted in the database, which all processes share.

An attempt is counted before it is made, so that many at once are not more than one after the other; one that succeeds
is taken back. What is counted is known by a keyed hash, so that no name and no address is kept.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Attempts


def is_allowed(limit: str, whose: str) -> bool:
    """Count an attempt under the limit of that name in `SIGN_IN_LIMITS`; return whether it may be made."""
    most, duration = settings.SIGN_IN_LIMITS[limit]
    key = _key(limit, whose)
    now = timezone.now()
    fresh = {"number": 1, "ends_at": now + timedelta(seconds=duration)}
    running = Attempts.objects.filter(key=key, ends_at__gt=now)
    if running.filter(number__lt=most).update(number=F("number") + 1):
        return True
    if running.exists():
        return False
    if Attempts.objects.filter(key=key, ends_at__lte=now).update(**fresh):
        return True
    try:
        with transaction.atomic():
            Attempts.objects.create(key=key, **fresh)
    except IntegrityError:
        # Another process began to count at the same moment.
        return bool(running.filter(number__lt=most).update(number=F("number") + 1))
    return True


def take_back(limit: str, whose: str) -> None:
    """Uncount an attempt that succeeded."""
    Attempts.objects.filter(key=_key(limit, whose), number__gt=0).update(number=F("number") - 1)


def forget_ended() -> None:
    """Delete what limits nothing any more."""
    Attempts.objects.filter(ends_at__lte=timezone.now()).delete()


def minutes(limit: str) -> int:
    """Return for how many minutes somebody has to wait at most."""
    return max(1, settings.SIGN_IN_LIMITS[limit][1] // 60)


def _key(limit: str, whose: str) -> str:
    return salted_hmac("cms.accounts.throttle", f"{limit}:{whose}", algorithm="sha256").hexdigest()
