"""The run on the page as a short PyTorch script that anybody can take home."""

from core import scripts
from core.foundations.numbers_and_patterns.model import Config


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains on examples.npz as the page did, and prints the loss."""
    n_numbers, n_hidden, n_place, n_classes = config.sizes
    text = f"""\
x, y = torch.from_numpy(data["x"]), torch.from_numpy(data["y"])

torch.manual_seed({config.seed})
hidden = nn.Linear({n_numbers}, {n_hidden})
place = nn.Linear({n_hidden}, {n_place})
classes = nn.Linear({n_place}, {n_classes})
encoder = nn.Sequential(hidden, nn.Tanh(), place)
network = nn.Sequential(encoder, classes)
optimizer = torch.optim.Adam(network.parameters(), lr={config.learning_rate!r})

for epoch in range({record}):
    for rows in torch.randperm(len(x)).split({config.batch_size}):
        loss = F.cross_entropy(network(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

with torch.no_grad():
    print(f"training loss: {{F.cross_entropy(network(x), y):.6f}}")
    print("the first five on the map:", encoder(x[:5]).numpy().round(2).tolist())
"""
    what, files = "Trains the encoder that puts every example on a map.", ["examples.npz"]
    return scripts.program(what, config, record, text, files=files, read=scripts.READ_ARRAYS)
