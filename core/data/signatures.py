"""What a file is and how large its picture is, read from its first bytes alone."""

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
)
ARCHIVES = frozenset({"zip", "gzip", "bzip2", "xz", "7z", "zstd", "rar"})
# Start-of-frame markers of JPEG; C4, C8 and CC mean something else.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def signature(content: bytes) -> str:
    """Name the format that the first bytes announce; "" where they announce none."""
    for start, name in _STARTS:
        if content.startswith(start):
            return name
    if content[:4] == b"RIFF":
        return {b"WEBP": "WEBP", b"WAVE": "WAV"}.get(content[8:12], "RIFF")
    if content[4:8] == b"ftyp":
        return "HEIC or AVIF" if content[8:11] in (b"hei", b"mif", b"avi", b"msf") else "MP4"
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
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
        elif marker in _JPEG_FRAMES:
            size = _pair(content, at + 5, 2, "big")
            return None if size is None else (size[1], size[0])
        else:
            at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return None


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
