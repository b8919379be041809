"""An app that comes last, and disconnects what the others have connected, and what their pages do when published."""

import weakref
from typing import Any

from django.apps import AppConfig
from django.db.models import signals
from wagtail import signals as wagtail_signals

OURS = ("cms.", "frontend_api.", "insights.", "programmes.")


class StockAdminConfig(AppConfig):
    """Leaves the receivers of Django and Wagtail alone."""

    name = "tests.benchmarks.stock_admin"

    def ready(self) -> None:
        """Disconnect every receiver of ours, and leave the publishing to Wagtail."""
        # There are no models before.
        from cms.drafts.completeness import CompleteWhenPublished

        for module in (signals, wagtail_signals):
            for signal in vars(module).values():
                if hasattr(signal, "receivers"):
                    # Django has no public way to ask who is connected.
                    signal.receivers = [one for one in signal.receivers if not _is_ours(one[1])]
                    signal.sender_receivers_cache.clear()
        del CompleteWhenPublished.publish


def _is_ours(found: Any) -> bool:
    receiver = found() if isinstance(found, weakref.ReferenceType) else found
    return getattr(receiver, "__module__", "").startswith(OURS)
