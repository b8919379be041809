"""The demo site is for an empty database alone."""

from io import StringIO

import pytest
from django.core.management import call_command

from cms.models import User
from programmes.models import ProgrammePage
from tests import factories


@pytest.mark.django_db
def test_content_that_is_there_is_left_alone() -> None:
    page = factories.ProgrammePageFactory()
    output = StringIO()
    call_command("load_demo", stdout=output)
    assert output.getvalue() == "There is content already; the demo site was not loaded.\n"
    assert ProgrammePage.objects.get() == page
    assert not User.objects.exists()
