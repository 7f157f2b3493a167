"""What goes on inside a model: activations, gradients, response surfaces, attributions.

Nothing here knows a topic; a model in, arrays out. The attributions are Captum's
(Kokhlikyan et al., 2020), imported where they are used because that takes a second.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

Array = NDArray[np.float32]


def activations(model: nn.Module, x: Tensor, layers: Sequence[str]) -> dict[str, Array]:
    """The outputs of the named layers for the inputs `x`, each (N, …)."""
    found: dict[str, Array] = {}
    with _listening(model, layers, found), torch.no_grad():
        model(x)
    missing = [name for name in layers if name not in found]
    if missing:
        raise ValueError(f"layers must be used by the model, got {', '.join(missing)}")
    return {name: found[name] for name in layers}


@contextmanager
def _listening(model: nn.Module, layers: Sequence[str], found: dict[str, Array]) -> Iterator[None]:
    """Write what the named layers put out into `found` while the model runs."""

    def keep(name: str) -> Callable[[nn.Module, Any, Tensor], None]:
        # A copy, because a later layer may write its result into the same memory.
        return lambda layer, inputs, output: found.__setitem__(name, output.clone().numpy())

    parts = dict(model.named_modules())
    unknown = [name for name in layers if name not in parts]
    if unknown:
        raise ValueError(f"layers must be among {', '.join(parts)}, got {', '.join(unknown)}")
    handles = [parts[name].register_forward_hook(keep(name)) for name in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def gradients(model: nn.Module, loss: Tensor) -> dict[str, Array]:
    """The gradient of a loss with respect to every parameter, by its name."""
    names, parameters = zip(*model.named_parameters(), strict=True)
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return {
        name: np.zeros(tuple(p.shape), np.float32) if g is None else g.numpy()
        for name, p, g in zip(names, parameters, found, strict=True)
    }


def response_surface(
    model: Callable[[Tensor], Tensor], extent: float, n_points: int
) -> tuple[Array, Array]:
    """A model's outputs over the plane: places along an axis (n,), and (n, n, C).

    Row 0 is the lowest x2, column 0 the lowest x1; both run from -extent to extent.
    """
    if not (extent > 0 and n_points >= 2):
        raise ValueError(
            f"extent must be above 0 and n_points 2 at least, got {extent}, {n_points}"
        )
    places = torch.linspace(-extent, extent, n_points)
    x1, x2 = torch.meshgrid(places, places, indexing="xy")
    with torch.no_grad():
        out = model(torch.stack([x1.flatten(), x2.flatten()], dim=1))
    return places.numpy(), out.reshape(n_points, n_points, -1).numpy()


def saliency(model: nn.Module, x: Tensor, target: int) -> Array:
    """How fast the target's output changes with each input value, without its sign.

    Shape as `x` (Simonyan, Vedaldi and Zisserman, 2014).
    """
    from captum.attr import Saliency

    attributed = Saliency(model).attribute(x.detach().requires_grad_(), target=target)
    return _as_array(attributed)


def integrated_gradients(
    model: nn.Module, x: Tensor, target: int, baseline: Tensor | None = None, n_steps: int = 32
) -> Array:
    """Each input value's share in the change of the output from the baseline to `x`.

    The shares add up to that change (Sundararajan, Taly and Yan, 2017). The baseline is
    zero where none is given.
    """
    from captum.attr import IntegratedGradients

    start = torch.zeros_like(x) if baseline is None else baseline
    method = IntegratedGradients(model)
    attributed = method.attribute(x, baselines=start, target=target, n_steps=n_steps)
    return _as_array(attributed)


def grad_cam(model: nn.Module, layer: str, x: Tensor, target: int) -> Array:
    """Where a convolution saw what speaks for the target, (N, H, W) as large as `x`.

    Its maps weighted by their mean gradients, negative sums cut off, then enlarged
    smoothly (Selvaraju et al., 2017).
    """
    from captum.attr import LayerGradCam

    method = LayerGradCam(model, dict(model.named_modules())[layer])
    coarse = method.attribute(x, target=target, relu_attributions=True)
    fine = F.interpolate(coarse, size=x.shape[-2:], mode="bilinear", align_corners=False)
    return _as_array(fine[:, 0])


def _as_array(values: Tensor) -> Array:
    return np.asarray(values.detach().numpy(), dtype=np.float32)
