"""Many networks trained at once: every width on ten samples, the run's own on twenty."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core import penalties
from core.foundations.overfitting.model import (
    Config,
    drawn_places,
    examples,
    loss_of,
    network,
)
from core.networks.dense import MLP, Activation, undrawn
from core.optimizers import Adam
from core.training import Training

Floats = NDArray[np.float32]

WIDTHS = (1, 2, 4, 8, 16, 64)  # of the sweep, beside the run's own
N_SEEDS, N_SAMPLES = 10, 20
UPDATES_PER_RECORD = 50
NARROW = 16  # up to it networks are computed together: padded to 64 they would cost sixteenfold


def widths(config: Config) -> tuple[int, ...]:
    """The widths of the sweep, the run's own among them."""
    return tuple(sorted({*WIDTHS, config.width}))


def sweep_training(config: Config) -> Training:
    """Every width with ten first weights, each on a sample of its own; the first is the run's."""
    return _training(config, widths(config), N_SEEDS)


def samples_training(config: Config) -> Training:
    """The network of `config` twenty times, each on a sample of its own; the first is the run's."""
    return _training(config, (config.width,), N_SAMPLES)


def _training(config: Config, chosen: tuple[int, ...], n_seeds: int) -> Training:
    # After the largest seed comes 0.
    seeds = [replace(config, seed=(config.seed + place) % 10_000) for place in range(n_seeds)]
    groups = [[w for w in chosen if w <= NARROW], [w for w in chosen if w > NARROW]]
    model = Several([
        Widths([fresh(replace(seed, width=width)) for width in group for seed in seeds])
        for group in groups
        if group
    ])  # fmt: skip
    parameters = list(model.parameters())
    optimizer = Adam(parameters, config.learning_rate)
    gradients = penalties.gradients(parameters, model.weights, l2=config.l2)
    train, test = _samples(seeds, 0), _samples(seeds, 2)
    shown = drawn_places(config) if len(chosen) == 1 else drawn_places(config)[:0]
    places = torch.cat([train[0], test[0], shown.expand(n_seeds, *shown.shape)], dim=1)
    labels = torch.cat([train[1], test[1]], dim=1)

    def update(x: Tensor, y: Tensor) -> None:
        model.train()
        z = model(x.transpose(0, 1))
        losses = loss_of(config, z.unflatten(0, (-1, n_seeds)), y.T)
        optimizer.step(gradients(losses.sum() / len(y)))

    @torch.no_grad()
    def measure() -> dict[str, Any]:
        z = model.eval()(places).unflatten(0, (-1, n_seeds))
        losses = loss_of(config, z[..., : labels.shape[1]], labels)
        losses, tests = (part.mean(-1).numpy() for part in losses.split(_sizes(config), dim=-1))
        return {
            "loss": np.float32(losses.mean()),
            "losses": losses,
            "test_losses": tests,
            "drawn": z[0, :, labels.shape[1] :].numpy(),
        }

    return Training(
        model=model,
        examples=(train[0].transpose(0, 1), train[1].T),
        batch_size=config.n_train,
        update=update,
        measure=measure,
        n_records=config.n_epochs // UPDATES_PER_RECORD + 1,
        records_per_chunk=3,
        updates_per_record=UPDATES_PER_RECORD,
        optimizer=optimizer,
    )


def _sizes(config: Config) -> list[int]:
    n_train, _, n_test = config.parts
    return [n_train, n_test]


def _samples(seeds: list[Config], part: int) -> tuple[Tensor, Tensor]:
    """One part of every seed's examples: x (R, N, D), y (R, N)."""
    found = [examples(seed)[part] for seed in seeds]
    return torch.stack([x for x, _ in found]), torch.stack([y for _, y in found])


def fresh(config: Config) -> MLP:
    """The network with which the run of `config` begins, whatever generator is in force."""
    made = undrawn(lambda: network(config))
    generator = torch.Generator().manual_seed(config.seed)
    with torch.no_grad():
        for weight, bias in made.columns:  # as `nn.Linear` draws them: the weight (H, D) first
            reach = len(weight) ** -0.5
            weight.copy_(torch.empty(weight.T.shape).uniform_(-reach, reach, generator=generator).T)
            bias.uniform_(-reach, reach, generator=generator)
    return made


class Several(nn.Module):
    """Groups of networks that answer for the same samples, one group after the other."""

    def __init__(self, groups: "list[Widths]") -> None:
        super().__init__()
        self.groups = nn.ModuleList(groups)
        self.weights = [weight for group in groups for weight in group.weights]

    def forward(self, x: Tensor) -> Tensor:  # (R, B, D), a sample for each seed
        """The outputs of all networks (M, B), a width's seeds side by side."""
        outputs = [group(x.repeat(len(group.heard) // len(x), 1, 1)) for group in self.groups]  # type: ignore[arg-type]
        return torch.cat(outputs).squeeze(-1)


class Widths(nn.Module):
    """Networks of several widths in one: the units that a narrow one lacks are silenced."""

    heard: Tensor  # (M, 1, H) 1 for the units that a network has

    def __init__(self, networks: list[MLP]) -> None:
        """Begin with the parameters of `networks`, the widest of which sets the shape."""
        super().__init__()
        self.activation: Activation = networks[0].activation
        self.p_drop = networks[0].p_drop
        self.affine: list[tuple[Tensor, Tensor]] = []  # (M, D, H) and (M, 1, H) each
        for depth, layers in enumerate(zip(*(net.affine for net in networks), strict=True)):
            n_out, n_in = map(max, zip(*(w.shape for w, _ in layers), strict=True))
            weights = [
                F.pad(w.detach().T, (0, n_out - len(w), 0, n_in - w.shape[1])) for w, _ in layers
            ]
            biases = [F.pad(b.detach(), (0, n_out - len(b)))[None] for _, b in layers]
            weight, bias = nn.Parameter(torch.stack(weights)), nn.Parameter(torch.stack(biases))
            self.register_parameter(f"weight{depth}", weight)
            self.register_parameter(f"bias{depth}", bias)
            self.affine.append((weight, bias))
        each = torch.tensor([len(net.affine[0][1]) for net in networks])
        self.register_buffer(
            "heard", (torch.arange(int(each.max())) < each[:, None])[:, None].float()
        )

    @property
    def weights(self) -> list[Tensor]:
        """The weights (M, D, H) of every layer, without the biases."""
        return [weight for weight, _ in self.affine]

    def forward(self, x: Tensor) -> Tensor:  # (M, B, D)
        """The outputs of every network (M, B, 1), each for examples of its own."""
        *hidden, (weight, bias) = self.affine
        for w, b in hidden:
            x = self.activation(torch.baddbmm(b, x, w)) * self.heard
            if self.p_drop and self.training:
                x = F.dropout(x, self.p_drop)
        return torch.baddbmm(bias, x, weight)
