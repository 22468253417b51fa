"""What a student is shown of exercises: the list, the next one, and what checks said."""

import shutil
import textwrap
from pathlib import Path

import click

from fmnist import course
from fmnist.exercises import catalog, copies, reading, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.feedback import Feedback
from fmnist.exercises.workspace import Workspace
from fmnist.tools.terminal import shown_lines

TITLE = 44  # column at which titles begin in a list
NARROWEST = 20  # characters of a title beside each other, or the terminal is too narrow for columns
NARROW_INDENT = 8
SIGNS = {
    workspace.SOLVED: ("✓", "green"),
    workspace.CHANGED: ("~", "yellow"),
    workspace.TRIED: ("…", "yellow"),
    workspace.NEW: (" ", "white"),
}
# What stands in a stub, by its step of the ladder.
STEPS = {
    "worked": "begins with a finished example",
    "faded": "has gaps to fill",
    "free": "has the signature alone",
}

# What a student is told of a file that a newer copy has.
UPDATES = {
    copies.ADDED: "new.",
    copies.UPDATED: "updated.",
    copies.KEPT: "yours is kept, although there is a new one. Move it away and update again to get "
    "that; of an exercise, fmnist reset gives the new stub.",
    copies.REPLACED: "updated; what you had changed is kept beside it.",
    copies.REMOVED: "removed, there is a newer one.",
    copies.GONE: "no longer part of the course; it is left where it is.",
}


def installs(wheel: Path) -> str:
    """Return what to type to install the package of a copy, whatever version is there."""
    return f'python -m pip install --no-deps --force-reinstall "{wheel}"'


def listing(folder: Workspace, exercises: tuple[Exercise, ...]) -> None:
    """Print exercises by phase, which of them are solved, and the minutes that are left.

    Args:
        folder: of the student.
        exercises: to be listed, in the order of the course.

    Raises:
        WorkspaceError: what is known of the exercises cannot be read.
    """
    attempts = folder.attempts()
    states = {exercise: folder.state(exercise, attempts) for exercise in exercises}
    for phase in course.PHASES:
        if not any(exercise.phase == phase for exercise in exercises):
            continue
        click.secho(_phase(phase), bold=True)
        for exercise, state in states.items():
            if exercise.phase != phase:
                continue
            sign, colour = SIGNS[state]
            about = f"{exercise.ladder}, {exercise.minutes} min"
            line = f"  {sign} {exercise.number} {exercise.name:24} {about:14} {exercise.title}"
            click.secho(_wrapped(line, TITLE), fg=colour)
    minutes = sum(one.minutes for one, state in states.items() if state != workspace.SOLVED)
    left = f"about {minutes} minutes to go" if minutes else "nothing to go"
    solved = [*states.values()].count(workspace.SOLVED)
    ladder = {exercise.ladder for exercise in exercises}
    steps = "; ".join(f"{step}: {what}" for step, what in STEPS.items() if step in ladder)
    click.echo(_wrapped(steps, NARROW_INDENT))
    click.echo(f"{solved} of {len(exercises)} solved, {left}. ~ changed since it was solved")


def introduce(folder: Workspace, exercise: Exercise) -> None:
    """Print what an exercise is, why it comes now, and what to type."""
    objectives = {objective.id: objective.text for objective in catalog.read().objectives}
    click.secho(f"{exercise.name}: {exercise.title}", bold=True)
    where = f"{_phase(exercise.phase)}, exercise {exercise.number}"
    before = f", after {', '.join(exercise.after)}" if exercise.after else ""
    click.echo(f"{where}, {exercise.ladder}, {exercise.minutes} minutes{before}")
    for id_ in exercise.objectives:
        click.echo(f"Why:   to {objectives[id_]}")
    click.echo(f"Read:  {reading.where(exercise, folder.site)}")
    click.echo(f"Edit:  {folder.answer(exercise)}")
    click.echo(f"Type:  fmnist check {exercise.name}")


def hint(folder: Workspace, exercise: Exercise) -> None:
    """Print the next hint, which is a stronger one, with its number; at last the last again.

    Raises:
        WorkspaceError: what is known of the exercises cannot be read or written.
    """
    number, text = folder.next_hint(exercise)
    click.echo(f"Hint {number} of {len(exercise.hints)}: {text}")


def report(feedback: Feedback, *, site: str, brief: bool = False) -> None:
    """Print what a student is told of one exercise.

    Args:
        feedback: of its public checks.
        site: where the book is on the web; may be empty.
        brief: whether it is one of several, with less around it.
    """
    fault = feedback.first_fault
    if fault is None:
        click.secho(feedback.score, fg="green", bold=True)
        if not brief:
            click.echo(feedback.worth)
        return
    click.secho(feedback.score, bold=True)
    click.secho(f"\n{shown_lines(fault.message)}", fg="red")
    where = reading.where(feedback.exercise, site)
    click.echo(f"\nCheck: {fault.check}\nRead:  {where}")
    if brief:
        click.echo()


def _wrapped(line: str, indent: int) -> str:
    """Return a line as the terminal is wide, what is left of it below its last column."""
    columns = shutil.get_terminal_size().columns
    below = " " * (indent if columns >= indent + NARROWEST else NARROW_INDENT)
    return textwrap.fill(line, columns, subsequent_indent=below, break_on_hyphens=False)


def _phase(phase: str) -> str:
    number, _, name = phase.removeprefix("phase").partition("_")
    return f"Phase {number}: {name}"
