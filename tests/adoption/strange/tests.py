"""What the API gives of a project that was not written for it, beside what Wagtail's own v2 gives."""

import io
from typing import Any

from django.contrib.auth import get_user_model
from django.core import checks
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from frontend_api.images.tasks import pictures_chosen

from .case import StrangeProject, png
from .models import (
    ArticlePage,
    Author,
    ContactPage,
    EventsPage,
    GalleryPage,
    Link,
    Paper,
    Picture,
    Question,
)

# What is ours alone, or has another form by design; `docs/api.md` says so.
OTHERWISE = {"detail_url", "body", "introduction", "parent", "html_url", "download_url"}


def differences(ours: Any, stock: Any, place: str = "") -> list[str]:
    """Return where what both have is not equal."""
    if isinstance(ours, dict) and isinstance(stock, dict):
        both = [name for name in stock if name in ours and name not in OTHERWISE]
        return [
            one for name in both for one in differences(ours[name], stock[name], f"{place}.{name}")
        ]
    if isinstance(ours, list) and isinstance(stock, list) and len(ours) == len(stock):
        pairs = zip(ours, stock, strict=True)
        return [
            one for at, pair in enumerate(pairs) for one in differences(*pair, f"{place}[{at}]")
        ]
    return [] if ours == stock else [f"{place}: {ours!r} is not {stock!r}"]


class Adopted(StrangeProject):
    def test_only_warnings_are_found(self) -> None:
        found = [
            message for message in checks.run_checks() if message.id.startswith("frontend_api")
        ]
        assert [message for message in found if message.is_serious()] == []
        assert any("untyped" in message.msg for message in found)

    def test_its_own_settings_of_rest_framework_are_for_its_own_api(self) -> None:
        self.get("pages/")
        assert self.client.get("/stock/pages/").status_code == 403

    def test_each_page_is_what_stock_v2_gives_for_fewer_queries(self) -> None:
        call_command("make_renditions", stdout=io.StringIO())
        contact = ContactPage(title="Contact", slug="contact", introduction="<p>x</p>")
        contact.form_fields = [Question(label="Name", field_type="singleline", clean_name="name")]
        pages = [
            self.article,
            self.home.add_child(instance=contact),
            self.home.add_child(
                instance=GalleryPage(title="Gallery", slug="gallery", collection=self.collection)
            ),
            self.home.add_child(instance=EventsPage(title="Events", slug="events")),
            self.home,
        ]
        # What stock v2 shows that is private, it shows: the author that is a draft, and links to drafts.
        self.article.editors = [self.author]
        self.article.links = [Link(label="Home", target=self.home)]
        self.article.save()
        reader = Client()
        reader.force_login(get_user_model().objects.create_superuser("a", "a@example.org", "a"))
        asked = {"rich_text_format": "html"}
        for page in pages:
            mine = self.get(f"pages/{page.pk}/")
            if isinstance(page, GalleryPage):
                # Stock v2 cannot serialise it at all; here its pictures are images like any other.
                assert [one["title"] for one in mine["pictures"]] == ["Harbour"]
                continue
            reader.get(f"/stock/pages/{page.pk}/", asked)
            with CaptureQueriesContext(connection) as ours:
                self.get(f"pages/{page.pk}/")
            with CaptureQueriesContext(connection) as stock:
                theirs = reader.get(f"/stock/pages/{page.pk}/", asked).json()
            assert differences(mine, theirs) == [], page.title
            session_and_user = 2
            assert len(ours) < len(stock) - session_and_user + 1, page.title

    def test_the_description_is_there_whatever_has_no_type(self) -> None:
        described = self.get("schema/")
        article = described["components"]["schemas"]["ArticlePage"]["properties"]
        assert article["untyped"] == {"description": "Any JSON."}
        assert article["get_colour_display"] == {"type": "string"}

    def test_what_is_private_is_null_or_absent(self) -> None:
        shown = self.get(f"pages/{self.article.pk}/")
        values = [block["value"] for block in shown["body"]]
        text = "<p>Draft</p>"
        expected = {"heading": "A card", "alt": None, "leads_to": "Home", "text": text}
        assert values[1] == {**expected, "method": "GET"}
        assert [values[2], values[4], values[5]] == [None, None, None]
        assert shown["introduction"] == "<p>See this.</p>"
        assert [one["name"] for one in shown["editors"]] == ["Ada"]
        assert [link["target"] and link["target"]["title"] for link in shown["links"]] == [
            None,
            "Home",
        ]
        private = self.make_article("Private", self.secret_image, self.draft_author)
        shown = self.get(f"pages/{private.pk}/")
        hidden = ("image", "thumbnail", "author", "written_by", "author_name")
        assert {name: shown[name] for name in hidden} == dict.fromkeys(hidden)
        assert shown["body"][0]["value"] is None

    def test_renditions_are_made_by_the_command_and_never_by_a_read(self) -> None:
        shown = self.get(f"pages/{self.article.pk}/")
        assert self.image.renditions.count() == 0
        assert shown["thumbnail"]["url"] == self.image.file.url
        call_command("make_renditions", stdout=io.StringIO())
        specs = set(self.image.renditions.values_list("filter_spec", flat=True))
        assert {"fill-40x30", "fill-30x20", "fill-20x20"} <= specs
        shown = self.get(f"pages/{self.article.pk}/")
        assert (shown["thumbnail"]["width"], shown["thumbnail"]["height"]) == (40, 30)
        assert "fill-30x20" in shown["body"][0]["value"]["src"]

    def test_all_renditions_that_code_asked_for_of_one_image_are_made(self) -> None:
        wanted = ["fill-40x30", "fill-30x20"]
        pictures_chosen.func(self.site.pk, [[self.image.pk, "", spec] for spec in wanted])
        assert set(self.image.renditions.values_list("filter_spec", flat=True)) == set(wanted)

    def test_a_filter_by_what_it_relates_to_reads_its_key(self) -> None:
        asked = {"type": "strange.ArticlePage"}
        assert len(self.get("pages/", **asked, editors=str(self.author.pk))["items"]) == 1
        assert self.get("pages/", **asked, editors=str(self.draft_author.pk))["items"] == []
        for wrong in ("x", "-1", "9" * 40):
            self.get("pages/", 400, **asked, editors=wrong)

    def test_no_query_is_for_one_item(self) -> None:
        def count() -> int:
            for _ in range(3):
                self.get("articles/", fields="*")
            with CaptureQueriesContext(connection) as queries:
                self.get("articles/", fields="*")
            return len(queries)

        few = count()
        for number in range(8):
            image = Picture.objects.create(
                title=str(number), file=png("red"), collection=self.collection
            )
            self.make_article(
                f"More-{number}", image, Author.objects.create(name="B", portrait=image)
            )
        assert count() == few

    def test_pages_in_both_languages_are_at_the_addresses_that_wagtail_gives_them(self) -> None:
        french = self.make_article("Histoire", self.image, self.author, parent=self.home_fr)
        listed = {item["title"]: item for item in self.get("pages/")["items"]}
        assert set(listed) == {"Home", "Accueil", "Article", "Histoire"}
        for page in (self.home, self.home_fr, self.article, french):
            page = page.__class__.objects.get(pk=page.pk)
            address = listed[page.title]["meta"]["html_url"]
            assert address == page.full_url
            path = address.removeprefix("http://www.strange.example")
            assert self.get("pages/find/", html_path=path)["id"] == page.pk
        assert [
            item["title"] for item in self.get("pages/", locale="fr", order="title")["items"]
        ] == ["Accueil", "Histoire"]
        assert self.get("pages/", translation_of=self.home.pk)["items"][0]["title"] == "Accueil"
        assert self.get(f"pages/{self.home_fr.pk}/")["meta"]["parent"] is None

    def test_a_path_within_a_routable_page_leads_to_it(self) -> None:
        events = self.home.add_child(instance=EventsPage(title="Events", slug="events"))
        for path in ("/en/events/", "/en/events/year/2030/"):
            assert self.get("pages/find/", html_path=path)["id"] == events.pk
        for path in ("/en/events/year/x/", "/en/events/other/", "/en/article/year/2030/"):
            self.get("pages/find/", 404, html_path=path)

    def test_media_show_what_their_models_declare(self) -> None:
        paper = Paper.objects.create(
            title="Report", file=png("red"), source="Somebody", collection=self.collection
        )
        assert self.get(f"images/{self.image.pk}/")["credit"] == "A. Name"
        assert self.get(f"documents/{paper.pk}/")["source"] == "Somebody"
        shown = self.get(f"pages/{self.article.pk}/", fields="_,image(_,credit)")
        assert shown == {"image": {"credit": "A. Name"}}
        assert [one["id"] for one in self.get("images/", credit="A. Name")["items"]] == [
            self.image.pk
        ]

    def test_a_token_of_the_mixin_that_it_has_shows_the_draft(self) -> None:
        draft = ArticlePage.objects.get(pk=self.article.pk)
        draft.title = "As typed"
        token = draft.create_page_preview().token
        asked = {"content_type": "strange.articlepage", "token": token}
        assert self.get("preview/", **asked)["title"] == "As typed"
        assert self.get(f"pages/{draft.pk}/")["title"] == "Article"
        self.get("preview/", 401, content_type="strange.articlepage", token=f"{token}x")


class WithoutRedirects(StrangeProject):
    def test_a_path_without_a_page_is_a_plain_404_and_no_redirects_are_listed(self) -> None:
        problem = self.get("pages/find/", 404, html_path="/en/nothing/?a=1")
        assert "redirect" not in problem
        self.get("redirects/", 404)
        assert "redirects" not in {one["name"] for one in self.get("")["endpoints"]}
        self.article.slug = "renamed"
        self.article.save()
        self.get("pages/find/", 404, html_path="/en/article/")
        self.article.delete()
