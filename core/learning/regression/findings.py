"""What happened in a regression's run, said in plain words with what would mend it."""

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core import diagnosis
from core.diagnosis import RATES, Finding
from core.learning.regression.baseline import baseline
from core.learning.regression.model import STEPS_PER_RECORD, Config, prepared
from core.learning.regression.picture import LOSS_NAMES, distance
from core.learning.regression.points import CURVES, REACH, along
from core.learning.regression.scores import UNIT
from core.recordings import Records
from core.remedies import Complaint, Remedy

ENOUGH = 10  # records after which a run can be judged
FAR = 0.4  # of a mean curve from the truth, on average
APART = 0.02  # of R²: less is chance on some hundred rows
GOAL_OUTLIERS = 6
GOAL_DISTANCE = 0.15
_RANK = ("bad", "good", "note")
_UNFIT = ("unsteady", "stalled", "too_short")  # what members say then is no doubt
_BESIDE = ("better", "worse", "equal")  # than ridge regression


def findings(config: Config, records: Records, end: str) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    found = _from_curves(config, records, end)
    if not any(finding.tone == "bad" for finding in found):
        found = [*_too_short(config, records), *found]
    if len(records["loss"]) < ENOUGH or (found and found[0].kind == "diverged"):
        return found
    if config.is_table:
        compared = _compared if config.shape != "constant" else _constant
        own = [_one_member(config), compared(config, records)]
    else:
        own = [
            _one_member(config),
            _losses(config, records),
            _pulled(config, records),
            _changed(config, records),
            _doubt(config, records),
        ]
    said = [*(finding for finding in own if finding), *found]
    bad = [finding for finding in said if finding.tone == "bad"]
    if any(finding.kind in _UNFIT for finding in bad):
        said = [finding for finding in said if finding.kind not in ("doubt", "losses")]
    beside = [finding for finding in said if finding.kind in _BESIDE]
    if bad:  # nothing praises a run that something is the matter with
        return [bad[0], *(replace(f, tone="note") for f in beside), *bad[1:]]
    return sorted(said, key=lambda finding: _RANK.index(finding.tone))


def _too_short(config: Config, records: Records) -> list[Finding]:
    """Whether the loss was still falling fast when a whole run ended."""
    loss = records["loss"]
    before = float(loss[len(loss) * 9 // 10 - 1]) if len(loss) > ENOUGH else 0.0
    if len(loss) <= config.n_steps // STEPS_PER_RECORD or float(loss[-1]) > 0.93 * before:
        return []
    if float(loss[-1]) < 0.2 * float(loss[0]):
        return []
    said = (
        f"The steps are too short, or too few: in the last tenth of the run the loss still fell, "
        f"from {before:.3g} to {float(loss[-1]):.3g}."
    )
    rates = [rate for rate in RATES.tolist() if rate > 2 * config.learning_rate][1:5:2]
    tried = tuple(
        Remedy(f"Learning rate {r:g}", {"learning_rate": r}, replace(config, learning_rate=r))
        for r in rates
    )
    return [Finding("too_short", "bad", said, complaint=Complaint("loss", "loss"), remedies=tried)]


def _remedied(config: Config, finding: Finding) -> Finding:
    """What the curves say, with the changes that are tried in place of one that is not."""
    if not finding.remedy:
        return finding
    factors = {"stalled": (10, 100, 3)}.get(finding.kind, (0.1, 0.01, 0.001))
    changed: list[dict[str, float]] = [{"l2": l2} for l2 in (0.003, 0.01, 0.03) if l2 > config.l2]
    if finding.kind != "overfits":
        rates = [
            RATES[np.abs(np.log(RATES / (config.learning_rate * f))).argmin()] for f in factors
        ]
        changed = [{"learning_rate": float(rate)} for rate in dict.fromkeys(rates)]
    named = {"learning_rate": "Learning rate", "l2": "L2 ="}
    tried = tuple(
        Remedy(f"{named[name]} {value:g}", each, replace(config, **each))  # type: ignore[arg-type]
        for each in changed
        for name, value in each.items()
        if value != getattr(config, name)
    )
    curve = "test_loss" if finding.kind == "overfits" else "loss"
    complaint = Complaint(curve, curve.replace("test_", "test ").replace("_", " "))
    sentence = finding.sentence.replace(
        "The steps are too small, or the network cannot express the pattern.", ""
    ).strip()
    return replace(
        finding, sentence=sentence, remedy_label="", remedy={}, complaint=complaint, remedies=tried
    )


def _from_curves(config: Config, records: Records, end: str) -> list[Finding]:
    """What the curves say, in steps; points changed by hand are no overfitting."""
    found = diagnosis.from_curves(records, end, config.learning_rate, unit="record")
    if records["loss"][-1] < 0.2 * records["loss"][0]:  # a fast fall is no jumping
        found = [finding for finding in found if finding.kind != "unsteady"]
    jumps = any(finding.kind == "unsteady" for finding in found)
    if config.changes or config.n_outliers or jumps:
        found = [finding for finding in found if finding.kind != "overfits"]
    if config.shape == "constant":  # other steps make a constant no better
        found = [finding for finding in found if finding.kind != "stalled"]
    told = [replace(finding, sentence=_in_steps(finding.sentence)) for finding in found]
    return [_remedied(config, finding) for finding in told]


def _in_steps(sentence: str) -> str:
    def step(match: re.Match[str]) -> str:
        before, number, after = match.group(1), match.group(2), match.group(3)
        steps = int((number or after).replace(",", "")) * STEPS_PER_RECORD
        return f"step {steps:,}" if before else f"{steps:,} steps"

    return re.sub(r"(record )(\d[\d,]*)|(\d[\d,]*) records", step, sentence)


def _one_member(config: Config) -> Finding | None:
    if config.n_members > 1:
        return None
    where = "where it has seen no row like it" if config.is_table else "where it has seen no point"
    return Finding(
        "one_member",
        "bad",
        f"One network gives one answer and no spread: it shows no doubt anywhere, not even {where}."
        " Others that fit as well would answer differently there.",
        "Train 8 members",
        {"n_members": 8},
    )


def _last(config: Config, records: Records) -> NDArray[np.float32]:
    """How far each loss's mean curve is from the truth now (L,)."""
    now: NDArray[np.float32] = distance(config, records["members"][-1:])[0]
    return now


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


def _pulled(config: Config, records: Records) -> Finding | None:
    if config.loss != "squared" or config.data not in CURVES:
        return None
    apart = float(_last(config, records)[0])
    if not config.n_outliers and not (config.changes and apart > FAR):
        return None
    who = "outliers" if config.n_outliers else "points you placed"
    return Finding(
        "pulled",
        "bad",
        f"The {who} pull: the mean curve is {apart:.2f} from the truth on average. A squared "
        "error counts a point ten times as far off a hundred times as much.",
        "Train with all three losses",
        {"loss": "all"},
    )


def _changed(config: Config, records: Records) -> Finding | None:
    """What the learner's points did to the mean curve."""
    first = min((change.record for change in config.changes), default=0)
    if not first or config.data not in CURVES or len(records["loss"]) <= first + 1:
        return None
    before = float(distance(config, records["members"][first : first + 1])[0].max())
    now = float(_last(config, records).max())
    squared = config.loss == "squared" and now > before
    return Finding(
        "changed",
        "note",
        f"Before you changed the points the mean curve was {before:.2f} from the truth on average; "
        f"now it is {now:.2f}.",
        "Train with Huber's loss" if squared else "",
        {"loss": "huber"} if squared else {},
    )


def _doubt(config: Config, records: Records) -> Finding | None:
    """How far the members are apart in the gap and among the points."""
    if config.n_members < 2 or not config.gap or len(config.losses) > 1:
        return None
    if config.data not in CURVES:
        return None
    if config.shape in ("constant", "linear") and not config.resampled:
        return _agree()
    x, spread = np.abs(along()), records["members"][-1].std(axis=0, ddof=1) / UNIT
    edge = REACH * config.gap / 100
    inside, near = spread[x < 0.9 * edge].mean(), spread[(x > edge) & (x < REACH)].mean()
    return Finding(
        "doubt",
        "good" if inside > 1.5 * near else "note",
        f"In the gap the members are ±{2 * inside:.2f} apart (2σ), among the points "
        f"±{2 * near:.2f}. They started from different weights, and only points make them agree.",
    )


def _agree() -> Finding:
    return Finding(
        "agree",
        "note",
        "The members end at the same line: without hidden units there is one best answer, whatever "
        "the first weights, so their spread shows no doubt. Rows of their own would.",
        "A sample of the rows for each",
        {"resampled": True},
    )


def _compared(config: Config, records: Records) -> Finding:
    """The ensemble beside ridge regression on the same split."""
    now, ridge = float(records["r2"][-1, 0]), baseline(config).r2
    said = (
        f"R² on the {len(prepared(config).y_test):,} held-out rows: {now:.3f} for the mean of the "
        f"networks, {ridge:.3f} for ridge regression on the same split and inputs"
    )
    if now > ridge + APART:
        return Finding("better", "good", f"{said}: curves that bend do better here.")
    if now < ridge - APART:
        return Finding("worse", "note", f"{said}: the simpler model is ahead.")
    return Finding(
        "equal", "note", f"{said}: too close to call one the better; other rows may turn it."
    )


def _constant(config: Config, records: Records) -> Finding:
    """One number for every row, which R² calls nothing."""
    now, ridge = float(records["r2"][-1].max()), baseline(config).r2
    return Finding(
        "constant",
        "bad",
        f"A constant answers the same to every row: R² on the held-out rows is {now:.3f}, where "
        f"ridge regression reaches {ridge:.3f}. R² counts from the mean: 0 is to know no row.",
        "Let it see the columns",
        {"shape": "32", "learning_rate": 0.001},
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether many outliers leave the mean curve near the truth."""
    if config.data != "sine" or config.n_outliers < GOAL_OUTLIERS or config.gap:
        return False, f"not on the sine with {GOAL_OUTLIERS} outliers and no gap yet."
    apart = float(_last(config, records).min())
    return apart <= GOAL_DISTANCE, f"{apart:.3f} from the truth."
