"""Where the processes of a server count: what ended servers leave is removed, and what runs keeps its own."""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.operations.shared_folder import PREFIX
from cms.operations.tally import Tally

pytestmark = pytest.mark.once

Make = Callable[[int], Path]


@pytest.fixture
def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def folder(tmp_path: Path) -> Make:
    """Makes the folder of a server."""

    def make(parent: int) -> Path:
        path = tmp_path / f"{PREFIX}-{os.getuid()}-{parent}"
        path.mkdir()
        (path / "4194305.json").write_text('{"bytes": 0, "rows": []}', encoding="utf-8")
        return path

    return make


def counting(path: Path) -> Tally:
    """Return the counts of this process, which has written some there."""
    tally = Tally(path)
    tally.add("/api/v2/site/", 200, 0.01, {})
    tally.write()
    return tally


def told(path: Path) -> bool:
    return (path / f"{os.getpid()}.json").exists()


def test_what_an_ended_server_has_left_is_removed(folder: Make, ended: int) -> None:
    left, own = folder(ended), folder(os.getppid())
    counting(own)
    assert not left.exists()
    assert told(own)
    # What other processes of this server have counted.
    assert (own / "4194305.json").exists()


def test_nothing_is_removed_that_is_in_use(folder: Make, ended: int) -> None:
    of_a_process, locked, own = folder(os.getpid()), folder(ended), folder(os.getppid())
    other = os.open(locked, os.O_RDONLY)
    try:
        # As a process of another container does, where nobody here has its number.
        fcntl.flock(other, fcntl.LOCK_SH)
        counting(own)
    finally:
        os.close(other)
    assert of_a_process.exists()
    assert locked.exists()


def test_a_process_that_counts_has_its_folder_locked(folder: Make, ended: int) -> None:
    mine, other = folder(ended), folder(os.getppid())
    first = counting(mine)
    counting(other)
    assert told(mine)
    assert sum(row.requests for row in first.rows()) == 1


def test_nothing_else_is_removed(folder: Make, tmp_path: Path, ended: int) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    names = [
        f"{PREFIX}-{os.getuid() + 1}-{ended}",
        f"{PREFIX}-{os.getuid()}-x",
        f"{PREFIX}-{os.getuid()}-{ended}-x",
        "cms",
    ]
    for name in names:
        (tmp_path / name).mkdir()
    link = tmp_path / f"{PREFIX}-{os.getuid()}-{ended}"
    link.symlink_to(elsewhere)
    counting(folder(os.getppid()))
    assert all((tmp_path / name).is_dir() for name in names)
    assert link.is_symlink()
    assert elsewhere.exists()


def test_nothing_of_another_account_is_removed(
    folder: Make, ended: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: account)
    # Ours by its name, but not by its owner.
    left = folder(ended)
    counting(folder(os.getppid()))
    assert left.exists()


def test_a_folder_that_somebody_has_named_removes_nothing(folder: Make, ended: int) -> None:
    left = folder(ended)
    counting(left.parent / "named")
    assert left.exists()
    assert told(left.parent / "named")


def test_a_folder_that_is_removed_beneath_is_made_anew(folder: Make) -> None:
    own = folder(os.getppid())
    tally = counting(own)
    shutil.rmtree(own)
    tally.add("/api/v2/site/", 200, 0.01, {})
    tally.write()
    assert told(own)
    assert sum(row.requests for row in tally.rows()) == 2


def test_servers_that_begin_at_once_take_nothing_from_each_other(
    folder: Make, ended: int, tmp_path: Path
) -> None:
    for number in range(20):
        left = folder(ended)
        paths = [tmp_path / f"{PREFIX}-{os.getuid()}-{parent}" for parent in (1, os.getpid())]
        together = threading.Barrier(len(paths))

        def begin(path: Path, together: threading.Barrier = together) -> None:
            together.wait()
            counting(path)

        threads = [threading.Thread(target=begin, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not left.exists(), number
        assert all(told(path) for path in paths)
        for path in paths:
            shutil.rmtree(path)


def test_a_process_writes_from_several_threads_at_once(folder: Make) -> None:
    own = folder(os.getppid())
    tally = counting(own)
    failed: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(25):
                tally.add("/api/v2/site/", 200, 0.01, {})
                tally.write()
        except OSError as error:
            failed.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(row.requests for row in tally.rows()) == 101
