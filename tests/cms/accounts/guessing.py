"""Guesses a password from many addresses at once, in threads; `python -m tests.cms.accounts.guessing` does, too."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connections
from django.test import Client

THREADS = 25


def guess(number: int, together: threading.Barrier) -> bool:
    """Try a wrong password from an address of its own, together with others; return whether it was looked at."""
    browser = Client(REMOTE_ADDR=f"192.0.2.{number}", headers={"host": "localhost"})
    together.wait()
    try:
        form = {"username": "edith", "password": "wrong"}
        answer = browser.post("/admin/login/", form).content.decode()
    finally:
        connections.close_all()
    is_refused, is_looked_at = "too many attempts" in answer, "didn&#x27;t match" in answer
    assert is_refused is not is_looked_at, answer
    return is_looked_at


def guesses() -> int:
    """Try from all threads at once, and return how many times the password was looked at."""
    together = threading.Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(lambda number: guess(number, together), range(THREADS)))


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    sys.stdin.readline()
    print(guesses(), flush=True)
