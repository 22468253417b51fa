"""What came out of each recipe of the book, as it was when somebody last wrote it down.

The table stands beside the recipes, in ``fmnist/training/outcomes.csv``. ``fmnist runs record``
makes it from kept runs, and a test holds it against those that are kept later.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

from fmnist import course
from fmnist.data import splits
from fmnist.evaluation import metrics
from fmnist.training.runs import Run

FILE = course.PACKAGE / "training" / "outcomes.csv"


@dataclass(frozen=True)
class Outcome:
    """What came out of a recipe.

    Attributes:
        recipe: its name.
        accuracy: on the validation images, a fraction in [0, 1]; the mean over seeds.
        low: lower end of its 95 % interval, see `results`.
        high: upper end.
        images: on which it was measured.
        seeds: how many networks were trained.
        multiplications: of the network for one image, see `models.multiplications`.
        machine: kind of machine it was trained on.
    """

    recipe: str
    accuracy: float
    low: float
    high: float
    images: int
    seeds: int
    multiplications: int
    machine: str


def of(name: str, kept: Sequence[Run], validation: splits.Split) -> Outcome:
    """Return what came out of a recipe.

    Args:
        name: of the recipe.
        kept: its runs, one for each seed.
        validation: the validation images.
    """
    from fmnist.training import models

    accuracy = metrics.accuracy(kept, validation)
    recipe = kept[0].recipe
    network = models.MODELS[recipe.model](batch_norm=recipe.batch_norm)
    return Outcome(
        recipe=name,
        accuracy=round(accuracy.value, 4),
        low=round(accuracy.interval[0], 4),
        high=round(accuracy.interval[1], 4),
        images=accuracy.n,
        seeds=len(kept),
        multiplications=models.multiplications(network),
        machine=kept[0].machine,
    )


def read() -> dict[str, Outcome]:
    """Return what is written down, by the names of the recipes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["recipe"]: _outcome(row) for row in csv.DictReader(file)}


def _outcome(row: dict[str, str]) -> Outcome:
    return Outcome(
        recipe=row["recipe"],
        accuracy=float(row["accuracy"]),
        low=float(row["low"]),
        high=float(row["high"]),
        images=int(row["images"]),
        seeds=int(row["seeds"]),
        multiplications=int(row["multiplications"]),
        machine=row["machine"],
    )


def write(outcomes: Iterable[Outcome]) -> None:
    """Write a table in the place of the one before."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, [field.name for field in fields(Outcome)], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(map(asdict, outcomes))
