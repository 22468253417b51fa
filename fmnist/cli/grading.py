"""An instructor's commands."""

import functools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fmnist import course
from fmnist.cli.command_group import commands
from fmnist.exercises.verdicts import State
from fmnist.tools import wording
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError

if TYPE_CHECKING:
    from fmnist.grading.class_run import ClassRun, Summary
    from fmnist.grading.hand_ins.places import Place
    from fmnist.grading.judging.records import Record
    from fmnist.grading.judging.register import Again
    from fmnist.grading.marks.gradebook import Row

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY_MINUTES = 24 * 60
MOST_NAMED = 5  # exercises in a line
MOST_TOLD = 20  # hand-ins that are named


@commands.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="For all results.")
@click.option("--roster", type=FILE, help="CSV of the class: of your own, Moodle, Canvas, ...")
@click.option("--policy", type=FILE, help="TOML: zone, deadline, lateness, attempts, best of ...")
@click.option(
    "--marks",
    type=FILE,
    multiple=True,
    help="CSV of marks by hand, see `fmnist marks template`; may be given again.",
)
@click.option("--scale", is_flag=True, help="Scale marks to the maximum that Moodle has.")
@click.option("--site", default="", metavar="URL", help="Where the book is; feedback links to it.")
@click.option("--column", default="", help="Of Canvas's gradebook, for the points.")
@click.option("--assignment", "assignments", multiple=True, help="Only these exercises count.")
@click.option("--phase", "phases", multiple=True, type=click.Choice(course.PHASES))
@click.option(
    "--exercise",
    "names",
    multiple=True,
    help="Only this one, and what else is asked for; may be given again.",
)
@click.option(
    "--isolation",
    "least",
    type=click.Choice(["A", "B", "C", "D"]),
    default="A",
    show_default=True,
    help="The least that will do, from A, the strongest, to D: no sandbox, for code you trust.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; by default one a core.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Of a Dask scheduler: tls://...")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31),
    help="Of the class, from which hidden checks draw; else that of earlier results, or a new one.",
)
@click.option("--regrade", is_flag=True, help="Also what has a record already.")
@click.option(
    "--set-aside",
    is_flag=True,
    help="Move results of other students or exercises in --out to earlier-1 there.",
)
@click.option("--watch", is_flag=True, help="Go on: grade whatever comes into the folder.")
@click.option(
    "--minutes",
    type=click.FloatRange(0.01),
    default=DAY_MINUTES,
    help="Wall time for the class; what is begun then has half a minute more.",
)
def grade(submissions: Path, out: Path, watch: bool, **options) -> None:
    """Grade a folder of SUBMISSIONS, one folder or archive per student, in a sandbox.

    Whatever was skipped, replaced by a later attempt, or is doubtful is told, and listed in
    hand-ins.csv; a student whose hand-in is doubtful has no mark yet.

    What has a record is not graded again unless the submission, the checks or the grader changed:
    a run that was stopped goes on when the command is typed again.

    \b
    Example:
        fmnist grade submissions/ --out grades/
        fmnist grade submissions/ --out grades/ --assignment week1 --roster class.csv
        fmnist grade submissions/ --out grades/ --policy late.toml --marks by_hand.csv --regrade
    """
    from fmnist.cli import drop_folder
    from fmnist.grading.judging import store

    if not (watch or submissions.exists()):  # before a folder for results is made
        raise UserError(f"There is no folder {submissions}; give one with an entry per student.")
    try:
        with store.Store(out).alone() as told:
            for line in told:
                click.echo(line)
            if watch:
                grade_once = functools.partial(_each_time, submissions, out, options)
                drop_folder.watch(submissions, out, grade_once)
            else:
                _once(submissions, out, options)
    except OSError as error:
        raise UserError(drop_folder.cannot(error, out)) from None


def _each_time(submissions: Path, out: Path, options: dict) -> None:
    """Grade once; who leaves the folder from then on is moved, and stops nobody who is left."""
    from fmnist.grading.hand_ins.downloads import NoSubmissions

    later = {"regrade": False, "set_aside": True}
    try:
        _once(submissions, out, options)
    except NoSubmissions:  # nothing was begun
        later = {}
        raise
    finally:
        options |= later


def _once(submissions: Path, out: Path, options: dict) -> None:
    from fmnist.grading import class_plan, class_run

    run = class_run.ClassRun(class_plan.plan(submissions, out, **options))
    told = run.begin()
    try:
        _tell(run, told)
        with _progress(len(run.entries)) as on_record:
            run.grade(on_record)
    finally:  # what was graded is not lost with what was not
        summary = run.summary()
        _report(run, summary)
    if summary.grader_errors:
        students = ", ".join(shown(name) for name in summary.grader_errors[:5])
        raise UserError(
            f"The grader failed on some checks ({students}); see {out / 'records'}. Grade again."
        )


def _tell(run: "ClassRun", told: list[str]) -> None:
    for line in told:
        click.echo(line)
    for name, reason in run.plan.handed_in.skipped.items():
        click.echo(f"skipped {shown(name)}: {reason}")
    together: dict[str, list[str]] = {}
    for name, reason in run.plan.handed_in.doubtful.items():
        together.setdefault(reason, []).append(shown(name))
    for reason, names in together.items():
        click.echo(f"doubtful {', '.join(names)}: {shown(reason)}")
    for student in run.plan.handed_in.missing:
        click.echo(f"nothing from {shown(student)}")
    if elsewhere := run.plan.marks_elsewhere:
        items = ", ".join(sorted({mark.item for mark in elsewhere}))
        marks = wording.counted(len(elsewhere), "mark")
        click.echo(f"{marks} by hand for what is not graded here, and not counted: {items}")
    for note in run.plan.notes:
        click.echo(shown(note))
    level = run.plan.level
    click.echo(f"seed of the class: {run.plan.seed}, kept with the results; for you alone")
    click.echo(f"{len(run.entries)} submissions, isolation {level.letter}: {level.meaning}")
    click.echo(f"bounded by: {level.bounds or 'what each machine of the cluster offers'}")


@contextmanager
def _progress(total: int) -> Iterator[Callable[["Record"], None]]:
    """Yield what shows a record: a bar on a terminal, else a line each."""
    if not sys.stdout.isatty():
        yield lambda record: click.echo(_line(record))
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    # Submissions differ: the forecast is that of the last minute and a half.
    with Progress(*columns, TimeRemainingColumn(), speed_estimate_period=90) as progress:
        task = progress.add_task("grading", total=total)

        def on_record(record: "Record") -> None:
            progress.advance(task)
            if record.state != State.GRADED:
                progress.console.print(_line(record), markup=False, highlight=False)

        yield on_record


def _line(record: "Record") -> str:
    """Return what shows that a hand-in is graded: its mark also depends on rules and on people."""
    return f"{shown(record.student)}: {record.state}"


def _mark(row: "Row") -> str:
    """Return the mark of a student, as it counts."""
    name = row.student.name
    student = f"{shown(name)} ({shown(row.student.id)})" if name else shown(row.student.id)
    if row.waits:
        doubtful = row.record.state == State.DOUBTFUL
        why = "the hand-in is doubtful" if doubtful else "the grader failed"
        return f"{student}: no mark yet, {why}"
    state = "" if row.record.state == State.GRADED else f", {row.record.state}"
    open_ = f", open: {', '.join(row.open)}" if row.open else ""
    return f"{student}: {row.total:g} of {row.max_total} points{state}{open_}"


def _again(answers: "list[Again]") -> Iterator[str]:
    """Yield what was judged again: a line a reason."""
    for why in dict.fromkeys(one.why for one in answers):
        of = [one for one in answers if one.why == why]
        students = wording.counted(len({one.student for one in of}), "student")
        names = sorted({one.exercise for one in of})
        what = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} exercises"
        count = wording.counted(len(of), "answer")
        yield f"{count} of {students} graded again, because {why}: {what}"


def _report(run: "ClassRun", summary: "Summary") -> None:
    """Write the reports and say where they are: what cannot be said is on disk."""
    from fmnist.grading.hand_ins import places

    started = time.monotonic()
    gradebook, notes = run.write(summary)
    took = time.monotonic() - started
    for student in summary.damaged:
        click.echo(f"{shown(student)}: the record was damaged and has been made again")
    if summary.graded_before:
        were = "was" if summary.graded_before == 1 else "were"
        click.echo(f"{summary.graded_before} {were} graded before; answers and checks are the same")
    for line in _again(summary.again):
        click.echo(line)
    for students, where in (
        (summary.unreached, "not in the gradebook"),
        (summary.outdated, "in the gradebook with their earlier outcome"),
    ):
        if students:
            names = wording.some([shown(name) for name in students])
            click.echo(f"{len(students)} not graded yet, and {where}: {names}")
    if summary.no_comparison:
        click.echo(shown(summary.no_comparison))
    if summary.moved:
        marks = "mark" if len(summary.moved) == 1 else "marks"
        click.echo(f"{len(summary.moved)} {marks} moved: see {run.plan.out / 'moved.csv'}")
    became = run.what_became(summary)
    _tell_of(became, places.UNREAD, "of {student} no answer could be read: {reason}")
    _tell_of(became, places.REPLACED, "replaced {place}: {student}, {reason}")
    if took > 2:
        click.echo(f"Reports took {took:.0f} s")
    for row in summary.rows:
        click.echo(_mark(row))
    for note in [*summary.notes, *notes]:
        click.echo(shown(note))
    click.echo(f"Gradebook: {gradebook}")
    click.echo(f"Class page: {run.plan.out / 'index.html'}")
    click.echo(f"What was handed in: {run.plan.out / 'hand-ins.csv'}")


def _tell_of(became: "list[Place]", state: str, line: str) -> None:
    """Name the hand-ins of which something became; of very many, some."""
    found = [one for one in became if one.state == state]
    for one in found[:MOST_TOLD]:
        told = {name: shown(text) for name, text in vars(one).items()}
        click.echo(line.format(**told))
    if len(found) > MOST_TOLD:
        click.echo(f"{state}: {len(found) - MOST_TOLD} more")


@commands.group()
def marks() -> None:
    """Marks that a person gives: of projects, or in place of the grader's.

    `fmnist grade --marks FILE` reads them. The columns of the file are student, item, points and
    reason; an item is an exercise, or a phase for its project, which may have the criteria of its
    rubric as columns in place of points. What has no points is open.

    \b
    Example:
        fmnist marks template phase1_explore --roster class.csv --out by_hand.csv
        fmnist grade submissions/ --out grades/ --roster class.csv --marks by_hand.csv
    """


@marks.command()
@click.argument("phases", nargs=-1, required=True, type=click.Choice(course.PHASES))
@click.option("--roster", type=FILE, help="The class: see `fmnist grade --help`.")
@click.option(
    "--submissions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="In place of a roster: a folder of hand-ins, whose students are the class.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new CSV file.")
def template(
    phases: tuple[str, ...], roster: Path | None, submissions: Path | None, out: Path
) -> None:
    """Write the table to fill in for the projects of some PHASES: names, and a column a criterion.

    \b
    Example:
        fmnist marks template phase1_explore --roster class.csv --out by_hand.csv
    """
    from fmnist.exercises import catalog
    from fmnist.grading.hand_ins import entries
    from fmnist.grading.hand_ins import roster as rosters
    from fmnist.grading.marks import template as templates

    class_ = rosters.read(roster) if roster else None
    if class_ is not None:
        students = class_.students
        for note in class_.notes:
            click.echo(shown(note))
    elif submissions:
        ids = dict.fromkeys(entry.student for entry in entries.find(submissions).entries)
        students = tuple(map(rosters.Student, ids))
    else:
        raise UserError("Whose marks? Give --roster FILE, or --submissions FOLDER.")
    projects = [project for project in catalog.read().projects if project.phase in phases]
    templates.write(out, students, projects)
    number = wording.counted(len(students) * len(projects), "line")
    click.echo(f"{out}: {number} to fill in. Then: fmnist grade ... --marks {out}")
