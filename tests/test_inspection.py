"""Inspection: against finite differences, closed forms and the methods' own axioms."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from core import inspection


@pytest.fixture(autouse=True)
def nobody_moved_the_generator() -> None:
    """The models here are made by hand, outside the engine."""


class Squares(nn.Module):
    """y = sum of 2 x² over the inputs, in three lines."""

    def __init__(self) -> None:
        super().__init__()
        self.doubled = nn.Linear(3, 3, bias=False)
        self.doubled.weight.data = 2 * torch.eye(3)
        self.unused = nn.Linear(1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.doubled(x) * x).sum(1, keepdim=True)


def small_network() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3)
    ).double()


def test_hooks_see_what_a_layer_puts_out() -> None:
    x = torch.tensor([[1.0, -2.0, 3.0]])
    model = Squares()
    seen = inspection.activations(model, x, ["doubled"])
    assert seen["doubled"].tolist() == [[2.0, -4.0, 6.0]]
    assert not model.doubled._forward_hooks


def test_layers_that_do_not_exist_or_are_not_used_are_refused() -> None:
    with pytest.raises(ValueError, match="got nowhere"):
        inspection.activations(Squares(), torch.zeros(1, 3), ["nowhere"])
    with pytest.raises(ValueError, match="got unused"):
        inspection.activations(Squares(), torch.zeros(1, 3), ["unused"])


def test_gradients_equal_finite_differences() -> None:
    model, x, y = small_network(), torch.randn(4, 1, 6, 6).double(), torch.tensor([0, 1, 2, 0])
    found = inspection.gradients(model, F.cross_entropy(model(x), y))
    for name, parameter in model.named_parameters():
        flat = parameter.data.view(-1)
        for place in (0, len(flat) - 1):
            kept, losses = flat[place].item(), []
            for step in (1e-5, -1e-5):
                flat[place] = kept + step
                losses.append(F.cross_entropy(model(x), y).item())
            flat[place] = kept
            difference = (losses[0] - losses[1]) / 2e-5
            assert found[name].reshape(-1)[place] == pytest.approx(difference, abs=1e-7)


def test_parameters_without_influence_have_gradient_zero() -> None:
    model = Squares()
    found = inspection.gradients(model, model(torch.ones(1, 3)).sum())
    assert not found["unused.weight"].any()
    assert found["doubled.weight"].tolist() == np.ones((3, 3)).tolist()


def test_response_surface_has_x1_along_columns_and_x2_along_rows() -> None:
    places, surface = inspection.response_surface(lambda x: x[:, :1] + 10 * x[:, 1:], 2.0, 5)
    assert places.tolist() == [-2, -1, 0, 1, 2]
    assert surface.shape == (5, 5, 1)
    assert surface[0, 4, 0] == pytest.approx(2 - 20)
    with pytest.raises(ValueError, match="extent must be above 0"):
        inspection.response_surface(lambda x: x, -1.0, 5)


def test_saliency_is_the_size_of_the_gradient() -> None:
    found = inspection.saliency(Squares(), torch.tensor([[1.0, -2.0, 3.0]]), 0)
    assert found.tolist() == [[4.0, 8.0, 12.0]]


def test_integrated_gradients_add_up_to_the_change_of_the_output() -> None:
    model, x, baseline = (
        small_network(),
        torch.randn(1, 1, 6, 6).double(),
        torch.full((1, 1, 6, 6), 0.2).double(),
    )
    shares = inspection.integrated_gradients(model, x, 2, baseline, n_steps=200)
    with torch.no_grad():
        change = (model(x) - model(baseline))[0, 2].item()
    assert shares.shape == (1, 1, 6, 6)
    assert shares.sum() == pytest.approx(change, abs=2e-3)


def test_grad_cam_marks_the_corner_that_a_class_looks_at() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, bias=False), nn.Flatten(), nn.Linear(64, 2))
    model[0].weight.data.zero_()[0, 0, 1, 1] = 1
    model[2].weight.data.zero_()[1] = 1
    x = torch.zeros(1, 1, 8, 8)
    x[0, 0, :2, :2] = 1
    heat = inspection.grad_cam(model, "0", x, 1)
    assert heat.shape == (1, 8, 8)
    assert heat[0, :2, :2].min() > 0.9 * heat.max()
    assert heat[0, 4:, 4:].max() == 0
