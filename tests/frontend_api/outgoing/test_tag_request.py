"""A request that names tags has the form that its receiver wants, or says what is wrong with it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.outgoing.tag_request import InvalidTagRequest, TagRequest

URL = "https://www.example.org/api/purge"
NAMES = ["i5xV9I4JFH", "i", "-"]


def test_a_body_has_the_tags_as_a_list_in_json() -> None:
    made = TagRequest("POST", URL, {"X-Key": "secret"}, '{"tags": {tags}}').about(NAMES)
    assert (made.method, made.url) == ("POST", URL)
    assert json.loads(made.body) == {"tags": NAMES}
    assert made.headers == {"X-Key": "secret", "Content-Type": "application/json"}


def test_a_body_and_headers_have_the_names_alone() -> None:
    headers = {"Surrogate-Key": "{tags_with_spaces}", "Cache-Tag": "{tags_with_commas}"}
    made = TagRequest("POST", URL, headers, "tags={tags_with_commas}").about(NAMES)
    assert made.body == b"tags=i5xV9I4JFH,i,-"
    assert made.headers == {
        "Surrogate-Key": "i5xV9I4JFH i -",
        "Cache-Tag": "i5xV9I4JFH,i,-",
        "Content-Type": "text/plain; charset=utf-8",
    }


def test_a_body_keeps_the_media_type_that_it_is_given() -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    made = TagRequest("POST", URL, headers, "tags={tags_with_commas}").about(NAMES)
    assert made.headers == headers


def test_without_a_body_there_is_none() -> None:
    made = TagRequest("PURGE", URL).about(NAMES)
    assert (made.body, made.headers) == (b"", {})


@pytest.mark.parametrize(
    ("method", "headers", "body", "said"),
    [
        ("", {}, "", "The method is ''; it has to be a word in capital letters"),
        ("PU RGE", {}, "", "The method is 'PU RGE'"),
        ("POST\r\nX: y", {}, "", "The method is 'POST"),
        ("GET", {}, "{tags}", "A request with the method GET has no body; use POST."),
        ("POST", {}, '{"tags": []}', "The body names no tags; put {tags}"),
        ("POST", {}, '{"a": {tags}, "b": {tag}}', "The body has {tag}, which stands for nothing"),
        ("POST", {"X Y": "1"}, "", "'X Y' cannot be the name of a header"),
        ("POST", {"Content-Length": "1"}, "", "'Content-Length' cannot be the name of a header"),
        ("POST", {"X": "a\nb"}, "", "The header X has to be printable ASCII in a single line."),
        ("POST", {"X": "é"}, "", "The header X has to be printable ASCII in a single line."),
        ("POST", {"X": "{secret}"}, "", "The header X has a word in braces that stands for noth"),
    ],
)
def test_what_no_request_can_be_says_what_is_wrong(
    method: str, headers: dict[str, str], body: str, said: str
) -> None:
    with pytest.raises(InvalidTagRequest) as caught:
        TagRequest(method, URL, headers, body)
    assert str(caught.value).startswith(said)
    assert not any(value in str(caught.value) for value in headers.values() if len(value) > 1)


around = st.text(max_size=40).filter(lambda text: not re.search(r"\{[A-Za-z_]", text))


@given(around, around, st.lists(st.text("aZ0-_", min_size=1)))
def test_whatever_stands_around_the_tags_stays_as_it_is(
    before: str, after: str, names: list[str]
) -> None:
    body = TagRequest("POST", URL, body=f"{before}{{tags}}{after}").about(names).body.decode()
    assert body.startswith(before)
    assert body.endswith(after)
    assert json.loads(body[len(before) : len(body) - len(after)]) == names
