"""How far answers are from targets, and from each other."""

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

UNIT = 1000  # answers travel as whole thousandths


def loss_of(name: str, z: Tensor, y: Tensor, delta: float) -> Tensor:
    """The loss of every answer z (…, N, 1) to targets of the same shape."""
    if name == "squared":
        return F.mse_loss(z, y, reduction="none")
    if name == "absolute":
        return F.l1_loss(z, y, reduction="none")
    return F.huber_loss(z, y, reduction="none", delta=delta)


def r2(predicted: Tensor, truth: Tensor) -> Tensor:
    """The share (…) of the variance that answers (…, N) explain; NaN without examples."""
    variance = (truth - truth.mean()).square().mean()
    explained: Tensor = 1 - (predicted - truth).square().mean(dim=-1) / variance
    return explained


def spread(answers: Tensor) -> Tensor:
    """How far the networks are apart: the standard deviation (N,) of answers (M, N)."""
    several = len(answers) > 1 and answers.shape[1] > 0
    return answers.std(dim=0) if several else torch.zeros_like(answers[0])


def whole(values: Tensor) -> NDArray[np.int16]:
    """Answers as they are drawn and sent: thousandths, no further out than 32."""
    return (UNIT * values.nan_to_num(32).clamp(-32, 32)).round().to(torch.int16).numpy()
