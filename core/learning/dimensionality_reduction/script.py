"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.learning.dimensionality_reduction.model import N_MEASURED, SIDE, Config

FILES = {"digits": "mnist.npz", "fashion": "fashion_mnist.npz"}

_SCRIPT = """\
x, held_out = (
    torch.from_numpy(images.reshape(-1, {n_inputs}) / np.float32(255))
    for images in (data["X_train"][:{n_examples}], data["X_test"])
)


def perceptron(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(n_in, n_out), nn.GELU()]
    return nn.Sequential(*layers[:-1])


torch.manual_seed({seed})
encoder = perceptron({encoder})
decoder = perceptron({decoder})
parameters = [*encoder.parameters(), *decoder.parameters()]
optimizer = torch.optim.Adam(parameters, lr={learning_rate!r})


{losses}

n_updates = {n_updates}
while n_updates:
    for rows in torch.randperm(len(x)).split({batch_size})[:n_updates]:
        optimizer.zero_grad()
        loss(x[rows], True)[0].backward()
        optimizer.step()
        n_updates -= 1

with torch.no_grad():
    print(f"loss: {{loss(x[:{n_measured}], False)[0]:.6f}}")
    restored = loss(held_out, False)[1]
    print(f"held-out error: {{(restored - held_out).square().mean():.6f}}")

# Principal components of the same images, for comparison.
mean = x.mean(dim=0)
components = torch.linalg.svd(x - mean, full_matrices=False)[2][:{n_latent}]
rebuilt = (held_out - mean) @ components.T @ components + mean
print(f"PCA error: {{(rebuilt - held_out).square().mean():.6f}}")
"""

_PLAIN = """\
def code(x, noisy):
    return encoder({inputs}), 0.0
"""
_VARIATIONAL = '''\
def code(x, noisy):
    """A draw from N(mean, variance), and {beta} times its KL divergence from N(0, 1)."""
    mean, log_variance = encoder({inputs}).chunk(2, dim=1)
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum() / len(x)
    if noisy:
        mean = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
    return mean, {beta} * kl
'''
_BENT = """\
def loss(x, noisy):
    z, penalty = code(x, noisy)
    logits = decoder(z)
    cross_entropy = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return cross_entropy + penalty, torch.sigmoid(logits)
"""
_LINEAR = """\
def loss(x, noisy):
    z, penalty = code(x, noisy)
    restored = decoder(z) + centre
    return (restored - x).square().sum() / len(x) + penalty, restored
"""


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the errors."""
    inputs = "x - centre" if config.is_linear else "x"
    code = (_VARIATIONAL if config.is_variational else _PLAIN).format(
        inputs=inputs, beta=repr(config.beta)
    )
    centre = "centre = x.mean(dim=0)\n\n\n" if config.is_linear else ""
    losses = f"{centre}{code}\n\n{_LINEAR if config.is_linear else _BENT}"
    n_codes = config.n_latent * (1 + config.is_variational)
    text = _SCRIPT.format(
        n_inputs=SIDE**2,
        n_examples=config.n_examples,
        seed=config.seed,
        encoder=[SIDE**2, *config.hidden, n_codes],
        decoder=[config.n_latent, *reversed(config.hidden), SIDE**2],
        learning_rate=config.learning_rate,
        losses=losses,
        n_updates=record * config.updates_per_record,
        batch_size=config.batch_size,
        n_measured=N_MEASURED,
        n_latent=config.n_latent,
    )
    kind = "a variational autoencoder" if config.is_variational else "an autoencoder"
    files = [FILES[config.data]]
    return scripts.program(
        f"Trains {kind}.", config, record, text, files=files, read=scripts.READ_ARRAYS
    )
