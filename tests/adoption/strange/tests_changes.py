"""Whatever changes, what is kept is what a new rendering gives, and names nothing private."""

import io
from collections.abc import Callable
from random import Random

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend_api.caching.wsgi import ResponseCache

from .case import SECRET, StrangeProject, png
from .models import ArticlePage, Home

Kept = tuple[int, bytes]


class Changing(StrangeProject):
    def edit(self, random: Random) -> None:
        page = self.any_page(random)
        page.title = f"Title {random.random()}"
        page.save_revision().publish()

    def publish_or_unpublish(self, random: Random) -> None:
        page = self.any_page(random)
        page.unpublish() if page.live else page.save_revision().publish()

    def rename_author(self, random: Random) -> None:
        self.author.name = f"Ada {random.random()}"
        self.author.save()

    def unpublish_author(self, random: Random) -> None:
        self.author.live = not self.author.live
        self.author.save()

    def move_image(self, random: Random) -> None:
        self.image.collection = random.choice([self.hidden, self.collection])
        self.image.save()

    def replace_file(self, random: Random) -> None:
        self.image.file = png(random.choice(["red", "green"]))
        self.image.save()

    def make_renditions(self, random: Random) -> None:
        call_command("make_renditions", stdout=io.StringIO())

    def delete_rendition(self, random: Random) -> None:
        for rendition in self.image.renditions.filter(filter_spec__startswith="fill"):
            rendition.delete()

    def unpublish_the_french(self, random: Random) -> None:
        Home.objects.get(pk=self.home_fr.pk).unpublish()

    def any_page(self, random: Random) -> ArticlePage:
        return ArticlePage.objects.get(pk=random.choice(self.pages).pk)

    CHANGES = (
        edit,
        publish_or_unpublish,
        rename_author,
        unpublish_author,
        move_image,
        replace_file,
        make_renditions,
        delete_rendition,
        unpublish_the_french,
    )

    def kept(self, path: str) -> Kept:
        """Return what the response cache gives."""
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
        body = b"".join(self.application(environ, lambda given, *rest: status.append(given)))
        return int(status[0].split()[0]), body

    def compare(self) -> None:
        """Compare all that is kept with new renderings, and look for what may not be seen."""
        for path in (
            "pages/",
            "pages/?locale=fr",
            "pages/?rich_text_format=markdown&type=strange.ArticlePage&tags=sea",
            "articles/?fields=*",
            "images/?fields=*",
            "pages/find/?html_path=/en/",
            "pages/find/?html_path=/en/p1/",
            *(f"pages/{page.pk}/" for page in self.pages),
        ):
            response = self.client.get(f"/delivery/{path}")
            assert self.kept(path) == (response.status_code, response.content), path
            private = {SECRET: True, "Ada": not self.author.live}
            private["Harbour"] = self.image.collection == self.hidden
            for text, is_private in private.items():
                assert not (is_private and text.encode() in response.content), (path, text)

    @settings(max_examples=8, deadline=None, database=None)
    @given(
        changes=st.lists(st.sampled_from(CHANGES), min_size=4, max_size=8),
        random=st.randoms(use_true_random=False),
    )
    def test_nothing_is_stale_and_nothing_private(
        self, changes: list[Callable[..., None]], random: Random
    ) -> None:
        self.setUp()
        self.application = ResponseCache(get_wsgi_application())
        self.pages = [
            self.article,
            *(self.make_article(f"P{number}", self.image, self.author) for number in range(2)),
        ]
        for change in changes:
            self.compare()
            change(self, random)
        self.compare()

    def test_what_nothing_has_changed_is_kept(self) -> None:
        self.application = ResponseCache(get_wsgi_application())
        call_command("make_renditions", stdout=io.StringIO())
        for path in ("pages/", f"pages/{self.article.pk}/", "pages/find/?html_path=/en/article/"):
            first = self.kept(path)
            assert first[0] == 200
            with CaptureQueriesContext(connection) as queries:
                assert self.kept(path) == first
            assert len(queries) == 1, path
