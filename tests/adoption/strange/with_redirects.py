"""Where addresses lead in a project with prefixes of languages, routable pages and Wagtail's redirects."""

from django.test import override_settings
from wagtail.contrib.redirects.models import Redirect

from .case import StrangeProject
from .models import EventsPage

RULES = {"CASE": "redirect", "LOCALE": "redirect", "INDEX": "redirect", "SLASHES": "redirect"}


class WithRedirects(StrangeProject):
    def led(self, path: str) -> str | None:
        found = self.get("pages/find/", 404, html_path=path).get("redirect")
        return found and found["url"]

    def test_old_addresses_have_the_prefix_of_their_language(self) -> None:
        french = self.make_article("Article-fr", self.image, self.author, self.home_fr)
        for page, slug in ((self.article, "renamed"), (french, "renomme")):
            page.refresh_from_db()
            page.slug = slug
            page.save()
        assert {*Redirect.objects.values_list("old_path", flat=True)} == {
            "/en/article",
            "/fr/article-fr",
        }
        assert self.led("/en/article/?a=1") == "/en/renamed/?a=1"
        assert self.led("/fr/article-fr") == "/fr/renomme/"
        assert self.led("/article/") is None

    def test_a_path_without_or_with_an_old_prefix_leads_to_the_page_if_the_site_says_so(
        self,
    ) -> None:
        for path in ("/article/", "/de/article/", "/EN/Article/", "/de/article/index.html"):
            assert self.led(path) is None
        with override_settings(FRONTEND_API={"PATHS": RULES}):
            for path in ("/article/", "/de/article/", "/EN/Article/", "/de/article/index.html"):
                assert self.led(path) == "/en/article/", path
            # It is in English alone, and the site has French still.
            assert self.led("/fr/article/") is None

    def test_what_is_within_a_routable_page_leads_to_the_same_within_its_new_address(self) -> None:
        events = EventsPage(title="Events", slug="events")
        self.home.add_child(instance=events)
        route = "/year/2030/"
        assert self.get("pages/find/", html_path=f"/en/events{route}")["id"] == events.pk
        events.refresh_from_db()
        events.slug = "meetings"
        events.save()
        assert self.led(f"/en/events{route}?a=1") == f"/en/meetings{route}?a=1"
        assert self.led("/en/events/no-such-route/") is None
        Redirect.add_redirect("/en/next", events, page_route_path=route)
        assert self.led("/en/next") == f"/en/meetings{route}"

    def test_a_draft_under_a_prefix_is_not_told(self) -> None:
        Redirect.add_redirect("/en/to-draft", self.draft)
        Redirect.add_redirect("/en/to-path", f"http://www.strange.example/en/{self.draft.slug}/")
        with override_settings(FRONTEND_API={"PATHS": RULES}):
            for path in ("/en/to-draft", "/EN/TO-PATH"):
                assert self.led(path) is None
        assert self.get("redirects/")["items"] == []
