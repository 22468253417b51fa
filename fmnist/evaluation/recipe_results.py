"""What came out of each recipe of the book, as it was when somebody last wrote it down.

The table stands beside the recipes, in ``fmnist/training/recipe_results.csv``. ``fmnist runs
record`` makes it from kept runs, and a test holds it against those that are kept later.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from fmnist import course
from fmnist.data import splits
from fmnist.evaluation import metrics
from fmnist.tools import keeping
from fmnist.training.runs import Run

FILE = course.PACKAGE / "training" / "recipe_results.csv"
COLUMNS = ("recipe", "accuracy", "low", "high", "images", "seeds", "multiplications", "machine")


def of(name: str, kept: Sequence[Run], validation: splits.Split) -> tuple[str | int, ...]:
    """Return what came out of a recipe, in the order of `COLUMNS`.

    Args:
        name: of the recipe.
        kept: its runs, one for each seed.
        validation: the validation images.

    Returns:
        The name; the accuracy on the validation images, as a fraction in [0, 1], with the lower
        and the upper end of its 95 % interval (see `results`); the numbers of images and of seeds;
        the multiplications of the network for one image (see `models`); the kind of machine that
        it was trained on.
    """
    from fmnist.training import models

    accuracy = metrics.accuracy(kept, validation)
    recipe = kept[0].recipe
    work = models.multiplications(models.MODELS[recipe.model](batch_norm=recipe.batch_norm))
    shares = (f"{share:.4f}" for share in (accuracy.value, *accuracy.interval))
    return name, *shares, accuracy.n, len(kept), work, kept[0].machine


def write(rows: Iterable[tuple[str | int, ...]]) -> None:
    """Write a table of rows, see `of`, in the place of the one before."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    keeping.write_whole(FILE, text.getvalue().encode(), mode=0o644)
