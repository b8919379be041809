"""The content that the tests of this project begin with, some of it private."""

import io
import json
from typing import Any, ClassVar

from django.core.files.base import ContentFile
from django.test import Client
from hypothesis.extra.django import TransactionTestCase
from PIL import Image as PillowImage
from wagtail.models import Collection, Locale, Page, Site

from .models import (
    ArticlePage,
    Author,
    Home,
    Link,
    Picture,
)

SECRET = "zyzzyva"


def png(colour: str) -> ContentFile:
    buffer = io.BytesIO()
    PillowImage.new("RGB", (90, 60), colour).save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), name="picture.png")


class StrangeProject(TransactionTestCase):
    maxDiff = None
    english: ClassVar[Any]

    def setUp(self) -> None:
        for model in (Page, Picture, Author):
            model.objects.all().delete()
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
