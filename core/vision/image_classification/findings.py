"""What happened to the convolutional network: said from what was measured."""

from core.baselines import ridge_right
from core.data.digits import DATA
from core.diagnosis import Finding
from core.recordings import Records
from core.remedies import Complaint
from core.shares import per_cent
from core.vision.image_classification.causes import Cause, causes, slower
from core.vision.image_classification.model import Config
from core.vision.image_classification.reading import confused

ENOUGH_RECORDS = 5
SHORT = 0.05  # of the test images: so much worse than a classical method is a fault


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        why = (
            f"Training diverged: at a learning rate of {config.learning_rate:g} the steps "
            "overshot until the loss was no longer a number."
        )
        return [_complaint(Cause("diverged", why, slower(config)))]
    if last < ENOUGH_RECORDS and last < config.n_records - 1:
        return []
    return [_of_a_score(config, records)]


def _of_a_score(config: Config, records: Records) -> Finding:
    usual, tested = ridge_right(config.data, config.n_train), float(records["test_accuracy"][-1])
    score = (
        f"The network classifies {per_cent(tested, 1)} of the 1,000 test images correctly; a ridge "
        f"regression on the pixels, which draws straight boundaries, {per_cent(usual, 1)}."
    )
    is_short = tested < usual - SHORT
    found = next((c for c in causes(config, records) if is_short or c.kind == "overfits"), None)
    if found:
        return _complaint(found._replace(sentence=f"{score} {found.sentence}"))
    if len(records["loss"]) < config.n_records and tested < usual:
        return Finding("underway", "note", f"{score} It is still learning.")
    return Finding("learned", "good", f"{score} {_confusion(config, records)}".strip())


def _complaint(cause: Cause) -> Finding:
    right = Complaint("test_accuracy", "test images correct", 1000) if cause.remedies else None
    return Finding(cause.kind, "bad", cause.sentence, complaint=right, remedies=cause.remedies)


def _confusion(config: Config, records: Records) -> str:
    confusion = records["confusion"][-1]
    cells, classes = confused(confusion), DATA[config.data]().classes
    if not cells:
        return ""
    most = int(confusion[cells[0]])
    tied = [cell for cell in cells if confusion[cell] == most]
    if len(tied) > 3:
        times = f"{most} time{'s' * (most != 1)}"
        return f"No mistake stands out: none is made more than {times}."
    named = " and ".join(f"{classes[true]} for {classes[said]}" for true, said in tied)
    each = f"{most} image{'s' * (most != 1)}{' each' * (len(tied) > 1)}"
    return f"Most often it takes {named} ({each})."
