"""What a training costs, in multiplications: these are the same on every machine.

Not counted is what an optimiser computes for itself, see `of_muon`, nor what batch normalisation,
pooling and augmentation do: little beside the convolutions.
"""

import math
from collections.abc import Iterable

from fmnist.data import splits
from fmnist.training import sampling
from fmnist.training.recipes import Recipe

IMAGES = 50_000  # that a recipe is trained on, if it does not say how many
PASSES = 3  # one forward; two back, for the weights and for the maps below them


def images_seen(recipe: Recipe, images: int = IMAGES) -> float:
    """Return how many images a training looks at, over all epochs that the recipe plans.

    A small image counts by its area: so much less is computed for it.

    Args:
        recipe: of the training.
        images: that it is trained on.
    """
    seen = 0.0
    for epoch in range(recipe.epochs):
        number = sampling.count(images, recipe.skipping, epoch, recipe.epochs)
        small = epoch < round(recipe.shrunk * recipe.epochs)
        seen += number * (_area_of_small() if small else 1)
    return seen


def of_training(recipe: Recipe, for_one_image: int, images: int = IMAGES) -> float:
    """Return about how many multiplications a whole training takes.

    Args:
        recipe: of the training.
        for_one_image: multiplications of one prediction, see `models.multiplications`.
        images: that it is trained on.
    """
    return PASSES * for_one_image * images_seen(recipe, images)


def of_muon(kernels: Iterable[tuple[int, ...]]) -> int:
    """Return how many multiplications Muon's own matrix products take in one step.

    Args:
        kernels: shapes (rows, columns, channels, filters) of the convolutions that it moves.
    """
    from fmnist.training import muon

    products = 0
    for shape in kernels:
        across, down = sorted((math.prod(shape[:-1]), shape[-1]))
        # Of the matrix with itself and with what the rounds have made, and four small ones a round.
        products += 2 * down * across**2 + 4 * muon.ROUNDS * across**3
    return products


def _area_of_small() -> float:
    """Return how large a shrunk image is beside a whole one."""
    from fmnist.training import fit

    return (fit.SMALL / splits.IMAGE_SHAPE[0]) ** 2
