"""Grade a class: what was handed in goes in, a folder of records and reports comes out.

A run goes on where an earlier one stopped: a record is made again only if something that decides
it has changed, see `record_keys.Key`.
"""

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from fmnist.exercises import sentences
from fmnist.exercises.verdicts import State
from fmnist.grading import reports
from fmnist.grading.class_plan import Plan
from fmnist.grading.hand_ins import entries, places
from fmnist.grading.hand_ins import roster as rosters
from fmnist.grading.judging import dispatch, earlier_results, store
from fmnist.grading.judging.records import Record, nothing
from fmnist.grading.judging.register import Again, Register
from fmnist.grading.judging.regrading import Name
from fmnist.grading.marks import gradebook, kept_marks, mark_changes
from fmnist.grading.marks import policy as policies
from fmnist.tools import executors, wording
from fmnist.tools.terminal import shown
from fmnist.tools.user_errors import UserError

READING_SECONDS = 60  # for what is not read yet when the time for the class is over
HAND_INS = "hand-ins.csv"  # what became of each file and folder of the submissions


class Ended(UserError):
    """A class run has ended early; the message says why and what to do."""


@dataclass(frozen=True)
class Summary:
    """What a class run came to.

    Attributes:
        rows: one for each student.
        graded_before: how many were, and are as they were.
        again: answers with an earlier verdict that were judged again.
        unreached: students with a submission that an early end left ungraded; they have no row.
        outdated: of these those with a row, from an earlier outcome or another attempt.
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
    outdated: list[str]
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
        self._attempts: dict[str, list[entries.Entry]] = {}
        for entry in self.entries:
            self._attempts.setdefault(entry.student, []).append(entry)
        if plan.policy.attempts.count != policies.BEST:
            self.entries = tuple(own[-1] for own in self._attempts.values())
        self._earlier, self._no_comparison = kept_marks.earlier(plan.out)
        self._register = Register(
            plan.out,
            plan.exercises,
            isolation=plan.level.letter,
            regrade=plan.regrade,
            seed=plan.seed,
        )
        self._unreached: set[Name] = set()

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
        level = self.plan.level
        work = dispatch.Work(
            names,
            level.letter,
            self._register.version,
            self.plan.seed,
            bounds="" if self.plan.place.address else level.bounds,
        )
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
        self._register.finish()

    def summary(self) -> Summary:
        """Return what became of the students that have a record, and of those who gave nothing."""
        attempts: dict[str, list[gradebook.Attempt]] = {}
        unreached: dict[str, None] = {}
        self._unreached.clear()
        end = time.monotonic() + READING_SECONDS
        for entry in self.entries:
            in_time = self._register.is_read(entry) or time.monotonic() < end
            record = self._register.record_of(entry) if in_time else None
            of = entry
            if record is None:
                unreached[entry.student] = None
                self._unreached.add((entry.student, entry.attempt))
                of, record = self._outcome_before(entry)
            if record is not None:
                attempt = gradebook.Attempt(record, of.submitted, of.said_late)
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
        left = [student for student in unreached if student not in attempts]
        moved, marks = mark_changes.against(self._earlier, now, left)
        return Summary(
            rows=rows,
            graded_before=self._register.earlier,
            again=self._register.again,
            unreached=left,
            outdated=[student for student in unreached if student in attempts],
            moved=moved,
            no_comparison=self._no_comparison,
            marks=marks,
            damaged=self._register.store.damaged,
            notes=[*gradebook.unknown_times(rows), *self._left_out()],
        )

    def _outcome_before(self, entry: entries.Entry) -> tuple[entries.Entry, Record | None]:
        """Return the outcome that a student had, and of which attempt, where there is no new one.

        Of several attempts those before this one are asked for it, too, if only the last counts.
        """
        earlier = [entry]
        if self.plan.policy.attempts.count != policies.BEST:
            earlier = self._attempts[entry.student]
        for one in reversed(earlier):
            kept = self._register.earlier_of(one)
            if kept is not None:
                notes = (*kept.record.notes, sentences.NOT_JUDGED_YET)
                return one, replace(kept.record, notes=notes)
        return entry, None

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
        return places.of(self.plan.handed_in, counted, unread, self._unreached)

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
        told = ([gradebook.cell(shown(text)) for text in vars(one).values()] for one in handed_in)
        table = [places.COLUMNS, *told]
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
