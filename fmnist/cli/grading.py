"""An instructor's commands."""

from pathlib import Path

import click

from fmnist.cli.common import Mistake, exercise_named, shown
from fmnist.exercises import catalog


@click.command()
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

    exercises = tuple(exercise_named(name) for name in names) or catalog.load()
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
        click.echo(f"skipped {shown(name)}: {reason}")
    click.echo(f"{len(students)} submissions, isolation {level.letter}: {level.meaning}")
    done: list[records.Record] = []

    def keep(record: records.Record) -> None:
        records.write_record(record, out)
        done.append(record)
        name = click.style(shown(record.student), bold=True)
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
