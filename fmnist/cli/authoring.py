"""An author's commands."""

import itertools
from pathlib import Path

import click

from fmnist.cli.command_group import commands
from fmnist.course import PHASES, ROOT, SOLUTIONS
from fmnist.tools import wording
from fmnist.tools.user_errors import UserError


@commands.group()
def course() -> None:
    """Write and prove exercises.

    \b
    Example:
        fmnist course new brightest_pixel --phase phase1_explore
        fmnist course check brightest_pixel
    """


@course.command()
@click.argument("names", nargs=-1)
@click.option(
    "--seeds", type=click.IntRange(1, 1000), default=3, show_default=True,
    help="Of so many classes the hidden checks are tried.",
)  # fmt: skip
def check(names: tuple[str, ...], seeds: int) -> None:
    """Prove exercises: stubs fail, references pass, wrong answers are caught, links lead somewhere.

    NAMES of exercises, phases or assignments; by default all, and the course as a whole.
    Whoever computes nothing earns little: a table of the public checks' answers at most a fifth of
    an exercise, a constant a tenth.

    \b
    Example:
        fmnist course check
        fmnist course check phase1_explore
        fmnist course check class_counts --seeds 20
    """
    from fmnist.exercises import catalog, quality

    if not SOLUTIONS.is_dir():
        raise UserError("solutions/ is missing: this needs a checkout with solutions.")
    named = (exercise for name in names for exercise in catalog.named(name))
    exercises = tuple(dict.fromkeys(named)) or catalog.load()
    common = () if names else (quality.of_the_course(), quality.of_strays())
    count = 0
    for problem in itertools.chain(*common, quality.problems(exercises, seeds=seeds)):
        count += 1
        click.secho(problem, fg="red")
    if count:
        raise UserError(f"{wording.counted(count, 'problem')} found.")
    are = "is" if len(exercises) == 1 else "are"
    click.secho(f"{wording.counted(len(exercises), 'exercise')} {are} whole.", fg="green")


@course.command()
@click.option("--phase", "phases", multiple=True, help="For example phase4_train; all by default.")
def claims(phases: tuple[str, ...]) -> None:
    """Try the book's claims with other seeds and in other arithmetics; takes hours.

    What is done is kept in book/replications.csv: stopped, it goes on when it is typed again.

    \b
    Example:
        fmnist course claims
        fmnist course claims --phase phase4_train
    """
    from fmnist.book import replication, replication_table
    from fmnist.cli.data import fetched
    from fmnist.data import splits

    if unknown := set(phases) - set(PHASES):
        raise UserError(f"There is no {unknown.pop()!r}. Choose one of: {', '.join(PHASES)}.")
    if splits.is_smoke():
        raise UserError("Claims are tried on all images, but FMNIST_TIER is smoke. Unset it.")
    fetched()
    replication.run(say=click.echo, chapters=phases or replication.CHAPTERS)
    for name, told in replication_table.summary().items():
        click.echo(f"{name}: {told}")


@course.command()
@click.argument("name")
@click.option("--phase", required=True, help="For example phase1_explore.")
def new(name: str, phase: str) -> None:
    """Write the files of a new exercise NAME; `fmnist course check NAME` says what is to do.

    \b
    Example:
        fmnist course new brightest_pixel --phase phase1_explore
    """
    from fmnist.exercises import scaffold

    for path in scaffold.new(name, phase):
        click.echo(path.relative_to(ROOT))
    click.echo(f"Show it in book/{phase}.md, and type: fmnist course check {name}")


@course.command(name="class")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--students", type=click.IntRange(1, 100_000), default=60, show_default=True)
@click.option("--assignment", default="week1", show_default=True, help="That they hand in.")
@click.option("--seed", type=int, default=0, show_default=True)
def class_(folder: Path, students: int, assignment: str, seed: int) -> None:
    """Write a synthetic class into FOLDER: right, partly right, wrong in named ways, and hostile.

    \b
    Example:
        fmnist course class demo/ --students 60
        fmnist grade demo/submissions --out demo/grades --assignment week1
    """
    from fmnist.exercises import catalog
    from fmnist.grading import demo
    from fmnist.release import packing

    exercises = catalog.exercises_of(assignment)
    if not SOLUTIONS.is_dir():
        raise UserError("solutions/ is missing: this needs a checkout with solutions.")
    for name in ("submissions", "class.csv"):
        packing.check_target(folder / name)
    try:
        demo.write(folder, exercises, students=students, seed=seed)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be written: {error.strerror}.") from None
    click.echo(f"{students} students, {len(exercises)} exercises: {folder / 'submissions'}")
