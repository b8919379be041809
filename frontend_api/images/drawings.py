"""Cleans drawings (SVG): scripts, links to other places and notes are left out, shapes and text stay."""

from io import BytesIO

from defusedxml import ElementTree
from py_svg_hush import filter_svg

ROOT = "{http://www.w3.org/2000/svg}svg"

# The cleaner indents what it writes, so a drawing nested without end would take memory without end.
DEEPEST = 100
MOST_ELEMENTS = 100_000

_SHOWN_IN_IT = {"image": ["gif", "jpeg", "png", "webp"]}


def clean(content: bytes) -> bytes:
    """Return a drawing without all that could run, load or tell anything.

    Raises ValueError for what is no drawing, or is nested too deeply or too large, and the parser's errors for what is
    no XML or has entities.
    """
    depth = count = 0
    for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
        if event == "end":
            depth -= 1
            # What is read is not kept.
            element.clear()
            continue
        if not count and element.tag != ROOT:
            raise ValueError("This is no drawing.")
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise ValueError("This drawing has too many parts, or parts in too many others.")
    return bytes(filter_svg(content, _SHOWN_IN_IT))
