"""The forms in which paths are asked for and stored."""

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri, uri_to_iri

LONGEST = 255
"""How many characters the path of a redirect has at most, in Wagtail's table."""


@dataclass(frozen=True)
class Asked:
    """What a reader asked for: the `path` in the form `/a/b/`, the query behind it, and the path as it was written."""

    path: str
    query: str = ""
    written: str = ""

    @property
    def is_doubled(self) -> bool:
        """Whether slashes are doubled where there should be one."""
        return "//" in self.written


def stored_form(path: str, query: str = "") -> str:
    """Return a path as Wagtail stores it in a redirect: `/a/b`, or `/a/b?c=1&d=2`.

    It begins with a slash and does not end with one, what is percent-encoded is decoded, and the parts of its query are
    in order.
    """
    plain, *parameters = path.strip().split(";")
    plain = f"/{plain.removeprefix('/')}"
    if len(plain) > 1:
        plain = plain.removesuffix("/")
    if any(parameters):
        plain = f"{plain};{';'.join(sorted(parameters))}"
    if query:
        plain = f"{plain}?{'&'.join(sorted(query.split('&')))}"
    return uri_to_iri(plain)


def stored_forms(path: str, query: str = "") -> list[str]:
    """Return all forms in which a redirect from here may be stored, the likeliest first.

    One with the query comes before one without. A script may have stored a path as it found it.
    """
    forms = []
    for asked in (query, "") if query else ("",):
        form = stored_form(path, asked)
        forms += [form, iri_to_uri(form) or form]
        if not asked:
            forms += [f"{form.removesuffix('/')}/"]
    return list(dict.fromkeys(forms))


def digest_of(path: str) -> str:
    """Return what paths that differ in nothing but case have in common, in 64 characters."""
    return sha256(path.casefold().encode("utf-8", "surrogatepass")).hexdigest()


def is_readable(address: str) -> bool:
    """Return whether an address can be taken apart."""
    try:
        parts = urlsplit(address.strip())
        return parts.port is None or bool(parts.hostname)
    except ValueError:
        return False


def with_query(address: str, query: str) -> str:
    """Return an address with the parts of a reader's query added, but those that the address names itself."""
    if not query:
        return address
    address, hash_sign, fragment = address.partition("#")
    own = {part.partition("=")[0] for part in address.partition("?")[2].split("&")}
    added = [part for part in query.split("&") if part and part.partition("=")[0] not in own]
    if added:
        joint = "&" if "?" in address else "?"
        address = f"{address}{joint}{iri_to_uri('&'.join(added))}"
    return f"{address}{hash_sign}{fragment}"


def without_doubled_slashes(path: str) -> str:
    """Return a path with one slash where it has several."""
    return re.sub("/{2,}", "/", path)
