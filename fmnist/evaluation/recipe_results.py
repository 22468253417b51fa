"""What came out of the recipes, as it was when somebody last trained them all: two kept tables.

They stand beside the recipes. ``recipe_results.csv`` has a row for each recipe of each experiment,
and ``gains.csv`` one for each that is compared with another; ``fmnist runs record`` writes them
(see `recording`). A row carries a hash of the recipe and of the code that decided it, so that it
can be told when either has changed.
"""

import csv
import functools
import json
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist import course
from fmnist.evaluation import results
from fmnist.tools import keeping
from fmnist.training import runs
from fmnist.training.experiments import EXPERIMENTS, OF_THE_BOOK

RESULTS = course.PACKAGE / "training" / "recipe_results.csv"
GAINS = course.PACKAGE / "training" / "gains.csv"
ALL = OF_THE_BOOK | EXPERIMENTS
LEVEL = 0.05  # of a p value, below which a gain counts as real


@dataclass(frozen=True)
class RecipeResult:
    """What came out of a recipe.

    Attributes:
        experiment: that it belongs to, see `fmnist.training.experiments`.
        recipe: its name there, or that of what is made of several trainings.
        accuracy: on the validation images, as a fraction in [0, 1], mean over the seeds; of an
            experiment with `half`, on their second half.
        low: lower end of its 95 % interval, see `results`.
        high: upper end.
        images: how many validation images.
        by_seed: the accuracy of each of the experiment's seeds, with spaces between them.
        first_half: accuracy on the first half of the validation images, on which recipes are
            chosen; mean over the seeds.
        second_half: on the other.
        seconds: of one core that a training took, or several together; mean over the seeds. Too few
            where a training was stopped and went on, see `runs.Training`.
        multiplications: of one prediction.
        arithmetic: see `arithmetic.name`.
        machine: kind of machine it was trained on.
        code: hash of the recipe, its seeds, what it is compared with and the code that decided the
            result. Data and packages are not in it: another version of TensorFlow makes no row old.
    """

    experiment: str
    recipe: str
    accuracy: float
    low: float
    high: float
    images: int
    by_seed: str
    first_half: float
    second_half: float
    seconds: float
    multiplications: int
    arithmetic: str
    machine: str
    code: str

    @property
    def measured(self) -> results.Accuracy:
        """The accuracy with its interval, as a page prints it."""
        return results.Accuracy(
            value=self.accuracy,
            interval=(self.low, self.high),
            n=self.images,
            seeds=ALL[self.experiment].seeds,
            split="validation",
            runs=(),
        )


@dataclass(frozen=True)
class Gain:
    """How much more accurate one recipe of an experiment is than another.

    Attributes:
        experiment: that both belong to.
        recipe: the one.
        reference: the other.
        seeds: how many, the first of the experiment's.
        gain: a fraction in [-1, 1].
        low: lower end of its 95 % interval.
        high: upper end.
        images: how many validation images.
        p: two-sided p value of "no difference".
        real: share of all choices of so many seeds, among those that were trained, in which the
            gain is real after Holm's correction within the experiment.
    """

    experiment: str
    recipe: str
    reference: str
    seeds: int
    gain: float
    low: float
    high: float
    images: int
    p: float
    real: float

    @property
    def measured(self) -> results.Difference:
        """The gain with its interval, as a page prints it."""
        return results.Difference(
            value=self.gain,
            interval=(self.low, self.high),
            n=self.images,
            seeds=ALL[self.experiment].seeds[: self.seeds],
            split="validation",
            p=self.p,
            runs=(),
        )


def of(experiment: str) -> dict[str, RecipeResult]:
    """Return what came out of the recipes of an experiment, by their names."""
    return {row.recipe: row for row in read(RESULTS, RecipeResult) if row.experiment == experiment}


def gains(experiment: str, *, seeds: int) -> dict[str, Gain]:
    """Return the gains of an experiment's recipes from its first seeds, by their names."""
    return {
        row.recipe: row
        for row in read(GAINS, Gain)
        if (row.experiment, row.seeds) == (experiment, seeds)
    }


def trainings(experiment: str) -> int:
    """Return how many trainings are behind the rows of an experiment."""
    return sum(len(ALL[experiment].seeds_of(row.recipe)) for row in _trained(experiment))


def core_hours(experiment: str) -> float:
    """Return how many hours of one core they took."""
    return (
        sum(row.seconds * len(ALL[experiment].seeds_of(row.recipe)) for row in _trained(experiment))
        / 3600
    )


def _trained(experiment: str) -> list[RecipeResult]:
    return [row for row in of(experiment).values() if row.recipe in ALL[experiment].recipes]


def old(experiment: str) -> list[str]:
    """Return the names of results that are missing or were decided by other code."""
    written = of(experiment)
    return [
        name
        for name in ALL[experiment].names
        if name not in written or written[name].code != code(experiment, name)
    ]


def code(experiment: str, name: str) -> str:
    """Return a hash of what decides a result, see `RecipeResult`."""
    asked = ALL[experiment]
    if name in asked.joint:
        joint = asked.joint[name]
        parts = [code(experiment, part) for part in joint.recipes]
        return keeping.text_hash(json.dumps([repr(joint), parts]))
    recipe = asked.recipes[name]
    decides = [repr(recipe), asked.seeds, asked.reference(name), asked.half, runs.code(recipe)]
    return keeping.text_hash(json.dumps(decides))


def origin(experiment: str) -> str:
    """Return a sentence on where the numbers of an experiment come from, and whether they are old.

    A page shows it beside them.
    """
    rows = [*of(experiment).values()]
    if not rows:
        return f"The table of results has no row of {experiment}: fmnist runs record writes them."
    machines = sorted({f"{row.machine}, {row.arithmetic}" for row in rows})
    told = (
        f"From the table of results that comes with the course: {trainings(experiment)} trainings, "
        f"{core_hours(experiment):.1f} hours of one core ({'; '.join(machines)})."
    )
    if changed := old(experiment):
        told += (
            f" Recipe or code has changed since for {len(changed)} of its "
            f"{len(ALL[experiment].names)} rows."
        )
    return told


def all_old() -> str:
    """Return a sentence on all results that are missing or of other code, or "" if none is."""
    left = {name: old(name) for name in ALL}
    told = [
        f"{name} ({len(names)} of {len(ALL[name].names)})" for name, names in left.items() if names
    ]
    if not told:
        return ""
    commands = " ".join(
        f'"{name}"' if " " in name else name for name, names in left.items() if names
    )
    return (
        f"The kept results are older than the code that decides them: {', '.join(told)}. "
        f"Renew them with: fmnist runs record {commands}"
    )


def read(path: Path, kind: type) -> tuple:
    """Return the rows of a table; none if it is not there."""
    return _read_since(path, kind, path.stat().st_mtime_ns if path.exists() else 0)


@functools.cache
def _read_since(path: Path, kind: type, _changed: int) -> tuple:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return msgspec.convert([*csv.DictReader(file)], tuple[kind, ...], strict=False)  # type: ignore[valid-type]
