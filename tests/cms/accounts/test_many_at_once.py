"""Limits hold however many try at once: in the threads of this process, and in another process."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.e2e.servers import database_address
from tests.factories import UserFactory

from . import guessing
from .test_signing_in import attempt, code_of, is_signed_in

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]


def test_an_account_is_tried_so_many_times_by_all_together() -> None:
    UserFactory(username="edith")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": database_address(),
        # What is counted is known by the key.
        "SECRET_KEY": settings.SECRET_KEY,
    }
    with subprocess.Popen(
        [sys.executable, "-m", guessing.__name__],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as others:
        assert others.stdin
        assert others.stdout
        assert others.stdout.readline() == "ready\n"
        others.stdin.write("\n")
        others.stdin.flush()
        here = guessing.guesses()
        there = int(others.stdout.readline())
    assert here + there == 10


def test_a_code_of_an_app_is_used_once_by_all_together() -> None:
    secret = generate_totp_secret()
    TOTP.activate(UserFactory(username="edith"), secret)
    code = code_of(secret)
    together = threading.Barrier(4)

    def signs_in(number: int) -> bool:
        browser = Client(headers={"host": "localhost"})
        attempt(browser, "edith")
        together.wait()
        try:
            browser.post(reverse("mfa_authenticate"), {"code": code})
            return is_signed_in(browser)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(signs_in, range(4))) == 1


def test_another_process_knows_which_code_was_used(client: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(UserFactory(username="edith"), secret)
    code = code_of(secret)
    for expected, typed in ((True, code), (False, code), (False, f"{code[:3]} {code[3:]}")):
        # What allauth remembers of it, it remembers for one process.
        cache.clear()
        browser: Any = Client()
        attempt(browser, "edith")
        browser.post(reverse("mfa_authenticate"), {"code": typed})
        assert is_signed_in(browser) is expected
