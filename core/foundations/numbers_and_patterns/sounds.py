"""Sounds: recordings that a learner gives as WAV, spoken words, and mel spectrograms."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.refusal import Refused
from core.data.signatures import signature
from core.data.sources import FILES
from core.store import remembered

Floats = NDArray[np.float32]
RATE = 8000  # samples a second, of all sounds here
MAX_BYTES = 10_000_000
MAX_SECONDS = 20
MIN_SECONDS = 0.1
MAX_CHANNELS = 8
RATES = (4000, 192_000)  # what recorders use
LIMITS = f"WAV (PCM or float), at most {MAX_BYTES / 1e6:.0f} MB; the first {MAX_SECONDS} s are used"
_ACCEPTED = "A WAV file with PCM or float samples is accepted."
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
# What follows the format's number in an extensible header of either kind.
_GUID = bytes.fromhex("000000001000800000aa00389b71")
_KINDS = {(_PCM, 8): "u1", (_PCM, 16): "<i2", (_PCM, 32): "<i4", (_FLOAT, 32): "<f4"}
_KINDS |= {(_FLOAT, 64): "<f8"}
_MAX_CHUNKS = 20_000  # recorders write a dozen
_BLOCK = 1 << 14  # samples in every channel that are decoded at a time
_MAX_RATIO = 1000
_INAUDIBLE = 1e-7


@dataclass(frozen=True)
class Sound:
    """A mono recording at RATE between -1 and 1, and what was changed in it; read-only."""

    samples: Floats  # (T,)
    notes: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / RATE


@dataclass(frozen=True)
class _Format:
    kind: int
    n_channels: int
    rate: int
    bits: int

    @property
    def n_bytes(self) -> int:
        """Bytes of one sample in every channel."""
        return self.n_channels * self.bits // 8


def read_wav(content: bytes) -> Sound:
    """Decode a WAV file, or raise `Refused` with a sentence for the learner.

    What is decoded at a time does not grow with rate, channels or length.
    """
    header, data, n_claimed = _parts(content)
    form = _format(header)
    n_samples = len(data) // form.n_bytes
    if n_samples < MIN_SECONDS * form.rate:
        raise Refused(
            "too_short",
            f"The recording lasts {n_samples / form.rate:.2f} s; it must last {MIN_SECONDS} s.",
        )
    notes = []
    if n_claimed > len(data):
        notes.append("The file ends before its header says; what is there is used.")
    if n_samples > MAX_SECONDS * form.rate:
        notes.append(f"Only the first {MAX_SECONDS} s are used.")
        n_samples = MAX_SECONDS * form.rate
    samples, mended = _mono(data[: n_samples * form.n_bytes], form)
    samples -= samples.mean()
    even = resampled(samples, form.rate)
    even.setflags(write=False)
    return Sound(even, (*notes, *mended))


def _parts(content: bytes) -> tuple[bytes, memoryview, int]:
    """The format chunk, the data chunk, and how many bytes the latter claims to have."""
    if not content:
        raise Refused("empty", f"The recording is empty. {_ACCEPTED}")
    if len(content) > MAX_BYTES:
        raise Refused("too_big", f"The file is larger than {MAX_BYTES / 1e6:.0f} MB. {_ACCEPTED}")
    if (kind := signature(content)) != "WAV":
        what = f"This is {kind} data" if kind else "This is not a WAV recording"
        raise Refused("not_wav", f"{what}. {_ACCEPTED}")
    header, at = b"", 12
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(content):
            raise Refused("too_short", f"The recording holds no samples. {_ACCEPTED}")
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name == b"fmt ":
            header = content[at + 8 : at + 8 + min(size, 40)]
        elif name == b"data":
            return header, memoryview(content)[at + 8 : at + 8 + size], size
        at += 8 + size + size % 2
    raise Refused("damaged", f"The recording has more than {_MAX_CHUNKS:,} parts. {_ACCEPTED}")


def _format(header: bytes) -> _Format:
    if len(header) < 16:
        raise Refused("damaged", f"The header of the recording is damaged. {_ACCEPTED}")
    kind, n_channels, rate, _, align, bits = (
        int.from_bytes(header[start:stop], "little")
        for start, stop in ((0, 2), (2, 4), (4, 8), (8, 12), (12, 14), (14, 16))
    )
    if kind == _EXTENSIBLE and header[26:40] == _GUID:
        kind = int.from_bytes(header[24:26], "little")
    if kind not in (_PCM, _FLOAT):
        raise Refused("format", f"The recording is compressed in a way not known here. {_ACCEPTED}")
    form = _Format(kind, n_channels, rate, bits)
    known = (kind, bits) in _KINDS or (kind, bits) == (_PCM, 24)
    possible = 1 <= n_channels <= MAX_CHANNELS and RATES[0] <= rate <= RATES[1]
    if not known or not possible or align != form.n_bytes:
        raise Refused(
            "damaged",
            "The header of the recording states an impossible sample rate, number of channels "
            "or sample size; record it again.",
        )
    return form


def _mono(data: memoryview, form: _Format) -> tuple[Floats, list[str]]:
    """Samples (T,) between -1 and 1, and a sentence for everything that was mended."""
    n_samples = len(data) // form.n_bytes
    mean = np.empty(n_samples, dtype=np.float32)
    energy = np.zeros(form.n_channels)
    lowest, highest, n_wrong = np.inf, -np.inf, 0
    for start, values in _blocks(data, form):
        wrong = ~np.isfinite(values)
        n_wrong += int(wrong.sum())
        values[wrong] = 0
        lowest, highest = min(lowest, values.min()), max(highest, values.max())
        np.clip(values, -1, 1, out=values)
        energy += np.square(values).sum(axis=0)
        mean[start : start + len(values)] = values.mean(axis=1)
    notes = ["Samples that were no numbers were set to zero."] if n_wrong else []
    if max(-lowest, highest) > 1:
        notes.append("Samples beyond full scale were cut off at it (clipped).")
    if form.n_channels == 1:
        mixed = ""
    elif _cancels(mean, energy):
        mixed = f"The {form.n_channels} channels cancel each other; the loudest alone is used."
        mean = _channel(data, form, int(energy.argmax()))
    else:
        mixed = f"The {form.n_channels} channels were averaged into one."
    notes += [mixed] if mixed else []
    if np.ptp(mean) < _INAUDIBLE:
        silent = abs(mean[0]) < _INAUDIBLE
        notes.append(
            "The recording is silent: all samples are zero."
            if silent
            else "The recording stands still: all samples have the same value, not zero."
        )
    return mean, notes


def _cancels(mean: Floats, energy: NDArray[np.float64]) -> bool:
    """Whether averaging loses what is to be heard, as channels of opposite sign do."""
    return bool(np.square(mean, dtype=np.float64).sum() < 1e-3 * energy.max())


def _channel(data: memoryview, form: _Format, channel: int) -> Floats:
    """One channel alone, between -1 and 1."""
    blocks = (values[:, channel] for _, values in _blocks(data, form))
    finite = [np.nan_to_num(each, nan=0, posinf=0, neginf=0).clip(-1, 1) for each in blocks]
    return np.concatenate(finite).astype(np.float32)


def _blocks(data: memoryview, form: _Format) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Where each block starts, and its samples in every channel (T, C), full scale 1."""
    step = _BLOCK * form.n_bytes
    for start in range(0, len(data), step):
        values = _full_scale(data[start : start + step], form)
        yield start // form.n_bytes, values.reshape(-1, form.n_channels)


def _full_scale(data: memoryview, form: _Format) -> NDArray[np.float64]:
    if form.bits == 24:
        triples = np.frombuffer(data, np.uint8).reshape(-1, 3)
        # A zero byte below makes a 32-bit number of the same sign.
        whole: NDArray[Any] = np.pad(triples, ((0, 0), (1, 0))).view("<i4")[:, 0]
        return np.asarray(whole / 2.0**31)
    raw = np.frombuffer(data, _KINDS[form.kind, form.bits]).astype(np.float64)
    if form.kind == _FLOAT:
        return raw
    middle = 128.0 if form.bits == 8 else 0.0
    return np.asarray((raw - middle) / 2.0 ** (form.bits - 1))


def resampled(samples: Floats, rate: int) -> Floats:
    """The same sound at RATE: frequencies above half of it are filtered out.

    The ratio of rates is taken to within a millionth, so that the filter stays short.
    """
    if rate == RATE:
        return samples.astype(np.float32)
    from scipy.signal import resample_poly  # type: ignore[import-untyped]

    ratio = Fraction(RATE, rate).limit_denominator(_MAX_RATIO)
    even = resample_poly(samples.astype(np.float32, copy=False), ratio.numerator, ratio.denominator)
    return np.asarray(np.clip(even, -1, 1), dtype=np.float32)


def word(samples: Floats, n_samples: int) -> Floats:
    """The loudest stretch of `n_samples`, with what is loud in its middle (`n_samples`,)."""
    padded = np.pad(samples, n_samples)
    window = np.cumsum(np.concatenate([[0.0], padded.astype(np.float64) ** 2]))
    # Loudness over 25 ms: a single click is not what is loud.
    energy = np.pad(window[200:] - window[:-200], (100, 99)) / 200
    window = np.cumsum(np.concatenate([[0.0], energy]))
    best = int(np.argmax(window[n_samples:] - window[:-n_samples]))
    loud = np.flatnonzero(energy[best : best + n_samples] > 0.02 * max(energy.max(), 1e-12))
    middle = best + (int(loud[0] + loud[-1]) // 2 if len(loud) else n_samples // 2)
    start = int(np.clip(middle - n_samples // 2, 0, len(padded) - n_samples))
    return padded[start : start + n_samples]


def mel_spectrogram(
    samples: Floats, n_bands: int, n_frames: int, n_window: int = 400
) -> NDArray[np.float32]:
    """Loudness in decibels (n_bands, n_frames), low bands first, frames evenly spaced."""
    size = 1 << (n_window - 1).bit_length()
    starts = np.linspace(0, max(len(samples) - n_window, 0), n_frames).astype(int)
    padded = np.pad(samples, (0, max(0, n_window - len(samples))))
    frames = padded[starts[:, None] + np.arange(n_window)] * np.hanning(n_window)
    power = np.abs(np.fft.rfft(frames, size)) ** 2 / n_window
    return (10 * np.log10(_filters(n_bands, size) @ power.T + 1e-6)).astype(np.float32)


def mel_centres(n_bands: int) -> NDArray[np.float64]:
    """The middle frequency of every band in hertz (n_bands,)."""
    return _edges(n_bands)[1:-1]


def _edges(n_bands: int) -> NDArray[np.float64]:
    # The mel scale (O'Shaughnessy, 1987): equal steps sound equally far apart.
    mel = np.linspace(0, 2595 * np.log10(1 + RATE / 2 / 700), n_bands + 2)
    return np.asarray(700 * (10 ** (mel / 2595) - 1))


@remembered
def _filters(n_bands: int, size: int) -> NDArray[np.float64]:
    """Triangles over the spectrum (n_bands, size // 2 + 1), each summing to 1."""
    frequencies = np.fft.rfftfreq(size, 1 / RATE)
    low, middle, high = (_edges(n_bands)[i : i + n_bands, None] for i in range(3))
    rising, falling = (frequencies - low) / (middle - low), (high - frequencies) / (high - middle)
    triangles = np.clip(np.minimum(rising, falling), 0, None)
    return np.asarray(triangles / np.maximum(triangles.sum(axis=1, keepdims=True), 1e-9))


@dataclass(frozen=True)
class SpokenWords:
    """One-word recordings (N, 5600) as mu-law bytes; read-only."""

    clips: NDArray[np.uint8]
    labels: NDArray[np.uint8]  # (N,) index into words
    is_test: NDArray[np.bool_]
    speakers: tuple[str, ...]  # (N,)
    words: tuple[str, ...]


@remembered
def spoken_digits() -> SpokenWords:
    """The digits zero to nine, each said by 60 voices of a speech program (eSpeak NG)."""
    with np.load(FILES / "spoken_digits.npz", allow_pickle=False) as file:
        digits = file["y"] < 10
        voices = [str(file["voices"][i]) for i in file["voice"][digits]]
        words = tuple(str(each) for each in file["words"][:10])
        found = (file["X"][digits], file["y"][digits], file["test"][digits])
    for array in found:
        array.setflags(write=False)
    return SpokenWords(*found, tuple(voices), words)


@remembered
def human_digits() -> SpokenWords:
    """The ten English digits said by a person, for the trial outside the training data."""
    with np.load(FILES / "spoken_digits.npz", allow_pickle=False) as file:
        english = file["human_language"] == "en"
        clips, labels = file["human_X"][english], file["human_y"][english]
        speakers = tuple(str(each) for each in file["human_speaker"][english])
        words = tuple(str(each) for each in file["words"][:10])
    clips.setflags(write=False)
    return SpokenWords(clips, labels, np.ones(len(labels), dtype=bool), speakers, words)


def decoded(clip: NDArray[np.uint8]) -> Floats:
    """Samples between -1 and 1 from mu-law bytes (ITU-T G.711's curve)."""
    y = clip / 127.5 - 1
    return np.asarray(np.sign(y) * (256 ** np.abs(y) - 1) / 255, dtype=np.float32)
