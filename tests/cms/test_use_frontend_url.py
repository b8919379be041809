"""`use_frontend_url` puts the default site at the frontend's address."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from wagtail.models import Site

from frontend_api.previews.origins import site_origin
from tests import factories

pytestmark = pytest.mark.django_db


def use(address: str) -> str:
    """Run the command with a frontend at `address`, and return what it says."""
    output = StringIO()
    with override_settings(FRONTEND_URL=address):
        call_command("use_frontend_url", stdout=output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("address", "hostname", "port"),
    [
        ("http://localhost:3000", "localhost", 3000),
        ("http://www.example.org", "www.example.org", 80),
        ("https://www.example.org", "www.example.org", 443),
        ("https://www.example.org:8443", "www.example.org", 8443),
    ],
)
def test_the_default_site_is_at_the_frontend(address: str, hostname: str, port: int) -> None:
    said = use(address)
    site = factories.default_site()
    assert (site.hostname, site.port) == (hostname, port)
    with override_settings(FRONTEND_URL=address):
        assert said == f"The default site is at {site.root_url}.\n"
        assert factories.programme_index().full_url == f"{site.root_url}/programmes/"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://www.example.org:8443", "https://www.example.org:8443"),
        ("https://www.example.org:80", "https://www.example.org:80"),
        ("http://www.example.org:443", "http://www.example.org:443"),
        ("https://www.example.org:443", "https://www.example.org"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://WWW.example.org:8443", "https://www.example.org:8443"),
    ],
)
def test_the_scheme_is_kept_with_any_port(client: Client, address: str, shown: str) -> None:
    other = Site.objects.create(hostname="other.example", port=8443, root_page=factories.home())
    assert use(address) == f"The default site is at {shown}.\n"
    with override_settings(FRONTEND_URL=address):
        assert client.get("/api/v2/site/").json()["root_url"] == shown
        found = client.get(f"/api/v2/pages/{factories.programme_index().pk}/").json()
        assert found["meta"]["html_url"] == f"{shown}/programmes/"
        assert site_origin(factories.default_site()) == shown
        assert other.root_url == "http://other.example:8443"


def test_another_scheme_at_the_same_port_is_used_at_once() -> None:
    use("http://www.example.org:8443")
    with override_settings(FRONTEND_URL="http://www.example.org:8443"):
        assert factories.home().full_url == "http://www.example.org:8443/"
    use("https://www.example.org:8443")
    with override_settings(FRONTEND_URL="https://www.example.org:8443"):
        assert factories.home().full_url == "https://www.example.org:8443/"


def test_the_address_is_used_as_soon_as_it_changes() -> None:
    use("https://www.example.org")
    assert factories.home().full_url == "https://www.example.org/"
    use("https://elsewhere.example")
    assert factories.home().full_url == "https://elsewhere.example/"


def test_other_sites_stay_where_they_are() -> None:
    Site.objects.create(hostname="other.example", port=80, root_page=factories.home())
    use("https://www.example.org")
    assert set(Site.objects.values_list("hostname", "port")) == {
        ("other.example", 80),
        ("www.example.org", 443),
    }


def test_an_unchanged_address_is_not_saved_again() -> None:
    use("https://www.example.org")
    assert use("https://www.example.org") == ("The default site is at https://www.example.org.\n")


def test_without_a_default_site_a_sentence_says_what_to_do() -> None:
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="make one in the admin under Settings, Sites"):
        use("https://www.example.org")
