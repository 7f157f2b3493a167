"""What a file is and how large its picture is, read from its first bytes alone."""

from collections.abc import Iterator
from itertools import islice
from typing import Literal

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"Rar!", "rar"),
    (b"PAR1\x15", "Parquet"),
    (b"ARROW1\x00", "Arrow"),
    (b"\x89HDF", "HDF5"),
    (b"\x93NUMPY", "NumPy"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\xd0\xcf\x11\xe0", "old Excel"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"OggS", "OGG"),
    (b"fLaC", "FLAC"),
    (b"#!AMR", "AMR"),
    (b"\x1aE\xdf\xa3", "WebM"),
    (b"FORM", "AIFF"),
    *((b"ID3" + bytes([version]), "MP3") for version in (2, 3, 4)),
    *((b"\xff" + bytes([kind]), "MP3") for kind in (0xF2, 0xF3, 0xFA, 0xFB)),
)
ARCHIVES = frozenset({"zip", "gzip", "bzip2", "xz", "7z", "zstd", "rar"})
# Start-of-frame markers of JPEG; C4, C8 and CC mean something else.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN, _JPEG_PROGRESSIVE = 0xDA, frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_GIF_FRAME, _GIF_FRAME_START = 0x2C, b","
# A camera writes some dozens of segments before the picture; each look here costs a step.
_MAX_SEGMENTS = 2_000


def signature(content: bytes) -> str:
    """Name the format that the first bytes announce; "" where they announce none."""
    for start, name in _STARTS:
        if content.startswith(start):
            return name
    if content[:4] == b"RIFF":
        return {b"WEBP": "WEBP", b"WAVE": "WAV"}.get(content[8:12], "RIFF")
    if content[4:8] == b"ftyp":
        if content[8:11] in (b"hei", b"hev", b"mif", b"avi", b"msf"):
            return "HEIC or AVIF"
        return "M4A" if content[8:11] == b"M4A" else "MP4"
    # "BM" alone also starts ordinary text; the two reserved fields of a bitmap are zero.
    if content[:2] == b"BM" and content[6:10] == bytes(4):
        return "BMP"
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "SVG" if head.startswith((b"<svg", b"<?xml")) and b"<svg" in head else ""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the header states them; None if it is broken."""
    match signature(content):
        case "PNG":
            return _pair(content, 16, 4, "big") if content[12:16] == b"IHDR" else None
        case "GIF":
            return _pair(content, 6, 2, "little")
        case "BMP":
            return _bmp_size(content)
        case "JPEG":
            return _jpeg_size(content)
        case "WEBP":
            return _webp_size(content)
    return None


def n_parts(content: bytes, at_most: int) -> tuple[int, int]:
    """How many parts a PNG or GIF has, counted up to `at_most`, and how many frames a GIF.

    Decoders look at every part, and a file can consist of nothing else.
    """
    kind = signature(content)
    if kind == "PNG":
        return sum(1 for _ in islice(_png_chunks(content), at_most)), 1
    if kind == "GIF":
        marks = list(islice(_gif_blocks(content), at_most))
        return len(marks), marks.count(_GIF_FRAME)
    return 1, 1


def _png_chunks(content: bytes) -> Iterator[int]:
    at = 8
    while at + 8 <= len(content):
        yield at
        at += 12 + int.from_bytes(content[at : at + 4], "big")


def _gif_blocks(content: bytes) -> Iterator[int]:
    """The mark of every block, and 0 for each piece of its data."""
    at = 13 + _colours(content[10:11])
    while content[at : at + 1] in (_GIF_FRAME_START, b"!"):
        mark = content[at]
        yield mark
        at += 11 + _colours(content[at + 9 : at + 10]) if mark == _GIF_FRAME else 2
        while size := int.from_bytes(content[at : at + 1], "big"):
            yield 0
            at += 1 + size
        at += 1


def _colours(flags: bytes) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _pair(
    content: bytes, start: int, width: int, order: Literal["little", "big"]
) -> tuple[int, int] | None:
    """Two numbers of `width` bytes each, one after the other."""
    middle, end = start + width, start + 2 * width
    if len(content) < end:
        return None
    first, second = content[start:middle], content[middle:end]
    return int.from_bytes(first, order), int.from_bytes(second, order)


def _bmp_size(content: bytes) -> tuple[int, int] | None:
    if int.from_bytes(content[14:18], "little") == 12:
        return _pair(content, 18, 2, "little")
    if (size := _pair(content, 18, 4, "little")) is None:
        return None
    width, height = size
    # Rows stored from top to bottom are announced by a negative height.
    return width, 2**32 - height if height >= 2**31 else height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    frame = next((at for at, marker in _jpeg_segments(content) if marker in _JPEG_FRAMES), None)
    size = None if frame is None else _pair(content, frame + 5, 2, "big")
    return None if size is None else (size[1], size[0])


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each segment before the first scan starts, the scan included, and its marker."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 9 > len(content) or content[at] != 0xFF:
            return
        marker = content[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
            continue
        yield at, marker
        if marker == _JPEG_SCAN:
            return
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))


def jpeg_coefficients(content: bytes) -> int:
    """How many coefficients a decoder must hold at once; 0 if it can go row by row.

    A picture whose colours or bits come in several scans stands in memory as a whole,
    at its full size also where a reduced one is asked for.
    """
    found = {marker: at for at, marker in _jpeg_segments(content)}
    frame = next((marker for marker in found if marker in _JPEG_FRAMES), None)
    if frame is None:
        return 0
    at = found[frame]
    height, width = _pair(content, at + 5, 2, "big") or (0, 0)
    n_colours = content[at + 9]
    samplings = content[at + 11 : at + 11 + 3 * n_colours : 3]
    scan = found.get(_JPEG_SCAN, len(content))
    if frame not in _JPEG_PROGRESSIVE and content[scan + 4 : scan + 5] == bytes([n_colours]):
        return 0
    sides = [(each >> 4, each & 15) for each in samplings]
    if not sides or min(map(min, sides)) < 1:
        return width * height * max(n_colours, 1)
    widest, highest = max(x for x, _ in sides), max(y for _, y in sides)
    return sum(width * height * x * y // (widest * highest) for x, y in sides)


def _webp_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            size = _pair(content, 24, 3, "little")
            return None if size is None else (size[0] + 1, size[1] + 1)
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            size = _pair(content, 26, 2, "little")
            return None if size is None else (size[0] & 0x3FFF, size[1] & 0x3FFF)
    return None
