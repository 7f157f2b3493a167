"""Two ways through the pages: for a lecture of 45 minutes, and for a first lab."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One stop: the page by its address, what it is opened with, and what to do there."""

    page: str
    minutes: int
    task: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LearningPath:
    """Stops in order, under the name that links call them by."""

    name: str
    title: str
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """How long the whole path takes."""
        return sum(step.minutes for step in self.steps)


LECTURE = LearningPath(
    "lecture",
    "A lecture of 45 minutes",
    (
        Step("rules_or_learning", 6, "Let the class write a rule; then let the world change."),
        Step("neuron", 7, "Fit two clouds by hand, then hand over to gradient descent."),
        Step("network", 10, "Play the circle. Mute units, click a weight, scrub back and forth."),
        Step(
            "network",
            5,
            "Break it: XOR without a hidden layer. Ask why it stalls.",
            {"network_data": "XOR", "network_n_hidden": "0"},
        ),
        Step("layers", 9, "Play the answer's map, then read how much each layer knows."),
        Step("overfitting", 8, "Training falls, the test rises. Then give it more examples."),
    ),
)
LAB = LearningPath(
    "lab",
    "A first lab of 90 minutes",
    (
        Step("numbers_and_patterns", 10, "Put in a photo, a sentence and a sound of your own."),
        Step(
            "neuron",
            10,
            "Try to solve XOR with one neuron, by hand and by training.",
            {"neuron_data": "XOR"},
        ),
        Step("network", 20, "Click your own points, and solve the challenge."),
        Step("gradient_descent", 15, "Place the start yourself: which optimiser gets lost?"),
        Step(
            "image_classification",
            20,
            "Draw digits until you find one that it misreads.",
            {"image_classification_source": "Draw"},
        ),
        Step("overfitting", 15, "Make it learn by heart, then fix it in three ways."),
    ),
)
PATHS = {path.name: path for path in (LECTURE, LAB)}
