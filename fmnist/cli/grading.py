"""An instructor's commands."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fmnist import course
from fmnist.cli.mistakes import Mistake, exercise_named
from fmnist.exercises import catalog
from fmnist.exercises.verdicts import State
from fmnist.terminal import shown
from fmnist.toml_tables import TableError

if TYPE_CHECKING:
    from fmnist.grading.class_run import ClassRun, Outcome, Plan
    from fmnist.grading.hand_ins.entries import HandedIn
    from fmnist.grading.hand_ins.roster import Roster
    from fmnist.grading.judging.records import Record

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY_MINUTES = 24 * 60


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="For all results.")
@click.option("--roster", type=FILE, help="CSV of the class: of your own, Moodle, Canvas, ...")
@click.option("--policy", type=FILE, help="TOML: deadline, late days, attempts, best of several.")
@click.option("--marks", type=FILE, help="CSV of marks by hand: student,item,points,reason.")
@click.option("--assignment", "assignments", multiple=True, help="Only these exercises count.")
@click.option("--phase", "phases", multiple=True, type=click.Choice(course.PHASES))
@click.option("--exercise", "names", multiple=True, help="Only this one; may be given again.")
@click.option(
    "--isolation",
    type=click.Choice(["A", "B", "C", "D"]),
    default="A",
    show_default=True,
    help="The least that will do, from A, the strongest, to D: no sandbox, for code you trust.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; by default one a core.")
@click.option("--cluster", default="", metavar="ADDRESS", help="Of a Dask scheduler: tls://...")
@click.option("--regrade", is_flag=True, help="Also what has a record already.")
@click.option("--watch", is_flag=True, help="Go on: grade whatever comes into the folder.")
@click.option(
    "--minutes", type=click.FloatRange(0.01), default=DAY_MINUTES, help="Wall time for the class."
)
def grade(submissions: Path, out: Path, watch: bool, minutes: float, **options) -> None:
    """Grade a folder of SUBMISSIONS, one folder or archive per student, in a sandbox.

    What has a record is not graded again unless the submission, the checks or the grader changed:
    a run that was stopped goes on when the command is typed again.

    \b
    Example:
        fmnist grade submissions/ --out grades/
        fmnist grade submissions/ --out grades/ --assignment week1 --roster class.csv
        fmnist grade submissions/ --out grades/ --policy late.toml --marks by_hand.csv --regrade
    """
    from fmnist.grading.hand_ins.entries import NoSubmissions
    from fmnist.grading.marks import store

    if not submissions.exists():  # before a folder for results is made
        raise Mistake(f"There is no folder {submissions}; give one with an entry per student.")
    try:
        with store.Store(out).alone():
            _in_rounds(submissions, out, minutes, options, watch=watch)
    except (store.StoreError, NoSubmissions) as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        place = error.filename2 or error.filename or out
        raise Mistake(f"{place} cannot be written or read: {error.strerror}.") from None


def _in_rounds(submissions: Path, out: Path, minutes: float, options: dict, *, watch: bool) -> None:
    """Grade once, or each time that the folder has changed."""
    if not watch:
        _once(submissions, out, minutes, options)
        return
    import watchfiles

    while True:
        try:
            _once(submissions, out, minutes, options)
        except Mistake as mistake:
            mistake.show()
        options["regrade"] = False
        try:
            click.echo(f"Waiting for changes in {submissions}; Ctrl-C ends this.")
            # A hand-in that is still being copied is graded as it is, and again when it is whole.
            next(watchfiles.watch(submissions, raise_interrupt=True), None)
        except KeyboardInterrupt:
            return


def _once(submissions: Path, out: Path, minutes: float, options: dict) -> None:
    from fmnist import executors
    from fmnist.grading.class_run import ClassRun
    from fmnist.grading.hand_ins import roster
    from fmnist.grading.hand_ins.entries import find
    from fmnist.grading.judging import engine
    from fmnist.grading.judging.grader import GraderError
    from fmnist.grading.sandbox.isolation import NoSandbox

    try:
        class_ = roster.read(options["roster"]) if options["roster"] else None
        handed_in = find(submissions, class_)
        plan = _plan(submissions, out, minutes, options, class_, handed_in)
    except (NoSandbox, roster.RosterError) as error:
        raise Mistake(str(error)) from None
    run = ClassRun(plan, handed_in)
    _tell(plan, handed_in, len(run.entries))
    ended = ""
    try:
        with _progress(len(run.entries)) as on_record:
            run.grade(on_record)
    except (GraderError, NoSandbox, executors.NoCluster) as error:
        ended = str(error)
    except executors.Lost:
        ended = "The cluster has gone. Type the command again: it goes on where it stopped."
    except engine.OutOfTime:
        ended = f"{minutes:g} minutes are over. Type the command again: it goes on."
    finally:  # what was graded is not lost with what was not
        outcome = run.outcome()
        _report(run, outcome)
    if ended:
        raise Mistake(ended)
    if outcome.grader_errors:
        students = ", ".join(shown(name) for name in outcome.grader_errors[:5])
        raise Mistake(
            f"The grader failed on some checks ({students}); see {out / 'records'}. Grade again."
        )


def _plan(
    submissions: Path,
    out: Path,
    minutes: float,
    options: dict,
    class_: "Roster | None",
    handed_in: "HandedIn",
) -> "Plan":
    from fmnist import executors
    from fmnist.grading.class_run import Plan
    from fmnist.grading.marks import by_hand, policy
    from fmnist.grading.sandbox import selftest

    students = {entry.student for entry in handed_in.entries} | set(handed_in.missing)
    try:
        rules = policy.read(options["policy"]) if options["policy"] else policy.Policy()
        marks = by_hand.read(options["marks"], students) if options["marks"] else ()
    except (TableError, by_hand.MarksError) as error:
        raise Mistake(str(error)) from None
    level = selftest.strongest(least=options["isolation"], secrets=(submissions, out))
    workers = options["workers"] or executors.cores()
    return Plan(
        folder=submissions,
        out=out,
        exercises=_exercises(options),
        level=level.letter,
        place=executors.Place(options["cluster"], workers),
        seconds=60 * minutes,
        roster=class_,
        policy=rules,
        marks=marks,
        regrade=options["regrade"],
    )


def _exercises(options: dict) -> tuple[catalog.Exercise, ...]:
    """Return the exercises that count; those of all options together, in the course's order."""
    if not any(options[name] for name in ("names", "phases", "assignments")):
        return catalog.load()
    wanted = {exercise_named(name).name for name in options["names"]}
    wanted |= {one.name for one in catalog.load() if one.phase in options["phases"]}
    assignments = {one.name: one for one in catalog.read().assignments}
    for name in options["assignments"]:
        if name not in assignments:
            raise Mistake(f"There is no assignment {name!r}; choose: {', '.join(assignments)}.")
        wanted |= {*assignments[name].exercises}
    return tuple(one for one in catalog.load() if one.name in wanted)


def _tell(plan: "Plan", handed_in: "HandedIn", count: int) -> None:
    from fmnist.grading.sandbox.isolation import LEVELS

    for name, reason in handed_in.skipped.items():
        click.echo(f"skipped {shown(name)}: {reason}")
    for student in handed_in.missing:
        click.echo(f"nothing from {shown(student)}")
    meaning = LEVELS[plan.level].meaning
    click.echo(f"{count} submissions, isolation {plan.level}: {meaning}")


@contextmanager
def _progress(total: int) -> Iterator[Callable[["Record"], None]]:
    """Yield what shows a record: a bar on a terminal, else a line each."""
    if not sys.stdout.isatty():
        yield lambda made: click.echo(_line(made))
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn())
    # Submissions differ: the forecast is that of the last minute and a half.
    with Progress(*columns, TimeRemainingColumn(), speed_estimate_period=90) as progress:
        task = progress.add_task("grading", total=total)

        def on_record(made: "Record") -> None:
            progress.advance(task)
            if made.state != State.GRADED:
                progress.console.print(_line(made), markup=False, highlight=False)

        yield on_record


def _line(made: "Record") -> str:
    return f"{shown(made.student)}: {made.state}, {made.points:g} of {made.max_points} points"


def _report(run: "ClassRun", outcome: "Outcome") -> None:
    """Write the reports and say where they are."""
    for student in outcome.damaged:
        click.echo(f"{shown(student)}: the record was damaged and has been made again")
    if outcome.kept:
        were = "was" if outcome.kept == 1 else "were"
        click.echo(f"{outcome.kept} {were} graded before, and nothing has changed since")
    if outcome.unreached:
        some = ", ".join(shown(student) for student in outcome.unreached[:5])
        some += ", ..." * (len(outcome.unreached) > 5)
        click.echo(f"{len(outcome.unreached)} not graded yet, and not in the gradebook: {some}")
    if outcome.moved:
        marks = "mark" if len(outcome.moved) == 1 else "marks"
        click.echo(f"{len(outcome.moved)} {marks} moved: see {run.plan.out / 'moved.csv'}")
    started = time.monotonic()
    gradebook = run.write(outcome)
    if time.monotonic() - started > 2:
        click.echo(f"Reports took {time.monotonic() - started:.0f} s")
    click.echo(f"Gradebook: {gradebook}")
    click.echo(f"Class page: {run.plan.out / 'index.html'}")
