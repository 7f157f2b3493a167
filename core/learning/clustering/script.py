"""The run on the page as a short PyTorch script that anybody can take home."""

from textwrap import dedent

from core import downloads, scripts
from core.learning.clustering import k_means
from core.learning.clustering.deep_clustering import N_STARTS, SCALE, SHEAR, SHIFT, TURN
from core.learning.clustering.examples import N_MEASURED
from core.learning.clustering.k_means import first_centroids
from core.learning.clustering.model import N_RESTORED, PULL, Config, examples

PICTURES = "pictures.npz"
POINTS = "points.csv"


_SCRIPT = """\
labels = data["labels"][:{n_measured}]
x = torch.from_numpy(data["pictures"].reshape(len(data["labels"]), -1) / np.float32(255))


def perceptron(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers[:-1])

{moved}
torch.manual_seed({seed})
encoder = perceptron({sizes})
decoder = perceptron({mirrored})
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr={rate!r})


def minibatches():
    while True:
        yield from torch.randperm(len(x)).split({batch_size})


shuffled = minibatches()
for _ in range({n_pretraining}):
    seen = {seen}
    z = encoder(seen)
    loss = F.binary_cross_entropy_with_logits(decoder(z), seen)
    optimizer.zero_grad()
    (loss + {pull} * z.square().mean()).backward()
    optimizer.step()

{deep}with torch.no_grad():
    z = encoder(x[:{n_measured}])
    loss = F.binary_cross_entropy_with_logits(decoder(z[:{n_restored}]), x[:{n_restored}])
print(f"reconstruction loss: {{loss:.6f}}")
{ending}clusters = KMeans({k}, n_init=4, random_state={seed}).fit_predict(x)[:{n_measured}]
print(f"pixels NMI: {{normalized_mutual_info_score(labels, clusters):.3f}}")
"""
_MOVED = '''
def moved(x):
    """Copies turned, sheared, scaled and shifted a little at random."""
    turn, shear, scale, across, down = (2 * torch.rand(5, len(x)) - 1).unbind()
    cosine, sine, size = torch.cos({turn} * turn), torch.sin({turn} * turn), 1 + {scale} * scale
    rows = [torch.stack([cosine * size, {shear} * shear - sine * size, {shift} * across], dim=1),
            torch.stack([sine * size, cosine * size, {shift} * down], dim=1)]
    shape = [len(x), 1, 28, 28]
    grid = F.affine_grid(torch.stack(rows, dim=1), shape, align_corners=False)
    return F.grid_sample(x.view(shape), grid, align_corners=False).flatten(1)

'''
_DEEP = """\

def soft_assignment(z, centroids):
    likeness = 1 / (1 + (z[:, None] - centroids).square().sum(dim=2))
    return likeness / likeness.sum(dim=1, keepdim=True)


def target_distribution(q):
    sharper = q.square() / q.sum(dim=0)
    return sharper / sharper.sum(dim=1, keepdim=True)


with torch.no_grad():
    start = KMeans({k}, n_init={n_starts}, random_state={seed}).fit(encoder(x).numpy())
centroids = nn.Parameter(torch.from_numpy(start.cluster_centers_))
optimizer = torch.optim.Adam(
    [*encoder.parameters(), *decoder.parameters(), centroids], lr={rate!r})
for step in range({n_deep}):
    if step % {updates_per_epoch} == 0:
        with torch.no_grad():
            p = target_distribution(soft_assignment(encoder(x), centroids))
    rows = next(shuffled)
    seen = {seen_rows}
    z = encoder(seen)
    q = soft_assignment(z, centroids)
    # The decoder follows the codes without pulling at them.
    restored = F.binary_cross_entropy_with_logits(decoder(z.detach()), seen)
    optimizer.zero_grad()
    (F.kl_div(q.log(), p[rows], reduction="batchmean") + restored).backward()
    optimizer.step()

"""
_BY_CENTROIDS = "clusters = torch.cdist(z, centroids.detach()).argmin(dim=1)\n"
_BY_K_MEANS = "clusters = KMeans({k}, n_init=4, random_state={seed}).fit_predict(z)\n"
_LATENT = 'print(f"latent NMI: {normalized_mutual_info_score(labels, clusters):.3f}")\n'


def script(config: Config, record: int) -> str:
    """Plain PyTorch that trains as the page did, up to `record`, and prints the loss."""
    n_updates = record * config.updates_per_record
    n_deep = max(0, n_updates - config.n_pretraining) if config.is_deep else 0
    is_moved = config.is_moved and config.data != "blobs"
    sizes = [examples(config).x.shape[1], *config.hidden, config.n_latent]
    said = {
        "k": config.k,
        "seed": config.seed,
        "rate": config.learning_rate,
        "n_deep": n_deep,
        "n_starts": N_STARTS,
        "updates_per_epoch": config.updates_per_epoch,
        "seen_rows": "moved(x[rows])" if is_moved else "x[rows]",
    }
    moved = _MOVED.format(turn=TURN, shear=SHEAR, scale=SCALE, shift=SHIFT) if is_moved else ""
    text = _SCRIPT.format(
        **said,
        n_measured=N_MEASURED,
        n_restored=N_RESTORED,
        moved=moved,
        sizes=sizes,
        mirrored=sizes[::-1],
        batch_size=config.batch_size,
        n_pretraining=n_updates - n_deep,
        seen="moved(x[next(shuffled)])" if is_moved else "x[next(shuffled)]",
        pull=PULL,
        deep=_DEEP.format(**said) if n_deep else "",
        ending=(_BY_CENTROIDS if n_deep else _BY_K_MEANS.format(**said)) + _LATENT,
    )
    what = "Deep clustering." if n_deep else "k-means on an autoencoder's codes."
    return scripts.program(what, config, record, text, files=[PICTURES], read=scripts.READ_ARRAYS)


def pictures_file(config: Config) -> bytes:
    """The pictures of a run and their hidden classes, as the script reads them."""
    chosen = examples(config)
    return downloads.arrays(pictures=chosen.pictures, labels=chosen.labels)


def k_means_script(config: k_means.Config, record: int) -> str:
    """Plain PyTorch that runs Lloyd's half steps up to `record` and prints the inertia."""
    start = ", ".join(str(row) for row in first_centroids(config).tolist())
    text = dedent(f'''\
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
    return scripts.program("k-means in the plane.", config, record, text, files=[POINTS])
