"""The script that focuses in a form what is clicked on in its preview."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Page, Site

from frontend_api.previews import pointing
from tests import factories, previews

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_form_listens_to_the_frontends_of_the_sites_and_to_nobody_else() -> None:
    other = Page.get_first_root_node().add_child(instance=factories.ContentPageFactory.build())
    Site.objects.create(hostname="other.example", port=443, root_page=other)
    browser, _ = previews.log_in()
    form = browser.get(reverse("wagtailadmin_pages:edit", args=[factories.home().pk]))
    script = BeautifulSoup(form.content, "html.parser").select_one("script[data-origins]")
    assert script is not None
    assert "frontend_api/point.js" in script["src"]
    assert script["data-origins"] == "http://localhost https://other.example"


def test_without_previews_there_is_no_script(settings: Any) -> None:
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {}}
    assert pointing.script() == ""
