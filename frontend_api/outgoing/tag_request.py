"""A plain HTTP request that tells somebody which tags are old, with a method, headers and a body of the receiver's own.

Caches in front are purged by it, and a frontend that keeps answers is told in the form that it understands.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

# What stands for the names in a body or in the value of a header.
TAGS = "{tags}"
WITH_SPACES = "{tags_with_spaces}"
WITH_COMMAS = "{tags_with_commas}"

_FORMS: dict[str, Callable[[list[str]], str]] = {
    TAGS: lambda names: json.dumps(names, separators=(",", ":")),
    WITH_SPACES: " ".join,
    WITH_COMMAS: ",".join,
}
# JSON has no braces around a bare word, so that whatever looks like a placeholder is meant as one.
_PLACEHOLDER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")
# Of what RFC 9110 allows, what receivers know.
_METHOD = re.compile(r"[A-Z][A-Z0-9_-]{0,31}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# Servers take no body with these, or take the whole request for their own.
_BODILESS = {"CONNECT", "GET", "HEAD", "OPTIONS", "TRACE"}
# These are the client's to say.
_NOT_OURS = {"connection", "content-length", "host", "transfer-encoding"}


class InvalidTagRequest(ValueError):
    """A method, header or body that no request can have, with a sentence that says what is wrong."""


@dataclass(frozen=True)
class Filled:
    """A request about certain tags, ready to be sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class TagRequest:
    """The form of a request; raises `InvalidTagRequest` if there can be no such request.

    TagRequest("POST", "https://www.example.org/api/purge", body='{"tags": {tags}}').about(["i5xV9I4JFH", "i"]) posts
    {"tags": ["i5xV9I4JFH","i"]}. In the body and in the values of headers, `{tags}` stands for a list in JSON,
    `{tags_with_spaces}` and `{tags_with_commas}` for the names alone.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def __post_init__(self) -> None:
        check_method(self.method)
        check_headers(self.headers)
        check_body(self.method, self.body)

    def about(self, names: Iterable[str]) -> Filled:
        """Return the request that names these tags."""
        known = list(names)
        headers = {name: _filled(value, known) for name, value in self.headers.items()}
        if self.body and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = _media_type(self.body)
        return Filled(self.method, self.url, headers, _filled(self.body, known).encode())


def check_method(method: str) -> None:
    """Raise `InvalidTagRequest` unless a request can have this method."""
    if not _METHOD.fullmatch(method):
        raise InvalidTagRequest(
            f"The method is {method!r}; it has to be a word in capital letters, such as POST or PURGE."
        )


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise `InvalidTagRequest` unless a request can have these headers. Their values, maybe secret, stay unsaid."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _NOT_OURS:
            raise InvalidTagRequest(
                f"{name!r} cannot be the name of a header of the request, such as Authorization."
            )
        if not (value.isascii() and value.isprintable()):
            raise InvalidTagRequest(
                f"The header {name} has to be printable ASCII in a single line."
            )
        if any(found not in _FORMS for found in _PLACEHOLDER.findall(value)):
            raise InvalidTagRequest(
                f"The header {name} has a word in braces that stands for nothing; there are {', '.join(_FORMS)}."
            )


def check_body(method: str, body: str) -> None:
    """Raise `InvalidTagRequest` unless a request with this method can have this body; an empty one it always can."""
    if not body:
        return
    if method in _BODILESS:
        raise InvalidTagRequest(f"A request with the method {method} has no body; use POST.")
    for found in _PLACEHOLDER.findall(body):
        if found not in _FORMS:
            raise InvalidTagRequest(
                f"The body has {found}, which stands for nothing; there are {', '.join(_FORMS)}."
            )
    if not any(form in body for form in _FORMS):
        raise InvalidTagRequest(
            f"The body names no tags; put {TAGS}, which stands for a list in JSON, {WITH_SPACES} or {WITH_COMMAS} "
            'where they have to be, as in {"tags": {tags}}.'
        )


def _filled(text: str, names: list[str]) -> str:
    return _PLACEHOLDER.sub(lambda found: _FORMS[found[0]](names), text)


def _media_type(template: str) -> str:
    try:
        json.loads(_filled(template, ["a"]))
    except ValueError:
        return "text/plain; charset=utf-8"
    return "application/json"
