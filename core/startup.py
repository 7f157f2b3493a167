"""What a fresh process loads once, before anybody waits for it."""

import gc


def warm_up() -> None:
    """Import and start what the first pages need, then freeze it."""
    import sklearn.cluster
    import sklearn.datasets
    import sklearn.ensemble
    import sklearn.linear_model  # noqa: F401
    import torch
    from plotly import graph_objects, io

    import core.foundations.gradient_descent
    import core.foundations.network
    import core.foundations.numbers_and_patterns
    import core.foundations.rules_or_learning
    import core.learning.anomaly_detection
    import core.learning.classification
    import core.learning.clustering
    import core.learning.dimensionality_reduction
    import core.learning.regression
    import core.learning.reinforcement
    import core.learning.semi_supervised
    import core.learning.transfer
    import core.vision.image_classification  # noqa: F401

    # The first optimiser that a process makes imports PyTorch's compiler: over a second.
    torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    # The first figure reads plotly's templates.
    io.to_json(graph_objects.Figure())
    # What is loaded by now stays: a collection that walks it finds nothing and costs 170 ms.
    gc.collect()
    gc.freeze()
