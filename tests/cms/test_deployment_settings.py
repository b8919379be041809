"""What a deployment says of its media, its mail and its files is read from the environment."""

import ast
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import get_connection
from django.test import override_settings

from cms.settings import mail, media
from cms.settings.environment import folder, seconds, switch
from tests.cms.test_settings import VALID, read, refused

pytestmark = pytest.mark.once

BUCKET = {"MEDIA_BUCKET": "media-of-hdf", "MEDIA_BUCKET_REGION": "eu-central-1"}

hsts = partial(seconds, "HSTS_SECONDS", 9, least=0)
preload = partial(switch, "HSTS_PRELOAD", default=True)
folder_ = partial(folder, "STATIC_ROOT", Path("/srv/static"))
sender_ = partial(mail.sender, "DEFAULT_FROM_EMAIL", "cms@example.org")


def shown(expression: str, **variables: str) -> object:
    return ast.literal_eval(read(f"repr({expression})", "production", **VALID, **variables))


def test_without_any_variable_everything_has_a_value() -> None:
    names = (
        "str(settings.STATIC_ROOT)[-11:], str(settings.MEDIA_ROOT)[-10:], settings.MEDIA_URL, "
        "settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD, "
        "settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL"
    )
    address = "cms@cms.example.org"
    folders = ("/var/static", "/var/media", "/media/")
    assert shown(f"({names})") == (*folders, 31_536_000, True, True, address, address)


def test_everything_can_be_set() -> None:
    names = (
        "str(settings.STATIC_ROOT), settings.MEDIA_URL, settings.STORAGES['default']['BACKEND'], "
        "settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD, "
        "settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL"
    )
    sender = "Die Stiftung für Beispiele <cms@example.org>"
    given = {
        "STATIC_ROOT": "/srv/static",
        "HSTS_SECONDS": "0",
        "HSTS_SUBDOMAINS": "no",
        "HSTS_PRELOAD": "No",
        "DEFAULT_FROM_EMAIL": sender,
        "MEDIA_URL": "https://media.example.org/",
    }
    assert shown(f"({names})", **BUCKET, **given) == (
        "/srv/static",
        "https://media.example.org/",
        "cms.storages.MediaStorage",
        0,
        False,
        False,
        sender,
        sender,
    )


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://media-of-hdf.s3.eu-central-1.amazonaws.com/"),
        ({"MEDIA_BUCKET_ENDPOINT": "http://minio:9000/"}, "http://minio:9000/media-of-hdf/"),
        ({"MEDIA_URL": "https://media.example.org"}, "https://media.example.org/"),
        ({"MEDIA_URL": "https://media.example.org/of/hdf/"}, "https://media.example.org/of/hdf/"),
    ],
)
def test_media_are_in_a_bucket(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], address: str
) -> None:
    for name, value in {**BUCKET, **given}.items():
        monkeypatch.setenv(name, value)
    options = {"bucket_name": "media-of-hdf", "region_name": "eu-central-1"}
    if endpoint := given.get("MEDIA_BUCKET_ENDPOINT", "").rstrip("/"):
        options["endpoint_url"] = endpoint
    assert media.media_url() == address
    assert media.storage() == {"BACKEND": "cms.storages.MediaStorage", "OPTIONS": options}


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("postmark://$ecret", {"POSTMARK_SERVER_TOKEN": "$ecret"}),
        ("mailjet://Key:se%2Fcret", {"MAILJET_API_KEY": "Key", "MAILJET_SECRET_KEY": "se/cret"}),
        (
            "mailgun://Key?sender_domain=mg.example.org&api_url=https://api.eu.mailgun.net/v3",
            {
                "MAILGUN_API_KEY": "Key",
                "MAILGUN_SENDER_DOMAIN": "mg.example.org",
                "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
            },
        ),
    ],
)
def test_mail_leaves_by_the_api_of_a_service(
    monkeypatch: pytest.MonkeyPatch, address: str, settings: dict[str, str]
) -> None:
    monkeypatch.setenv("EMAIL_URL", address)
    service = address.partition(":")[0]
    assert mail.mail() == {
        "EMAIL_BACKEND": f"anymail.backends.{service}.EmailBackend",
        "ANYMAIL": {"REQUESTS_TIMEOUT": 10, **settings},
    }


def test_each_service_is_one_that_anymail_knows() -> None:
    """Each is made with what its address has to name, and asks for nothing more."""
    for name, service in mail.SERVICES.items():
        given = dict.fromkeys([*service.secrets, *service.needs], "x")
        keys = {f"{name}_{key}".upper(): value for key, value in given.items()}
        with override_settings(ANYMAIL=keys):
            get_connection(f"anymail.backends.{name}.EmailBackend")


@pytest.mark.parametrize(
    ("reading", "name", "value", "sentence"),
    [
        (folder_, "STATIC_ROOT", "static", "is 'static'; set it to a folder, from the root on"),
        (hsts, "HSTS_SECONDS", "1y", "is '1y'; set it to a number of seconds, such as 9."),
        (preload, "HSTS_PRELOAD", "maybe", "is 'maybe'; set it to yes or no."),
        (media.storage, "MEDIA_BUCKET", "My Bucket", "is 'My Bucket'; set it to the name of a"),
        (media.storage, "MEDIA_BUCKET_REGION", "a b", "is 'a b'; set it to the name of a region"),
        (media.storage, "MEDIA_BUCKET_ENDPOINT", "minio:9000", "has 'minio:9000'; set it to sch"),
        (media.storage, "MEDIA_BUCKET_ENDPOINT", "http://a,http://b", "has several addresses;"),
        (media.are_originals_private, "MEDIA_PRIVATE_ORIGINALS", "1", "is '1'; set it to yes or"),
        (media.media_url, "MEDIA_URL", "media", "is 'media'; set it to a path or an address"),
        (media.media_url, "MEDIA_URL", "/", "is '/'; set it to a path or an address"),
        (media.media_url, "MEDIA_URL", "https://a:99999/", "is 'https://a:99999/'; set it to a"),
        (media.media_url, "MEDIA_URL", "https://a/?b", "is 'https://a/?b'; set it to a path or"),
        (sender_, "DEFAULT_FROM_EMAIL", "nobody", "is 'nobody'; set it to an address, perhaps"),
        (sender_, "DEFAULT_FROM_EMAIL", "a@b.org, c@d.org", "is 'a@b.org, c@d.org'; set it to"),
        (sender_, "DEFAULT_FROM_EMAIL", "A <a@b.org>\nBcc: c@d.org", "is 'A <a@b.org>"),
        (mail.mail, "EMAIL_URL", "pigeon://hush", "cannot be used; set it to an address such"),
        (mail.mail, "EMAIL_URL", "mailjet://hush", "cannot be used; for mailjet set it to mailjet"),
        (mail.mail, "EMAIL_URL", "mailgun://hush", "cannot be used; for mailgun set it to mailgun"),
        (mail.mail, "EMAIL_URL", "postmark://hush?a=b", "cannot be used; for postmark set it to"),
        (mail.mail, "EMAIL_URL", "postmark://", "cannot be used; for postmark set it to postmark"),
        (mail.mail, "EMAIL_URL", "postmark://[hush", "cannot be used; for postmark set it to post"),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    reading: Callable[[], Any],
    name: str,
    value: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("MEDIA_BUCKET", BUCKET["MEDIA_BUCKET"])
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        reading()
    said = str(stopped.value)
    assert said.startswith(f"{name} {sentence}")
    assert "hush" not in said


def test_production_is_refused_with_one_of_these_sentences() -> None:
    assert refused("production", **VALID, EMAIL_URL="mailjet://hush") == (
        "EMAIL_URL cannot be used; for mailjet set it to mailjet://api_key:secret_key, with what is secret "
        "percent-encoded. It may also have api_url."
    )


def test_originals_are_private_in_a_bucket_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_PRIVATE_ORIGINALS", "yes")
    with pytest.raises(SystemExit, match="set both or neither"):
        media.are_originals_private()
    monkeypatch.setenv("MEDIA_BUCKET", BUCKET["MEDIA_BUCKET"])
    assert media.are_originals_private()
