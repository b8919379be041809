"""Videos of YouTube and Vimeo are recognised by their addresses alone; nothing else is embedded."""

import pytest
from django.test import Client
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedUnsupportedProviderException
from wagtail.embeds.models import Embed
from wagtail.test.utils.form_data import streamfield

from cms.models import ContentPage
from tests import factories
from tests.cms.admin import SUBMIT, add_url, content_form

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "http://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=42s",
        "https://www.youtube.com/embed/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
        "https://youtu.be/dQw4w9WgXcQ?t=42",
    ],
)
def test_every_form_of_a_youtube_address_is_the_same_video(url: str) -> None:
    embed = get_embed(url)
    assert embed.provider_name == "YouTube"
    assert f'src="{YOUTUBE}"' in embed.html
    assert embed.thumbnail_url == "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg"


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://www.vimeo.com/76979871#t=3s", "https://player.vimeo.com/video/76979871?dnt=1"),
        (
            "https://player.vimeo.com/video/76979871",
            "https://player.vimeo.com/video/76979871?dnt=1",
        ),
        (
            "https://vimeo.com/76979871/0a1b2c3d4e",
            "https://player.vimeo.com/video/76979871?dnt=1&amp;h=0a1b2c3d4e",
        ),
    ],
)
def test_vimeo_is_played_without_tracking_and_unlisted_videos_with_their_secret(
    url: str, source: str
) -> None:
    embed = get_embed(url)
    assert embed.provider_name == "Vimeo"
    assert f'src="{source}"' in embed.html


@pytest.mark.parametrize(
    "url",
    [
        "https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ",
        "https://evil.org/https://youtu.be/dQw4w9WgXcQ",
        "https://evilyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.org/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com.evil.org/76979871",
        "https://notvimeo.com/76979871",
        "javascript://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ-and-more",
        "https://youtu.be/tooshort",
        "https://vimeo.com/channels",
        "https://www.dailymotion.com/video/x8abcde",
        "https://example.org/",
        "",
    ],
)
def test_no_other_address_is_embedded(url: str) -> None:
    with pytest.raises(EmbedUnsupportedProviderException):
        get_embed(url)
    assert not Embed.objects.exists()


def save_video(client: Client, url: str) -> int:
    """Submit a page with a video, and return the status of the answer."""
    body = streamfield([("video", {"video": url, "caption": ""})])
    form = {**content_form(body=body), **SUBMIT}
    return client.post(add_url(ContentPage, factories.home()), form).status_code


def test_a_page_with_a_video_is_saved_without_the_network(editor: Client) -> None:
    """The tests' network is blocked, so a provider that was asked would be an error here."""
    assert save_video(editor, "https://vimeo.com/76979871") == 302
    assert ContentPage.objects.get().body[0].value["video"].url == "https://vimeo.com/76979871"


def test_a_page_with_a_look_alike_video_is_refused(editor: Client) -> None:
    assert save_video(editor, "https://youtube.com.evil.org/watch?v=dQw4w9WgXcQ") == 200
    assert not ContentPage.objects.exists()
