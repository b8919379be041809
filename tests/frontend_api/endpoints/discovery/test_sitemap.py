"""The sitemap: what is in it and what is not, by the protocol, however large the website is."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree
from wagtail.models import Locale, Page, Site

from cms.models import HomePage
from frontend_api.caching.responses import store
from frontend_api.endpoints.discovery import sitemap_parts
from tests import factories
from tests.filled import copies
from tests.frontend_api.endpoints.discovery.conftest import NASTY, SECRET, Fetch, make_hidden

pytestmark = pytest.mark.django_db

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "i": "http://www.google.com/schemas/sitemap-image/1.1",
    "x": "http://www.w3.org/1999/xhtml",
}
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "sitemap.xsd"))


def parsed(response: Any) -> Any:
    """Return a sitemap that is one."""
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    document = etree.fromstring(response.content)
    SCHEMA.assertValid(document)
    return document


def addresses(document: Any) -> list[str]:
    """Return the addresses in a sitemap, or in an index of several."""
    return list(document.xpath("//s:loc/text()", namespaces=NAMES))


def paths(document: Any) -> list[str]:
    """Return the paths of the addresses."""
    root = factories.default_site().root_url
    found = addresses(document)
    assert all(address.startswith(f"{root}/") for address in found)
    return [address.removeprefix(root) for address in found]


def test_it_has_every_page_that_search_engines_are_told_of(fetch: Fetch) -> None:
    original = make_hidden()
    factories.ContentPageFactory(title=NASTY, slug="sea-é")
    elsewhere = "https://elsewhere.example/"
    factories.InsightPageFactory(slug="elsewhere", external_url=elsewhere)
    shown = factories.InsightPageFactory(slug="shown", image=factories.ImageFactory(title=NASTY))
    document = parsed(fetch("sitemap.xml"))
    assert SECRET not in etree.tostring(document).decode()
    found = paths(document)
    assert len(set(found)) == len(found)
    assert set(found) == {
        "/",
        "/programmes/",
        "/insight/",
        "/insight/shown/",
        "/sea-%C3%A9/",
        f"/{original.slug}/",
    }
    (entry,) = [one for one in document if one[0].text.endswith("/insight/shown/")]
    assert entry.findtext("s:lastmod", namespaces=NAMES) == "2024-05-01T08:00:00+00:00"
    assert entry.xpath("i:image/i:loc/text()", namespaces=NAMES) == [
        f"http://localhost:8000{shown.image.file.url}"
    ]


def test_an_image_of_a_private_collection_is_not_named(fetch: Fetch) -> None:
    root = factories.ImageFactory().collection
    private = root.add_child(name="Private")
    private.view_restrictions.create(restriction_type="login")
    factories.ContentPageFactory(image=factories.ImageFactory(collection=private))
    assert not parsed(fetch("sitemap.xml")).xpath("//i:loc", namespaces=NAMES)


def test_the_cache_keeps_each_part() -> None:
    assert sitemap_parts.MOST_BYTES <= store.LARGEST


def test_a_website_that_is_too_large_for_one_has_an_index_of_several(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        factories.ContentPageFactory()
    whole = paths(parsed(fetch("sitemap.xml")))
    assert paths(parsed(fetch("sitemap-1.xml"))) == whole
    fetch("sitemap-2.xml", expect=404)
    monkeypatch.setattr(sitemap_parts, "MOST_BYTES", 3_000)
    index = parsed(fetch("sitemap.xml"))
    parts = paths(index)
    assert index.tag.endswith("sitemapindex")
    assert parts == [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    assert len(parts) > 1
    found = [paths(parsed(fetch(part.removeprefix("/")))) for part in parts]
    assert [path for part in found for path in part] == whole
    for number in (0, len(parts) + 1, 10**30):
        problem = fetch(f"sitemap-{number}.xml", expect=404)
        assert problem.headers["Content-Type"] == "application/problem+json"


def test_translations_name_each_other_and_the_default(fetch: Fetch, settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    french = Locale.objects.create(language_code="fr")
    home = factories.home()
    translated = home.copy_for_translation(french)
    translated.save_revision().publish()
    about = factories.ContentPageFactory(slug="about")
    alone = factories.ContentPageFactory(slug="alone")
    draft = factories.ContentPageFactory(slug="draft")
    other = about.copy_for_translation(french)
    other.slug = "a-propos"
    other.save_revision().publish()
    draft.copy_for_translation(french)
    document = parsed(fetch("sitemap.xml"))
    alternates = {
        one[0].text: {
            link.get("hreflang"): link.get("href") for link in one.findall("x:link", NAMES)
        }
        for one in document
    }
    root = factories.default_site().root_url
    url = fetch(f"pages/{other.pk}/").json()["meta"]["html_url"]
    expected = {"en-gb": f"{root}/about/", "fr": url, "x-default": f"{root}/about/"}
    assert alternates[f"{root}/about/"] == alternates[url] == expected
    for page in (alone, draft):
        assert alternates[f"{root}/{page.slug}/"] == {}
    # Only those in a language, which still name the others.
    in_french = parsed(fetch("sitemap.xml", locale="fr"))
    assert url in addresses(in_french)
    assert f"{root}/about/" not in addresses(in_french)
    assert f'href="{root}/about/"' in etree.tostring(in_french).decode()


def test_each_site_has_its_own(fetch: Fetch) -> None:
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=root)
    factories.ContentPageFactory(parent=root, slug="there")
    factories.ContentPageFactory(slug="here")
    found = addresses(parsed(fetch("sitemap.xml", site="other.example")))
    assert found == ["https://other.example/", "https://other.example/there/"]
    assert not any("there" in path for path in paths(parsed(fetch("sitemap.xml"))))


def test_what_cannot_be_asked_is_a_problem(fetch: Fetch) -> None:
    for query, status in (
        ({"locale": "xx"}, 404),
        ({"site": "no.example"}, 404),
        ({"x": "1"}, 400),
    ):
        response = fetch("sitemap.xml", expect=status, accept="text/html", **query)
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_credential_shows_nothing_more(client: Client, fetch: Fetch) -> None:
    make_hidden()
    public = fetch("sitemap.xml").content
    refused = client.get("/api/v2/sitemap.xml", headers={"authorization": "Bearer nonsense"})
    assert refused.status_code == 401
    assert fetch("sitemap.xml", accept="text/markdown").content == public


@pytest.mark.once
@pytest.mark.parametrize(
    "place",
    ["sitemap.xml", "sitemap-1.xml", "llms.txt", "feeds/insights.atom", "feeds/insights.json"],
)
def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(
    fetch: Fetch, place: str
) -> None:
    partner = factories.PartnerFactory()
    factories.ProgrammePageFactory(partners=[partner], image=factories.ImageFactory())
    insight = factories.InsightPageFactory(
        themes=[factories.ThemeFactory()], image=factories.ImageFactory()
    )
    fetch(place)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            fetch(place)
        return len(captured)

    few = count()
    copies(insight, 50)
    assert count() == few <= 12
