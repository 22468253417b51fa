"""The records of a class run: those that an earlier run left and that still count, and new ones."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins import submissions
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.record_keys import Key, Keys, changed, why_again
from fmnist.grading.judging.records import ExerciseRecord, Graded, Record, whole
from fmnist.grading.judging.store import Kept, Store

Name = tuple[str, int]  # of a hand-in: its student and its attempt
# What may depend on the time that the other answers of a hand-in took is judged again with them.
SETTLED = (State.GRADED, State.MISSING)
# Why an answer is judged again of which nothing has changed.
ASKED = "it was asked for"
UNCHANGED = "the grader had failed, or time decided, the last time"


@dataclass(frozen=True)
class Again:
    """An answer that was judged again.

    Attributes:
        student: whose it is.
        exercise: its name.
        why: what had changed, in words that follow "because".
    """

    student: str
    exercise: str
    why: str


class Register:
    """What is known of each hand-in of a class.

    Args:
        folder: of the class run.
        exercises: that count.
        isolation: letter of the level.
        regrade: whether no earlier record counts.

    Attributes:
        store: of the records on disk.
        version: of checks and grader, see `record_keys.Keys`.
        earlier: how many records are those of an earlier run.
        again: answers with an earlier verdict that were judged again.
    """

    def __init__(
        self, folder: Path, exercises: tuple[Exercise, ...], *, isolation: str, regrade: bool
    ):
        self.store = Store(folder)
        self.earlier = 0
        self.again: list[Again] = []
        self._exercises = exercises
        self._isolation = isolation
        self._keys = Keys(exercises, isolation=isolation)
        self.version = self._keys.version
        self._regrade = regrade
        self._read: dict[Name, tuple[Submission, Key]] = {}
        self._before: dict[Name, Kept] = {}
        self._asked: dict[Name, frozenset[str]] = {}  # exercises to judge, of those with a record
        self._records: dict[Name, Record] = {}

    def waiting(
        self, entries: Iterable[Entry], on_record: Callable[[Record], None]
    ) -> Iterator[Submission]:
        """Yield the submissions that need a grader.

        Args:
            entries: of the class; each is read when it is its turn.
            on_record: is told the record of each of the others.
        """
        for entry in entries:
            record = self.record_of(entry)
            if record is None:
                yield self._read[entry.student, entry.attempt][0]
            else:
                on_record(record)

    def asked(self, submission: Submission) -> frozenset[str] | None:
        """Return the exercises of a submission that need a grader; None stands for all."""
        return self._asked.get((submission.student, submission.attempt))

    def keep(self, graded: Graded, on_record: Callable[[Record], None]) -> None:
        """Write a new record, and tell of it when it is on disk.

        Args:
            graded: with the exercises that were asked; of the others the earlier outcome holds.
            on_record: is told the record.

        Raises:
            OSError: it cannot be written.
        """
        name = (graded.record.student, graded.record.attempt)
        submission, key = self._read[name]
        judged = {part.name: part for part in graded.record.exercises}
        if earlier := self._before.get(name):
            there = {part.name for part in earlier.record.exercises}
            for exercise in judged:
                if exercise in there:
                    why = why_again(earlier.key, key, exercise) or UNCHANGED
                    self.again.append(Again(name[0], exercise, ASKED if self._regrade else why))
        record = self._joined(submission, judged)
        self.store.keep(Graded(record, self._times(name, judged) | graded.seconds), key)
        self._before.pop(name, None)
        self._records[name] = record
        on_record(record)

    def _joined(self, submission: Submission, judged: dict[str, ExerciseRecord]) -> Record:
        """Return the whole record: what was judged now, and what an earlier run has left."""
        parts = dict(judged)
        if self.asked(submission) is not None:
            earlier = self._before[submission.student, submission.attempt].record
            parts = {part.name: part for part in earlier.exercises} | judged
        counted = tuple(parts[exercise.name] for exercise in self._exercises)
        return whole(submission, counted, isolation=self._isolation)

    def _times(self, name: Name, judged: Collection[str]) -> dict[str, float]:
        """Return how long the checks took that were not run again."""
        if name not in self._asked:
            return {}
        left = [one.name for one in self._exercises if one.name not in judged]
        files = {f"{kind}_{exercise}" for kind in ("test", "hidden") for exercise in left}
        times = self.store.seconds(*name)
        return {check: spent for check, spent in times.items() if check.split("::")[0] in files}

    def record_of(self, entry: Entry) -> Record | None:
        """Return the record of a hand-in, which is read if it was not; None if none counts.

        Raises:
            OSError: a record that is made of earlier outcomes cannot be written.
        """
        name = (entry.student, entry.attempt)
        if name not in self._read:
            submission = submissions.read(entry, self._exercises)
            key = self._keys.of(submission)
            self._read[name] = (submission, key)
            earlier = self.store.find(*name)
            if earlier is not None:
                self._before[name] = earlier
                if not self._regrade:
                    self._take_over(name, earlier)
        return self._records.get(name)

    def _take_over(self, name: Name, earlier: Kept) -> None:
        """Take from an earlier record what still holds: all of it, or some exercises."""
        submission, key = self._read[name]
        asked = changed(earlier.key, key)
        parts = {part.name: part for part in earlier.record.exercises}
        if asked:
            asked |= {name for name, part in parts.items() if part.state not in SETTLED}
        asked |= {name for name, part in parts.items() if part.state == State.GRADER_ERROR}
        asked = (asked & key.checks.keys()) | (key.checks.keys() - parts.keys())
        if asked != key.checks.keys():
            self._asked[name] = asked
        if not asked:
            record = self._joined(submission, {})
            if record != earlier.record or key != earlier.key:
                self.store.keep(Graded(record, self._times(name, ())), key)
            self._records[name] = record
            del self._before[name]
            self.earlier += 1

    def key(self, student: str, attempt: int) -> Key | None:
        """Return what decides the record of a hand-in; None if there is none."""
        read = self._read.get((student, attempt))
        return read[1] if read else None

    def sources(self, student: str, attempt: int) -> dict[str, str] | None:
        """Return the texts of the answers of a hand-in, by exercise; None if there is none."""
        read = self._read.get((student, attempt))
        return read[0].sources if read else None
