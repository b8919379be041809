"""What a change of one thing makes old: what shows it, and nothing else."""

from typing import Any

import pytest
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from wagtail.models import Locale, Page, Site

from cms.models import ContentPage, SiteSettings
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.transaction import invalidate_all
from frontend_api.dependencies import memo
from tests import factories
from tests.frontend_api.caching.scene import Asking
from tests.frontend_api.conftest import make_renditions
from tests.publishing import publish_unchecked

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Details:
    """Reads the details of pages through the cache, and says which of them were rendered anew."""

    def __init__(self, **pages: Page) -> None:
        self.pages = pages
        self.rendered: list[str] = []
        django = get_wsgi_application()

        def application(environ: Any, start_response: Any) -> Any:
            self.rendered.append(environ["PATH_INFO"])
            return django(environ, start_response)

        self.ask = Asking(ResponseCache(application))

    def read(self) -> set[str]:
        """Read all, and return the names of those that were rendered."""
        self.rendered.clear()
        paths = {f"/api/v2/pages/{page.pk}/": name for name, page in self.pages.items()}
        for path in paths:
            assert self.ask(path).status == 200, path
        return {paths[path] for path in self.rendered}


@pytest.fixture
def setting() -> SiteSettings:
    return SiteSettings.objects.create(
        site=Site.objects.get(),
        organisation="HDF",
        description="Safer childhoods.",
        share_image=factories.ImageFactory(title="Shared"),
        logo=factories.ImageFactory(title="Logo"),
    )


@pytest.fixture
def details(quiet: None, setting: SiteSettings, settings: Any) -> Details:
    """A section with a page below it, one beside it, and one with an image and a text of its own."""
    settings.WAGTAIL_I18N_ENABLED = True
    section = factories.ContentPageFactory(title="Section", summary="")
    below = factories.ContentPageFactory(parent=section, title="Below", summary="")
    beside = factories.ContentPageFactory(title="Beside", summary="")
    own = factories.ContentPageFactory(
        title="Own", summary="Its own.", image=factories.ImageFactory(title="Own")
    )
    make_renditions()
    # The versions of a transaction that is taken back, as that of each test, are given out again.
    invalidate_all()
    memo.facts.clear()
    caches["api"].clear()
    found = Details(section=section, below=below, beside=beside, own=own)
    assert found.read() == {"section", "below", "beside", "own"}
    assert found.read() == set()
    return found


def test_a_new_title_above_makes_old_what_is_below(details: Details) -> None:
    section = details.pages["section"].specific
    section.title = "Renamed"
    section.save_revision().publish()
    assert details.read() == {"section", "below"}


@pytest.mark.parametrize(
    ("field", "value", "old"),
    [
        ("description", "Another.", {"section", "below", "beside"}),
        ("share_image_id", None, {"section", "below", "beside"}),
        ("organisation", "Another", {"section", "below", "beside", "own"}),
        ("logo_id", None, {"section", "below", "beside", "own"}),
        ("footer_text", "<p>Another.</p>", set()),
    ],
)
def test_what_a_site_says_makes_old_what_takes_it(
    details: Details, setting: SiteSettings, field: str, value: Any, old: set[str]
) -> None:
    setattr(setting, field, value)
    setting.save()
    assert details.read() == old


def test_another_picture_makes_old_what_it_is_shared_with(
    details: Details, setting: SiteSettings
) -> None:
    setting.share_image.title = "Another"
    setting.share_image.description = "Something else"
    setting.share_image.save()
    assert details.read() == {"section", "below", "beside"}


def test_a_translation_makes_old_what_it_translates(details: Details) -> None:
    french = Locale.objects.get_or_create(language_code="fr")[0]
    # A new language is a change of everything.
    details.read()
    home = Site.objects.get().root_page.specific
    publish_unchecked(home.copy_for_translation(french).save_revision())
    details.read()
    beside: Any = details.pages["beside"].specific
    translated = beside.copy_for_translation(french)
    assert details.read() <= {"beside"}
    publish_unchecked(translated.save_revision())
    assert details.read() == {"beside"}
    other = ContentPage.objects.get(pk=translated.pk)
    other.title = "Une autre"
    publish_unchecked(other.save_revision())
    assert details.read() == {"beside"}
    other.unpublish()
    assert details.read() == {"beside"}
    assert details.read() == set()
