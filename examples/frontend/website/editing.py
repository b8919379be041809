"""Where in the CMS each part of a preview is edited: what the API says of it, beside the part, for the templates.

An editor's answers have addresses for parts of them: `{"/title": "https://…", "/body/0": "https://…"}`. A template
writes `<h1{{ edit(page, "title") }}>`, and `<div{{ edit(block) }}>` for a part that is an object of its own. Readers
and those with a link to a shared draft get no such addresses, and nothing is written.
"""

from typing import Any

from markupsafe import Markup

JSON = dict[str, Any]


class Part(dict[str, Any]):
    """An object of an answer to an editor: JSON like any other, with the addresses at which it is edited.

    `edited_at` has that of the object itself under "", and those of its fields under their names.
    """

    def __init__(self, content: JSON) -> None:
        super().__init__(content)
        self.edited_at: dict[str, str] = {}


def with_places(answer: JSON) -> JSON:
    """Return an answer with each address of `meta.draft.edit` at the object that its JSON pointer leads to."""
    draft = answer.get("meta", {}).get("draft") or {}
    addresses = draft.get("edit")
    if not addresses:
        return answer
    placed: JSON = _parts(answer)
    for pointer, address in addresses.items():
        steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        around: Any = None
        found: Any = placed
        for step in steps:
            around, found = found, found[int(step) if isinstance(found, list) else step]
        if isinstance(found, Part):
            found.edited_at[""] = address
        if isinstance(around, Part):
            around.edited_at[steps[-1]] = address
    return placed


def _parts(value: Any) -> Any:
    if isinstance(value, dict):
        return Part({name: _parts(item) for name, item in value.items()})
    return [_parts(item) for item in value] if isinstance(value, list) else value


def edit(part: Any, name: str = "") -> Markup:
    """Return the attributes by which `static/edit.js` knows where a part, or one of its fields, is edited."""
    if not isinstance(part, Part):
        return Markup("")
    address = part.edited_at.get(name, "")
    if not address.startswith(("http://", "https://", "#")):
        return Markup("")
    label = name.replace("_", " ") or _name_of(part)
    if name and "" in part.edited_at:
        # Of several on one page, who hears the links knows which this is.
        label = f"{label}: {_name_of(part)}"
    return Markup(' data-edit="{}" data-edit-name="{}"').format(address, label)


def _name_of(part: JSON) -> str:
    """Return what an editor calls a part: the title of a page, or the kind of a block."""
    for key in ("title", "name"):
        if isinstance(part.get(key), str):
            return str(part[key])
    return str(part.get("type") or part.get("label") or "this").replace("_", " ")
