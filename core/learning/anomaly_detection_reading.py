"""What can be read off the autoencoder at one record: alarms, filters, a beat of your own."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import save

from core import diagnosis
from core.data import heartbeats
from core.diagnosis import Finding
from core.learning.anomaly_detection import (
    Autoencoder,
    Config,
    Floats,
    auc,
    examples,
    names,
)
from core.recordings import Records
from core.training import Run, Training

# Errors grow by factors: 20 thresholds to a power of ten.
THRESHOLDS = {
    "heartbeats": tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-40, 11)),
    "shuttle": tuple(float(f"{10 ** (step / 20):.3g}") for step in range(-40, 31)),
}
UNITS = {"heartbeats": "R heights", "shuttle": "standard deviations"}
GOAL_AUC, GOAL_CONTAMINATION = 0.95, 10


def autoencoder(run: Run, record: int) -> Autoencoder:
    """The autoencoder as it stood at a record; nobody changes it."""
    return _kept(run.training, run.config, min(record, run.n_records - 1))


@lru_cache(maxsize=8)
def _kept(training: Any, config: Config, record: int) -> Autoencoder:
    return Run(training, config).resumed(record, _model)


def _model(training: Training) -> Autoencoder:
    assert isinstance(training.model, Autoencoder)
    return training.model


class Verdict(NamedTuple):
    """What a threshold makes of errors: alarms, right and false ones, and misses."""

    n_alarms: int
    n_hits: int
    n_missed: int

    @property
    def n_false(self) -> int:
        """Alarms for normal examples."""
        return self.n_alarms - self.n_hits

    @property
    def precision(self) -> float:
        """The share of alarms that are right; no number without alarms."""
        return self.n_hits / self.n_alarms if self.n_alarms else float("nan")

    @property
    def recall(self) -> float:
        """The share of anomalies that raise an alarm."""
        return self.n_hits / (self.n_hits + self.n_missed)


def verdict(errors: Floats, is_anomaly: NDArray[np.bool_], threshold: float) -> Verdict:
    """What one threshold makes of the errors (M,)."""
    alarms = errors > threshold
    n_hits = int((alarms & is_anomaly).sum())
    return Verdict(int(alarms.sum()), n_hits, int(is_anomaly.sum()) - n_hits)


def sweep(config: Config, errors: Floats) -> dict[str, NDArray[np.float64]]:
    """Precision, recall and the share of alarms at every threshold the slider has."""
    labels = examples(config).is_anomaly
    found = [verdict(errors, labels, threshold) for threshold in THRESHOLDS[config.data]]
    return {
        "precision": np.array([each.precision for each in found]),
        "recall": np.array([each.recall for each in found]),
        "share of alarms": np.array([each.n_alarms for each in found]) / len(errors),
    }


@lru_cache(maxsize=32)
def forest_auc(config: Config) -> float:
    """The classical baseline: scikit-learn's IsolationForest on the same rows (Liu, 2008)."""
    from sklearn.ensemble import IsolationForest

    chosen = examples(config)
    forest = IsolationForest(random_state=config.seed).fit(chosen.x_train)
    return auc(-forest.score_samples(chosen.x_shown), chosen.is_anomaly)


def forest(config: Config) -> float:
    """That baseline, computed once for what it depends on."""
    return forest_auc(
        Config(
            data=config.data,
            n_examples=config.n_examples,
            contamination=config.contamination,
            seed=config.seed,
        )
    )


class FirstLayer(NamedTuple):
    """The units of the first layer that training has moved most, the most moved first."""

    weight: Floats  # (H, D)
    bias: Floats  # (H,)
    change: Floats  # (H, D), since the untrained network


def first_layer(run: Run, record: int, n_shown: int) -> FirstLayer:
    """What at most `n_shown` units of the first layer weigh, and what training did to them.

    The untrained weights are noise, and much of it stays: what was learned is the change.
    """
    weight, bias = (part.detach().numpy() for part in autoencoder(run, record).encoder.affine[0])
    change = weight - autoencoder(run, 0).encoder.affine[0][0].detach().numpy()
    most = np.argsort(-np.linalg.norm(change, axis=1), kind="stable")[:n_shown]
    return FirstLayer(weight[most], bias[most], change[most])


def meanings(config: Config, run: Run, record: int, n_shown: int) -> Floats:
    """What the decoder adds where one latent number is a spread above its mean (L, D)."""
    model = autoencoder(run, record)
    z = model.encoder(torch.tensor(examples(config).x_train)).detach()
    steps = torch.diag(z.std(dim=0))[:n_shown]
    usual = z.mean(dim=0, keepdim=True)
    return np.asarray((model.decoder(usual + steps) - model.decoder(usual)).detach().numpy())


def latent(config: Config, run: Run, record: int) -> Floats:
    """The latent numbers of all that is watched (M, L)."""
    x = torch.tensor(examples(config).x_shown)
    return np.asarray(autoencoder(run, record).encoder(x).detach().numpy())


@dataclass(frozen=True)
class Answer:
    """What the autoencoder makes of one beat that it was not trained on."""

    restored: Floats  # (N_POINTS,)
    error: float
    share_below: float  # of the training beats, with a smaller error
    n_above: int  # of the excerpt's beats, with a larger error


def answered(run: Run, record: int, shape: Floats) -> Answer:
    """Restore a beat with the model of a record and place its error among the others."""
    known = run.at(record)
    restored = autoencoder(run, record)(torch.from_numpy(shape[None].astype(np.float32)))
    curve = restored.detach().numpy()[0]
    error = float(np.sqrt(np.mean((curve - shape) ** 2)))
    share = float((known["train_errors"] < error).mean())
    return Answer(curve, error, share, int((known["errors"] > error).sum()))


def table(config: Config, errors: Floats, threshold: float) -> pd.DataFrame:
    """Everything watched with its error, the alarm and the hidden label, worst first."""
    chosen = examples(config)
    frame = pd.DataFrame(
        {"error": errors, "alarm": errors > threshold, "anomalous": chosen.is_anomaly}
    )
    if config.data == "heartbeats":
        frame.insert(0, "second", heartbeats.excerpt_beats(config.window).seconds.round(2))
    else:
        for place, name in enumerate(names(config)):
            frame[name] = chosen.x_shown[:, place]
    frame.index.name = "beat" if config.data == "heartbeats" else "row"
    return frame.sort_values("error", ascending=False)


def curve_table(config: Config, records: Records) -> pd.DataFrame:
    """The curves of the run as a table, one row a record."""
    curves = {name: values for name, values in records.items() if values.ndim == 1}
    updates = np.arange(len(records["loss"])) * config.updates_per_record
    return pd.DataFrame({"update": updates, **curves})


def weights_file(run: Run, record: int) -> bytes:
    """The parameters as safetensors, named as in the script to take home."""
    model, tensors = autoencoder(run, record), {}
    for part, network in (("encoder", model.encoder), ("decoder", model.decoder)):
        for depth, (weight, bias) in enumerate(network.affine):
            tensors[f"{part}.{2 * depth}.weight"] = weight.detach().contiguous().numpy()
            tensors[f"{part}.{2 * depth}.bias"] = bias.detach().numpy()
    return save(tensors)


def findings(config: Config, records: Records, end: str, threshold: float) -> list[Finding]:
    """What happened up to the last of `records`, worst first."""
    found = diagnosis.from_curves(records, end, config.learning_rate, unit="record")
    if found and found[0].kind in ("diverged", "unsteady"):
        return found
    if len(records["loss"]) < 10:
        return found
    stuck = _stuck(config, float(records["loss"][-1]))
    if stuck:
        return [stuck]
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    judged = _judged(config, errors, labels, threshold)
    said = [_too_wide(config, records), _not_told_apart(config, records), judged]
    late = [finding for finding in said if finding]
    return sorted([*late, *found], key=lambda finding: finding.tone != "bad")


def _stuck(config: Config, loss: float) -> Finding | None:
    """Where nothing is restored but the mean of all examples."""
    mean_loss = float(examples(config).x_train.var(axis=0).mean())
    if loss < 0.9 * mean_loss or config.left_out:
        return None
    return Finding(
        "stuck",
        "bad",
        f"The network restores much the same for every example: its loss of {loss:.3g} is no "
        f"better than always answering the mean ({mean_loss:.3g}). Steps of "
        f"{config.learning_rate:g} have not found, or have thrown away, what tells them apart.",
        "Back to a learning rate of 0.003",
        {"learning_rate": 0.003},
    )


def _too_wide(config: Config, records: Records) -> Finding | None:
    """Where the bottleneck is none."""
    n_inputs = examples(config).x_train.shape[1]
    if config.n_latent < n_inputs:
        return None
    error = float(np.median(records["errors"][-1][examples(config).is_anomaly]))
    return Finding(
        "too_wide",
        "bad",
        f"{config.n_latent} latent numbers can hold all {n_inputs} that go in: this is no "
        "bottleneck. Nothing forces the network to keep only what is usual, and it restores the "
        f"anomalous better too, to an error of {error:.3g}.",
        "A bottleneck of 4",
        {"n_latent": 4},
    )


def _judged(
    config: Config, errors: Floats, labels: NDArray[np.bool_], threshold: float
) -> Finding | None:
    """What the threshold does, with a better one as the remedy if there is one."""
    found = verdict(errors, labels, threshold)
    kind = "beat" if config.data == "heartbeats" else "row"
    said = (
        f"A threshold of {threshold:g} {UNITS[config.data]} raises "
        f"{_counted(found.n_alarms, 'alarm')} for {len(errors):,} {kind}s: {found.n_hits} right, "
        f"{found.n_false} false, {_counted(found.n_missed, 'anomaly', 'anomalies')} missed."
    )
    best = best_threshold(config, errors)
    better = verdict(errors, labels, best)
    if _score(better) <= _score(found) + 1e-9 or best == threshold:
        return Finding("judged", "good" if _score(found) > 0.7 else "note", said)
    remedy = {_slider(config): best}
    tone = "bad" if _score(better) > _score(found) + 0.3 else "note"
    return Finding("judged", tone, said, f"Move the threshold to {best:g}", remedy)


def _counted(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _slider(config: Config) -> str:
    return "threshold" if config.data == "heartbeats" else "limit"


def best_threshold(config: Config, errors: Floats) -> float:
    """The threshold with the best F1; of several equal ones, the middle one."""
    labels = examples(config).is_anomaly
    scores = np.array([_score(verdict(errors, labels, t)) for t in THRESHOLDS[config.data]])
    best = np.flatnonzero(scores >= scores.max() - 1e-9)
    return THRESHOLDS[config.data][int(best[len(best) // 2])]


def _score(found: Verdict) -> float:
    """F1, the harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * found.n_hits / (found.n_alarms + found.n_hits + found.n_missed)


def _not_told_apart(config: Config, records: Records) -> Finding | None:
    """Where normal and anomalous errors mingle, and what did it."""
    now, labels = float(records["auc"][-1]), examples(config).is_anomaly
    if config.data == "heartbeats":
        return _the_worst(records, labels) if now == 1 else _not_the_worst(config, records)
    if now >= GOAL_AUC:
        return Finding(
            "apart",
            "good",
            f"An anomalous row errs more than a normal one in {now:.1%} of all pairs (AUC); "
            f"the classical baseline, an isolation forest, reaches {forest(config):.1%}. The rows "
            "are easy: the untrained network, whose error is little more than the distance from "
            f"the mean, had {float(records['auc'][0]):.1%}.",
        )
    if not config.contamination:
        return None
    return Finding(
        "contaminated",
        "bad",
        f"AUC {now:.3f}: with {config.contamination} % anomalies among the training rows the "
        f"autoencoder learns to restore them too (untrained: {float(records['auc'][0]):.3f}). An "
        f"isolation forest, which restores nothing, reaches {forest(config):.3f} on these rows.",
        "Leave the worst 40 % of each step out",
        {"left_out": 40},
    )


def _the_worst(records: Records, labels: NDArray[np.bool_]) -> Finding:
    times = [float(errors[labels][0] / errors[~labels].max()) for errors in records["errors"]]
    share = float((records["train_errors"][-1] > records["errors"][-1][labels][0]).mean())
    return Finding(
        "worst",
        "good",
        f"The premature beat is the worst restored of the excerpt: {times[-1]:.2f} times the "
        f"error of the next ({times[0]:.2f} times before training). {share:.0%} of the training "
        "beats err more still: nobody took the unusual ones out.",
    )


def _not_the_worst(config: Config, records: Records) -> Finding:
    errors, labels = records["errors"][-1], examples(config).is_anomaly
    n_above = int((errors > errors[labels].max()).sum())
    said = (
        f"The premature beat is not the worst restored: {n_above} of {int((~labels).sum())} "
        "normal beats err more."
    )
    if config.window == "interval":
        return Finding("not_worst", "note", said)
    return Finding(
        "not_worst",
        "bad",
        f"{said} Its shape is normal; what is wrong with it is that it comes too early, and a "
        "window of fixed seconds does not reach back to the beat before.",
        "Cut beats by the heart's own pace",
        {"window": "interval"},
    )


def challenge(config: Config, records: Records) -> tuple[bool, str]:
    """Whether contaminated rows are told apart, and how far the run is from it."""
    if config.data != "shuttle" or config.contamination < GOAL_CONTAMINATION:
        return False, f"choose the shuttle with at least {GOAL_CONTAMINATION} % anomalies."
    now = float(records["auc"][-1])
    return now >= GOAL_AUC, f"AUC {now:.3f} with {config.contamination} % anomalies."
