"""Runs for recipes: those that are kept, and the missing ones trained by worker processes.

TensorFlow is loaded in the workers only.
"""

import logging
import os
import queue
import re
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, as_completed
from dataclasses import asdict, replace

from fmnist.data import splits
from fmnist.tools import executors, processes
from fmnist.tools.user_errors import UserError
from fmnist.training import arithmetic, experiments, recipes, runs, sampling
from fmnist.training.recipes import Recipe

SMOKE_EPOCHS = 2

# What a worker is started with, and not imported for.
WORKER = "fmnist.training.worker"
# What it finds in its environment: one thread, the processor, and few remarks.
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}

SEEDS = "FMNIST_SEEDS"  # "3,4,5": the seeds that stand in for 0, 1, 2, see `make claims`
LAST_WORDS = 4_000  # characters of what a worker said before it ended
# What TensorFlow says of itself when it starts.
NOISE = re.compile(
    r"^(?:[IWE]0000 00:00|\d{4}-\d\d-\d\d .*: [IW] |WARNING: All log messages before absl"
    r"|To enable the following instructions).*\n?",
    re.MULTILINE,
)

Report = Callable[[Recipe, int, dict[str, float]], None]

# A chapter asks one network after another, each for the first time; TensorFlow takes them for one
# that is traced too often, and would say so on the page.
logging.getLogger("tensorflow").addFilter(lambda record: "retracing" not in str(record.msg))


class TrainingFailed(UserError):
    """A run could not be trained or kept; the message says why."""


def run(recipe: Recipe) -> runs.Run:
    """Return the kept run of a recipe; train it first if there is none.

    Raises:
        TrainingFailed: see `train_missing`.
    """
    return _runs([recipe])[0]


def once(recipe: Recipe) -> runs.Run:
    """Return the run of a recipe that the book trains once, with the first of `seeds`.

    Raises:
        TrainingFailed: see `train_missing`.
    """
    return run(recipe.with_seed(seeds()[0]))


def seeds() -> tuple[int, ...]:
    """Return the seeds with which a recipe is repeated; a smoke build makes do with two.

    Raises:
        UserError: FMNIST_SEEDS is not three different whole numbers.
    """
    drawn: tuple[int, ...] = recipes.SEEDS
    if given := os.environ.get(SEEDS):
        parts = [part.strip() for part in given.split(",")]
        drawn = tuple(int(part) for part in parts if part.isdecimal())
        if not len(parts) == len(set(drawn)) == len(recipes.SEEDS):
            raise UserError(
                f"{SEEDS} must be {len(recipes.SEEDS)} different whole numbers with commas "
                f"between them, not {given!r}."
            )
    return drawn[:2] if splits.is_smoke() else drawn


def repeated(recipe: Recipe) -> tuple[runs.Run, ...]:
    """Return the runs of a recipe with each of the seeds, see `seeds`.

    Raises:
        TrainingFailed: see `train_missing`.
    """
    return _runs([recipe.with_seed(seed) for seed in seeds()])


def of_the_book() -> list[Recipe]:
    """Return every recipe, with every seed, that the chapters ask for."""
    return [
        recipe.with_seed(seed)
        for experiment in experiments.OF_THE_BOOK.values()
        for recipe in experiment.recipes.values()
        for seed in seeds()[: len(experiment.seeds)]
    ]


def of_the_course() -> list[Recipe]:
    """Return every recipe, with every seed, of the book and of all experiments."""
    further = [recipe for one in experiments.EXPERIMENTS.values() for recipe in one.wanted()]
    return [*of_the_book(), *further]


def in_this_tier(recipe: Recipe) -> Recipe:
    """Return the recipe as it is trained: in a smoke build, for two epochs at most."""
    if not splits.is_smoke() or recipe.epochs <= SMOKE_EPOCHS:
        return recipe
    return replace(recipe, epochs=SMOKE_EPOCHS)


def missing(wanted: Iterable[Recipe]) -> list[Recipe]:
    """Return those recipes, each once, of which no run is kept, the dearest first."""
    tier = dict.fromkeys(in_this_tier(recipe) for recipe in wanted)
    left = [recipe for recipe in tier if runs.find(runs.key(recipe)) is None]
    return sorted(left, key=cost, reverse=True)


def cost(recipe: Recipe) -> float:
    """Return roughly how many seconds of one core a recipe takes."""
    images = splits.SMOKE_TRAIN if splits.is_smoke() else recipe.images or 50_000
    seen = sum(
        sampling.count(images, recipe.skipping, epoch, recipe.epochs)
        for epoch in range(recipe.epochs)
    )
    # Each step costs a millisecond more, and each epoch predictions for the validation images.
    return (
        seen * recipes.MODELS[recipe.model] / 50_000
        + seen / recipe.batch_size / 1_000
        + recipe.epochs * 0.4
        + 4
    )


def train_missing(wanted: Iterable[Recipe], *, report: Report = lambda *_: None) -> None:
    """Train the recipes of which no run is kept.

    Args:
        wanted: recipes.
        report: called after each epoch with the recipe, the number of the epoch, from 1, and its
            row of the history.

    Raises:
        TrainingFailed: a run could not be trained or kept. What was trained before is kept.
    """
    # TensorFlow leaves files of its own there when it is ended.
    with tempfile.TemporaryDirectory(prefix="fmnist-", ignore_cleanup_errors=True) as scratch:
        own = {processes.SCRATCH: scratch, "TMPDIR": scratch}
        _train(missing(wanted), worker_environment() | own, report)


def _train(waiting: list[Recipe], environment: dict[str, str], report: Report) -> None:
    answers: processes.Answers = queue.SimpleQueue()
    workers = [
        processes.LineProcess(
            *("-m", WORKER), environment=environment, answers=answers, overheard=True
        )
        for _ in range(min(executors.cores(), len(waiting)))
    ]
    training: dict[processes.LineProcess, Recipe] = {}

    def begin(worker: processes.LineProcess) -> None:
        training[worker] = waiting.pop(0)
        worker.ask(asdict(training[worker]))

    try:
        for worker in workers:
            begin(worker)
        while training:
            worker, message = processes.answer(answers)
            recipe = training.get(worker)
            if recipe is None:  # one that has nothing left to do has ended by itself
                continue
            if message is None:
                raise TrainingFailed(_ended(worker, recipe))
            if "failed" in message:
                raise TrainingFailed(message["failed"])
            if "epoch" in message:
                report(recipe, message["epoch"], message["row"])
            elif waiting:
                begin(worker)
            else:
                del training[worker]
    finally:  # after a failure, or when the user interrupts, the others end as well
        for worker in workers:
            worker.end()


def _ended(worker: processes.LineProcess, recipe: Recipe) -> str:
    """Return what is told of a worker that ended early, with the last that it said."""
    ended = f"The worker that trained {recipe} ended early (exit status {worker.status()})."
    again = "Type the command again: it goes on after the last whole epoch."
    if words := NOISE.sub("", worker.words()).strip():
        return f"{ended} {again} It said:\n{words[-LAST_WORDS:]}"
    return f"{ended} Is there enough memory? {again}"


def train_on(
    place: executors.Place, wanted: Iterable[Recipe], *, done: Callable[[Recipe], None]
) -> None:
    """Train the recipes of which no run is kept on a cluster, and keep their runs here.

    Args:
        place: with the address of the cluster; its machines have the images and this version.
        wanted: recipes.
        done: called with each recipe whose run has come.

    Raises:
        TrainingFailed: a run could not be trained, came from another version of the course, or
            the cluster has gone. What came before is kept.
        executors.NoCluster: see `Place.open`.
        StoreError: a run cannot be kept.
    """
    with place.open() as executor:
        trainings = {executor.submit(_trained, recipe): recipe for recipe in missing(wanted)}
        for future in as_completed(trainings):
            recipe = trainings[future]
            try:
                key, content = future.result()
            except CancelledError:
                raise TrainingFailed(
                    "The cluster has gone. Type the command again: what came is kept."
                ) from None
            if key != runs.key(recipe):
                raise TrainingFailed(
                    f"A machine of the cluster trained {recipe} with another version of the "
                    "course, its images or its packages; install the same everywhere."
                )
            runs.receive(key, content)
            done(recipe)


def _trained(recipe: Recipe) -> tuple[str, dict[str, bytes]]:
    """Train a recipe on this machine, if need be; return the run's key and files."""
    trained = run(recipe)
    return trained.key, runs.files(trained.key)


def worker_environment() -> dict[str, str]:
    """Return what a worker finds in its environment besides what this process does."""
    return ENVIRONMENT | arithmetic.environment()


def _runs(wanted: list[Recipe]) -> tuple[runs.Run, ...]:
    """Return the kept runs of recipes; train first what is missing."""
    train_missing(wanted)
    return tuple(runs.read(runs.key(in_this_tier(recipe))) for recipe in wanted)
