"""Write down what came out of an experiment, in the tables that `recipe_results` reads."""

import csv
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from fmnist.data import splits
from fmnist.evaluation import calibration, comparison, ensembles, metrics, recipe_results, results
from fmnist.evaluation.recipe_results import Gain, RecipeResult
from fmnist.tools import keeping
from fmnist.training import arithmetic
from fmnist.training.experiments import Experiment, Joint
from fmnist.training.runs import Run


@dataclass(frozen=True)
class _Measured:
    """What is written of a recipe, or of several trainings together.

    Attributes:
        correct: bool, shape (seeds, images): whether the answer is right.
        seconds: of one core, for one seed.
        multiplications: of one prediction.
        runs: that are behind it.
    """

    correct: np.ndarray
    seconds: float
    multiplications: int
    runs: Sequence[Run]


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
    experiment = recipe_results.ALL[name]
    kept = {(run.recipe.with_seed(0), run.recipe.seed): run for run in trained}
    runs_of = {
        recipe_name: [kept[recipe.with_seed(0), seed] for seed in experiment.seeds_of(recipe_name)]
        for recipe_name, recipe in experiment.recipes.items()
    }
    half = splits.first_half(validation)
    measured = {
        recipe: _alone(runs[: len(experiment.seeds)], validation)
        for recipe, runs in runs_of.items()
    }
    for joint_name, joint in experiment.joint.items():
        measured[joint_name] = _together(joint, experiment, runs_of, validation)
    scored = ~half if experiment.half else np.ones(len(half), bool)
    rows = [_result(name, recipe, one, half, scored) for recipe, one in measured.items()]
    _replace(recipe_results.RESULTS, RecipeResult, name, rows)
    compared = _gains(name, {recipe: one.correct[:, scored] for recipe, one in measured.items()})
    _replace(recipe_results.GAINS, Gain, name, compared)


def _alone(runs: Sequence[Run], validation: splits.Split) -> _Measured:
    """Return what is written of one recipe."""
    return _Measured(
        metrics.correct(runs, validation),
        float(np.mean([run.seconds for run in runs])),
        _multiplications(runs[0]),
        runs,
    )


def _together(
    joint: Joint, experiment: Experiment, runs_of: dict[str, list[Run]], validation: splits.Split
) -> _Measured:
    """Return what is written of several trainings that give one result for each seed."""
    count = len(experiment.seeds)
    groups = [
        [run for name in joint.recipes for run in runs_of[name][seed::count][: joint.members]]
        for seed in range(count)
    ]
    half = splits.first_half(validation)
    correct = []
    for group in groups:
        if joint.chosen:
            hits = metrics.correct(group, validation)
            correct.append(hits[hits[:, half].mean(axis=1).argmax()])
        else:
            members = [calibration.softmax(run.validation_logits()) for run in group]
            correct += [*ensembles.correct([ensembles.average(members)], validation)]
    asked = 1 if joint.chosen else len(groups[0])
    return _Measured(
        np.stack(correct),
        float(np.mean([sum(run.seconds for run in group) for group in groups])),
        asked * _multiplications(groups[0][0]),
        [run for group in groups for run in group],
    )


def _multiplications(run: Run) -> int:
    from fmnist.training import models

    return models.multiplications(models.of(run.recipe))


def _result(
    experiment: str, name: str, measured: _Measured, half: np.ndarray, scored: np.ndarray
) -> RecipeResult:
    correct = measured.correct
    accuracy = results.accuracy(
        correct[:, scored],
        split="validation",
        seeds=recipe_results.ALL[experiment].seeds,
        runs=tuple(run.key for run in measured.runs),
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
        seconds=measured.seconds,
        multiplications=measured.multiplications,
        arithmetic=arithmetic.name(),
        machine=measured.runs[0].machine,
        code=recipe_results.code(experiment, name),
    )


def _gains(name: str, correct: dict[str, np.ndarray]) -> list[Gain]:
    """Return the gains of an experiment from its first three and five, and from all its seeds."""
    experiment = recipe_results.ALL[name]
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

    if not pairs:
        return
    real = []
    for chosen in itertools.combinations(range(len(experiment.seeds)), count):
        adjusted = comparison.holm([row.p for row in compared(chosen).values()])
        real.append(adjusted < recipe_results.LEVEL)
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


def _replace(path: Path, kind: type, experiment: str, rows: Iterable[RecipeResult | Gain]) -> None:
    """Write an experiment's rows in the place of those before, whole or not at all.

    The others stay, in the order of the experiments; those of experiments that are gone do not.
    """
    order = list(recipe_results.ALL)
    others = [
        row
        for row in recipe_results.read(path, kind)
        if row.experiment in order and row.experiment != experiment
    ]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, [field.name for field in fields(kind)], lineterminator="\n")
    table.writeheader()
    for row in sorted([*others, *rows], key=lambda row: order.index(row.experiment)):
        table.writerow({name: _said(name, value) for name, value in asdict(row).items()})
    keeping.write_whole(path, text.getvalue().encode(), mode=0o644)


def _said(name: str, value: object) -> object:
    """Return a number as the table has it, with the digits that mean something."""
    if not isinstance(value, float):
        return value
    if name == "seconds":
        return f"{value:.1f}"
    return f"{value:.3g}" if name == "p" else f"{value:.5f}"
