"""Grade a class: what was handed in goes in, a folder of records and reports comes out.

A run goes on where an earlier one stopped: a record is made again only if something that decides
it has changed, see `keys.Key`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fmnist import executors
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading import reports
from fmnist.grading.hand_ins import submissions
from fmnist.grading.hand_ins.entries import Entry, HandedIn
from fmnist.grading.hand_ins.roster import Roster, Student
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import engine, keys
from fmnist.grading.judging.keys import Key
from fmnist.grading.judging.records import Graded, Record, nothing
from fmnist.grading.marks import gradebook, moved, store
from fmnist.grading.marks.by_hand import Mark
from fmnist.grading.marks.moved import Moved
from fmnist.grading.marks.policy import BEST, Policy
from fmnist.grading.marks.store import Kept


@dataclass(frozen=True)
class Plan:
    """What to grade, and how.

    Attributes:
        folder: of the submissions.
        out: for records and reports.
        exercises: that count.
        level: letter of the isolation.
        place: where graders run.
        seconds: wall time for the class.
        roster: of the class, if there is one.
        policy: rules of the class.
        marks: given by hand.
        regrade: whether to make all records again.
    """

    folder: Path
    out: Path
    exercises: tuple[Exercise, ...]
    level: str
    place: executors.Place
    seconds: float
    roster: Roster | None = None
    policy: Policy = field(default_factory=Policy)
    marks: tuple[Mark, ...] = ()
    regrade: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a class run came to.

    Attributes:
        rows: one for each student.
        fresh: how many submissions were graded now.
        kept: how many were graded before.
        unreached: students with a submission that an early end left ungraded.
        moved: marks that are not what they were.
        damaged: students whose earlier record could not be read.
    """

    rows: list[gradebook.Row]
    fresh: int
    kept: int
    unreached: list[str]
    moved: list[Moved]
    damaged: list[str]

    @property
    def grader_errors(self) -> list[str]:
        """Students some of whose checks the grader failed on."""
        return [row.student.id for row in self.rows if row.record.state == State.GRADER_ERROR]


class ClassRun:
    """A plan and what is known of it so far.

    Args:
        plan: to carry out.
        handed_in: what `entries.find` saw in the folder.
    """

    def __init__(self, plan: Plan, handed_in: HandedIn):
        self.plan = plan
        self.handed_in = handed_in
        self.entries = _counted(handed_in.entries, plan.policy)
        self._keys = keys.Keys(plan.exercises, isolation=plan.level)
        self._store = store.Store(plan.out)
        self._before: dict[tuple[str, int], Kept] = {}
        self._now: dict[tuple[str, int], tuple[Submission, Key]] = {}
        self._records: dict[tuple[str, int], Record] = {}
        self._fresh = 0
        self._moved: list[Moved] = []

    def grade(self, on_record: Callable[[Record], None]) -> None:
        """Grade what is not graded yet; each record is on disk before it is told of.

        Raises:
            GraderError, NoSandbox, executors.NoCluster, executors.Lost, engine.OutOfTime: see
                `engine.grade`. What was graded before is kept.
            StoreError: the folder cannot be used.
            OSError: a record cannot be written.
        """

        def keep(graded: Graded) -> None:
            made = graded.record
            name = (made.student, made.attempt)
            _, key = self._now[name]
            self._store.keep(graded, key)
            self._moved += moved.since(self._before.get(name), made, key)
            self._records[name] = made
            self._fresh += 1
            on_record(made)

        names = tuple(one.name for one in self.plan.exercises)
        engine.grade(
            self._waiting(on_record),
            engine.Work(names, self.plan.level, self._keys.version),
            place=self.plan.place,
            seconds=self.plan.seconds,
            on_graded=keep,
        )

    def _waiting(self, on_record: Callable[[Record], None]) -> Iterator[Submission]:
        """Yield the submissions that need a grader; take the records of the others."""
        for entry in self.entries:
            submission = self._look_at(entry)
            kept = self._records.get((entry.student, entry.attempt))
            if kept is None:
                yield submission
            else:
                on_record(kept)

    def _look_at(self, entry: Entry) -> Submission:
        """Read a submission; take its record if an earlier run has left one that still counts."""
        submission = submissions.read(entry, self.plan.exercises)
        name = (submission.student, submission.attempt)
        key = self._keys.of(submission)
        self._now[name] = (submission, key)
        kept = self._store.find(*name)
        if kept is not None:
            self._before[name] = kept
            stale = self.plan.regrade or kept.record.state == State.GRADER_ERROR or kept.key != key
            if not stale:
                self._records[name] = kept.record
        return submission

    def outcome(self) -> Outcome:
        """Return what became of the students that have a record, and of those who gave nothing."""
        attempts: dict[str, list[gradebook.Attempt]] = {}
        unreached: dict[str, None] = {}
        for entry in self.entries:
            if (entry.student, entry.attempt) not in self._now:  # after an early end
                self._look_at(entry)
            made = self._records.get((entry.student, entry.attempt))
            if made is None:
                unreached[entry.student] = None
            else:
                attempt = gradebook.Attempt(made, entry.submitted)
                attempts.setdefault(entry.student, []).append(attempt)
        for student in self.handed_in.missing:
            made = nothing(student, self.plan.exercises, isolation=self.plan.level)
            attempts[student] = [gradebook.Attempt(made)]
        roster = self.plan.roster
        known = roster.students if roster else [Student(name) for name in attempts]
        rows = gradebook.rows(
            attempts,
            [student for student in known if student.id in attempts],
            self.plan.exercises,
            policy=self.plan.policy,
            marks=self.plan.marks,
        )
        kept = len(self._records) - self._fresh
        return Outcome(rows, self._fresh, kept, [*unreached], self._moved, self._store.damaged)

    def write(self, outcome: Outcome) -> Path:
        """Write gradebook and reports; return the path of the gradebook."""
        out = self.plan.out
        # By the entries and not by what was read: a run that was stopped has not seen all.
        self._store.forget_all_but((entry.student, entry.attempt) for entry in self.entries)
        path = gradebook.write(outcome.rows, out)
        if outcome.moved:
            store.write_whole(out / "moved.csv", moved.table(outcome.moved))
        counted = {(row.record.student, row.record.attempt) for row in outcome.rows}
        seconds = {
            name[0]: self._store.seconds(*name) for name in sorted(counted & {*self._records})
        }
        sources = {name[0]: self._now[name][0].sources for name in sorted(counted & {*self._now})}
        reports.write(
            outcome.rows,
            out,
            exercises=self.plan.exercises,
            roster=self.plan.roster,
            seconds=seconds,
            sources=sources,
            moved=outcome.moved,
        )
        return path


def _counted(entries: tuple[Entry, ...], policy: Policy) -> tuple[Entry, ...]:
    """Return the entries of which a mark can come: all attempts, or each student's last."""
    if policy.attempts.count == BEST:
        return entries
    return tuple({entry.student: entry for entry in entries}.values())
