"""A Django system check of what mends Wagtail's editor: is Wagtail still the one that needs it?"""

from typing import Any

import wagtail
from django.core.checks import CheckMessage, Warning, register

TRIED = "8.0.1"
"""The version of Wagtail without whose mends the tests in `tests/e2e` fail."""

MENDS = {
    "cms.W010": (
        "cms/static/cms/editor/unsaved.js",
        "tests/e2e/test_unsaved.py",
        "a refused form is not watched, and what is typed while the page opens or saves is taken for saved",
    ),
    "cms.W011": (
        "cms/static/cms/editor/session.js, login-dialog.js and submit.js",
        "tests/e2e/test_logged_out.py",
        "text is lost when the session has ended",
    ),
    "cms.W012": (
        "cms/static/cms/editor/preview.js",
        "tests/e2e/test_frontend_gone.py",
        "the panel does not say that the frontend is gone, nor comes back by itself",
    ),
    "cms.W013": (
        "cms.forms.ComparesWithWhatIsStored",
        "tests/cms/test_unchanged_forms.py",
        "a field whose default is a function counts as changed",
    ),
}


@register()
def check_mends(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each mend of the editor when Wagtail is another than the one that it was made for.

    `cms.W010` to `cms.W013`: see `MENDS`.
    """
    if wagtail.__version__ == TRIED:
        return []
    return [
        Warning(
            f"{mend} mends Wagtail {TRIED}, in which {fault}. Wagtail {wagtail.__version__} is installed.",
            hint=f"Run {test} without it. If that passes, remove it; if not, set cms.editor.checks.TRIED.",
            id=number,
        )
        for number, (mend, test, fault) in MENDS.items()
    ]
