"""Our update rules against PyTorch's own."""

import pytest
import torch
from torch import Tensor, nn

from core.networks.dense import MLP, StackedMLP
from core.optimizers import OPTIMIZERS, eager
from core.penalties import gradients, penalty

TORCH = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
}


def loss(network: nn.Module, x: Tensor) -> Tensor:
    return (network(x) - x.sin()).square().mean()


def networks() -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    ours = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))
    theirs = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3))
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_twenty_steps_equal_those_of_pytorch(name: str) -> None:
    ours, theirs = networks()
    x = torch.randn(8, 3)
    rule, reference = (
        OPTIMIZERS[name](list(ours.parameters()), 0.05),
        TORCH[name](theirs.parameters()),
    )
    for _ in range(20):
        rule.step(torch.autograd.grad(loss(ours, x), list(ours.parameters())))
        reference.zero_grad()
        loss(theirs, x).backward()
        reference.step()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_restored_rule_goes_on_as_if_it_had_never_paused(name: str) -> None:
    ours, other = networks()
    x = torch.randn(8, 3)
    parameters = [list(network.parameters()) for network in (ours, other)]
    first = OPTIMIZERS[name](parameters[0], 0.05)
    first.step(torch.autograd.grad(loss(ours, x), parameters[0]))
    other.load_state_dict(ours.state_dict())
    second = OPTIMIZERS[name](parameters[1], 0.05)
    second.load_state_dict(first.state_dict())
    first.step(torch.autograd.grad(loss(ours, x), parameters[0]))
    second.step(torch.autograd.grad(loss(other, x), parameters[1]))
    assert all(torch.equal(a, b) for a, b in zip(*parameters, strict=True))


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.03), (0.01, 0.0), (0.01, 0.03), (0.0, 0.0)])
@pytest.mark.parametrize("stacked", [False, True])
def test_the_gradient_of_a_penalty_is_that_of_autograd(l1: float, l2: float, stacked: bool) -> None:
    torch.manual_seed(0)
    alone = [MLP((3, 4, 3), "tanh") for _ in range(2)]
    network = StackedMLP(alone) if stacked else alone[0]
    x, parameters = torch.randn(8, 3), list(network.parameters())
    with torch.no_grad():
        network.weights[0].view(-1)[0] = 0.0  # where |w| has no slope, both take none
    whole = loss(network, x) + penalty(network.weights, l1, l2)
    expected = torch.autograd.grad(whole, parameters)
    found = gradients(parameters, network.weights, l1, l2)(loss(network, x))
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=1e-7)


RULES = {
    "SGD": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    "Adagrad": {"lr": 0.05},
    "RMSprop": {"lr": 0.05},
    "Adam": {"lr": 0.05, "fused": True},
    "AdamW": {"lr": 0.05, "weight_decay": 0.1},
}


@pytest.mark.parametrize("name", RULES)
def test_an_eager_rule_gives_pytorchs_own_numbers_to_the_last_bit(name: str) -> None:
    rule = getattr(torch.optim, name)
    pair = networks()
    rules = [
        made(network.parameters(), **RULES[name])
        for made, network in zip((rule, eager(rule)), pair, strict=True)
    ]
    x = torch.randn(8, 3)
    for _ in range(20):
        for network, each in zip(pair, rules, strict=True):
            each.zero_grad()
            loss(network, x).backward()
            each.step()
    parameters = (network.parameters() for network in pair)
    assert all(torch.equal(a, b) for a, b in zip(*parameters, strict=True))
    assert str(rules[0].state_dict()) == str(rules[1].state_dict())
