"""`python -m frontend_api.images.encoder`: the process that `apart` starts, which encodes one picture and ends.

It is asked on its input and answers on its output, in JSON. It uses no database, and no more memory than it may.
"""

import base64
import io
import json
import sys
from pathlib import Path
from typing import Any

import django

from frontend_api.images.files import TooMuchMemoryError, encodable

if sys.platform == "linux":
    import resource


def main() -> None:
    """Encode what is asked for."""
    asked = json.load(sys.stdin)
    # The modules are loaded first: how much address space they take differs from machine to machine.
    django.setup()
    if sys.platform == "linux":
        # Elsewhere the kernel holds nobody to it, and the time is the only bound.
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + asked["megabytes"] * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        answer = {"takes_too_much": False, "made": _made(asked)}
    except (MemoryError, TooMuchMemoryError):
        answer = {"takes_too_much": True, "made": []}
    print(json.dumps(answer))


def _made(asked: dict[str, Any]) -> list[tuple[str, str, str]]:
    # These need Django's start-up, which is done above.
    from django.core.files import File
    from wagtail.images import get_image_model

    from frontend_api.images.uses import rendition_filter

    image = _image(get_image_model(), {"file": asked["name"], **asked["image"]})
    original = encodable(base64.b64decode(asked["content"]))
    made = []
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
            made.append((spec, rendition.name, base64.b64encode(rendition.read()).decode()))
    return made


def _image(model: Any, values: dict[str, Any]) -> Any:
    """Return an image with these values and no others: defaults of the project's model might ask its database."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(None, names, [values.get(name) for name in names])


if __name__ == "__main__":
    main()
