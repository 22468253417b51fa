"""What came out of the recipes, as it was when somebody last trained them all: two kept tables.

They stand beside the recipes. ``recipe_results.csv`` has a row for each recipe of each experiment,
and ``gains.csv`` one for each that is compared with another; ``fmnist runs record`` writes them. A
row carries a hash of the recipe and of the code that decided it, so that it can be told when either
has changed.
"""

import csv
import functools
import io
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import msgspec
import numpy as np

from fmnist import course
from fmnist.data import splits
from fmnist.evaluation import comparison, metrics, results
from fmnist.tools import keeping
from fmnist.training import arithmetic, runs
from fmnist.training.experiments import EXPERIMENTS, OF_THE_BOOK, Experiment
from fmnist.training.runs import Run

RESULTS = course.PACKAGE / "training" / "recipe_results.csv"
GAINS = course.PACKAGE / "training" / "gains.csv"
ALL = OF_THE_BOOK | EXPERIMENTS
LEVEL = 0.05  # of a p value, below which a gain counts as real


@dataclass(frozen=True)
class RecipeResult:
    """What came out of a recipe.

    Attributes:
        experiment: that it belongs to, see `fmnist.training.experiments`.
        recipe: its name there.
        accuracy: on the validation images, as a fraction in [0, 1], mean over the seeds; of an
            experiment with `half`, on their second half.
        low: lower end of its 95 % interval, see `results`.
        high: upper end.
        images: how many validation images.
        by_seed: the accuracy of each of the experiment's seeds, with spaces between them.
        first_half: accuracy on the first half of the validation images, on which recipes are
            chosen; mean over the seeds.
        second_half: on the other.
        seconds: of one core that a training took; mean over the seeds. Too few where a training was
            stopped and went on, see `runs.Training`.
        multiplications: of the network for one image.
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
    def trainings(self) -> int:
        """How many there were, one for each seed."""
        return len(self.by_seed.split())

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
    return {row.recipe: row for row in _read(RESULTS, RecipeResult) if row.experiment == experiment}


def gains(experiment: str, *, seeds: int) -> dict[str, Gain]:
    """Return the gains of an experiment's recipes from its first seeds, by their names."""
    return {
        row.recipe: row
        for row in _read(GAINS, Gain)
        if (row.experiment, row.seeds) == (experiment, seeds)
    }


def core_hours(rows: Iterable[RecipeResult]) -> float:
    """Return how many hours of one core the trainings behind some rows took."""
    return sum(row.seconds * row.trainings for row in rows) / 3600


def old(experiment: str) -> list[str]:
    """Return the names of recipes whose result is missing or was decided by other code."""
    written = of(experiment)
    return [
        name
        for name in ALL[experiment].recipes
        if name not in written or written[name].code != _code(experiment, name)
    ]


def _code(experiment: str, name: str) -> str:
    asked = ALL[experiment]
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
    trainings = sum(row.trainings for row in rows)
    machines = sorted({f"{row.machine}, {row.arithmetic}" for row in rows})
    told = (
        f"From the table of results that comes with the course: {trainings} trainings, "
        f"{core_hours(rows):.1f} hours of one "
        f"core ({'; '.join(machines)})."
    )
    if changed := old(experiment):
        told += (
            f" Recipe or code has changed since for {len(changed)} of its "
            f"{len(ALL[experiment].recipes)} rows."
        )
    return told


def all_old() -> str:
    """Return a sentence on all results that are missing or of other code, or "" if none is."""
    left = {name: old(name) for name in ALL}
    told = [
        f"{name} ({len(names)} of {len(ALL[name].recipes)})"
        for name, names in left.items()
        if names
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


def record(name: str, trained: Iterable[Run], validation: splits.Split) -> None:
    """Write an experiment's rows of both tables in the place of those before.

    Args:
        name: of the experiment.
        trained: its runs, see `Experiment.wanted`, in any order.
        validation: the validation images.

    Raises:
        KeyError: one of its runs is not there.
        OSError: a table cannot be written.
    """
    experiment = ALL[name]
    by_recipe_and_seed = {(run.recipe.with_seed(0), run.recipe.seed): run for run in trained}
    by_recipe = {
        recipe_name: [by_recipe_and_seed[recipe.with_seed(0), seed] for seed in experiment.seeds]
        for recipe_name, recipe in experiment.recipes.items()
    }
    half = splits.first_half(validation)
    scored = ~half if experiment.half else np.ones(len(half), bool)
    correct = {recipe: metrics.correct(runs_, validation) for recipe, runs_ in by_recipe.items()}
    rows = [
        _result(name, recipe, by_recipe[recipe], hits, half, scored)
        for recipe, hits in correct.items()
    ]
    others = [row for row in _read(RESULTS, RecipeResult) if row.experiment in {*ALL} - {name}]
    _write(RESULTS, RecipeResult, [*others, *rows])
    compared = _gains(name, {recipe: hits[:, scored] for recipe, hits in correct.items()})
    others = [row for row in _read(GAINS, Gain) if row.experiment in {*ALL} - {name}]
    _write(GAINS, Gain, [*others, *compared])


def _result(
    experiment: str,
    name: str,
    kept: Sequence[Run],
    correct: np.ndarray,
    half: np.ndarray,
    scored: np.ndarray,
) -> RecipeResult:
    from fmnist.training import models

    recipe = kept[0].recipe
    accuracy = results.accuracy(
        correct[:, scored],
        split="validation",
        seeds=tuple(run.recipe.seed for run in kept),
        runs=tuple(run.key for run in kept),
    )
    return RecipeResult(
        experiment=experiment,
        recipe=name,
        accuracy=accuracy.value,
        low=accuracy.interval[0],
        high=accuracy.interval[1],
        images=accuracy.n,
        by_seed=" ".join(f"{share:.4f}" for share in correct[:, scored].mean(axis=1)),
        first_half=float(correct[:, half].mean()),
        second_half=float(correct[:, ~half].mean()),
        seconds=float(np.mean([run.seconds for run in kept])),
        multiplications=models.multiplications(models.of(recipe)),
        arithmetic=arithmetic.name(),
        machine=kept[0].machine,
        code=_code(experiment, name),
    )


def _gains(name: str, correct: dict[str, np.ndarray]) -> list[Gain]:
    """Return the gains of an experiment from its first three and five, and from all its seeds."""
    experiment = ALL[name]
    every = len(experiment.seeds)
    counts = sorted({count for count in (3, 5) if count < every} | {every})
    return [gain for count in counts for gain in _gains_of(name, experiment, correct, count)]


def _gains_of(
    name: str, experiment: Experiment, correct: dict[str, np.ndarray], count: int
) -> Iterable[Gain]:
    pairs = {
        recipe: experiment.reference(recipe) for recipe in correct if experiment.reference(recipe)
    }

    def compared(seeds: Sequence[int]) -> dict[str, results.Difference]:
        """Return the differences from some of the seeds."""
        chosen = [*seeds]
        return {
            recipe: comparison.paired(
                correct[before][chosen],
                correct[recipe][chosen],
                split="validation",
                seeds=tuple(experiment.seeds[seed] for seed in chosen),
                runs=(),
            )
            for recipe, before in pairs.items()
        }

    real = []
    for chosen in itertools.combinations(range(len(experiment.seeds)), count):
        adjusted = comparison.holm([row.p for row in compared(chosen).values()])
        real.append(adjusted < LEVEL)
    shares = np.mean(real, axis=0)
    for (recipe, row), share in zip(compared(range(count)).items(), shares, strict=True):
        yield Gain(
            experiment=name,
            recipe=recipe,
            reference=pairs[recipe],
            seeds=count,
            gain=row.value,
            low=row.interval[0],
            high=row.interval[1],
            images=row.n,
            p=row.p,
            real=float(share),
        )


def _read(path: Path, kind: type) -> tuple:
    return _read_since(path, kind, path.stat().st_mtime_ns if path.exists() else 0)


@functools.cache
def _read_since(path: Path, kind: type, _changed: int) -> tuple:
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return msgspec.convert([*csv.DictReader(file)], tuple[kind, ...], strict=False)  # type: ignore[valid-type]


def _write(path: Path, kind: type, rows: Iterable[RecipeResult | Gain]) -> None:
    """Write rows in the order of the experiments, whole or not at all."""
    order = list(ALL)
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, [field.name for field in fields(kind)], lineterminator="\n")
    table.writeheader()
    for row in sorted(rows, key=lambda row: order.index(row.experiment)):
        table.writerow({name: _said(name, value) for name, value in asdict(row).items()})
    keeping.write_whole(path, text.getvalue().encode(), mode=0o644)


def _said(name: str, value: object) -> object:
    """Return a number as the table has it, with the digits that mean something."""
    if not isinstance(value, float):
        return value
    if name == "seconds":
        return f"{value:.1f}"
    return f"{value:.3g}" if name == "p" else f"{value:.5f}"
