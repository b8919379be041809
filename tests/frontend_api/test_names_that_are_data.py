"""Names that are stored, signed or filtered by outlive the modules that they were taken from."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from wagtail_headless_preview.models import PagePreview

import frontend_api
from frontend_api.caching.backends.serializers import SignedSerializer
from frontend_api.caching.cdn.tasks import purge_caches
from frontend_api.caching.responses import entries
from frontend_api.changes.surrogate_keys import surrogate_keys
from frontend_api.images import tasks
from frontend_api.previews import tokens
from frontend_api.webhooks.mails import tell_switched_off
from frontend_api.webhooks.sealing import unseal
from frontend_api.webhooks.tasks import send_webhooks

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def secret(settings: Any) -> None:
    """A secret that is the same in every run."""
    settings.SECRET_KEY = "a secret"


def test_tables_keep_their_names() -> None:
    config = apps.get_app_config("frontend_api")
    assert {model._meta.db_table for model in config.get_models()} == {
        "frontend_api_cachedaddress",
        "frontend_api_change",
        "frontend_api_changelog",
        "frontend_api_formerpath",
        "frontend_api_imagefile",
        "frontend_api_publicchange",
        "frontend_api_publicobject",
        "frontend_api_publicstate",
        "frontend_api_purgetarget",
        "frontend_api_retiredfile",
        "frontend_api_schedulefailure",
        "frontend_api_searchentry",
        "frontend_api_searchspelling",
        "frontend_api_shareddraft",
        "frontend_api_typeddraft",
        "frontend_api_unindexedobject",
        "frontend_api_webhookattempt",
        "frontend_api_webhookmessage",
        "frontend_api_webhookrecipient",
    }


def test_a_tag_keeps_the_name_by_which_caches_in_front_know_it() -> None:
    assert surrogate_keys(["page:14", "*"]) == ["i5xV9I4JFH", "b0T5ufDHzF"]


def test_signatures_of_what_a_cache_server_keeps_stay_the_same() -> None:
    assert SignedSerializer()._signature(b"kept").hex()[:16] == "8e74a9c357394d2e"
    assert entries._signature("key", b"kept").hex()[:16] == "b0ca3a396b92c910"


def test_credentials_keep_their_form() -> None:
    assert (tokens.PREVIEW, tokens.SHARE) == ("preview_", "share_")
    assert tokens.digest("share_x") == (
        "7a52c4f3fb5ec479e2548bec0c6fa16d4fb31d0a294a65e16037fd118cf0feb8"
    )
    # The salt of wagtail-headless-preview, in addresses that are open in browsers.
    assert PagePreview._meta.db_table == "wagtail_headless_preview_pagepreview"


def test_what_was_encrypted_is_read() -> None:
    stored = (
        "gAAAAABrCPrhZfR5EhrxAbPdFL83UXN6RA5sja9vqHLxGyvr-sGNQeEq_rzh4qotlFdHHR"
        "wN-gV5M3uo6TpZZUfi3gofgF6vc-7q2gOK8V4jg40i9aGE1KufIk7tdn5DzlqUiTvVWxsm"
    )
    assert unseal(stored) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_tasks_are_where_the_queue_and_the_migrations_say() -> None:
    waiting = (
        *(purge_caches, tasks.image_changed, tasks.object_changed, tasks.pictures_chosen),
        *(tell_switched_off, send_webhooks),
    )
    assert [task.module_path for task in waiting] == [
        "frontend_api.caching.cdn.tasks.purge_caches",
        "frontend_api.images.tasks.image_changed",
        "frontend_api.images.tasks.object_changed",
        "frontend_api.images.tasks.pictures_chosen",
        "frontend_api.webhooks.mails.tell_switched_off",
        "frontend_api.webhooks.tasks.send_webhooks",
    ]


def test_loggers_keep_the_names_that_operators_filter_by() -> None:
    found = set()
    for path in Path(frontend_api.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger":
                found |= {
                    argument.value for argument in node.args if isinstance(argument, ast.Constant)
                }
    assert found == {
        "frontend_api.blocks",
        "frontend_api.caching.breaker",
        "frontend_api.caching.database",
        "frontend_api.changes.search_index",
        "frontend_api.credentials",
        "frontend_api.image_form",
        "frontend_api.image_model",
        "frontend_api.images",
        "frontend_api.markdown",
        "frontend_api.overlay",
        "frontend_api.purging.addresses",
        "frontend_api.purging.running",
        "frontend_api.purging.tasks",
        "frontend_api.renditions",
        "frontend_api.revisions",
        "frontend_api.search",
        "frontend_api.tasks",
        "frontend_api.timeouts",
        "frontend_api.webhooks",
        "frontend_api.webhooks.tasks",
        "wagtail.frontendcache",
    }
