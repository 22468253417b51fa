"""A student's commands."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import click

from fmnist import course
from fmnist.cli import showing
from fmnist.cli.command_group import commands, needs
from fmnist.exercises import catalog, copies, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import Checker
from fmnist.exercises.feedback import Feedback
from fmnist.tools.user_errors import UserError

fast_track = click.option(
    "--fast-track", is_flag=True, help="Only what it takes to practise every objective."
)


@commands.command()
@click.argument(
    "folder", type=click.Path(file_okay=False, path_type=Path), default="fmnist-exercises"
)
def start(folder: Path) -> None:
    """Copy the exercises into FOLDER; again after an update: what you edited stays as it is.

    \b
    Example:
        fmnist start
        fmnist start ~/courses/fmnist
    """
    counts = {"added": 0, "updated": 0, "kept": 0}
    for path, what in workspace.start(folder):
        counts[what] += 1
        if what == "kept":
            name = path.relative_to(folder)
            click.echo(f"{name}: yours is kept, although the course has a new version.")
    done = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    click.secho(f"{folder}: {done or 'nothing to do'}", bold=True)
    click.echo(f"Now type: cd {folder}, then fmnist next")


@commands.command("next")
@fast_track
def next_(fast_track: bool) -> None:
    """Say which exercise comes next, and why.

    \b
    Example:
        fmnist next
        fmnist next --fast-track
    """
    folder = workspace.here()
    exercise = folder.first_unsolved(_track(folder, fast_track))
    if exercise is None:
        click.secho("All exercises are solved. Type: fmnist pack", fg="green", bold=True)
        return
    showing.introduce(folder, exercise)


@commands.command("list")
@fast_track
def list_(fast_track: bool) -> None:
    """Show all exercises, and which are solved.

    \b
    Example:
        fmnist list
    """
    folder = workspace.here()
    showing.listing(folder, _track(folder, fast_track))


@commands.command()
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All exercises that are not as they came.")
@click.option("--file", type=click.Path(path_type=Path), help="The answer; by default the stub's.")
def check(names: tuple[str, ...], every: bool, file: Path | None) -> None:
    """Check exercises and say what is missing: NAMES of exercises, phases or assignments.

    \b
    Example:
        fmnist check class_counts
        fmnist check phase1_explore
        fmnist check class_counts --file my_answer.py
    """
    folder = workspace.here()
    known = folder.exercises()
    exercises = [*dict.fromkeys(one for name in names for one in _named(name, known))]
    for path in map(Path, names):
        if path.is_file() and not path.resolve().is_relative_to(folder.path.resolve()):
            raise UserError(f"{path} is not in {folder.path}. Give it with --file {path}")
    if file is not None and (every or len(exercises) != 1):
        raise UserError("--file is for one exercise: give one name.")
    if every:
        exercises = [one for one in known if folder.state(one) != workspace.NEW]
    if not exercises:
        raise UserError("Nothing to check. Type: fmnist check NAME, or fmnist next")
    _tell_if_ahead(folder)
    failed, site = False, folder.site
    with Checker() as checker:
        checker.warm(*sorted({package for one in exercises for package in one.imports}))
        for exercise in exercises:
            path = file or folder.answer(exercise)
            if not path.is_file():
                raise UserError(f"There is no file {path}. Give the answer with --file.")
            if path.suffix.lower() == ".ipynb":
                raise UserError(
                    f"{path} is a notebook. Check it there: run a cell with "
                    f"`from fmnist.exercises import check; check({exercise.name})`."
                )
            if exercise.keras:
                if importlib.util.find_spec("keras") is None:
                    raise UserError(needs("keras", "keras"))
                click.echo("This one needs TensorFlow, which takes some seconds to load ...")
            content = workspace.content_of(path)
            feedback = Feedback(exercise, tuple(checker.check(exercise, path)))
            if file is None and feedback.judged:
                folder.record(
                    exercise, content=content, passed=feedback.passed, of=len(feedback.verdicts)
                )
            showing.report(feedback, site=site, brief=len(exercises) > 1)
            failed = failed or not feedback.solved
    if failed:
        raise SystemExit(1)


@commands.command()
@click.argument("name")
def hint(name: str) -> None:
    """Give a hint for the exercise NAME; asked again, a stronger one.

    \b
    Example:
        fmnist hint class_counts
    """
    exercise = catalog.find(name)
    showing.hint(workspace.here(), exercise)


@commands.command()
@click.argument("name")
def reset(name: str) -> None:
    """Put the stub of NAME back; your file is kept beside it.

    \b
    Example:
        fmnist reset class_counts
    """
    kept = workspace.reset(workspace.here(), catalog.find(name))
    place = f" Your file is kept: {kept}" if kept else ""
    click.echo(f"{name}: the stub is back.{place}")


@commands.command()
@click.argument("name")
def solution(name: str) -> None:
    """Show the reference of NAME, once you have solved it and where solutions are installed.

    \b
    Example:
        fmnist solution class_counts
    """
    from rich.console import Console
    from rich.syntax import Syntax

    exercise = catalog.find(name)
    if not workspace.here().attempts().get(name, workspace.Attempt()).solved:
        raise UserError(f"{name} is not solved yet. Type: fmnist hint {name}")
    if not exercise.reference.is_file():
        raise UserError("Solutions are not installed here; the book may show them.")
    text = exercise.reference.read_text("utf-8")
    # In the colours of the terminal, whatever its background.
    shown = Syntax(text, "python", theme="ansi_dark", background_color="default").highlight(text)
    Console().print(shown, soft_wrap=True, end="")  # lines are code: none is cut


@commands.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=workspace.PACKED,
    help="The archive.", show_default=True,
)  # fmt: skip
def pack(out: Path) -> None:
    """Pack your answers into the archive to hand in, and check it as a grader reads it.

    \b
    Example:
        fmnist pack
    """
    from fmnist.grading.hand_ins import submissions

    folder = workspace.here()
    exercises = folder.exercises()
    if out.suffix.lower() != ".zip":
        raise UserError(f"--out {out}: the archive is a zip; give it a name that ends in .zip.")
    packed = workspace.pack(folder, exercises, out)
    submission = submissions.read_packed(out, exercises)
    for name, fault in submission.unreadable.items():
        click.secho(f"{name}: it would not be graded: {fault}", fg="red")
    attempts = folder.attempts()
    for exercise in packed:
        if exercise.name not in submission.sources:
            continue
        attempt = attempts.get(exercise.name, workspace.Attempt())
        if attempt.content != workspace.content_of(folder.answer(exercise)):
            how = f"not checked as it is now; type: fmnist check {exercise.name}"
            click.secho(f"{exercise.name}: {how}", fg="yellow")
        elif folder.state(exercise, attempts) != workspace.SOLVED:
            click.secho(f"{exercise.name}: not all public checks have passed", fg="yellow")
    for name in folder.others():
        click.secho(f"{name}: not in the archive, since no exercise is called so", fg="yellow")
    click.secho(f"{out}: {len(submission.sources)} of {len(exercises)} exercises", bold=True)
    if submission.unreadable:
        raise SystemExit(1)


@commands.command()
@fast_track
def watch(fast_track: bool) -> None:
    """Check an exercise again whenever you save it; keys: n next, h hint, l list, r run, q quit.

    \b
    Example:
        fmnist watch
    """
    from fmnist.cli import watching

    folder = workspace.here()
    watching.watch(folder, _track(folder, fast_track))


@commands.command()
@click.argument("new", type=click.Path(path_type=Path))
def update(new: Path) -> None:
    """Take a newer copy of the course, a folder or a zip, over into yours; your answers stay.

    \b
    Example:
        fmnist update ~/Downloads/week1.zip
    """
    folder = workspace.here()
    if not new.exists():
        raise UserError(f"There is no {new}. Give the new copy: its folder, or its zip.")
    changed = dict(copies.update(folder, copies.read(new)))
    for name, what in changed.items():
        click.echo(f"{name}: {showing.UPDATES[what]}")
    click.secho(f"{folder.path}: {len(changed) or 'no'} changes", bold=True)
    wheel = copies.wheel(folder)
    if wheel and (f"wheels/{wheel.name}" in changed or copies.is_ahead(folder)):
        _install(wheel)
    if changed.keys() & {"requirements.txt", "requirements-keras.txt"}:
        click.echo(
            "Other packages are wanted. Type, in the folder of requirements.txt: python -m pip "
            "install --require-hashes --requirement requirements.txt"
        )


def _install(wheel: Path) -> None:
    """Install the package of a copy, of which another version with the same number may be there.

    Raises:
        UserError: it cannot be installed from here; the message says what to type.
    """
    if (course.ROOT / "pyproject.toml").is_file():
        click.echo("fmnist runs from a checkout here, so the package of the copy is not installed.")
        return
    command = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall"]
    # Windows does not let go of the program that is running.
    done = os.name != "nt" and subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, *command, str(wheel)], capture_output=True, check=False
    )
    if not done or done.returncode:
        raise UserError(f"The new checks are not installed yet. Type: {showing.installs(wheel)}")
    click.echo(f"{wheel.name} is installed, with the new checks.")


def _tell_if_ahead(folder: workspace.Workspace) -> None:
    """Say so where the checks that run are others than those in the folder."""
    wheel = copies.wheel(folder)
    if wheel and copies.is_ahead(folder):
        click.secho(
            "The checks that run are of another version than those in this folder. Type: "
            f"{showing.installs(wheel)}",
            fg="yellow",
            err=True,
        )


def _named(name: str, known: tuple[Exercise, ...]) -> tuple[Exercise, ...]:
    """Return the exercises of a student's folder that a name means.

    Raises:
        UserError: the folder has none of them.
    """
    meant = catalog.named(name)
    there = tuple(exercise for exercise in meant if exercise in known)
    if not there:
        names = ", ".join(exercise.name for exercise in known)
        raise UserError(f"{name} is not in this folder, which has: {names}.")
    return there


def _track(folder: workspace.Workspace, fast: bool) -> tuple[Exercise, ...]:
    known = folder.exercises()
    if not fast:
        return known
    track = catalog.fast_track(catalog.read())
    return tuple(exercise for exercise in known if exercise in track)
