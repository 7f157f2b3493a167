"""Recordings and texts that go wrong in class: mended with a note, or refused in a sentence."""

import json
import re
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.refusal import Refused
from core.foundations.numbers_and_patterns import input as own
from core.foundations.numbers_and_patterns import sentences, sounds, texts

HERE = Path(__file__).parent / "bad_inputs"
READERS: dict[str, Callable[[bytes], Any]] = {"audio": sounds.read_wav, "text": texts.read_text}
# A word of the note that each stated repair must have.
NOTE_WORDS = {
    "truncated": "ends before",
    "cleaned": "no numbers|left out",
    "silent": "silent|stands still",
    "shortened": "Only the first",
    "encoding": "read as",
    "tiny_vocabulary": "hardly any",
}
ENTRIES = [
    entry
    for kind in READERS
    for entry in json.loads((HERE / kind / "manifest.json").read_text(encoding="utf-8"))
]


def check_sentence(text: str) -> None:
    """A plain sentence: no traceback, no path, no markup, nothing of the file."""
    assert re.fullmatch(r"[A-Z0-9][^\n<>\[\]{}]{10,200}[.]", text)
    assert not re.search(r"Traceback|Error|/tmp|\.py|http|beacon", text)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["name"] for entry in ENTRIES])
def test_every_bad_input_is_handled_as_expected(entry: dict[str, Any]) -> None:
    content = (HERE / entry["kind"] / entry["name"]).read_bytes()
    verdict, _, code = entry["expect"].partition(":")
    read = READERS[entry["kind"]]
    if verdict == "reject":
        with pytest.raises(Refused) as refused:
            read(content)
        assert refused.value.code == code
        check_sentence(str(refused.value))
        return
    notes = read(content).notes
    repair = verdict.removeprefix("ok").removeprefix("+")
    assert bool(notes) == bool(repair)
    assert not repair or re.search(NOTE_WORDS[repair], " ".join(notes))
    for note in notes:
        check_sentence(note)


def wav(samples: bytes, kind: int, channels: int, rate: int, bits: int) -> bytes:
    align = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * align, align, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(samples))
    return b"RIFF" + struct.pack("<I", len(body) + len(samples)) + body + samples


def tone(rate: int, hertz: float = 440.0, seconds: float = 1.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100, 48_000])
@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_every_size_and_rate_of_samples_gives_the_same_tone(bits: int, rate: int) -> None:
    whole = np.rint(tone(rate) * (2 ** (bits - 1) - 1)).astype(np.int64)
    if bits == 8:
        content = (whole + 128).astype(np.uint8).tobytes()
    else:
        content = b"".join(int(v).to_bytes(bits // 8, "little", signed=True) for v in whole)
    read = sounds.read_wav(wav(content, 1, 1, rate, bits))
    assert read.notes == ()
    np.testing.assert_allclose(read.samples[200:-200], tone(8000)[200:-200], atol=0.02)


def test_channels_are_averaged_and_floats_are_read() -> None:
    stereo = np.stack([tone(8000), np.zeros(8000)], axis=1).astype("<f4")
    read = sounds.read_wav(wav(stereo.tobytes(), 3, 2, 8000, 32))
    np.testing.assert_allclose(read.samples, tone(8000) / 2, atol=1e-3)
    assert read.notes == ("The 2 channels were averaged into one.",)


def test_channels_that_cancel_each_other_are_not_lost() -> None:
    opposite = np.stack([tone(8000), -tone(8000)], axis=1).astype("<f4")
    read = sounds.read_wav(wav(opposite.tobytes(), 3, 2, 8000, 32))
    np.testing.assert_allclose(read.samples, tone(8000), atol=1e-3)
    assert "cancel each other" in read.notes[0]


def test_what_was_done_to_a_recording_is_said() -> None:
    loud = (3 * tone(8000)).astype("<f4")
    assert "beyond full scale" in sounds.read_wav(wav(loud.tobytes(), 3, 1, 8000, 32)).notes[0]
    still = np.full(8000, 1e6, dtype="<f4")
    assert "stands still" in sounds.read_wav(wav(still.tobytes(), 3, 1, 8000, 32)).notes[-1]
    zero = np.zeros(8000, dtype="<f4")
    assert "silent" in sounds.read_wav(wav(zero.tobytes(), 3, 1, 8000, 32)).notes[-1]
    heard = own.heard(wav(tone(8000).astype("<f4").tobytes(), 3, 1, 8000, 32))
    assert heard.notes == ("The loudest 0.7 s of 1.0 s are listened to.",)


# Format (1 PCM, 3 float), channels, rate, bits: headers that make much of ten megabytes.
LARGE = [
    (1, 1, 192_000, 8), (1, 1, 191_999, 8), (1, 2, 96_000, 16), (1, 8, 44_100, 32),
    (3, 8, 47_999, 64), (3, 2, 48_000, 32), (1, 1, 4001, 8), (1, 3, 44_101, 24),
]  # fmt: skip


def test_ten_megabytes_of_any_rate_and_channels_cost_little_memory() -> None:
    sounds.resampled(np.zeros(900, np.float32), 16_000)  # what is loaded once does not count
    for kind, channels, rate, bits in LARGE:
        noise = np.random.default_rng(0).integers(0, 64, 9_900_000 // 192 * 192, np.uint8)
        content = wav(noise.tobytes(), kind, channels, rate, bits)
        tracemalloc.start()
        read = sounds.read_wav(content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40_000_000
        assert len(read.samples) <= sounds.MAX_SECONDS * sounds.RATE + 100


def test_a_recording_of_nothing_but_empty_parts_is_refused_before_all_are_walked() -> None:
    chunks = b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 1_200_000
    with pytest.raises(Refused) as refused:
        sounds.read_wav(chunks)
    assert refused.value.code == "damaged"


def test_sound_that_is_no_wav_is_called_by_its_name() -> None:
    starts = {b"OggS": "OGG", b"ID3\x04": "MP3", b"fLaC": "FLAC", b"\0\0\0\x20ftypM4A ": "M4A"}
    for start, name in starts.items():
        with pytest.raises(Refused, match=f"This is {name} data"):
            sounds.read_wav(start + bytes(100))


def test_a_high_tone_does_not_come_back_as_a_low_one() -> None:
    high = sounds.resampled(tone(48_000, 6000).astype(np.float32), 48_000)
    assert np.abs(high[60:-60]).max() < 0.01  # the ends are clicks


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"\x89PNG\r\n\x1a\n" * 9])
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        sounds.read_wav(content)
    check_sentence(str(refused.value))


def test_a_recording_broken_anywhere_is_used_or_refused_within_bounded_memory() -> None:
    content = wav(np.rint(tone(8000) * 3e4).astype("<i2").tobytes(), 1, 1, 8000, 16)
    tracemalloc.start()
    for damage in range(200):
        broken = bytearray(content)
        broken[np.random.default_rng(damage).integers(60)] ^= 0xFF
        try:
            assert np.isfinite(sounds.read_wav(bytes(broken)).samples).all()
        except Refused as error:
            check_sentence(str(error))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_texts_of_every_encoding_are_the_same_text() -> None:
    text = "naïve Öl\nzweite Zeile"
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252")
    assert {texts.read_text(text.encode(each)).text for each in encodings} == {text}
    assert texts.read_text(text.replace("\n", "\r\n").encode()).text == text


@pytest.mark.parametrize("sentence", ["", "   ", "😀 😀", "!!!", "ж ж ж", "\u200b"])
def test_a_sentence_without_a_known_word_is_refused_in_a_sentence(sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        sentences.read_sentence(sentence)
    check_sentence(str(refused.value))


def test_a_sentence_keeps_its_words_in_order_and_knows_what_it_does_not_know() -> None:
    read = sentences.read_sentence("The FOOD was xqzzy, great!")
    assert read.tokens == ("the", "food", "was", "xqzzy", ",", "great", "!")
    assert [i >= 0 for i in read.ids] == [True, True, True, False, False, True, False]
    vectors = sentences.word_vectors().vectors
    np.testing.assert_allclose(read.vector, vectors[[i for i in read.ids if i >= 0]].mean(axis=0))
