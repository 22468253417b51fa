"""What a student is shown of exercises: the list, the next one, and what checks said."""

import shutil

import click

from fmnist import course
from fmnist.exercises import catalog, feedback, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.workspace import Workspace

SIGNS = {
    workspace.SOLVED: ("✓", "green"),
    workspace.CHANGED: ("~", "yellow"),
    workspace.TRIED: ("…", "yellow"),
    workspace.NEW: (" ", "white"),
}


def listing(folder: Workspace, exercises: tuple[Exercise, ...]) -> None:
    """Print exercises by phase, which of them are solved, and the minutes that are left."""
    attempts = folder.attempts()
    solved = 0
    for phase in course.PHASES:
        click.secho(_phase(phase), bold=True)
        for exercise in (one for one in exercises if one.phase == phase):
            state = folder.state(exercise, attempts)
            solved += state == workspace.SOLVED
            sign, colour = SIGNS[state]
            about = f"{exercise.ladder}, {exercise.minutes} min"
            line = f"  {sign} {exercise.name:24} {about:14} {exercise.title}"
            click.secho(line[: shutil.get_terminal_size().columns], fg=colour)
    minutes = sum(
        one.minutes for one in exercises if folder.state(one, attempts) != workspace.SOLVED
    )
    left = f"about {minutes} minutes to go" if minutes else "nothing to go"
    click.echo(f"{solved} of {len(exercises)} solved, {left}. ~ changed since it was solved")


def introduce(folder: Workspace, exercise: Exercise) -> None:
    """Say what an exercise is, why it comes now, and what to type."""
    objectives = {one.id: one.text for one in catalog.read().objectives}
    click.secho(f"{exercise.name}: {exercise.title}", bold=True)
    before = f", after {', '.join(exercise.after)}" * bool(exercise.after)
    click.echo(f"{_phase(exercise.phase)}, {exercise.ladder}, {exercise.minutes} minutes{before}")
    for id_ in exercise.objectives:
        click.echo(f"Why:   to {objectives[id_]}")
    click.echo(f"Read:  {feedback.where_to_read(exercise)}")
    click.echo(f"Edit:  {folder.answer(exercise)}")
    click.echo(f"Type:  fmnist check {exercise.name}")


def report(found: feedback.Feedback, *, brief: bool = False) -> None:
    """Print what a student is told; of several exercises, with less around it."""
    fault = found.first_fault
    if fault is None:
        click.secho(found.score, fg="green", bold=True)
        if not brief:
            click.echo("Your instructor's hidden checks try other inputs.")
        return
    click.secho(found.score, bold=True)
    click.secho(f"\n{fault.message}", fg="red")
    click.echo(f"\nCheck: {fault.check}\nRead:  {feedback.where_to_read(found.exercise)}")
    if brief:
        click.echo()


def _phase(phase: str) -> str:
    number, _, name = phase.removeprefix("phase").partition("_")
    return f"Phase {number}: {name}"
