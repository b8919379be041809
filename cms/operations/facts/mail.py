"""The mail server."""

from django.core.mail.backends import smtp
from django.utils.translation import gettext as _

from cms.mail import configured_backend

from .fact import Fact


def mail() -> Fact:
    """Say whether the mail server takes what is sent; nothing is."""
    backend = configured_backend()
    if not isinstance(backend, smtp.EmailBackend):
        says = _("Mail is handed to %(backend)s, which is not asked.") % {
            "backend": type(backend).__module__
        }
        return Fact("mail", True, says)
    place = f"{backend.host}:{backend.port}"
    try:
        backend.open()
    except Exception as error:
        # Those of sockets, of TLS and of the protocol; each says what is wrong.
        says = _("%(place)s takes no mail: %(error)s") % {"place": place, "error": error}
        remedy = _("Set EMAIL_URL, such as EMAIL_URL=smtp+tls://user:password@host:587")
        return Fact("mail", False, says, remedy)
    finally:
        backend.close()
    return Fact("mail", True, _("%(place)s takes mail.") % {"place": place})
