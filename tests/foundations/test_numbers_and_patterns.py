"""Facts about things turned into numbers, and the encoders that place them."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load as load_tensors

from core.data import digits
from core.data.refusal import Refused
from core.foundations.numbers_and_patterns import (
    examples,
    findings,
    penguins,
    reading,
    script,
    sounds,
)
from core.foundations.numbers_and_patterns import input as own
from core.foundations.numbers_and_patterns import model as topic
from core.foundations.numbers_and_patterns.model import Config
from core.runs import Run
from tests.conftest import ROOT
from tests.scripts import piped, ran
from tests.test_bad_audio_text import wav
from tests.test_pages import opened

PAGE = ROOT / "pages" / "foundations" / "numbers_and_patterns" / "page.py"
KINDS = list(examples.KINDS)


def trained(kind: str, **settings: object) -> tuple[Config, Run]:
    config = replace(Config(kind=kind), **settings)
    return config, Run(topic.training, config)


@pytest.mark.parametrize(
    ("kind", "share"), [("photo", 0.6), ("sentence", 0.45), ("sound", 0.8), ("row", 0.95)]
)
def test_every_encoder_finds_a_pattern_that_holds_for_new_examples(kind: str, share: float) -> None:
    config, run = trained(kind)
    last = run.at(config.n_epochs)
    assert last["test_accuracy"] > share
    assert run.at(0)["test_accuracy"] < 0.45


@pytest.mark.parametrize("kind", KINDS)
def test_neighbours_on_the_map_are_of_one_class_more_often_than_by_chance(kind: str) -> None:
    config, run = trained(kind)
    found = config.examples
    record = run.at(config.n_epochs)
    same = []
    for x, y in list(zip(found.x_test, found.y_test, strict=True))[:60]:
        same.append((found.y[reading.answer(config, record, x).nearest] == y).mean())
    assert np.mean(same) > 2 * np.bincount(found.y).max() / len(found.y) or kind == "row"
    assert np.mean(same) > 0.4


@pytest.mark.parametrize("kind", KINDS)
def test_read_by_hand_the_answer_equals_pytorchs(kind: str) -> None:
    config, run = trained(kind)
    record, x = run.at(3), config.examples.x_test[0]
    model = topic.Encoder(config.sizes)
    flat = torch.from_numpy(record["parameters"].astype(np.float32))
    torch.nn.utils.vector_to_parameters(flat, model.parameters())
    place = model(torch.from_numpy(x.copy())[None])
    found = reading.answer(config, record, x)
    np.testing.assert_allclose(found.place, place[0].detach(), atol=1e-4)
    shares = torch.softmax(model.classes(place), 1)[0].detach()
    np.testing.assert_allclose(found.probabilities, shares, atol=1e-4)


def test_a_known_example_is_its_own_nearest_neighbour() -> None:
    config, run = trained("sound")
    record = run.at(20)
    found = reading.answer(config, record, config.examples.x[7])
    assert 7 in found.nearest
    assert found.distances[0] < 0.1


def test_photos_are_reduced_by_the_mean_of_four_pixels() -> None:
    picture = digits.fashion_mnist().x_train[0] / 255
    numbers = examples.photo_numbers(picture).reshape(14, 14)
    assert numbers[3, 5] == pytest.approx(2 * picture[6:8, 10:12].mean() - 1)
    assert numbers.min() >= -1


def test_rows_are_standardised_to_mean_0_and_deviation_1() -> None:
    table = penguins.penguins()[list(penguins.FEATURES)].to_numpy()
    standardised = examples.row_numbers(table)
    np.testing.assert_allclose(standardised.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(standardised.std(axis=0), 1, atol=1e-4)


@pytest.mark.parametrize("hertz", [300, 1000, 2500])
def test_a_tone_is_loudest_in_the_band_of_its_pitch(hertz: int) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(8000) / sounds.RATE).astype(np.float32)
    mel = sounds.mel_spectrogram(tone, 32, 10)
    loudest = sounds.mel_centres(32)[mel.mean(axis=1).argmax()]
    assert abs(np.log2(loudest / hertz)) < 0.25
    assert mel.shape == (32, 10)


def test_loudness_and_position_of_a_word_hardly_matter() -> None:
    word = sounds.decoded(sounds.spoken_digits().clips[3])
    moved = np.concatenate([np.zeros(3000, dtype=np.float32), word, np.zeros(2000, np.float32)])
    one, other = (examples.sound_numbers(examples.spectrogram(s)) for s in (word, 0.3 * moved))
    assert np.corrcoef(one, other)[0, 1] > 0.97


def png(size: tuple[int, int], colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    picture = Image.new("RGB", size, "white")
    picture.paste(colour, (size[0] // 4, size[1] // 4, 3 * size[0] // 4, 3 * size[1] // 4))
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def test_a_photo_is_taken_apart_into_its_planes() -> None:
    photo = own.photographed(png((200, 100)), "x.png")
    shown = own.planes(photo)
    assert shown.shape == (48, 96, 3)
    assert shown[24, 48].tolist() == [255, 0, 0]
    assert photo.x.shape == (196,)


BAD: list[tuple[str, object, str]] = [
    ("photo", lambda: own.photographed(b"Hello, this is text.", "x.png"), "not an image"),
    ("photo", lambda: own.photographed(png((5000, 4000)), "x.png"), "20 megapixels"),
    ("photo", lambda: own.photographed(b"", "x.png"), "empty"),
    ("sound", lambda: own.heard(b""), "empty"),
    ("sound", lambda: own.heard(wav(bytes(16_000), 1, 1, 8000, 16)), "silent"),
    ("sentence", lambda: own.written("😀😀"), "None of its words"),
    ("sentence", lambda: own.read_file(b"%PDF-1.7 x"), "not plain text"),
    ("row", lambda: own.measured([float("nan")] * 4), "Bill length must be .* it is empty"),
    ("row", lambda: own.measured([44.0, None, 200.0, 4000.0]), "Bill depth must be"),
    ("row", lambda: own.measured([44.0, 17.0, 200.0, 1e9]), r"Body mass .* got 1e\+09"),
]


@pytest.mark.parametrize(("kind", "give", "said"), BAD, ids=[f"{k} {s}" for k, _, s in BAD])
def test_a_thing_that_cannot_be_used_is_refused_in_a_sentence(
    kind: str, give: object, said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        give()  # type: ignore[operator]
    assert str(refused.value).endswith(".")


def test_impossible_settings_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"learning_rate must be between 0\.0001 and 10, got nan"):
        Config(learning_rate=float("nan"))
    with pytest.raises(ValueError, match="kind must be one of photo, sentence, sound, row"):
        Config(kind="smell")


def test_one_hidden_unit_is_named_as_too_few() -> None:
    config, run = trained("photo", n_hidden=1)
    found = findings.findings(config, run.until(40), "finished")
    assert [finding.kind for finding in found] == ["narrow"]
    assert found[0].remedies[0].settings == {"n_hidden": 16}


def test_the_challenge_can_be_met() -> None:
    config, run = trained("sound", n_hidden=8, n_epochs=100)
    assert reading.challenge(config, run.until(100))[0]
    config, run = trained("photo")
    assert not reading.challenge(config, run.until(5))[0]


@pytest.mark.parametrize("kind", ["photo", "row"])
def test_the_script_taken_home_reproduces_the_loss(kind: str, tmp_path: Path) -> None:
    config, run = trained(kind, train_share=50, seed=4)
    (tmp_path / "examples.npz").write_bytes(reading.examples_file(config))
    printed, left = ran(script.script(config, 8), tmp_path)
    loss = printed.splitlines()[0].removeprefix("training loss: ")
    assert float(loss) == pytest.approx(run.at(8)["loss"], rel=1e-3)
    kept = run.at(8)["parameters"]
    weights = load_tensors(reading.weights_file(config, kept))
    left["network"].load_state_dict(weights, strict=True)
    flat = torch.nn.utils.parameters_to_vector(left["network"].parameters())
    np.testing.assert_array_equal(flat.detach().numpy(), kept.astype(np.float32))


@pytest.mark.claims
@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("photo", {"n_hidden": 5, "batch_size": 20, "n_epochs": 20}),
        ("sentence", {"learning_rate": 0.01, "seed": 11}),
        ("sound", {"train_share": 40, "n_epochs": 70}),
        ("row", {"n_hidden": 6, "learning_rate": 0.01, "seed": 2}),
    ],
)
def test_the_script_prints_the_figure_of_the_page(
    kind: str, settings: dict[str, float], tmp_path: Path
) -> None:
    config, run = trained(kind, **settings)
    (tmp_path / "examples.npz").write_bytes(reading.examples_file(config))
    printed = piped(script.script(config, config.n_epochs), tmp_path)
    loss = printed.splitlines()[0].removeprefix("training loss: ")
    assert float(loss) == pytest.approx(float(run.at(config.n_epochs)["loss"]), abs=1e-4)


EXTREMES = [
    {"kind": "photo", "n_hidden": 1, "train_share": 5, "n_epochs": 5, "zoom": "8 pixels",
     "row": 88, "column": 88, "drawing": "blue trousers", "view": "Activations"},
    {"kind": "photo", "n_hidden": 24, "learning_rate": 10.0, "seed": 9999, "zoom": "24 pixels",
     "row": 0, "column": 0, "drawing": "a brown bag", "view": "Prediction"},
    {"kind": "sentence", "batch_size": 200, "sentence": "<b>x</b> great ![a](http://x)",
     "view": "Map as a table"},
    {"kind": "sound", "learning_rate": 0.0001, "batch_size": 10, "n_epochs": 100, "digit": 0},
    {"kind": "row", "n_hidden": 24, "train_share": 5, "view": "Weights"},
]  # fmt: skip


@pytest.mark.parametrize("settings", EXTREMES, ids=str)
def test_the_page_stands_at_the_extremes_of_its_controls(settings: dict[str, object]) -> None:
    app = opened(PAGE)
    for name, value in settings.items():
        app.session_state[f"numbers_and_patterns_{name}"] = value
    app.run()
    assert not app.exception
    assert not app.error
    assert any("nearest neighbours" in text.value for text in app.markdown)


def test_a_refused_sentence_is_said_and_the_last_good_one_stays() -> None:
    app = opened(PAGE)
    app.session_state["numbers_and_patterns_kind"] = "sentence"
    app.run()
    before = [text.value for text in app.markdown if "neighbours" in text.value]
    app.text_input(key="numbers_and_patterns_sentence").set_value("😀").run()
    assert not app.exception
    assert "The last good sentence stays." in app.error[0].value
    assert [text.value for text in app.markdown if "neighbours" in text.value] == before
