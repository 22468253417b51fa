"""The commands. Parsing and printing only: what is done stands in the modules that they call.

Modules are imported inside the commands: TensorFlow takes seconds, and most commands, above all
a student's, must answer at once.
"""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import click

from fmnist.exercises import catalog


class Mistake(click.ClickException):
    """Something that the user can mend: one line on standard error, exit status 1."""

    def show(self, file=None) -> None:
        """Print the line."""
        click.echo(f"fmnist: {self.message}", err=True, file=file)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Image classification with deep learning, on Fashion-MNIST."""


@commands.command()
def fetch() -> None:
    """Get the images: four files, verified.

    \b
    Example:
        fmnist fetch
        FMNIST_DATA=~/Downloads/fashion fmnist fetch    from that folder only
    """
    from fmnist import fetch as fetching

    try:
        fetching.fetch(click.echo)
    except fetching.FetchError as error:
        raise Mistake(str(error)) from None


@commands.command()
@click.argument("recipe")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Instead of the recipe's own.")
@click.option("--epochs", type=click.IntRange(1, 1000), help="Instead of the recipe's own.")
def train(recipe: str, seed: int | None, epochs: int | None) -> None:
    """Train the network of a RECIPE, or find the run that was kept.

    \b
    Example:
        fmnist train small_cnn
        fmnist train linear --seed 1
    """
    import dataclasses

    from fmnist.recipes import RECIPES

    if recipe not in RECIPES:
        raise Mistake(f"There is no recipe {recipe!r}. Choose one of: {', '.join(RECIPES)}.")
    changes = {"seed": seed, "epochs": epochs}
    chosen = dataclasses.replace(
        RECIPES[recipe], **{name: value for name, value in changes.items() if value is not None}
    )
    run = _trained(chosen)
    from fmnist import data, evaluate

    _, validation = data.train_and_validation()
    accuracy = evaluate.accuracy(run, validation, evaluate.predictions(run, validation))
    click.echo(f"run {run.key}, trained in {run.seconds:.0f} s\n{accuracy}")


def _trained(recipe):
    """Return the run of a recipe; show its progress if it must be trained first."""

    def report(epoch: int, row: dict[str, float]) -> None:
        click.echo(
            f"epoch {epoch}/{recipe.epochs}: loss {row['loss']:.3f} training, "
            f"{row['val_loss']:.3f} validation (nats per image)"
        )

    click.echo(f"{recipe}\nLoading TensorFlow ...")
    with _quiet():
        from fmnist import data, train

    try:
        return train.run(recipe, on_epoch=report)
    except data.DataMissing as error:
        raise Mistake(str(error)) from None


@commands.command()
def runs() -> None:
    """List the runs that were kept.

    \b
    Example:
        fmnist runs
    """
    from fmnist import runs as store

    kept = store.kept()
    for run in kept:
        last = run.history[-1]
        click.echo(
            f"{run.key}  {run.recipe.model:10} seed {run.recipe.seed}  "
            f"{run.recipe.epochs:3} epochs  {run.train_images:,} images  "
            f"validation loss {last['val_loss']:.3f}  {run.seconds:.0f} s"
        )
    if not kept:
        click.echo("No run is kept yet. Type: fmnist train small_cnn")


@commands.command()
@click.argument("name")
@click.option("--file", type=click.Path(path_type=Path), help="The answer; by default the stub's.")
def check(name: str, file: Path | None) -> None:
    """Check the exercise NAME and say what is missing.

    \b
    Example:
        fmnist check class_counts
        fmnist check class_counts --file my_answer.py
    """
    from fmnist.exercises import runner

    exercise = _exercise(name)
    path = file or exercise.stub
    if not path.is_file():
        raise Mistake(f"There is no file {path}. Give the answer with --file.")
    passed, faults = [], []
    if exercise.keras:
        click.echo("This one needs TensorFlow, which takes some seconds to load ...")
    for verdict in runner.check(exercise, path):
        (passed if verdict.outcome == "passed" else faults).append(verdict)
    total = len(passed) + len(faults)
    if faults:
        stopped = " before it was stopped" * (faults[-1].kind in ("timed out", "crashed"))
        score = f"{len(passed)} of {total} public checks passed{stopped}"
        click.secho(f"{exercise.name}: {score}", bold=True)
        click.secho(f"\n{faults[0].message}", fg="red")
        click.echo(
            f"\nCheck: {faults[0].check}\nRead:  _build/html/{exercise.phase}.html#{exercise.read}"
        )
        raise SystemExit(1)
    click.secho(f"{exercise.name}: all {total} public checks passed", fg="green", bold=True)
    click.echo("Your instructor's hidden checks try other inputs.")


@commands.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="For the gradebook.")
@click.option(
    "--isolation",
    type=click.Choice(["A", "D"]),
    default="A",
    show_default=True,
    help="The least that will do: A is a sandbox, D none, for submissions that you trust.",
)
@click.option("--exercise", "names", multiple=True, help="Only this one; may be given again.")
def grade(submissions: Path, out: Path, isolation: str, names: tuple[str, ...]) -> None:
    """Grade a folder of SUBMISSIONS, one folder per student, in a sandbox.

    \b
    Example:
        fmnist grade submissions/ --out grades/
    """
    from fmnist.grading import records, run, selftest
    from fmnist.grading import submissions as handed_in
    from fmnist.grading.isolation import NoSandbox

    exercises = tuple(_exercise(name) for name in names) or catalog.load()
    try:
        students, skipped = handed_in.read_all(submissions, exercises)
        level = selftest.strongest(least=isolation)
    except (handed_in.NoSubmissions, NoSandbox) as error:
        raise Mistake(str(error)) from None
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        records.clear(out)
    except OSError as error:
        raise Mistake(f"{out} cannot be written: {error.strerror}.") from None
    for name, reason in skipped.items():
        click.echo(f"skipped {_shown(name)}: {reason}")
    click.echo(f"{len(students)} submissions, isolation {level.letter}: {level.meaning}")
    done: list[records.Record] = []

    def keep(record: records.Record) -> None:
        records.write_record(record, out)
        done.append(record)
        name = click.style(_shown(record.student), bold=True)
        click.echo(f"{name}: {record.state}, {record.points:g} of {record.max_points} points")

    try:
        run.grade(students, exercises, level=level, on_record=keep)
    except (run.GraderError, NoSandbox) as error:
        raise Mistake(str(error)) from None
    finally:  # what was graded is not lost with what was not
        try:
            click.echo(f"Gradebook: {records.write_gradebook(done, out)}")
        except OSError as error:
            raise Mistake(f"The gradebook cannot be written: {error.strerror}.") from None
    if any(record.state == "grader error" for record in done):
        raise Mistake(f"The grader failed on some checks; see {out / 'records'}. Grade again.")


@commands.command()
@click.option("--tier", type=click.Choice(["full", "smoke"]), default="full", show_default=True)
def book(tier: str) -> None:
    """Build the book: get the images, train what is missing, run every chapter.

    \b
    Example:
        fmnist book
        fmnist book --tier smoke    quickly, on a small part of the images
    """
    import time

    from fmnist import booktools
    from fmnist import fetch as fetching
    from fmnist import runs as store
    from fmnist.recipes import RECIPES

    started = time.perf_counter()
    os.environ["FMNIST_TIER"] = tier
    try:
        fetching.fetch(click.echo)
        for recipe in RECIPES.values():  # here, where progress shows; the chapters find the runs
            if store.find(store.key(recipe)) is None:
                _trained(recipe)
        site = booktools.build(smoke=tier == "smoke")
    except (fetching.FetchError, booktools.BuildError) as error:
        raise Mistake(str(error)) from None
    click.echo(f"Built in {time.perf_counter() - started:.0f} s: {site / 'index.html'}")


def _exercise(name: str) -> catalog.Exercise:
    try:
        return catalog.find(name)
    except catalog.CatalogError as error:
        raise Mistake(str(error)) from None


@contextmanager
def _quiet():
    """Send standard error nowhere: TensorFlow writes there, past Python, whenever it is loaded."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _shown(text: str) -> str:
    """Return foreign text without what a terminal would obey."""
    return "".join(character if character.isprintable() else "?" for character in text)


def main() -> None:
    """Run the command line."""
    try:
        commands(prog_name="fmnist")
    except KeyboardInterrupt:
        sys.exit(130)
