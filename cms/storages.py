"""Media in a bucket of an S3-compatible service: images at plain addresses, documents at signed ones.

Who opens a document asks the service, which checks its privacy and leads to an address that works for a few minutes; at
any other the bucket refuses it. So it is with the files that images were uploaded as, where the settings say so. What
an address is made of is known here, so a read asks the bucket nothing.
"""

from pathlib import PurePosixPath
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from cms import storing_ahead
from cms.storage_errors import MediaUnreachableError

PRIVATE = "documents"
"""The folder of what nobody reads without being asked who they are: where Wagtail puts documents."""

ORIGINALS = "original_images"
"""The folder of the files that images were uploaded as."""

SIGNED_FOR = 300
"""For how many seconds a signed address works."""

# For so long an editor waits, and nobody else: uploads are stored ahead of the transaction that writes their rows.
LIMITS = {"connect_timeout": 3, "read_timeout": 6, "retries": {"total_max_attempts": 2}}

# All else is downloaded: a document that a browser opens could be a page.
OPENED = {".pdf"}


class MediaStorage(S3Storage):
    """The storage of all media, where the settings name a bucket.

    Its arguments are written into tasks, so none of them is secret: the keys come from the environment, or from the
    machine, by the names that boto3 knows.
    """

    is_far = True

    def get_default_settings(self) -> dict[str, Any]:
        """Keep what is there, sign for minutes, and wait for seconds."""
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {"file_overwrite": False, "querystring_expire": SIGNED_FOR}

    def __init__(self, **options: Any) -> None:
        # A service of one's own has one host name; Amazon's has one for each bucket.
        style = "path" if options.get("endpoint_url") else "virtual"
        self.client_config = Config(
            signature_version="s3v4", s3={"addressing_style": style}, **LIMITS
        )
        super().__init__(**options)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store a file; raise `MediaUnreachableError` if the bucket does not take it."""
        if there := storing_ahead.taken(content):
            return there
        try:
            return str(super().save(name, content, max_length=max_length))
        except (BotoCoreError, ClientError) as error:
            raise MediaUnreachableError(f"The bucket did not take {name}: {error}") from error

    def delete(self, name: str) -> None:
        """Delete a file; raise `MediaUnreachableError` if the bucket does not do so."""
        try:
            super().delete(name)
        except (BotoCoreError, ClientError) as error:
            raise MediaUnreachableError(f"The bucket did not delete {name}: {error}") from error

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Read what was stored a moment ago from memory, and all else from the bucket."""
        content = storing_ahead.stored_as(name)
        if content is None or mode != "rb":
            return super()._open(name, mode)
        content.seek(0)
        return ContentFile(content.read(), name=name)

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""
        content = storing_ahead.stored_as(name)
        return int(super().size(name) if content is None else content.size)

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """Return the address of a file: a signed one of a document, the service's own of a private original."""
        if is_private(name):
            return self.signed(name, *args, **options)
        path = filepath_to_uri(name)
        if settings.MEDIA_PRIVATE_ORIGINALS and _is_in(ORIGINALS, name):
            # An answer that is kept names it for longer than a signature lasts.
            return f"{settings.WAGTAILAPI_BASE_URL}/originals/{path.removeprefix(f'{ORIGINALS}/')}"
        return f"{settings.MEDIA_URL}{path}"

    def signed(self, name: str, *args: Any, **options: Any) -> str:
        """Return an address at which the bucket gives a file to anybody, for some minutes."""
        return str(super().url(name, *args, **options))

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Have documents downloaded, and kept by no cache."""
        parameters: dict[str, Any] = super().get_object_parameters(name)
        if is_private(name):
            is_opened = PurePosixPath(name).suffix.lower() in OPENED
            parameters["ContentDisposition"] = "inline" if is_opened else "attachment"
            parameters["CacheControl"] = "private, no-store"
        return parameters


def is_private(name: str) -> bool:
    """Return whether a file is a document."""
    return _is_in(PRIVATE, name)


def _is_in(folder: str, name: str) -> bool:
    return PurePosixPath(name).parts[:1] == (folder,)
