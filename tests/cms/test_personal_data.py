"""A person is told what is known of them, all of it, and after an erasure nothing is."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Comment

from cms.audit.models import AuditEntry, Kind
from cms.models import User
from frontend_api.previews.sharing.forms import FOLLOW
from tests import factories, previews

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def listed(name: str) -> dict[str, Any]:
    said = StringIO()
    call_command("personal_data", name, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


@pytest.fixture
def anna() -> User:
    """A moderator who signed in, shared, commented and uploaded."""
    user: User = factories.UserFactory(
        groups=["Moderators"],
        username="anna.berg",
        first_name="Änna",
        last_name="Berg",
        email="anna@berg.example",
    )
    browser, _ = previews.log_in(user)
    page = factories.ContentPageFactory(title="A plan")
    address = reverse("frontend_api_sharing:share", args=[page.pk])
    browser.post(address, {"made_for": "Carla", "days": "7", "shows": FOLLOW})
    previews.token_for(page, user)
    Comment.objects.create(page=page, user=user, text="Is this right?", contentpath="title")
    factories.ImageFactory(title="My picture", uploaded_by_user=user)
    return user


def test_it_has_everything_and_no_secret(anna: User) -> None:
    found = listed("anna.berg")
    assert set(found) == {
        "account",
        "profile",
        "further_data_of_the_account",
        "sessions",
        "audit_log",
        "history",
        "changes_in_the_change_log",
        "links_to_drafts_made",
        "links_to_drafts_for_them",
        "previews",
        "comments",
        "revisions_written",
        "images_uploaded",
        "documents_uploaded",
    }
    assert found["account"]["first_name"] == "Änna"
    assert found["account"]["groups"] == ["Moderators"]
    assert found["sessions"] == 2
    assert found["previews"] == 1
    assert [link["for"] for link in found["links_to_drafts_made"]] == ["Carla"]
    assert [comment["text"] for comment in found["comments"]] == ["Is this right?"]
    assert found["images_uploaded"] == ["My picture"]
    kinds = {entry["kind"] for entry in found["audit_log"]}
    assert {Kind.SIGNED_IN, Kind.SHARED, Kind.ACCOUNT_ADDED} <= kinds
    assert anna.password not in json.dumps(found)
    assert listed(str(anna.pk))["account"] == found["account"]


def test_what_others_made_for_somebody_is_theirs_too(anna: User) -> None:
    factories.UserFactory(username="carla.weiss", first_name="Carla", last_name="", email="c@x.org")
    assert len(listed("carla.weiss")["links_to_drafts_for_them"]) == 1


def test_it_is_written_down_that_it_was_listed(anna: User) -> None:
    listed("anna.berg")
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.kind, entry.about_key) == (Kind.PERSONAL_DATA, anna.pk)


def test_after_an_erasure_no_name_is_left(anna: User) -> None:
    key = anna.pk
    call_command("erase_user", "anna.berg", stdout=StringIO())
    with pytest.raises(CommandError, match=r"Nothing is known of 'anna.berg'"):
        listed("anna.berg")
    entries = AuditEntry.objects.filter(user_key=key)
    assert entries
    assert {(entry.username, entry.address) for entry in entries} == {("(erased)", "")}
    everything = json.dumps(list(AuditEntry.objects.values("username", "about", "facts")))
    assert "anna" not in everything
    assert AuditEntry.objects.filter(kind=Kind.ERASED, about=str(key)).exists()


def test_whom_nobody_knows_is_said() -> None:
    with pytest.raises(CommandError, match=r"Nothing is known of 'nobody'"):
        listed("nobody")
