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
from core.foundations.numbers_and_patterns import sentences, sounds, texts

HERE = Path(__file__).parent / "bad_inputs"
READERS: dict[str, Callable[[bytes], Any]] = {"audio": sounds.read_wav, "text": texts.read_text}
# A word of the note that each stated repair must have.
NOTE_WORDS = {
    "truncated": "ends before",
    "cleaned": "no numbers|left out",
    "silent": "silent",
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


def test_a_high_tone_does_not_come_back_as_a_low_one() -> None:
    high = sounds.resampled(tone(48_000, 6000).astype(np.float32), 48_000)
    assert np.abs(high).max() < 0.01


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
