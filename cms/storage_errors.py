"""What can be wrong with the place of files, apart from the library that reaches it, which takes a while to import."""


class MediaUnreachableError(OSError):
    """The bucket did not answer in time, or refused."""
