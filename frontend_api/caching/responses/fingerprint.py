"""The fingerprint of what a response depends on besides the database: code, installed packages and settings.

It is part of every cache key. So a new deploy never serves what the old code left in a shared cache, and both versions
can use the cache at once while one replaces the other.
"""

import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

IGNORED = {"__pycache__", "node_modules"}


@cache
def fingerprint() -> bytes:
    """Return the fingerprint of this process, 16 bytes, computed once: nothing in it changes at run time."""
    hashed = blake2b(sys.version.encode(), digest_size=16)
    installed = {f"{one.metadata['Name']}=={one.version}" for one in distributions()}
    hashed.update("\n".join(sorted(installed)).encode())
    for name in sorted(name for name in dir(settings) if name.isupper()):
        hashed.update(f"\n{name}={described(getattr(settings, name))}".encode())
    for path in _files():
        hashed.update(str(path).encode(errors="surrogateescape"))
        hashed.update(blake2b(path.read_bytes()).digest())
    return hashed.digest()


def described(value: Any) -> str:
    """Return the value of a setting as a text that is the same in every process."""
    if isinstance(value, Mapping):
        items = sorted((described(key), described(held)) for key, held in value.items())
        return f"{{{', '.join(f'{key}: {held}' for key, held in items)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(described, value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(described, value)))}}}"
    if isinstance(value, Promise):
        return str(value)
    if callable(value):
        return f"{value.__module__}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    # The default `repr` has the object's address in memory, which differs between processes.
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _files() -> Iterator[Path]:
    """Yield the files of the project and its apps, without those of installed packages."""
    elsewhere = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib", "stdlib")}
    project = settings.ROOT_URLCONF.partition(".")[0]
    folders = {Path(one.path) for one in apps.get_app_configs()}
    folders |= {Path(one) for one in getattr(sys.modules.get(project), "__path__", ())}
    for folder in sorted(folders):
        if elsewhere.isdisjoint(folder.parents):
            yield from _below(folder)


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in IGNORED and not name.startswith(".")
        )
        # `is_file` skips broken links, such as the lock files of an editor.
        yield from (path for name in sorted(names) if (path := Path(place, name)).is_file())
