"""Inputs that go wrong in class: used after a stated repair, or refused in one sentence."""

import base64
import copy
import io
import json
import re
import subprocess
import sys
import tracemalloc
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from core.data import drawings, images, links, tables
from core.data.refusal import Refused

HERE = Path(__file__).parent / "bad_inputs"
MANIFEST = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
# A word of the note that each stated repair must have.
NOTE_WORDS = {
    "encoding": "read as",
    "delimiter": "separated by",
    "renamed": "names",
    "no_header": "first row",
    "sampled": "drawn at random",
    "missing_values": "missing values",
    "lossy": "rounded",
    "rare_class": "fewer than",
    "text_column": "Dates|thousands|Line breaks",
    "converted": "scaled to 8|laid on white|CMYK|GIF",
    "rotated": "turned",
    "contradiction": "both classes",
    "clipped": "moved to its edge",
    "tiny_drawing": "field is filled",
}
# What a page would read from a link, each with its own reader.
READERS: dict[str, Callable[[str], object]] = {
    "page": lambda text: links.one_of(text, ["mlp", "cnn"]),
    "lr": lambda text: links.number(text, 1e-5, 10),
    "epochs": lambda text: links.whole_number(text, 1, 1000),
    "hidden": lambda text: links.whole_numbers(text, 1, 64, 6),
    "act": lambda text: links.one_of(text, ["tanh", "relu"]),
    "seed": lambda text: links.whole_number(text, 0, 2**32 - 1),
    "text": lambda text: links.clean_text(text, 200),
    "s": drawings.decode_points,
}


def of_kind(kind: str) -> Any:
    entries = [entry for entry in MANIFEST if entry["kind"] == kind]
    return pytest.mark.parametrize("entry", entries, ids=[entry["name"] for entry in entries])


def check(entry: dict[str, Any], read: Callable[[], Any]) -> None:
    """Compare what reading gives with what the manifest expects."""
    verdict, _, rest = entry["expect"].partition(":")
    if verdict == "reject":
        with pytest.raises(Refused) as refused:
            read()
        assert refused.value.code == rest
        check_sentence(str(refused.value))
        return
    notes = read().notes
    repair = verdict.removeprefix("ok").removeprefix("+")
    assert bool(notes) == bool(repair)
    assert not repair or re.search(NOTE_WORDS[repair], " ".join(notes))
    for note in notes:
        check_sentence(note)


def check_sentence(text: str) -> None:
    """A plain sentence: no traceback, no path, no markup, nothing of the file."""
    assert re.fullmatch(r"[A-Z0-9][^\n<>\[\]{}]{10,200}[.]", text)
    assert not re.search(r"Traceback|Error|/tmp|\.py|\w+/\w+\.|http|onerror|HYPERLINK|beacon", text)


@of_kind("csv")
def test_table(entry: dict[str, Any]) -> None:
    content = (HERE / "csv" / entry["name"]).read_bytes()
    check(entry, lambda: tables.read_table(content, entry["name"]))


@of_kind("image")
def test_image(entry: dict[str, Any]) -> None:
    content = (HERE / "image" / entry["name"]).read_bytes()
    check(entry, lambda: images.read_image(content, entry["name"]))


@of_kind("drawing")
def test_drawing(entry: dict[str, Any]) -> None:
    is_picture = entry["text"].startswith(("data:", "http:"))
    read = drawings.read_ink if is_picture else drawings.read_points
    check(entry, lambda: read(entry["text"]))


@of_kind("query")
def test_link(entry: dict[str, Any]) -> None:
    values = urllib.parse.parse_qs(entry["text"], keep_blank_values=True)
    read, refused = {}, []
    for name in values.keys() & READERS.keys():
        try:
            read[name] = READERS[name](values[name][-1])
        except ValueError as error:
            refused.append(str(error))
    for sentence in refused:
        assert sentence.endswith(".")
        assert not re.search("invalid literal|could not convert|<|import", sentence)
    assert bool(refused) == (entry["expect"] == "ok+default_used")
    if entry["expect"] in ("ok+cleaned", "ok+shortened"):
        assert read["text"] != values["text"][-1]
        assert str(read["text"]).isprintable()
        assert len(str(read["text"])) <= 200


def test_good_values_of_a_link_arrive() -> None:
    assert links.number("0.03", 1e-5, 10) == 0.03
    assert links.number("1e-3", 1e-5, 10) == 0.001
    assert links.whole_numbers("16,8", 1, 64, 6) == (16, 8)
    assert links.whole_number("-3", -5, 5) == -3


@pytest.mark.parametrize("text", ["", " 1", "1 ", "1_0", "+1", "0x1", "٣", "1\n", "1" * 400, "--1"])
def test_numbers_are_written_with_plain_digits_only(text: str) -> None:
    with pytest.raises(ValueError, match="The link must give"):
        links.whole_number(text, 0, 10**9)
    with pytest.raises(ValueError, match="The link must give"):
        links.number(text, 0, 1e9)


def test_text_keeps_joined_letters_and_loses_what_cannot_be_seen() -> None:
    assert links.clean_text("a\0b\u202ec\u2066d\ufeff \t\n e\x1b[31m", 50) == "abcd e[31m"
    assert links.clean_text("👩\u200d🔬 naïve", 50) == "👩\u200d🔬 naïve"
    assert links.clean_text("x" * 1000, 7) == "x" * 7
    assert links.clean_text("\0\u202e", 7) == ""


@pytest.mark.parametrize("name", ["bomb_400Mpx.png", "bomb_rgb_80Mpx.png"])
def test_a_picture_that_would_fill_the_memory_is_judged_by_its_header(name: str) -> None:
    content = (HERE / "image" / name).read_bytes()
    tracemalloc.start()
    with pytest.raises(Refused):
        images.read_image(content, name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n" + b"1,2\n" * 900_000 + b"1,2,3\n", "ragged"),
        (b"a,b\n" + b"1,2\n" * 1_100_000, "too_big"),
        (b"," * 4_900_000, "parse"),
        (b"[" * 4_900_000, "parse"),
        (b"a,b\n" + b"x" * 5_000_000, "too_big"),
        (b",".join([b"1"] * 101) + b"\n", "too_big"),
        (b"only\none\ncolumn\n", "too_few_columns"),
        (b"\x1f\x8b\x08" + bytes(100), "compressed"),
        (b"a,b\n1,\x002\n", "binary"),
        (b"\xff\xfea\x00,", "binary"),
        (b"a,b\n1,2\n3,4\n", "too_few_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_large_or_foreign_file_is_refused_within_bounded_memory(
    content: bytes, code: str
) -> None:
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        tables.read_table(content, "x.csv")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == code
    assert peak < 30_000_000


def test_line_numbers_count_the_lines_of_the_file() -> None:
    ragged = b'a,b\n"1\n2",3\n\n4,5,6\n'
    with pytest.raises(Refused, match="Line 5 has 3 cells"):
        tables.read_table(ragged, "x.csv")
    with pytest.raises(Refused, match="Line 4 has a quotation mark"):
        tables.read_table(b'a,b\n1,"2\n3"\n"4,5\n6,7\n', "x.csv")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_and_line_ends_give_the_same_table(encoding: str, ending: str) -> None:
    text = ending.join(["größe\t“b”", "1,5\t2", "2,5\t4", "3,5\t8", "-1,5\t8", ""])
    frame = tables.read_table(text.encode(encoding), "x.csv").frame
    assert list(frame.columns) == ["größe", "“b”"]
    assert frame.to_numpy().tolist() == [[1.5, 2], [2.5, 4], [3.5, 8], [-1.5, 8]]


def test_cells_mean_what_their_file_says() -> None:
    german = tables.read_table(b"a;b\n1.234,5;1\n-2,5;2\n3;3\n4;4\n", "x.csv").frame
    assert german["a"].tolist() == [1234.5, -2.5, 3, 4]
    english = tables.read_table(b'a,b\n"1,234.5",1\n"2,000",2\n3,3\n4,4\n', "x.csv").frame
    assert english["a"].tolist() == [1234.5, 2000, 3, 4]
    odd = tables.read_table("a,b,c\n１,1,5\n1_0,2,6\ninf,3,7\n0x1,4,8\n".encode(), "x.csv")
    assert odd.numeric == ("b", "c")


def encoded(picture: PillowImage.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_accepted_format_can_be_read_and_breaks_gently(kind: str) -> None:
    gradient = np.linspace(0, 255, 40 * 60 * 3).reshape(40, 60, 3).astype(np.uint8)
    content = encoded(PillowImage.fromarray(gradient), kind)
    image = images.read_image(content, f"x.{kind.lower()}")
    assert image.notes == ()
    assert np.abs(image.pixels.astype(int) - gradient).mean() < 20
    for damage in range(60):
        broken = bytearray(content)
        broken[np.random.default_rng(damage).integers(len(content))] ^= 0xFF
        try:
            images.read_image(bytes(broken[: len(content) - damage % 3 * 50]), "x")
        except Refused as error:
            check_sentence(str(error))


@pytest.mark.parametrize(
    ("kind", "mode", "size", "options"),
    [
        ("WEBP", "RGB", (2100, 2000), {"lossless": True}),
        ("WEBP", "RGB", (2100, 2000), {"quality": 1}),
        ("GIF", "L", (5001, 5000), {}),
        ("BMP", "L", (5001, 5000), {}),
        ("JPEG", "L", (5001, 5000), {}),
        ("JPEG", "RGB", (5000, 4000), {"progressive": True, "subsampling": 0}),
        ("JPEG", "CMYK", (5000, 4000), {"progressive": True}),
        ("PNG", "RGBA", (4000, 4000), {}),
        ("PNG", "RGB", (4000, 4000), {}),
    ],
)
def test_what_a_picture_needs_is_judged_from_its_header(
    kind: str, mode: str, size: tuple[int, int], options: dict[str, Any]
) -> None:
    content = encoded(PillowImage.new(mode, size), kind, **options)
    with pytest.raises(Refused) as refused:
        images.read_image(content[:2000], "x")
    assert refused.value.code == "too_many_pixels"
    check_sentence(str(refused.value))


# A picture of the largest size of its kind that is accepted.
LARGE = [
    ("JPEG", "RGB", (6000, 4000), {"progressive": True}),
    ("JPEG", "CMYK", (6000, 4000), {}),
    ("PNG", "P", (6000, 4000), {"transparency": 1}),
    ("PNG", "RGBA", (4000, 3000), {}),
    ("GIF", "P", (6000, 4000), {}),
    ("WEBP", "RGBA", (2000, 1900), {"lossless": True}),
]
_PEAK = """
import os, pathlib, sys
from core.data import images
def told(name):
    return int(pathlib.Path("/proc/self/status").read_text().split(name)[1].split()[0]) / 1000
small, *large = [pathlib.Path(name).read_bytes() for name in sys.argv[1:]]
images.read_image(small, "x")
for content in large:
    # Each in a process of its own, in which no picture before it has left room.
    if os.fork() == 0:
        before = told("VmRSS:")
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        images.read_image(content, "x")
        print(told("VmHWM:") - before, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are Linux's to tell")
def test_the_largest_pictures_cost_at_most_eighty_megabytes(tmp_path: Path) -> None:
    tile = np.random.default_rng(0).integers(0, 2, (300, 400), np.uint8) * 255
    files = []
    for kind, mode, size, options in [("PNG", "P", (1100, 1100), {"transparency": 1}), *LARGE]:
        picture = PillowImage.fromarray(tile).resize(size, PillowImage.Resampling.NEAREST)
        files.append(tmp_path / str(len(files)))
        files[-1].write_bytes(encoded(picture.convert(mode), kind, **options))
    run = [sys.executable, "-c", _PEAK, *map(str, files)]
    told = subprocess.run(run, cwd=HERE.parents[1], capture_output=True, text=True, check=True)
    peaks = [float(line) for line in told.stdout.split()]
    assert len(peaks) == len(LARGE)
    assert max(peaks) <= 80


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff" * 9_000_000,
        b"\xff\xd8" + b"\xff\xd0" * 4_500_000,
        b"\xff\xd8" + b"\xff\xe1\0\2" * 2_000_000,
        b"GIF89a\x40\0\x40\0\0\0\0" + b"!\xfe" + b"\1a" * 4_000_000,
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\2\0\0\0\0\0\0\0"
        + b"\0\0\0\0tEXt\0\0\0\0" * 700_000,
    ],
    ids=["fill", "restart", "segments", "GIF", "PNG"],
)
def test_a_picture_of_nothing_but_parts_is_refused_after_some_of_them(content: bytes) -> None:
    read = []

    class Counted(bytes):
        def __getitem__(self, key: Any) -> Any:
            read.append(1)
            return super().__getitem__(key)

    with pytest.raises(Refused) as refused:
        images.open_picture(Counted(content))
    assert refused.value.code == "damaged"
    assert len(read) < 500_000


def test_a_picture_without_anything_in_it_is_refused_whoever_asks() -> None:
    rng = np.random.default_rng(0)
    dark = np.clip(rng.normal(6, 3, (300, 300, 3)), 0, 255).astype(np.uint8)
    blanks = [PillowImage.new("RGB", (50, 50), "black"), PillowImage.fromarray(dark)]
    blanks += [PillowImage.new("RGBA", (50, 50), (200, 30, 30, 0))]
    for blank in blanks:
        with pytest.raises(Refused) as refused:
            images.read_image(encoded(blank, "PNG"), "x.png")
        assert refused.value.code == "blank"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_a_moving_picture_the_first_frame_is_used_and_that_is_said(kind: str) -> None:
    frames = [PillowImage.fromarray(np.eye(40, k=k, dtype=np.uint8) * 255) for k in range(3)]
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    image = images.read_image(content, f"x.{kind.lower()}")
    assert "The image is animated; only its first frame is used." in image.notes
    assert np.abs(image.pixels[:, :, 0].astype(int) - np.eye(40) * 255).mean() < 5


def test_white_ink_on_a_clear_ground_stays_to_be_seen() -> None:
    ink = np.zeros((40, 40, 4), dtype=np.uint8)
    ink[:, :, :3], ink[10:30, 18:22, 3] = 255, 255
    image = images.read_image(encoded(PillowImage.fromarray(ink), "PNG"), "x.png")
    assert image.pixels[20, 20].tolist() == [255, 255, 255]
    assert image.pixels[0, 0].tolist() == [0, 0, 0]
    assert image.notes == ("Transparent parts were laid on black.",)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16", "CMYK"])
def test_a_picture_reduced_in_bands_is_the_picture_reduced_at_once(mode: str) -> None:
    rng = np.random.default_rng(0)
    tile = rng.integers(0, 2, (150, 130), np.uint8) * 255
    picture = (
        PillowImage.fromarray(tile).resize((1300, 1501)).convert(mode if mode != "I;16" else "L")
    )
    if mode == "I;16":
        picture = PillowImage.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    options = {"quality": 95} if kind == "JPEG" else {}
    pixels = images.read_image(encoded(picture, kind, **options), "x").pixels
    whole = PillowImage.fromarray(np.asarray(picture.convert("L") if mode != "I;16" else tile))
    if mode == "I;16":
        whole = whole.resize((1300, 1501))
    at_once = whole.convert("L").resize((887, 1024), PillowImage.Resampling.BOX)
    gap = np.abs(pixels.mean(axis=2) - np.asarray(at_once))
    assert pixels.shape == (1024, 887, 3)
    assert gap.mean() < 3


def test_a_large_photograph_is_reduced_upright_and_without_its_notes() -> None:
    exif = PillowImage.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret camera"
    photograph = PillowImage.new("RGB", (4000, 3000), "white")
    photograph.paste("black", (0, 0, 4000, 1500))
    image = images.read_image(encoded(photograph, "JPEG", exif=exif.tobytes()), "x.jpg")
    assert image.pixels.shape == (1024, 768, 3)
    assert image.pixels[:, -100:].max() < 10
    assert len(image.notes) == 2
    assert not hasattr(image, "info")


def test_sixteen_bits_and_transparency_keep_their_shades() -> None:
    ramp = np.tile(np.linspace(0, 65535, 50).astype(np.uint16), (20, 1))
    gray = images.read_image(encoded(PillowImage.fromarray(ramp), "PNG"), "x.png").pixels
    np.testing.assert_allclose(gray[0, :, 0], ramp[0] / 257, atol=1)
    clear = PillowImage.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 128), (0, 0, 10, 20))
    pixels = images.read_image(encoded(clear, "PNG"), "x.png").pixels
    assert pixels[0, [0, 19], 0].tolist() == [127, 255]


def test_ink_is_the_same_whichever_way_it_is_sent() -> None:
    field = np.zeros((28, 28), dtype=np.uint8)
    field[5:22, 10:14] = 200
    png = encoded(PillowImage.fromarray(field), "PNG")
    dark_on_white = encoded(PillowImage.fromarray(255 - field), "PNG")
    ways = [base64.b64encode(field.tobytes()).decode(), field.tobytes(), field.tolist()]
    ways += [f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in (png,)]
    ways += [f"data:image/png;base64,{base64.b64encode(dark_on_white).decode()}"]
    for way in (*ways, field.reshape(-1).tolist()):
        np.testing.assert_allclose(drawings.read_ink(way).pixels, field / 255, atol=1e-6)


@pytest.mark.parametrize("value", [7, [1], ["a"] * 784, [float("nan")] * 784, b"x", "QUJD", {}])
def test_what_is_no_ink_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refused:
        drawings.read_ink(value)
    assert refused.value.code == "not_an_image"


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000,
        '{"points":[{"x":1' + "0" * 400 + ',"y":1,"c":1}]}',
        "7",
        {"points": 7},
        [{"x": 1, "y": 1, "c": 2}] * 4,
        [{"x": True, "y": 1, "c": 1}] * 4,
        [[1, 2, 1]] * 4,
    ],
)
def test_what_is_no_point_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refused:
        drawings.read_points(value)
    assert refused.value.code == "bad_points"


def test_points_keep_place_and_class() -> None:
    drawn = [{"x": x, "y": -x, "c": c} for x, c in ((0, 0), (1.5, 1), (3, -1), (9, 1))]
    read = drawings.read_points({"points": drawn})
    np.testing.assert_array_equal(read.points, [[0, 0], [1.5, -1.5], [3, -3], [6, -6]])
    np.testing.assert_array_equal(read.labels, [-1, 1, -1, 1])
    assert read.notes == ("1 point outside the plane was moved to its edge.",)


def test_a_refusal_can_be_copied_as_a_cache_does() -> None:
    error = copy.copy(Refused("empty", "The file is empty."))
    assert (error.code, str(error)) == ("empty", "The file is empty.")
