"""Fields of Django REST framework in `api_fields`: they show what they would, of what a reader may see."""

from typing import Any

import pytest
from rest_framework import serializers
from wagtail.api import APIField
from wagtail.models import Site

from frontend_api.serialization import drf_fields
from frontend_api.serialization.resolver import resolve
from frontend_api.visibility.perspective import Perspective
from tests import factories
from tests.events.models import EventPage, MeetingPage, Sponsor

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRET = "A secret title"


def shown(field: Any, page: Any) -> Any:
    """Return what a field shows of a page."""
    perspective = Perspective(Site.objects.get())
    made = drf_fields.renderer(APIField("shown", serializer=field))(page, perspective)
    return resolve(made, perspective)[0]


@pytest.fixture
def meeting() -> MeetingPage:
    """A meeting that prepares a public event, which follows a draft."""
    draft = factories.EventPageFactory(title=SECRET, live=False)
    event = factories.EventPageFactory(title="Public", follows=draft)
    page: MeetingPage = factories.MeetingPageFactory(title="A meeting", prepares=event)
    return MeetingPage.objects.get(pk=page.pk)


class Followed(serializers.ModelSerializer):
    """Shows what an event follows, by each way that there is."""

    before = serializers.CharField(source="follows.title", read_only=True)
    event = serializers.StringRelatedField(source="follows")
    slug = serializers.SlugRelatedField(source="follows", slug_field="slug", read_only=True)

    class Meta:
        model = EventPage
        fields = ["title", "before", "event", "slug"]


class Own(Followed):
    """Makes its JSON itself."""

    def to_representation(self, instance: Any) -> Any:
        """Add something to what its base makes."""
        return {**super().to_representation(instance), "more": 1}


class Around(serializers.ModelSerializer):
    """Makes its JSON itself, around others that do and that do not."""

    prepares = Followed(read_only=True)
    own = Own(source="prepares", read_only=True)
    all = Own(source="prepares.children_of_nobody", many=True, read_only=True, default=())

    class Meta:
        model = MeetingPage
        fields = ["prepares", "own", "all"]

    def to_representation(self, instance: Any) -> Any:
        """Do the same."""
        return dict(super().to_representation(instance))


NOTHING = {"title": "Public", "before": None, "event": None, "slug": None}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (serializers.StringRelatedField(source="prepares.follows"), None),
        (serializers.CharField(source="prepares.follows.title", read_only=True), None),
        (
            serializers.SlugRelatedField(
                source="prepares", slug_field="follows__title", read_only=True
            ),
            None,
        ),
        (
            serializers.SlugRelatedField(source="prepares", slug_field="title", read_only=True),
            "Public",
        ),
        (serializers.PrimaryKeyRelatedField(source="prepares.follows", read_only=True), None),
        (Followed(source="prepares"), NOTHING),
        (Own(source="prepares"), {**NOTHING, "more": 1}),
        (
            Around(source="*"),
            {"prepares": NOTHING, "own": {**NOTHING, "more": 1}, "all": []},
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, serializers.Field) else "",
)
def test_no_way_to_a_draft_shows_it(meeting: MeetingPage, field: Any, expected: Any) -> None:
    found = shown(field, meeting)
    assert SECRET not in str(found)
    assert found == expected


def test_every_way_to_what_is_public_shows_it(meeting: MeetingPage) -> None:
    EventPage.objects.filter(title=SECRET).update(live=True, slug="public-too")
    whole = {"title": "Public", "before": SECRET, "event": SECRET, "slug": "public-too"}
    assert shown(Followed(source="prepares"), meeting) == whole
    assert shown(Own(source="prepares"), meeting) == {**whole, "more": 1}
    followed = serializers.SlugRelatedField(
        source="prepares", slug_field="follows__title", read_only=True
    )
    assert shown(followed, meeting) == SECRET


def test_of_several_those_are_shown_that_may_be_seen() -> None:
    sponsors = [factories.SponsorFactory(name=f"S{n}", live=n != 1) for n in range(3)]
    page = MeetingPage.objects.get(pk=factories.MeetingPageFactory(supporters=sponsors).pk)
    names = ["S0", "S2"]
    assert shown(serializers.StringRelatedField(source="supporters", many=True), page) == names
    slugs = serializers.SlugRelatedField(
        source="supporters", many=True, slug_field="name", read_only=True
    )
    assert shown(slugs, page) == names

    class Named(serializers.ModelSerializer):
        class Meta:
            model = Sponsor
            fields = ["name"]

        def to_representation(self, instance: Any) -> Any:
            return super().to_representation(instance)["name"]

    assert shown(Named(source="supporters", many=True), page) == names


class Counted(serializers.ListSerializer):
    """Makes its JSON of several itself."""

    def to_representation(self, data: Any) -> Any:
        """Add how many there are."""
        made = super().to_representation(data)
        return [len(made), *made]


class Slug(serializers.SlugRelatedField):
    """Somebody's own field, which shows what its base does."""


def test_what_somebody_derives_shows_nothing_more(meeting: MeetingPage) -> None:
    slug = Slug(source="prepares", slug_field="follows__title", read_only=True)
    assert shown(slug, meeting) is None

    class InList(Followed):
        class Meta(Followed.Meta):
            list_serializer_class = Counted

    event = EventPage.objects.get(title="Public")
    event.prepared = [event]
    assert shown(InList(source="prepared", many=True), event) == [1, NOTHING]


class Whole(serializers.Field):
    """Is given the whole object, as the documentation of Django REST framework shows."""

    def get_attribute(self, instance: Any) -> Any:
        """Return the object itself."""
        return instance

    def to_representation(self, value: Any) -> str:
        """Return something of it."""
        return str(value.title).upper()


class Before(Whole):
    """Fetches what may not be seen."""

    def get_attribute(self, instance: Any) -> Any:
        """Return what an event follows."""
        return instance.prepares.follows


def test_a_field_may_fetch_its_value_itself(meeting: MeetingPage) -> None:
    assert shown(Whole(), meeting) == "A MEETING"
    assert shown(Before(), meeting) is None


def test_what_is_not_there_is_what_the_field_says(meeting: MeetingPage) -> None:
    meeting.notes = {"there": "Yes"}
    assert shown(serializers.CharField(source="notes.there", default="none"), meeting) == "Yes"
    assert shown(serializers.CharField(source="notes.gone", default="none"), meeting) == "none"
    assert shown(serializers.CharField(source="notes.gone", read_only=True), meeting) is None
    with pytest.raises(KeyError):
        shown(serializers.CharField(source="notes.gone"), meeting)
