"""The agents on the page as one PyTorch script that anybody can take home."""

from types import ModuleType

from core import scripts
from core.learning.reinforcement import (
    cart_pole,
    cart_pole_dqn,
    cart_pole_networks,
    cart_pole_ppo,
    cart_pole_training,
)
from core.learning.reinforcement.cart_pole import Config

_METHODS: dict[str, tuple[ModuleType, tuple[str, ...], tuple[str, ...]]] = {
    "ppo": (
        cart_pole_ppo,
        ("N_CARTS", "N_STEPS", "N_PASSES", "N_MINIBATCHES", "CLIP", "LAMBDA", "ENTROPY"),
        (
            "Agents",
            "Rollout",
            "rollout",
            "drive",
            "_values",
            "_advantages",
            "loss",
            "_by_agent",
            "update",
        ),
    ),
    "dqn": (
        cart_pole_dqn,
        (
            *("N_CARTS", "N_STEPS", "CAPACITY", "BATCH_SIZE", "REWARD", "FOLLOW"),
            *("EXPLORING_ROUNDS", "LEAST_RANDOM"),
        ),
        ("Agents", "share_random", "update", "_follow", "_drive", "_remembered"),
    ),
}
_WORLD = ("STATE", "ACTIONS", "MAX_STEPS", "SECONDS", "MAX_X", "MAX_ANGLE", "START", "GRAVITY")
_MORE = ("FORCE", "CART_MASS", "POLE_MASS", "HALF_LENGTH", "SCALE")


def script(config: Config, record: int) -> str:
    """PyTorch that trains as the page did, up to `record`, and prints the mean return."""
    method, constants, parts = _METHODS[config.method]
    return scripts.program(
        "Several agents learn to balance a pole at once.",
        config,
        record,
        scripts.source(cart_pole, *_WORLD, *_MORE),
        scripts.source(cart_pole_training, "N_EPISODES", "EVALUATION_SEED"),
        scripts.source(method, *constants) + "STEPS_PER_UPDATE = N_CARTS * N_STEPS\n",
        "\n" + scripts.source(cart_pole, "first_states", "step", "fallen"),
        "\n" + scripts.source(cart_pole_networks, "Stack", "scaled", "outputs"),
        "\n" + scripts.source(method, *parts),
        "\n" + scripts.source(cart_pole_training, "evaluated"),
        "\n" + _run(config, record),
    )


def _run(config: Config, record: int) -> str:
    asked = f"n_seeds={config.n_seeds}, n_hidden={config.n_hidden}, sizes={config.sizes}"
    return (
        f"config = SimpleNamespace({asked}, discount={config.discount!r}, seed={config.seed})\n"
        f"torch.manual_seed({config.seed})\n"
        "agents = Agents(config)\n"
        "learned = [p for name, p in agents.named_parameters() if not name.startswith('target.')]\n"
        f"optimizer = torch.optim.Adam(learned, lr={config.learning_rate!r})\n"
        f"for record in range({record}):\n"
        f"    remaining = 1 - record / {config.n_records - 1}\n"
        f"    optimizer.param_groups[0]['lr'] = {config.learning_rate!r} * remaining\n"
        "    update(agents, optimizer, config)\n"
        "returns = evaluated(agents.policy.layers())\n"
        "print('returns:', returns.round(1).tolist())\n"
        "print(f'mean return: {returns.mean():.3f}')\n"
    )
