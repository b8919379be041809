"""`python -m frontend_api.images.encoder`: the process that `apart` starts, which works at one picture and ends.

It is asked on its input, by a line of JSON and a file, and answers on its output, by a line of JSON and files. It uses
no database, and no more memory than it may.
"""

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

from frontend_api.images.files import (
    TOO_MUCH_MEMORY,
    TooMuchMemoryError,
    UnreadableFileError,
    encodable,
    examine,
)

if sys.platform == "linux":
    import resource

Answer = tuple[dict[str, Any], list[bytes]]


def main() -> None:
    """Do what is asked for."""
    # What settings or libraries print is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    # The modules are loaded first: how much address space they take differs from machine to machine.
    django.setup()
    if sys.platform == "linux":
        # Elsewhere the kernel holds nobody to it, and the time is the only bound.
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + asked["megabytes"] * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    files: list[bytes] = []
    try:
        answer, files = {"encode": _encoded, "examine": _examined}[asked["task"]](asked, content)
    except (MemoryError, TooMuchMemoryError):
        says = f"It takes more than {asked['megabytes']} megabytes of memory."
        answer = {"problem": TOO_MUCH_MEMORY, "says": says}
    except UnreadableFileError as error:
        answer = {"problem": error.problem, "says": str(error)}
    with answers:
        answer["sizes"] = [len(file) for file in files]
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.writelines(files)


def _examined(asked: dict[str, Any], content: bytes) -> Answer:
    found = examine(content, to_the_end=asked["to_the_end"])
    is_in_order = found.content == content
    answer = {
        "kind": found.kind,
        "placeholder": found.placeholder,
        "extension": found.extension,
        "is_in_order": is_in_order,
    }
    return answer, [b"" if is_in_order else found.content]


def _encoded(asked: dict[str, Any], content: bytes) -> Answer:
    # These need Django's start-up, which is done above.
    from django.core.files import File
    from wagtail.images import get_image_model

    from frontend_api.images.uses import rendition_filter

    image = _image(get_image_model(), {"file": asked["name"], **asked["image"]})
    original = encodable(content)
    made, files = [], []
    for spec in asked["specs"]:
        source = File(io.BytesIO(original), name=asked["name"])
        try:
            rendition = image.generate_rendition_file(rendition_filter(spec), source=source)
        except MemoryError:
            raise
        except Exception as error:
            # Image libraries raise all kinds of exceptions, and a rendition that fails does not stop the others.
            print(f"{asked['name']} cannot be made into {spec}: {error}", file=sys.stderr)
            continue
        with rendition:
            made.append((spec, rendition.name))
            files.append(rendition.read())
    return {"made": made}, files


def _image(model: Any, values: dict[str, Any]) -> Any:
    """Return an image with these values and no others: defaults of the project's model might ask its database."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(None, names, [values.get(name) for name in names])


if __name__ == "__main__":
    main()
