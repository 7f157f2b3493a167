"""The home page: every page has its picture, the paths lead somewhere, the search finds."""

import re
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.elements import contents, search
from pages.elements.curriculum import card_picture
from pages.elements.paths import LAB, LECTURE, PATHS
from tests.conftest import ROOT, page_name
from tests.test_pages import TOPIC_PAGES, opened


def home(**query: str) -> AppTest:
    """The app as a visitor finds it at first."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.query_params.update(query)
    return app.run()


@pytest.mark.parametrize("path", TOPIC_PAGES, ids=page_name)
def test_every_page_has_a_picture_for_both_themes(path: Path) -> None:
    for scheme in ("light", "dark"):
        with Image.open(card_picture(page_name(path), scheme)) as picture:
            assert picture.size == (480, 270)
            assert len(picture.convert("RGB").quantize(16).getcolors() or []) > 4


def test_the_paths_take_the_time_they_promise() -> None:
    assert LECTURE.minutes == 45
    assert LAB.minutes == 90


def test_every_step_leads_to_a_page() -> None:
    stems = {page_name(path) for path in TOPIC_PAGES}
    assert {step.page for path in PATHS.values() for step in path.steps} <= stems


@pytest.mark.parametrize(("name", "stop"), [("lecture", 4), ("lab", 2), ("lab", 5), ("lab", 6)])
def test_a_stop_opens_its_page_as_wanted_with_its_task(name: str, stop: int) -> None:
    step = PATHS[name].steps[stop - 1]
    path = next(path for path in TOPIC_PAGES if page_name(path) == step.page)
    app = opened(path, **step.query, path=name, stop=str(stop))
    assert not app.exception
    assert not [info for info in app.info if "link" in info.value.casefold()]
    for control, text in step.query.items():
        assert app.query_params[control] == text
    assert any(step.task in text.value for text in app.markdown)
    first, *_, last = app.get("page_link")
    assert first.label == last.label
    assert ("The end" in last.label) == (stop == len(PATHS[name].steps))


@pytest.mark.parametrize(("path", "stop"), [("lab", "99"), ("lab", "x"), ("<b>", "1"), ("", "")])
def test_a_path_that_does_not_exist_is_not_followed(path: str, stop: str) -> None:
    app = opened(TOPIC_PAGES[0], path=path, stop=stop)
    assert not app.exception
    assert "way" not in app.session_state
    assert app.get("page_link")[-1].label.startswith("Next: ")


def test_a_page_that_ends_early_leads_on_as_well() -> None:
    app = opened(ROOT / "pages/learning/clustering/page.py", clustering_mode="k-means step by step")
    assert app.get("page_link")[-1].label == "Next: **Dimensionality reduction**"


def test_every_heading_begins_with_the_words_of_the_menu() -> None:
    app = home()
    pages = [page for section in app.session_state["curriculum"].values() for page in section]
    assert len(pages) == len(TOPIC_PAGES)
    for page in pages:
        assert re.match(rf"{page.title}\b", contents.of(page.url_path).heading), page.title


SAID = {
    "supervised": ["classification", "regression"],
    "unsupervised": ["clustering", "dimensionality_reduction", "anomaly_detection"],
    "semi-supervised": ["semi_supervised"],
    "self-supervised": ["dimensionality_reduction"],
    "backpropagation": ["network"],
}


@pytest.mark.parametrize("word", SAID)
def test_the_words_of_the_field_are_said_on_their_pages(word: str) -> None:
    for page in SAID[word]:
        said = contents.of(page).heading + contents.of(page).text
        assert re.search(rf"(?<![\w-]){word}\b", said, re.IGNORECASE), page


@pytest.mark.parametrize("address", ["neuron", "gradient_descent"])
def test_backpropagation_is_named_where_it_is_shown(address: str) -> None:
    assert any("backpropagation" in text for text in contents.strings(address))


# What newcomers type, and the page that must be among the first three.
TERMS = {
    "numbers_and_patterns": "penguins, embedding, spectrogram, camera, microphone, word vectors",
    "rules_or_learning": "fraud, credit card, rules, expert system",
    "neuron": "XOR, perceptron, logistic regression, neuron, sigmoid, bias, neurons",
    "network": "backpropagation, backprop, epoch, MLP, hidden layer, neural networks, xor",
    "activation_functions": "ReLU, vanishing gradient, tanh, sigmoid, activation, initialization",
    "gradient_descent": "optimizer, optimiser, SGD, Adam, momentum, learning rate, batch, "
    "mini-batch, loss surface, bacpropagation",
    "layers": "CNN, Fashion-MNIST, feature maps, deep network",
    "overfitting": "underfitting, overfit, generalisation, generalization, regularisation, "
    "regularization, L2, dropout, early stopping, weight decay",
    "classification": "softmax, cross-entropy, confusion matrix, iris, supervised, ROC, "
    "clasification",
    "regression": "ensemble, house prices, supervised, uncertainty, outliers, mean squared error",
    "clustering": "k-means, unsupervised, MNIST, groups, clusters",
    "dimensionality_reduction": "VAE, PCA, t-SNE, autoencoder, self-supervised, latent, embedding",
    "anomaly_detection": "heartbeat, ECG, unsupervised, outlier detection, anomalies",
    "semi_supervised": "semi-supervised, pseudo-labels, semisupervised, few labels",
    "reinforcement": "Q-learning, robot, game, reward, RL, CartPole, agent",
    "transfer": "fine-tuning, finetuning, webcam, camera, ImageNet, pretrained",
    "image_classification": "CNN, MNIST, draw, convolution, webcam, camera, Grad-CAM, digits",
}
ASKED = [(term, page) for page, terms in TERMS.items() for term in terms.split(", ")]


@pytest.mark.parametrize(("term", "page"), ASKED)
def test_a_search_finds_the_page_among_the_first_three(term: str, page: str) -> None:
    assert not search.coming(term)
    assert page in search.ranked(term)[:3]


def test_half_a_word_finds_what_the_whole_one_does() -> None:
    assert search.ranked("perceptr")[0] == search.ranked("perceptron")[0]


@pytest.mark.parametrize("term", ["GAN", "GANs", "transformer", "Transformers", "LLM", "U-Net"])
def test_a_term_whose_page_is_to_come_says_so(term: str) -> None:
    app = home(home_search=term)
    assert "no page about" in app.info[0].value
    assert app.get("page_link")


def test_a_term_that_has_its_page_is_not_said_to_be_missing() -> None:
    for term, nearest in search.COMING.items():
        assert nearest in contents.addresses()
        assert search.coming(term) == nearest, f"{term} has a page now: take it out of COMING"


def test_a_miss_says_so_and_offers_pages() -> None:
    app = home(home_search="qqq [x](http://a.b) <b>")
    assert not app.exception
    assert "Nothing was found" in app.info[0].value
    assert "](http" not in app.info[0].value
    assert 1 <= len(app.get("page_link")) <= 3


def test_a_search_leaves_the_cards_that_speak_of_it() -> None:
    everything, found = home(), home(home_search="overfit")
    names = [link.label for link in found.get("page_link")]
    assert "Overfitting" in names[0]
    assert len(names) < len(everything.get("page_link")) / 3


def test_every_page_has_words_to_be_found_by() -> None:
    for address in contents.addresses():
        assert len(contents.of(address).keywords) >= 5
        assert len(contents.of(address).presets) >= 3


def test_most_pages_ask_first_in_words_that_the_lesson_plans_show() -> None:
    asking = [address for address in contents.addresses() if contents.of(address).question]
    assert len(asking) > 0.8 * len(contents.addresses())
