"""Whether the process that runs Django is there is a fact of the process in front of it."""

import pytest

from cms.operations.facts import gathering, rendering


@pytest.mark.once
@pytest.mark.django_db
def test_a_server_without_the_process_that_runs_django_is_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "_of_this_process", [])
    before = {fact.name for fact in gathering.gathered()}
    is_there = [True]
    gathering.add(rendering.source(lambda: is_there[0]))

    def told() -> tuple[bool, bool]:
        (fact,) = (one for one in gathering.gathered() if one.name not in before)
        assert fact.name == "rendering"
        assert bool(fact.remedy) is not fact.is_good
        return fact.is_good, fact.is_vital

    assert told() == (True, True)
    is_there[0] = False
    assert told() == (False, True)
