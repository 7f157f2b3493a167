"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.foundations.rules_or_learning import payments
from core.foundations.rules_or_learning.model import (
    CENTRE,
    HISTORY,
    SCALE,
    TODAY,
    Config,
    Day,
    Rule,
)


def script(config: Config, rule: Rule, day: Day, record: int) -> str:
    """Plain PyTorch that trains as the page did up to `record` and judges rule and model."""
    parts = _simulator(), _model(config, record), _judged(config, rule, day)
    what = "A rule against a small network on simulated payments."
    return scripts.program(what, config, record, *parts)


def _simulator() -> str:
    habit = scripts.source(payments, "Habit")
    others = scripts.source(
        payments, "HABITS", "FRAUDS", "Payments", "habit", "simulated", "_drawn"
    )
    return f"Floats = NDArray[np.float64]\n\n\n{habit}\n\n{others}\n\n"


def _model(config: Config, record: int) -> str:
    network = scripts.stacked(config.sizes, "tanh")
    share, drift = config.fraud_share / 100, config.learned_drift / 100
    return f"""\
def inputs(features):
    return torch.from_numpy(((np.log10(features) - {CENTRE}) / {SCALE}).astype(np.float32))


rng = np.random.default_rng([{config.seed}, {HISTORY}])
past = simulated(rng, {config.n_examples}, {share!r}, {drift!r})
x, y = inputs(past.features), torch.from_numpy(past.is_fraud.astype(np.float32))

torch.manual_seed({config.seed})
network = {network}
optimizer = torch.optim.Adam(network.parameters(), lr={config.learning_rate!r})
for epoch in range({record}):
    for rows in torch.randperm(len(x)).split({config.batch_size}):
        loss = F.binary_cross_entropy_with_logits(network(x[rows])[:, 0], y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    loss = F.binary_cross_entropy_with_logits(network(x)[:, 0], y)
print(f"training loss: {{loss:.6f}}")"""


def _judged(config: Config, rule: Rule, day: Day) -> str:
    share = config.fraud_share / 100
    return f"""\
rng = np.random.default_rng([{config.seed}, {TODAY}])
today = simulated(rng, 1500, {share!r}, {day.drift / 100!r})
reached = today.features >= np.array([{rule.amount!r}, {rule.distance!r}, {rule.count}])
with torch.no_grad():
    probability = torch.sigmoid(network(inputs(today.features))[:, 0]).numpy()
alarms = {{
    "rule": reached.sum(axis=1) >= {rule.votes},
    "model": probability >= {day.threshold / 100!r},
}}
for name, alarm in alarms.items():
    caught = (alarm & today.is_fraud).sum()
    precision, recall = caught / max(alarm.sum(), 1), caught / today.is_fraud.sum()
    print(f"{{name}}: precision {{precision:.3f}}, recall {{recall:.3f}}")"""
