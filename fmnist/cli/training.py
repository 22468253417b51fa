"""Commands around networks: train them, list and compare what was kept."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from fmnist.cli.command_group import commands
from fmnist.tools.terminal import quiet
from fmnist.tools.user_errors import UserError
from fmnist.training import recipes

if TYPE_CHECKING:
    from fmnist.data import splits


@commands.command()
@click.argument("names", metavar="RECIPE...", nargs=-1, required=True)
@click.option(
    "--seed",
    "seeds",
    type=click.IntRange(0, 2**31 - 1),
    multiple=True,
    help="May be given again; by default the recipe's own.",
)
@click.option("--epochs", type=click.IntRange(1, 1000), help="Instead of the recipe's own.")
@click.option("--images", type=click.IntRange(10, 50_000), help="Train on so many, stratified.")
@click.option("--precision", type=click.Choice(recipes.CHOICES["precision"]))
def train(names: tuple[str, ...], seeds: tuple[int, ...], **given: Any) -> None:
    """Train the network of a RECIPE, or find the run that was kept.

    Several trainings run side by side, one per core. A training that was stopped goes on where
    it was.

    \b
    Example:
        fmnist train small_cnn
        fmnist train small_cnn deep_cnn --seed 0 --seed 1 --seed 2
        fmnist train small_cnn --images 1000 --epochs 20
    """
    from fmnist.evaluation import metrics
    from fmnist.training import sweep

    changes = {name: value for name, value in given.items() if value is not None}
    try:
        chosen = [
            sweep.in_this_tier(replace(_named(name), **changes, seed=seed))
            for name in names
            for seed in seeds or (_named(name).seed,)
        ]
    except ValueError as error:
        raise UserError(f"{error}.") from None
    train_with_progress(chosen)
    validation = validation_images()
    for recipe in dict.fromkeys(chosen):
        run = sweep.run(recipe)
        click.echo(f"{recipe}\n  run {run.key}, trained in {run.seconds:.0f} s on one core")
        click.echo(f"  {metrics.accuracy([run], validation)}")


@commands.command()
@click.argument("names", metavar="RECIPE...", nargs=-1, required=True)
@click.option(
    "--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="0, 1, ..."
)
@click.option("--cluster", default="", metavar="ADDRESS", help="Of a Dask scheduler: tls://...")
def sweep(names: tuple[str, ...], seeds: int, cluster: str) -> None:
    """Train each RECIPE with several seeds, here or on a cluster, and compare them.

    \b
    Example:
        fmnist sweep small_cnn deep_cnn --seeds 3
        fmnist sweep small_cnn --seeds 10 --cluster tls://scheduler.example.edu:8786
    """
    from fmnist.evaluation import metrics
    from fmnist.training import sweep as trainings

    chosen = {name: [_named(name).with_seed(number) for number in range(seeds)] for name in names}
    wanted = [recipe for several in chosen.values() for recipe in several]
    if cluster:
        _train_on(cluster, wanted)
    else:
        train_with_progress(wanted)
    validation = validation_images()
    for name, several in chosen.items():
        accuracy = metrics.accuracy([trainings.run(recipe) for recipe in several], validation)
        click.echo(f"{name}: {accuracy}")


def _train_on(address: str, wanted: list[recipes.Recipe]) -> None:
    from fmnist.tools import executors
    from fmnist.training import sweep

    left = sweep.missing(wanted)
    click.echo(f"{len(left)} to train on {address}")
    if left:
        place = executors.Place(address)
        sweep.train_on(place, left, done=lambda recipe: click.echo(f"trained: {recipe}"))


def _named(name: str) -> recipes.Recipe:
    if name not in recipes.RECIPES:
        raise UserError(
            f"There is no recipe {name!r}. Choose one of: {', '.join(recipes.RECIPES)}."
        )
    return recipes.RECIPES[name]


def validation_images() -> "splits.Split":
    """Return the validation images.

    Raises:
        UserError: they are missing.
    """
    from fmnist.data import splits

    try:
        return splits.train_and_validation()[1]
    except splits.DataMissing as error:
        raise UserError(str(error)) from None


def train_with_progress(wanted: Sequence[recipes.Recipe]) -> None:
    """Train what is missing of the recipes, and show how far it is.

    Raises:
        UserError: the images are missing, or a run cannot be kept.
    """
    from fmnist.tools import executors
    from fmnist.training import runs as store
    from fmnist.training import sweep

    left = sweep.missing(wanted)
    if not left:
        return
    keys = {store.key(recipe) for recipe in left}
    for key in sorted(keys.intersection(store.unreadable())):
        click.echo(f"Run {key} cannot be read: it is set aside, and trained again.")
    validation_images()  # that they are missing is told here rather than by every worker
    click.echo(f"{len(left)} to train, {min(executors.cores(), len(left))} at a time")
    with _progress(left) as report:
        sweep.train_missing(left, report=report)


@contextmanager
def _progress(trainings: Sequence[recipes.Recipe]) -> Iterator:
    """Yield a report for `sweep.train_missing`: a bar on a terminal, a line an epoch elsewhere."""
    from rich import progress as bars
    from rich.console import Console

    from fmnist.training import sweep

    console = Console()

    def line(recipe: recipes.Recipe, epoch: int, row: dict[str, float]) -> str:
        return (
            f"{recipe}: epoch {epoch}, loss {row['loss']:.3f} training, "
            f"{row['val_loss']:.3f} validation (nats per image)"
        )

    if not console.is_terminal:
        yield lambda *event: print(line(*event), flush=True)
        return
    columns = (
        bars.BarColumn(),
        bars.TextColumn("{task.percentage:>3.0f} %"),
        bars.TimeElapsedColumn(),
        bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
        bars.TextColumn("{task.description}"),
    )
    with bars.Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=sum(sweep.cost(recipe) for recipe in trainings))

        def report(recipe: recipes.Recipe, epoch: int, row: dict[str, float]) -> None:
            progress.update(
                task,
                advance=sweep.cost(recipe) / recipe.epochs,
                description=line(recipe, epoch, row),
            )

        yield report


@commands.group(invoke_without_command=True)
@click.pass_context
def runs(context: click.Context) -> None:
    """List the runs that were kept, compare two, or remove what nothing asks for any more.

    \b
    Example:
        fmnist runs
        fmnist runs compare small_cnn deep_cnn
        fmnist runs prune
    """
    if context.invoked_subcommand is None:
        _list()


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from fmnist.training import runs as store

    kept, unreadable = store.kept(), store.unreadable()
    if unreadable:
        click.echo(f"Cannot be read, and trained again when asked for: {', '.join(unreadable)}")
    if not kept:
        click.echo("No run is kept yet. Type: fmnist train small_cnn")
        return
    # Of no fixed width: a script that reads this must find whole lines.
    console = Console(width=None if sys.stdout.isatty() else 200)
    table = Table("run", "recipe", box=None)
    for heading in ("parameters", "images", "validation", "seconds"):
        table.add_column(heading, justify="right")
    for run in kept:
        best = min(run.history, key=lambda row: row["val_loss"])
        shown = best if run.recipe.patience else run.history[-1]
        table.add_row(
            run.key,
            str(run.recipe),
            f"{run.parameters:,}",
            f"{run.train_images:,}",
            f"{100 * shown['val_accuracy']:.1f} %",
            f"{run.seconds:.0f}",
        )
    console.print(table)
    click.echo("validation: accuracy on the validation images of this one training")


@runs.command()
@click.argument("before")
@click.argument("after")
def compare(before: str, after: str) -> None:
    """Compare two recipes, or two runs, on the same validation images.

    Recipes are compared over all seeds with which both were trained.

    \b
    Example:
        fmnist runs compare small_cnn deep_cnn
        fmnist runs compare 4f0c 77b1
    """
    from fmnist.cli.run_lookup import runs_of
    from fmnist.evaluation import metrics

    first, second = runs_of(before), runs_of(after)
    if len(first) > 1 or len(second) > 1:
        common = {run.recipe.seed for run in first} & {run.recipe.seed for run in second}
        first, second = (
            [run for run in kept if run.recipe.seed in common] for kept in (first, second)
        )
    validation = validation_images()
    try:
        difference = metrics.difference(first, second, validation)
    except ValueError as error:
        raise UserError(f"{error}.") from None
    click.echo(f"{before}: {metrics.accuracy(first, validation)}")
    click.echo(f"{after}: {metrics.accuracy(second, validation)}")
    click.echo(f"gain: {difference}")


@runs.command()
@click.argument("experiments", metavar="[EXPERIMENT]...", nargs=-1)
def record(experiments: tuple[str, ...]) -> None:
    """Write down what came out of the recipes of each EXPERIMENT: for whoever maintains the course.

    Into the tables beside the recipes, which the book reads. What is missing is trained first, with
    all seeds; for all experiments that takes hours of two cores. Stopped, it goes on when it is
    typed again.

    \b
    Example:
        fmnist runs record
        fmnist runs record "nine seeds" augmentation
    """
    from fmnist.data import splits
    from fmnist.evaluation import recipe_results, recording
    from fmnist.training import sweep

    for name in experiments:
        if name not in recipe_results.ALL:
            known = ", ".join(recipe_results.ALL)
            raise UserError(f"There is no experiment {name!r}. Choose among: {known}.")
    if splits.is_smoke():
        raise UserError("What comes out of a smoke build means nothing. Unset FMNIST_TIER.")
    for name in experiments or recipe_results.ALL:
        wanted = recipe_results.ALL[name].wanted()
        click.echo(f"{name}: {len(wanted)} trainings")
        train_with_progress(wanted)
        with quiet():
            recording.record(name, map(sweep.run, wanted), validation_images())
    click.echo(f"Written: {recipe_results.RESULTS} and {recipe_results.GAINS}")


@runs.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(yes: bool) -> None:
    """Remove the runs that no recipe of this version of the course would find again.

    \b
    Example:
        fmnist runs prune
    """
    from fmnist.training import runs as store
    from fmnist.training import sweep

    stale = store.stale(map(sweep.in_this_tier, sweep.of_the_course()))
    if not stale:
        click.echo("Nothing to remove: every run belongs to a recipe of this version.")
        return
    click.echo("\n".join(stale))
    if not yes:
        click.confirm(f"Remove these {len(stale)}?", abort=True)
    for name in stale:
        store.remove(name)
    click.echo(f"Removed {len(stale)}.")
