"""What happened in a regression's run: said from what was measured in it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core import diagnosis, evidence
from core.data.escaping import as_markdown
from core.diagnosis import Finding
from core.learning.regression import units
from core.learning.regression.baseline import baseline, neighbours
from core.learning.regression.causes import (
    LOSS,
    UNEXPLAINED,
    causes,
    general,
    rates,
    remedy,
    thrown_about,
)
from core.learning.regression.model import STEPS_PER_RECORD, Config, held_out, prepared
from core.learning.regression.picture import LOSS_NAMES, distance
from core.learning.regression.points import CURVES, OWN_POINTS, REACH, along
from core.learning.regression.scores import UNIT
from core.recordings import Records
from core.remedies import Complaint, Remedy
from core.shares import per_cent

ENOUGH = 10  # records after which a run can be judged
FEW_TEST_ROWS = 10
APART = 0.05  # of the test's variance: less is no reason to complain
AGREE = 0.02  # of y: members this near give the same answers
MOST_TRIED = 4
FEW = 2  # rows whose share of the squared error is told
GOAL_OUTLIERS = 6
GOAL_DISTANCE = 0.15
TEST_LOSS = Complaint("test_loss", "test loss")

Floats = NDArray[np.float64]


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    last = len(records["loss"]) - 1
    if end == "diverged":
        slower = tuple(rates(config, 0.1, 0.01, 0.001))
        return [diagnosis.diverged(f"step {_step(last):,}", config.learning_rate, LOSS, slower)]
    if last < ENOUGH:
        return []
    if config.is_table and len(prepared(config).y_test) < FEW_TEST_ROWS:
        return [_too_few_to_judge(config)]
    bad = [f for rule in (_held_back, _overfits, _one_member) if (f := rule(config, records))]
    unfit = any(f.kind in ("unsteady", "stalled", "too_short", "constant") for f in bad)
    rules = () if unfit else (_heavy, _losses, _changed, _doubt)
    notes = [f for rule in rules if (f := rule(config, records))]
    stands = [] if bad and bad[0].kind != "one_member" else [_stands(config, records)]
    said = [*bad, *stands, *notes]
    if bad:  # nothing praises a run that something is the matter with
        said = [f if f.tone == "bad" else replace(f, tone="note") for f in said]
    elif config.loss == "all" and not config.is_table:  # the comparison is what was asked for
        said.sort(key=lambda finding: finding.kind != "losses")
    return said


def _step(record: int) -> int:
    return record * STEPS_PER_RECORD


def _too_few_to_judge(config: Config) -> Finding:
    n_test = len(prepared(config).y_test)
    rows = "1 test row is" if n_test == 1 else f"{n_test} test rows are"
    return Finding(
        "few_tests",
        "note",
        f"{rows} too few to judge a network by: one odd row more or less turns R². Leave more "
        "rows out, or bring more.",
    )


def _tested(config: Config, records: Records, record: int) -> tuple[Floats, Floats, Floats]:
    """Places or rows, answers and truths of the held-out examples, outside the gap (N,)."""
    if config.is_table:
        data = prepared(config)
        answers = records["predicted"][record] / UNIT
        return np.arange(len(answers), dtype=float), answers, data.y_test.astype(float)
    x, y = (part[:, 0].numpy().astype(float) for part in held_out(config))
    near = np.abs(x) > REACH * config.gap / 100
    each = np.array([np.interp(x[near], along(), z) for z in _best(config, records, record)])
    return x[near], each.mean(axis=0), y[near]


def _best(config: Config, records: Records, record: int) -> Floats:
    """The curves (M, G) of the members of the loss that does best on the held-out points."""
    members = records["members"][record].reshape(len(config.losses), config.n_members, -1)
    return np.asarray(members[int(np.argmax(records["r2"][-1]))] / UNIT)


def _errors(config: Config, records: Records, record: int = -1) -> tuple[Floats, Floats]:
    """Squared errors on the test (N,): the mean answer's, and the classical method's."""
    x, answers, y = _tested(config, records, record)
    last = len(records["loss"]) - 1
    known = baseline(config).predicted if config.is_table else neighbours(config, last, x)
    return np.square(answers - y), np.square(known - y)


def _overfits(config: Config, records: Records) -> Finding | None:
    """Whether the test loss has risen by more than chance while the training loss fell."""
    if config.data == OWN_POINTS or config.changes or config.n_outliers:
        return None  # the test has none of the points that were placed
    said = diagnosis.overfitting(
        records["loss"],
        records["test_loss"],
        lambda record: _errors(config, records, record)[0],
        lambda record: f"step {_step(record):,}",
    )
    if not said or config.shape == "constant":
        return None
    stronger = [remedy(config, f"L2 = {l2:g}", l2=l2) for l2 in (0.003, 0.03) if l2 > config.l2]
    if not config.is_table and config.n_points < 40:
        stronger = [remedy(config, "40 training points", n_points=40), *stronger]
    return Finding(
        "overfits",
        "bad",
        f"{said} {_score(config, records)}",
        complaint=TEST_LOSS,
        remedies=tuple(stronger),
    )


def _held_back(config: Config, records: Records) -> Finding | None:
    """Whether the run is clearly worse than a classical method on the same examples, and why."""
    found = causes(config, records)
    certain = thrown_about(records["loss"]) or (found and found[0].kind in ("constant", "pulled"))
    if not certain and not _falls_short(config, records):
        return None
    ahead = [each for cause in found for each in cause.remedies] or list(general(config))
    kind, why = (found[0].kind, found[0].sentence) if found else ("stalled", _unexplained(records))
    by_loss = kind in ("unsteady", "too_short", "stalled") or config.data == OWN_POINTS
    return Finding(
        kind,
        "bad",
        f"{_score(config, records)} {why}",
        complaint=LOSS if by_loss else UNEXPLAINED,
        remedies=tuple(_unlike(config, ahead))[:MOST_TRIED],
    )


def _unexplained(records: Records) -> str:
    loss = records["loss"]
    return (
        f"The training loss went from {float(loss[0]):.3g} to {float(loss[-1]):.3g}. What holds it "
        "back does not show in what is measured."
    )


def _unlike(config: Config, remedies: list[Remedy]) -> Iterator[Remedy]:
    """The remedies without repetitions, and without what changes nothing."""
    seen: set[object] = {config}
    for each in remedies:
        if each.config not in seen:
            seen.add(each.config)
            yield each


def _falls_short(config: Config, records: Records) -> bool:
    """Whether the answers are worse than a classical method's by more than chance."""
    if config.data == OWN_POINTS:
        return float(records["loss"][-1]) > 0.8 * float(records["loss"][0])
    now, known = _errors(config, records)
    worse = evidence.rise(known, now)
    variance = float(_tested(config, records, -1)[2].var())
    return worse.is_certain and worse.mean > APART * variance


def _score(config: Config, records: Records) -> str:
    """Where the run stands, beside a classical method on the same examples."""
    if config.is_table:
        return (
            f"R² on the {len(prepared(config).y_test):,} held-out rows: "
            f"{float(records['r2'][-1].max()):.3f} for the mean of the networks, "
            f"{baseline(config).r2:.3f} for ridge regression on the same split and inputs."
        )
    steps = _step(len(records["loss"]) - 1)
    if config.data == OWN_POINTS:
        now = float(records["loss"][-1])
        return f"After {steps:,} steps the loss on your points is {now:.3g}."
    inside = (np.abs(along()) <= REACH) & (np.abs(along()) > REACH * config.gap / 100)
    x, truth = along()[inside], CURVES[config.data](along()[inside])
    mean = _best(config, records, -1).mean(axis=0)[inside]
    known = neighbours(config, len(records["loss"]) - 1, x)
    return (
        f"After {steps:,} steps the mean curve is {np.abs(mean - truth).mean():.2f} from the truth "
        f"on average among the points; the median of the five nearest points is "
        f"{np.abs(known - truth).mean():.2f} from it."
    )


def _stands(config: Config, records: Records) -> Finding:
    """A run that nothing is the matter with, beside a classical method on the same examples."""
    said = _score(config, records)
    if config.data == OWN_POINTS:
        first = float(records["loss"][0])
        return Finding("learned", "good", f"{said} Before any step it was {first:.3g}.")
    now, known = _errors(config, records)
    gain = evidence.rise(now, known)
    who = "ridge regression" if config.is_table else "the median of neighbours"
    if gain.is_certain:
        return Finding("better", "good", f"{said} The networks are better by more than chance.")
    if evidence.rise(known, now).is_certain:
        return Finding("worse", "note", f"{said} By more than chance {who} did better.")
    return Finding(
        "equal",
        "good" if not config.is_table else "note",
        f"{said} Too close to call one the better: the difference is within two standard errors.",
    )


def _heavy(config: Config, records: Records) -> Finding | None:
    """Whether two rows of a table make a good part of the whole squared error."""
    if not config.is_table:
        return None
    _, answers, y = _tested(config, records, -1)
    squared = np.square(answers - y)
    worst = np.argsort(-squared)[:FEW]
    share = float(squared[worst].sum() / squared.sum()) if squared.sum() else 0.0
    if share < max(0.1, 10 * FEW / len(y)):
        return None
    rest = np.delete(squared, worst).mean() / np.delete(y, worst).var()

    def told(value: float) -> str:
        return as_markdown(units.said(config, float(value)))

    each = " and ".join(f"{told(answers[k])} where {told(y[k])} is true" for k in worst.tolist())
    return Finding(
        "heavy",
        "note",
        f"{FEW} of the {len(y):,} test rows make {per_cent(share)} of the squared error: answered "
        f"{each}. Without them R² is {1 - rest:.3f}: such rows move it more than the choice of "
        "the model does.",
    )


def _one_member(config: Config, records: Records) -> Finding | None:
    if config.n_members > 1:
        return None
    said = "One network gives one answer and no spread: it shows no doubt anywhere"
    if config.data in CURVES and config.gap:
        x = along()
        there = np.abs(x) < 0.9 * REACH * config.gap / 100
        wrong = np.abs(_best(config, records, -1)[0] - CURVES[config.data](x))[there].mean()
        said += f", not in the gap either, where it is {wrong:.2f} from the truth on average"
    return Finding("one_member", "bad", f"{said}. With more members the others show theirs.")


def _losses(config: Config, records: Records) -> Finding | None:
    if len(config.losses) == 1 or config.data not in CURVES:
        return None
    apart = _last(config, records)
    said = ", ".join(
        f"{value:.2f} with {LOSS_NAMES[name]}"
        for name, value in zip(config.losses, apart, strict=True)
    )
    best = LOSS_NAMES[config.losses[int(apart.argmin())]]
    return Finding(
        "losses",
        "good",
        f"On the same points the mean curve is from the truth, on average: {said}. "
        f"Nearest: {best}.",
    )


def _last(config: Config, records: Records) -> NDArray[np.float32]:
    """How far each loss's mean curve is from the truth now (L,)."""
    now: NDArray[np.float32] = distance(config, records["members"][-1:])[0]
    return now


def _changed(config: Config, records: Records) -> Finding | None:
    """What the learner's points did to the mean curve."""
    first = min((change.record for change in config.changes), default=0)
    if not first or config.data not in CURVES or len(records["loss"]) <= first + 1:
        return None
    before = float(distance(config, records["members"][first : first + 1])[0].max())
    now = float(_last(config, records).max())
    return Finding(
        "changed",
        "note",
        f"Before you changed the points the mean curve was {before:.2f} from the truth on average; "
        f"now it is {now:.2f}.",
    )


def _doubt(config: Config, records: Records) -> Finding | None:
    """How far the members are apart in the gap and among the points."""
    if config.n_members < 2 or not config.gap or len(config.losses) > 1:
        return None
    if config.data not in CURVES or config.shape == "constant":
        return None
    x, spread = np.abs(along()), records["members"][-1].std(axis=0, ddof=1) / UNIT
    edge = REACH * config.gap / 100
    inside, near = spread[x < 0.9 * edge].mean(), spread[(x > edge) & (x < REACH)].mean()
    if max(inside, near) < AGREE:
        return Finding(
            "agree",
            "note",
            f"The members end at the same curve (±{2 * max(inside, near):.3f}, 2σ), whatever their "
            "first weights, so their spread shows no doubt. *A sample of the rows for each* gives "
            "them something to differ about.",
        )
    return Finding(
        "doubt",
        "good" if inside > 1.5 * near else "note",
        f"In the gap the members are ±{2 * inside:.2f} apart (2σ), among the points "
        f"±{2 * near:.2f}. They started from different weights, and only points make them agree.",
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether many outliers leave the mean curve near the truth."""
    if config.data != "sine" or config.n_outliers < GOAL_OUTLIERS or config.gap:
        return False, f"not on the sine with {GOAL_OUTLIERS} outliers and no gap yet."
    apart = float(_last(config, records).min())
    return apart <= GOAL_DISTANCE, f"{apart:.3f} from the truth."
