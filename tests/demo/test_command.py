"""The demo site is for an empty database alone."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms.models import User
from programmes.models import ProgrammePage
from tests import factories

pytestmark = pytest.mark.django_db


def load() -> str:
    """Run the command, and return what it says."""
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def test_an_empty_database_is_filled() -> None:
    assert load() == "The demo site is loaded.\n"
    assert ProgrammePage.objects.exists()


def test_content_that_is_there_is_left_alone() -> None:
    page = factories.ProgrammePageFactory()
    assert load() == "There is content already; the demo site was not loaded.\n"
    assert ProgrammePage.objects.get() == page
    assert not User.objects.exists()
