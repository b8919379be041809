"""Takes files of the web's formats apart, and leaves out what is not needed to show the picture.

Cameras, phones and editors write where and when a picture was taken, by whom, and whole other pictures beside it. Only
the parts named here stay, as they are, so that nothing is encoded again and nothing unknown gets out.
"""

import re
import struct
from collections.abc import Callable, Iterator
from typing import NamedTuple

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs cICP acTL fcTL fdAT".split()
)
_PNG_MOTION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_WEBP_PARTS = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_WEBP_FLAGS = {"profile": 0x20, "exif": 0x08, "xmp": 0x04}
# Tables, the frame in all codings, the restart interval, what begins and continues a scan, and the number of lines.
_JPEG_PARTS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
_JPEG_SCAN, _JPEG_END = 0xDA, 0xD9
# A marker inside a scan: neither a stuffed zero, nor a restart, nor a fill byte.
_JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
# The extensions of GIF that say how often it is shown again.
_GIF_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")


class Parts(NamedTuple):
    """What is left of a file, and its EXIF block, which says how the camera was held."""

    content: bytes
    exif: bytes


def strip(form: str, content: bytes, *, keep_profile: bool = True) -> Parts:
    """Return a file without what is not needed to show it; a format that is not taken apart is returned as it is.

    The colour profile stays if `keep_profile`. Raises ValueError, IndexError or struct.error for a damaged file.
    """
    take_apart = _FORMATS.get(form)
    return take_apart(content, keep_profile) if take_apart else Parts(content, b"")


def _jpeg(content: bytes, keep_profile: bool) -> Parts:
    kept, exif = [b"\xff\xd8"], b""
    place = 2
    # As readers of JPEG do, what is between two parts is skipped.
    while found := _JPEG_MARKER.search(content, place):
        marker, start = found.group()[-1], found.end()
        if marker == _JPEG_END:
            # What follows is another picture, a film or anything else.
            return Parts(b"".join([*kept, b"\xff\xd9"]), exif)
        (length,) = struct.unpack_from(">H", content, start)
        body = content[start + 2 : start + length]
        place = start + length
        if length < 2 or place > len(content):
            raise ValueError("A part of a JPEG reaches beyond its end.")
        if marker == 0xE1 and body.startswith(b"Exif\0\0") and not exif:
            exif = body[6:]
        is_kept = marker in _JPEG_PARTS or _is_needed(marker, body, keep_profile)
        if marker == _JPEG_SCAN:
            after = _JPEG_MARKER.search(content, place)
            place = after.start() if after else len(content)
        if is_kept:
            kept.append(b"\xff" + bytes([marker]) + content[start:place])
    # Some lack the mark of their end; whether more is lacking, who decodes it sees.
    return Parts(b"".join(kept), exif)


def _is_needed(marker: int, body: bytes, keep_profile: bool) -> bool:
    """Return whether an application's part says how to read the colours; a thumbnail in it is not needed."""
    is_profile = marker == 0xE2 and body.startswith(b"ICC_PROFILE\0")
    is_jfif = marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) == 14
    is_adobe = marker == 0xEE and body.startswith(b"Adobe") and len(body) == 12
    return is_jfif or is_adobe or (is_profile and keep_profile)


def _png(content: bytes, keep_profile: bool) -> Parts:
    chunks = list(_png_chunks(content))
    exif = next((body for name, body, _ in chunks if name == b"eXIf"), b"")
    kept = _PNG_PARTS | {b"iCCP"} if keep_profile else _PNG_PARTS
    # One picture is no animation, whatever its file says.
    counts = [struct.unpack_from(">I", body)[0] for name, body, _ in chunks if name == b"acTL"]
    if len(counts) != 1 or counts[0] < 2:
        kept -= _PNG_MOTION
    whole = (chunk for name, _, chunk in chunks if name in kept)
    return Parts(PNG_SIGNATURE + b"".join(whole), exif)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield the name, the body and the whole of each chunk, up to the last."""
    place = len(PNG_SIGNATURE)
    name = b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise ValueError("A part of a PNG reaches beyond its end.")
        yield name, content[place + 8 : end - 4], content[place:end]
        place = end


def _webp(content: bytes, keep_profile: bool) -> Parts:
    kept, exif = [], b""
    for name, body in _webp_chunks(content[12:]):
        if name == b"EXIF":
            exif = body.removeprefix(b"Exif\0\0")
        elif name == b"VP8X":
            gone = _WEBP_FLAGS["exif"] | _WEBP_FLAGS["xmp"]
            gone |= 0 if keep_profile else _WEBP_FLAGS["profile"]
            kept.append((name, bytes([body[0] & ~gone]) + body[1:]))
        elif name == b"ANMF":
            frame = [one for one in _webp_chunks(body[16:]) if one[0] in _WEBP_PARTS]
            kept.append((name, body[:16] + _riff(frame)))
        elif name in _WEBP_PARTS or (name == b"ICCP" and keep_profile):
            kept.append((name, body))
    chunks = _riff(kept)
    return Parts(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks, exif)


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, place)
        body = content[place + 8 : place + 8 + length]
        if len(body) < length:
            raise ValueError("A part of a WebP reaches beyond its end.")
        yield name, body
        # A part of an odd length is followed by a zero.
        place += 8 + length + length % 2


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in chunks
    )


def _gif(content: bytes, keep_profile: bool) -> Parts:
    place = 13 + _gif_colours(content[10])
    kept = [content[:place]]
    while place < len(content) and (introducer := content[place]) != 0x3B:
        start = place
        if introducer == 0x21:
            label, place = content[place + 1], place + 2
            loops = label == 0xFF and content.startswith(_GIF_LOOPS, place)
            is_kept = label == 0xF9 or loops
        elif introducer == 0x2C:
            place += 11 + _gif_colours(content[place + 9])
            is_kept = True
        else:
            raise ValueError("A GIF has an unknown part.")
        while size := content[place]:
            place += size + 1
        place += 1
        if is_kept:
            kept.append(content[start:place])
    return Parts(b"".join([*kept, b"\x3b"]), b"")


def _gif_colours(flags: int) -> int:
    """Return the length in bytes of the table of colours that `flags` announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


_FORMATS: dict[str, Callable[[bytes, bool], Parts]] = {
    "gif": _gif,
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
}
