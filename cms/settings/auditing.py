"""What the audit log keeps, and for how long."""

from .environment import env, size, stop

ADDRESSES = ("network", "whole", "none")


def audit_days() -> int:
    """Return for how many days entries are kept."""
    return size("AUDIT_DAYS", 365, 36_500, "days")


def audit_addresses() -> str:
    """Return what is kept of the addresses of clients: their network, all of it, or nothing."""
    text = env.str("AUDIT_ADDRESSES", default=ADDRESSES[0]).strip()
    if text not in ADDRESSES:
        stop(f"AUDIT_ADDRESSES is {text!r}; set it to {', '.join(ADDRESSES[:-1])} or none.")
    return text
