"""The run on the page as a short PyTorch script that anybody can take home."""

from functools import lru_cache
from io import BytesIO
from textwrap import dedent

import numpy as np

from core.learning import k_means
from core.learning.clustering import PULL, Config, examples
from core.learning.k_means import first_centroids

PICTURES = "pictures.npz"
POINTS = "points.csv"


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the loss."""
    n_inputs = examples(config).x.shape[1]
    sizes = [n_inputs, *config.hidden, config.n_latent]
    return dedent(f'''\
        """k-means on an autoencoder's latent points; reads {PICTURES}, which comes with it."""

        import numpy as np
        import torch
        import torch.nn.functional as F
        from sklearn.cluster import KMeans
        from sklearn.metrics import normalized_mutual_info_score
        from torch import nn

        with np.load("{PICTURES}") as file:
            data = dict(file)
        labels = data["labels"]
        x = torch.from_numpy(data["pictures"].reshape(len(labels), -1) / np.float32(255))


        def perceptron(sizes):
            layers = []
            for n_in, n_out in zip(sizes, sizes[1:]):
                layers += [nn.Linear(n_in, n_out), nn.ReLU()]
            return nn.Sequential(*layers[:-1])


        torch.manual_seed({config.seed})
        encoder = perceptron({sizes})
        decoder = perceptron({sizes[::-1]})
        parameters = [*encoder.parameters(), *decoder.parameters()]
        optimizer = torch.optim.Adam(parameters, lr={config.learning_rate!r})

        n_updates = {record * config.updates_per_record}
        while n_updates:
            for rows in torch.randperm(len(x)).split({config.batch_size})[:n_updates]:
                z = encoder(x[rows])
                loss = F.binary_cross_entropy_with_logits(decoder(z), x[rows])
                optimizer.zero_grad()
                (loss + {PULL} * z.square().mean()).backward()
                optimizer.step()
                n_updates -= 1

        with torch.no_grad():
            z = encoder(x)
            loss = F.binary_cross_entropy_with_logits(decoder(z), x)
        print(f"reconstruction loss: {{loss:.6f}}")
        for name, points in [("latent", z), ("pixels", x)]:
            clusters = KMeans({config.k}, n_init=4, random_state={config.seed}).fit_predict(points)
            print(f"{{name}} NMI: {{normalized_mutual_info_score(labels, clusters):.3f}}")
        ''')


def pictures_file(config: Config) -> bytes:
    """The pictures of a run and their hidden classes, as the script reads them."""
    return _packed(Config(data=config.data, n_examples=config.n_examples, seed=config.seed))


@lru_cache(maxsize=8)
def _packed(config: Config) -> bytes:
    packed, chosen = BytesIO(), examples(config)
    np.savez_compressed(packed, pictures=chosen.pictures, labels=chosen.labels)
    return packed.getvalue()


def k_means_script(config: k_means.Config, record: int) -> str:
    """Plain PyTorch that runs Lloyd's half steps up to `record` and prints the inertia."""
    start = ", ".join(str(row) for row in first_centroids(config).tolist())
    return dedent(f'''\
        """k-means in the plane; reads {POINTS}, which comes with it."""

        import numpy as np
        import torch

        table = np.genfromtxt("{POINTS}", delimiter=",", skip_header=1, usecols=(0, 1))
        x = torch.from_numpy(table)
        centroids = torch.tensor([{start}], dtype=x.dtype)
        clusters = torch.cdist(x, centroids).argmin(dim=1)

        for step in range({record}):
            if step % 2 == 0:
                clusters = torch.cdist(x, centroids).argmin(dim=1)
            else:
                for k in clusters.unique():
                    centroids[k] = x[clusters == k].mean(dim=0)

        print(f"inertia: {{(x - centroids[clusters]).square().sum():.6f}}")
        ''')
