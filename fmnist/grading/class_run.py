"""Grade a class: what was handed in goes in, a folder of records and reports comes out.

A run goes on where an earlier one stopped: a record is made again only if something that decides
it has changed, see `record_keys.Key`.
"""

import functools
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from fmnist.exercises import catalog, reading
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading import reports
from fmnist.grading.hand_ins import entries, places
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging import dispatch, earlier_results, store
from fmnist.grading.judging.records import Record, nothing
from fmnist.grading.judging.register import Again, Register
from fmnist.grading.marks import by_hand, gradebook, kept_marks, mark_changes
from fmnist.grading.marks import policy as policies
from fmnist.grading.marks.people import People
from fmnist.grading.reports import lms_canvas
from fmnist.grading.sandbox import selftest
from fmnist.grading.sandbox.isolation import Level
from fmnist.tools import executors, wording
from fmnist.tools.user_errors import UserError

READING_SECONDS = 60  # for what is not read yet when the time for the class is over
HAND_INS = "hand-ins.csv"  # what became of each file and folder of the submissions


class Ended(UserError):
    """A class run has ended early; the message says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What to grade, and how: see `plan`, which makes it.

    Attributes:
        handed_in: what is in the folder of submissions.
        out: for records and reports.
        exercises: that count.
        level: of isolation.
        place: where graders run.
        minutes: wall time for the class.
        roster: of the class, if there is one.
        policy: rules of the class.
        marks: given by hand, of what is graded.
        marks_elsewhere: given by hand, of other assignments; they do not count here.
        regrade: whether to make all records again.
        scale: whether marks for a platform are scaled to its maximum.
        has_rules: whether there is a file of rules.
        has_marks: whether there is a file of marks given by hand.
        notes: on what was assumed in reading the files, and on rules that decide nothing.
        set_aside: whether results of other students and exercises may be moved.
        seed: of the class: hidden checks draw their inputs from it, for all students the same.
        assignments: names of those that are graded; none if exercises were chosen otherwise.
        site: where the book is on the web, for students; may be empty.
        column: of the assignment in the roster, as it was asked for; may be empty.
    """

    handed_in: entries.HandedIn
    out: Path
    exercises: tuple[Exercise, ...]
    level: Level
    place: executors.Place
    minutes: float
    roster: rosters.Roster | None = None
    policy: policies.Policy = field(default_factory=policies.Policy)
    marks: tuple[by_hand.Mark, ...] = ()
    marks_elsewhere: tuple[by_hand.Mark, ...] = ()
    regrade: bool = False
    scale: bool = False
    has_rules: bool = False
    has_marks: bool = False
    notes: tuple[str, ...] = ()
    set_aside: bool = False
    seed: int = 0
    assignments: tuple[str, ...] = ()
    site: str = ""
    column: str = ""


def plan(
    folder: Path,
    out: Path,
    *,
    minutes: float,
    least: str,
    student: str = "",
    roster: Path | None = None,
    policy: Path | None = None,
    marks: Sequence[Path] = (),
    assignments: Collection[str] = (),
    phases: Collection[str] = (),
    names: Collection[str] = (),
    cluster: str = "",
    workers: int | None = None,
    regrade: bool = False,
    scale: bool = False,
    set_aside: bool = False,
    seed: int | None = None,
    secrets: tuple[Path, ...] = (),
    site: str = "",
    column: str = "",
) -> Plan:
    """Find what was handed in, and all that decides what it is worth.

    Args:
        folder: of the submissions.
        out: for records and reports.
        minutes: wall time for the class.
        least: letter of the weakest isolation that will do; the strongest that holds is taken.
        student: whose the folder is, if it is the submission of one.
        roster: file of the class; without it students are called as their hand-ins are.
        policy: file of the rules of the class.
        marks: files of marks given by hand.
        assignments: whose exercises count.
        phases: whose exercises count.
        names: of exercises that count. With no assignment, phase or name all count.
        cluster: address of a scheduler; empty for this machine.
        workers: processes; by default one a core.
        regrade: whether to make all records again.
        scale: whether marks for a platform are scaled to its maximum.
        set_aside: whether results of other students and exercises, which an earlier run left in
            `out`, may be moved there.
        seed: of the class; if none is given the one that earlier results have, or a new one.
        secrets: files and folders, besides the two, that no answer may read.
        site: address of the book on the web, for students.
        column: of the assignment in the roster; by default the one that is called like it.

    Raises:
        NoSubmissions: the folder does not hold what the grader needs.
        RosterError, TableError, MarksError: a file is not as it must be.
        NoSandbox: no isolation holds that will do.
        CatalogError: there is no such assignment or exercise.
        NoAddress: the site has none that could be one.
        NoColumn: the roster has no such column.
    """
    address = reading.site(site)
    rules = policies.read(policy) if policy else policies.Policy()
    class_ = rosters.read(roster, rules.times_zone) if roster else None
    if column:
        lms_canvas.column_of(class_, column)
    if student:
        handed_in = entries.HandedIn((entries.Entry(student, (folder.resolve(),)),), {}, ())
    else:
        handed_in = entries.find(folder, class_, without=(out,))
    ids = dict.fromkeys(entry.student for entry in handed_in.entries)
    known = class_.students if class_ else [rosters.Student(id_) for id_ in ids]
    people = People(known, whole=class_ is not None)
    if policy:
        rules = policies.of_class(rules, people, policy.name)
    exercises = _exercises(assignments, phases, names)
    given = by_hand.together([(path.name, by_hand.read(path, people)) for path in marks])
    counted, elsewhere = by_hand.counted(given.given, exercises)
    notes = [*(class_.notes if class_ else ()), *given.notes]
    if policy:
        told = [rules.zone_told, *rules.without_effect([one.name for one in exercises])]
        told.append(rules.overlooked(known))
        notes += filter(None, told)
    return Plan(
        handed_in=handed_in,
        out=out,
        minutes=minutes,
        roster=class_,
        policy=rules,
        marks=counted,
        marks_elsewhere=elsewhere,
        level=selftest.strongest(least=least, secrets=(folder, out, *secrets)),
        exercises=exercises,
        place=executors.Place(cluster, workers or executors.cores()),
        regrade=regrade,
        scale=scale,
        has_rules=policy is not None,
        has_marks=bool(marks),
        notes=tuple(notes),
        set_aside=set_aside,
        seed=store.class_seed(out) if seed is None else seed,
        assignments=() if phases or names else tuple(assignments),
        site=address,
        column=column,
    )


def _exercises(
    assignments: Collection[str], phases: Collection[str], names: Collection[str]
) -> tuple[Exercise, ...]:
    """Return the exercises that count, those of all three together, in the course's order."""
    if not (assignments or phases or names):
        return catalog.load()
    wanted = {catalog.find(name) for name in names}
    for assignment in assignments:
        wanted.update(catalog.exercises_of(assignment))
    return tuple(
        exercise for exercise in catalog.load() if exercise in wanted or exercise.phase in phases
    )


@dataclass(frozen=True)
class Summary:
    """What a class run came to.

    Attributes:
        rows: one for each student.
        graded_before: how many were, and are as they were.
        again: answers with an earlier verdict that were judged again.
        unreached: students with a submission that an early end left ungraded; if the best attempt
            counts, they may have a row from another one.
        moved: marks that are not what they were.
        no_comparison: why nobody knows which marks moved; empty if that is known.
        marks: all of them, as the next run reads them.
        damaged: students whose earlier record could not be read.
        notes: what an instructor must know of times, and of files that an earlier run had.
    """

    rows: list[gradebook.Row]
    graded_before: int
    again: list[Again]
    unreached: list[str]
    moved: list[mark_changes.MarkChange]
    no_comparison: str
    marks: kept_marks.ClassMarks
    damaged: list[str]
    notes: list[str]

    @property
    def grader_errors(self) -> list[str]:
        """Students some of whose checks the grader failed on."""
        return [row.student.id for row in self.rows if row.record.state == State.GRADER_ERROR]


def _until(end: float, hand_ins: Sequence[entries.Entry]) -> Iterator[entries.Entry]:
    """Yield hand-ins until the time for the class is over.

    Raises:
        OutOfTime: it is, and there are more.
    """
    for entry in hand_ins:
        if time.monotonic() > end:
            raise dispatch.OutOfTime
        yield entry


class ClassRun:
    """A plan and what is known of it so far.

    Args:
        plan: to carry out.

    Attributes:
        plan: that is carried out.
        entries: of which a mark can come: all attempts, or each student's last.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.entries = plan.handed_in.entries
        if plan.policy.attempts.count != policies.BEST:
            self.entries = tuple({entry.student: entry for entry in self.entries}.values())
        self._earlier, self._no_comparison = kept_marks.earlier(plan.out)
        self._register = Register(
            plan.out,
            plan.exercises,
            isolation=plan.level.letter,
            regrade=plan.regrade,
            seed=plan.seed,
        )

    def begin(self) -> list[str]:
        """Keep apart what an earlier run left that is not of this one, and say what was done.

        Raises:
            OtherResults: there is such a thing, and the plan does not allow to move it.
            OSError: something cannot be moved.
        """
        handed_in = self.plan.handed_in
        hand_ins = [(entry.student, entry.attempt) for entry in handed_in.entries]
        roster = self.plan.roster
        return earlier_results.set_aside(
            self.plan.out,
            hand_ins,
            {student for student, _ in hand_ins} | {*handed_in.missing},
            [exercise.name for exercise in self.plan.exercises],
            tables=reports.tables_of_others(roster.kind if roster else ""),
            allowed=self.plan.set_aside,
        )

    def grade(self, on_record: Callable[[Record], None]) -> None:
        """Grade what is not graded yet; each record is on disk before it is told of.

        Raises:
            GraderError, NoSandbox, executors.NoCluster: see `dispatch.grade`.
            Ended: the time is over, or the cluster has gone. What was graded before is kept.
            OSError: a record cannot be written.
        """
        names = tuple(exercise.name for exercise in self.plan.exercises)
        seconds = 60 * self.plan.minutes
        end = time.monotonic() + seconds
        store.keep_class_seed(self.plan.out, self.plan.seed)
        work = dispatch.Work(names, self.plan.level.letter, self._register.version, self.plan.seed)
        try:
            dispatch.grade(
                self._register.waiting(_until(end, self.entries), on_record),
                work,
                place=self.plan.place,
                seconds=seconds,
                on_graded=functools.partial(self._register.keep, on_record=on_record),
            )
        except executors.Lost:
            raise Ended(
                "The cluster has gone. Type the command again: it goes on where it stopped."
            ) from None
        except dispatch.OutOfTime:
            over = f"{self.plan.minutes:g} minutes are over"
            raise Ended(f"{over}. Type the command again: it goes on.") from None

    def summary(self) -> Summary:
        """Return what became of the students that have a record, and of those who gave nothing."""
        attempts: dict[str, list[gradebook.Attempt]] = {}
        unreached: dict[str, None] = {}
        end = time.monotonic() + READING_SECONDS
        for entry in self.entries:
            in_time = self._register.is_read(entry) or time.monotonic() < end
            record = self._register.record_of(entry) if in_time else None
            if record is None:
                unreached[entry.student] = None
            else:
                attempt = gradebook.Attempt(record, entry.submitted, entry.said_late)
                attempts.setdefault(entry.student, []).append(attempt)
        for student in self.plan.handed_in.missing:
            record = nothing(student, self.plan.exercises, isolation=self.plan.level.letter)
            attempts[student] = [gradebook.Attempt(record)]
        roster = self.plan.roster
        known = roster.students if roster else [rosters.Student(name) for name in attempts]
        rows = gradebook.rows(
            attempts,
            [student for student in known if student.id in attempts],
            self.plan.exercises,
            policy=self.plan.policy,
            marks=self.plan.marks,
        )
        self._register.close()
        now = self._marks(rows)
        moved, marks = mark_changes.against(self._earlier, now, unreached)
        return Summary(
            rows=rows,
            graded_before=self._register.earlier,
            again=self._register.again,
            unreached=[*unreached],
            moved=moved,
            no_comparison=self._no_comparison,
            marks=marks,
            damaged=self._register.store.damaged,
            notes=[*gradebook.unknown_times(rows), *self._left_out()],
        )

    def _marks(self, rows: list[gradebook.Row]) -> kept_marks.ClassMarks:
        """Return the marks of this run, as the next one reads them."""
        plan, key_of = self.plan, self._register.key
        return kept_marks.ClassMarks(
            format=kept_marks.FORMAT,
            ids=plan.roster.kind if plan.roster else "",
            assignments=plan.assignments,
            rules=msgspec.json.encode(plan.policy).decode(),
            students={
                row.student.id: kept_marks.of(
                    row, plan.marks, key_of(row.student.id, row.record.attempt)
                )
                for row in rows
            },
            unreached={},
            has_rules=plan.has_rules,
        )

    def what_became(self, summary: Summary) -> list[places.Place]:
        """Return what became of each file and folder of the submissions."""
        counted = {row.student.id: row.record.attempt for row in summary.rows}
        unread = {row.student.id: row.record.unread for row in summary.rows if row.record.unread}
        return places.of(self.plan.handed_in, counted, unread)

    def _left_out(self) -> list[str]:
        """Return what an earlier run had and this one has not: marks must not fall in silence."""
        before, told = self._earlier, []
        if before is None:
            return []
        if before.by_hand and not self.plan.has_marks:
            marks = wording.counted(before.by_hand, "mark")
            told.append(
                f"An earlier run had {marks} by hand, and this one has no --marks: "
                "they do not count; give the file again."
            )
        if before.has_rules and not self.plan.has_rules:
            told.append(
                "An earlier run had rules, and this one has no --policy: they do not count; give "
                "the file again."
            )
        return told

    def write(self, summary: Summary) -> tuple[Path, list[str]]:
        """Write gradebook and reports.

        Returns:
            the path of the gradebook, and sentences on the files for a platform.
        """
        out, kept = self.plan.out, self._register.store
        path = gradebook.write(summary.rows, out)
        if summary.moved:
            store.write_whole(out / "moved.csv", mark_changes.table(summary.moved))
        handed_in = self.what_became(summary)
        table = [places.COLUMNS, *(map(gradebook.cell, vars(one).values()) for one in handed_in)]
        store.write_whole(out / HAND_INS, gradebook.csv_text(table))
        counted = [(row.record.student, row.record.attempt) for row in summary.rows]
        seconds = {name[0]: kept.seconds(*name) for name in counted}
        sources = {name[0]: texts for name in counted if (texts := self._register.sources(*name))}
        notes = reports.write(
            summary.rows,
            out,
            exercises=self.plan.exercises,
            roster=self.plan.roster,
            seconds=seconds,
            sources=sources,
            moved=summary.moved,
            told={name: one.told for name, one in summary.marks.students.items()},
            site=self.plan.site,
            assignments=self.plan.assignments,
            column=self.plan.column,
            places=handed_in,
            notes=[*self.plan.notes, *summary.notes],
            scale=self.plan.scale,
        )
        kept_marks.write(summary.marks, out)  # last: what was not told yet is found again
        return path, notes
