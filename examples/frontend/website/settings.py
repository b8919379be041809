"""Where the CMS is; everything else this website knows, it reads from the API."""

import os

CMS_URL = os.environ.get("CMS_URL", "http://localhost:8000").rstrip("/")
API_URL = os.environ.get("API_URL", f"{CMS_URL}/api/v2/").rstrip("/") + "/"
# Names the site where one CMS serves several; without it, the API answers for its default site.
SITE = os.environ.get("SITE", "")
# Who knows it may say what is old; without it nobody may.
PURGE_TOKEN = os.environ.get("PURGE_TOKEN", "").strip()
TIMEOUT_SECONDS = 5.0
