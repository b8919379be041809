"""Finds a Chromium and says so where there is none."""

import os
import shutil
from functools import cache
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE_FOUND = (
    "No Chromium was found: install one (`apt-get install chromium`), or set CHROMIUM to its path."
)
# A browser test talks to servers on this machine; whatever else a page asks for must not get out.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
)


@cache
def find_chromium() -> str | None:
    """Return the path of a Chromium: the one that `CHROMIUM` names, the system's, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for program in PROGRAMS:
        if found := shutil.which(program):
            return found
    downloads = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    )
    return next((str(path) for path in sorted(downloads.glob("chromium-*/chrome-*/chrome"))), None)


def is_required() -> bool:
    """Return whether a missing browser is a failure (`REQUIRE_BROWSER=1`) and not a reason to skip."""
    return os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}
