"""What the API gives of a project that was not written for it, beside what Wagtail's own v2 gives."""

import io
import json
import random
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core import checks
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from PIL import Image as PillowImage
from wagtail.models import Collection, Locale, Page, Site

from frontend_api.caching.wsgi import ResponseCache

from .models import (
    ArticlePage,
    Author,
    ContactPage,
    EventsPage,
    GalleryPage,
    Home,
    Link,
    Paper,
    Picture,
    Question,
)

SECRET = "zyzzyva"
# What is ours alone, or has another form by design; `docs/frontend.md` says so.
OTHERWISE = {"detail_url", "body", "introduction", "parent", "html_url", "download_url"}


def png(colour: str) -> ContentFile:
    buffer = io.BytesIO()
    PillowImage.new("RGB", (90, 60), colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name="picture.png")


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


class StrangeProject(TransactionTestCase):
    maxDiff = None
    english: ClassVar[Any]

    def setUp(self) -> None:
        Page.objects.all().delete()
        Site.objects.all().delete()
        english, _ = Locale.objects.get_or_create(language_code="en")
        self.french, _ = Locale.objects.get_or_create(language_code="fr")
        root = Page.add_root(instance=Page(title="Root", slug="root", locale=english))
        Collection.objects.all().delete()
        self.collection = Collection.add_root(name="Root")
        self.hidden = self.collection.add_child(name=SECRET)
        self.hidden.view_restrictions.create(restriction_type="login")
        self.home = root.add_child(instance=Home(title="Home", slug="home", locale=english))
        self.site = Site.objects.create(
            hostname="www.strange.example", port=80, root_page=self.home, is_default_site=True
        )
        self.home_fr = root.add_child(
            instance=Home(
                title="Accueil",
                slug="home-fr",
                locale=self.french,
                translation_key=self.home.translation_key,
            )
        )
        other = root.add_child(instance=Home(title=f"{SECRET} site", slug="other", locale=english))
        Site.objects.create(hostname="other.example", port=80, root_page=other)
        self.image = Picture.objects.create(
            title="Harbour", file=png("red"), credit="A. Name", collection=self.collection
        )
        self.secret_image = Picture.objects.create(
            title=f"{SECRET} image", file=png("blue"), collection=self.hidden
        )
        self.author = Author.objects.create(name="Ada", portrait=self.image)
        self.draft_author = Author.objects.create(name=f"{SECRET} author", live=False)
        self.draft = self.home.add_child(
            instance=ArticlePage(title=f"{SECRET} draft", slug=f"{SECRET}-draft", live=False)
        )
        self.article = self.make_article("Article", self.image, self.author)
        self.client = Client()

    def make_article(self, title: str, image: Any, author: Any, parent: Any = None) -> Any:
        page = ArticlePage(
            title=title,
            slug=title.lower(),
            introduction=f'<p>See <a linktype="page" id="{self.draft.pk}">this</a>.</p>',
            image=image,
            author=author,
            notes={"a": [1, None]},
            body=json.dumps(
                [
                    {"type": "thumbnail", "value": image.pk if image else None, "id": "1"},
                    {
                        "type": "card",
                        "value": {
                            "heading": "A card",
                            "image": self.secret_image.pk,
                            "page": self.home.pk,
                            "text": f'<p><a linktype="page" id="{self.draft.pk}">Draft</a></p>',
                        },
                        "id": "2",
                    },
                    {
                        "type": "card",
                        "value": {"heading": "None", "image": None, "page": self.draft.pk},
                        "id": "3",
                    },
                    {"type": "table", "value": {"data": [["a", "b"]]}, "id": "4"},
                    {"type": "author", "value": self.draft_author.pk, "id": "5"},
                    {"type": "thumbnail", "value": self.secret_image.pk, "id": "6"},
                ]
            ),
        )
        page.links = [
            Link(label="To the draft", target=self.draft),
            Link(label="Home", target=self.home),
        ]
        page.editors = [self.author, self.draft_author]
        page.tags.add("sea")
        (parent or self.home).add_child(instance=page)
        return page

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        response = self.client.get(f"/delivery/{path}", query)
        assert response.status_code == expect, response.content
        assert SECRET.encode() not in response.content
        return response.json()

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

    def test_nothing_is_stale_and_nothing_private_whatever_changes(self) -> None:
        application = ResponseCache(get_wsgi_application())
        chance = random.Random(12)
        pages = [
            self.article,
            *(self.make_article(f"P{number}", self.image, self.author) for number in range(3)),
        ]
        paths = [
            "pages/",
            "pages/?locale=fr",
            "articles/?fields=*",
            "images/",
            "images/?fields=*",
            "pages/find/?html_path=/en/",
            *(f"pages/{page.pk}/" for page in pages),
            "pages/find/?html_path=/en/p1/",
        ]

        def kept(path: str) -> tuple[int, bytes]:
            path, _, query = f"/delivery/{path}".partition("?")
            environ = {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "wsgi.input": io.BytesIO(),
                "wsgi.url_scheme": "http",
            }
            status: list[str] = []
            body = b"".join(application(environ, lambda given, *rest: status.append(given)))
            return int(status[0].split()[0]), body

        def change() -> None:
            page = ArticlePage.objects.get(pk=chance.choice(pages).pk)
            kind = chance.randrange(9)
            if kind == 0:
                page.title = f"Title {chance.random()}"
                page.save_revision().publish()
            elif kind == 1:
                page.unpublish() if page.live else page.save_revision().publish()
            elif kind == 2:
                self.author.name = f"Name {chance.random()}"
                self.author.save()
            elif kind == 3:
                self.author.live = not self.author.live
                self.author.save()
            elif kind == 4:
                self.image.collection = chance.choice([self.hidden, self.collection])
                self.image.save()
            elif kind == 5:
                self.image.file = png(chance.choice(["red", "green"]))
                self.image.save()
            elif kind == 6:
                call_command("make_renditions", stdout=io.StringIO())
            elif kind == 7:
                self.image.renditions.filter(filter_spec="fill-40x30").delete()
            else:
                Home.objects.get(pk=self.home_fr.pk).unpublish()

        for _ in range(60):
            change()
            for path in paths:
                response = self.client.get(f"/delivery/{path}")
                assert kept(path) == (response.status_code, response.content), path
                assert SECRET.encode() not in response.content
