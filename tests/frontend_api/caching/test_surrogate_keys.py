"""Tags in headers are short, tell nothing, and never too many for a proxy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.changes.surrogate_keys import LONGEST, MANY, of_response, surrogate_keys
from tests.frontend_api.caching.scene import Asking, Scene

pytestmark = pytest.mark.once


def test_a_response_has_its_tags_and_that_of_everything(ask: Asking, scene: Scene) -> None:
    sent = ask().headers
    names = surrogate_keys({"*", *scene.tags})
    assert sent["Cache-Tag"] == ",".join(names)
    assert sent["Surrogate-Key"] == " ".join(names)
    assert not any("page" in name for name in names)


def test_what_a_tag_is_called_depends_on_the_secret_key(settings: Any) -> None:
    before = surrogate_keys(["page:14"])
    settings.SECRET_KEY = "another"
    assert surrogate_keys(["page:14"]) != before


def test_a_response_of_very_much_has_one_tag_that_every_purge_names(
    ask: Asking, scene: Scene
) -> None:
    scene.tags = {f"page:{number}" for number in range(1_000)}
    assert ask().headers["Cache-Tag"].split(",") == surrogate_keys(["*", MANY])


@given(st.integers(0, 900))
def test_no_header_is_longer_than_a_proxy_takes(count: int) -> None:
    tags = [f"page:{number}" for number in range(count)]
    names = of_response(tags)
    assert len(",".join(names)) <= LONGEST
    assert set(names) in ({*surrogate_keys(["*", *tags])}, {*surrogate_keys(["*", MANY])})
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in names)
