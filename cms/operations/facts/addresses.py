"""The addresses of the service and of the frontend, and the proxy in between."""

from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Site

from .fact import Fact

SECONDS = 5
PATH = "/api/v2/site/"
MOVED = {301, 302, 307, 308}


def frontend() -> Fact:
    """Say whether the default site is at the frontend's address, which previews and all links lead to."""
    site = Site.objects.filter(is_default_site=True).first()
    remedy = "python manage.py use_frontend_url"
    if site is None:
        says = _("There is no default site, so readers are shown nothing.")
        remedy = _("Make one in the admin, under Settings, Sites.")
        return Fact("frontend", False, says, remedy)
    given = urlsplit(settings.FRONTEND_URL)
    port = given.port or (443 if given.scheme == "https" else 80)
    if (site.hostname, site.port) != (given.hostname, port):
        says = _("The default site is at %(site)s, and FRONTEND_URL is %(given)s.") % {
            "site": site.root_url,
            "given": settings.FRONTEND_URL,
        }
        return Fact("frontend", False, says, remedy)
    return Fact("frontend", True, _("The default site is at %(site)s.") % {"site": site.root_url})


def proxy() -> Fact:
    """Say whether the service is reached at its own address, through whatever stands in front of it."""
    address = f"{settings.CMS_URL}{PATH}"
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        says = _("%(address)s is not reached from here: %(error)s") % {
            "address": address,
            "error": type(error).__name__,
        }
        remedy = _("Start the server and the proxy; CMS_URL is the address that browsers use.")
        return Fact("proxy", False, says, remedy)
    status = answer.status_code
    if status in MOVED and answer.headers.get("Location") == address:
        says = _("%(address)s leads to itself: the service does not learn that TLS was used.") % {
            "address": address
        }
        remedy = "proxy_set_header X-Forwarded-Proto $scheme;"
        return Fact("proxy", False, says, remedy)
    if status == 400:
        says = _("%(address)s is refused: the proxy passes on another host.") % {"address": address}
        remedy = "proxy_set_header Host $host;"
        return Fact("proxy", False, says, remedy)
    if status != 200:
        says = _("%(address)s answers with the status %(status)d.") % {
            "address": address,
            "status": status,
        }
        return Fact("proxy", False, says, _("See the log of the proxy, and that of the server."))
    return Fact("proxy", True, _("%(address)s answers.") % {"address": address})
