"""Where uploaded files are, by the environment: in a folder, or in a bucket of an S3-compatible service."""

import re
from typing import Any

from .environment import env, is_web_address, stop, switch, web_addresses

LOCAL = "/media/"


def bucket() -> str:
    """Return the name of the bucket that media are in, or nothing."""
    name = env.str("MEDIA_BUCKET", default="").strip()
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        stop(
            f"MEDIA_BUCKET is {name!r}; set it to the name of a bucket: 3 to 63 of a-z, 0-9, dots and hyphens."
        )
    return name


def storage() -> dict[str, Any]:
    """Return Django's storage of media."""
    name = bucket()
    if not name:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options: dict[str, Any] = {"bucket_name": name, "region_name": _region()}
    if endpoint := _endpoint():
        options["endpoint_url"] = endpoint
    return {"BACKEND": "cms.storages.MediaStorage", "OPTIONS": options}


def are_originals_private() -> bool:
    """Return whether the files that images were uploaded as have signed addresses, as documents have."""
    found = switch("MEDIA_PRIVATE_ORIGINALS", default=False)
    if found and not bucket():
        stop(
            "MEDIA_PRIVATE_ORIGINALS is yes, and MEDIA_BUCKET is not set; set both or neither: only a bucket signs."
        )
    return found


def media_url() -> str:
    """Return the address below which readers find media, with a slash at its end."""
    text = env.str("MEDIA_URL", default="").strip()
    if text:
        found = re.fullmatch(r"(https?://[^/?#]+)?((?:/[\w.~-]+)*)/?", text)
        is_path = found is not None and not found[1] and bool(found[2])
        is_address = found is not None and bool(found[1]) and is_web_address(found[1])
        if not (is_path or is_address):
            stop(
                f"MEDIA_URL is {text!r}; set it to a path or an address, such as /media/ or https://media.example.org/."
            )
        return f"{text.rstrip('/')}/"
    name = bucket()
    if not name:
        return LOCAL
    if endpoint := _endpoint():
        return f"{endpoint}/{name}/"
    return f"https://{name}.s3.{_region()}.amazonaws.com/"


def _endpoint() -> str:
    found = web_addresses("MEDIA_BUCKET_ENDPOINT")
    if len(found) > 1:
        stop("MEDIA_BUCKET_ENDPOINT has several addresses; set it to one.")
    return found[0] if found else ""


def _region() -> str:
    name = env.str("MEDIA_BUCKET_REGION", default="us-east-1").strip()
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        stop(
            f"MEDIA_BUCKET_REGION is {name!r}; set it to the name of a region, such as eu-central-1."
        )
    return name
