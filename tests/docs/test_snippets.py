"""Python and commands of the documentation name what is there; what else can be run of them is run elsewhere."""

import ast
import importlib
import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from django.core.management import get_commands, load_command_class

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")])
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.M | re.S)


def blocks(*languages: str) -> list[Any]:
    """Return the blocks of code in these languages, each named by its page and its line."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if block[1] in languages:
                line = text[: block.start()].count("\n") + 1
                found.append(pytest.param(dedent(block[2]), id=f"{page.relative_to(ROOT)}:{line}"))
    return found


def commands() -> list[Any]:
    """Return what the documentation has somebody ask `manage.py`, each once."""
    lines = [line for block in blocks("sh", "") for line in block.values[0].splitlines()]
    asked = [line.partition("manage.py ")[2] for line in lines if "python manage.py " in line]
    return sorted({re.split(r" (?:#|&&) ?", one)[0].strip() for one in asked})


@pytest.mark.parametrize("code", blocks("python"))
def test_python_imports_what_is_there(code: str) -> None:
    # A class may be shown without what it has already.
    whole = f"{code}    ...\n" if code.endswith(":\n") else code
    for node in ast.walk(ast.parse(whole)):
        if isinstance(node, ast.Import):
            assert all(find_spec(name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            assert find_spec(node.module), node.module
            for name in node.names:
                # The settings of production cannot be read here, and are tried elsewhere.
                if name.name != "*":
                    assert hasattr(importlib.import_module(node.module), name.name), name.name


@pytest.mark.parametrize("asked", commands())
def test_a_command_takes_what_is_documented(asked: str) -> None:
    name, *arguments = shlex.split(re.sub(r"\$\(.*?\)", "x", asked))
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments)


def test_there_are_snippets() -> None:
    assert len(blocks("python")) > 10
    assert len(commands()) > 10
