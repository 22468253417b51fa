"""The records of a class run: those that an earlier run left and that still count, and new ones."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.reader import Reader
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import regrading
from fmnist.grading.judging.dispatch import Task
from fmnist.grading.judging.record_keys import Key, Keys, changed, why_again
from fmnist.grading.judging.records import Graded, Record, joined
from fmnist.grading.judging.regrading import Name, Regrading
from fmnist.grading.judging.store import Kept, Store

# What may depend on the time that the other answers of a hand-in took is judged again with them.
SETTLED = (State.GRADED, State.MISSING, State.NOT_GRADABLE, State.DOUBTFUL)
# Why an answer is judged again of which nothing has changed.
ASKED = "it was asked for"
UNSETTLED = "the grader had failed, or time decided, the last time"


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
        regrade: whether no earlier record counts, but those of a regrading that ended early.
        seed: of the class.

    Attributes:
        store: of the records on disk.
        version: of checks and grader, see `record_keys.Keys`.
        earlier: how many records are those of an earlier run.
        again: answers with an earlier verdict that were judged again.
    """

    def __init__(
        self,
        folder: Path,
        exercises: tuple[Exercise, ...],
        *,
        isolation: str,
        regrade: bool,
        seed: int = 0,
    ):
        self.store = Store(folder)
        self.earlier = 0
        self.again: list[Again] = []
        self._names = [exercise.name for exercise in exercises]
        self._reader = Reader(exercises)
        self._keys = Keys(exercises, isolation=isolation, seed=seed)
        self.version = self._keys.version
        self._regrading = Regrading(folder, self._names) if regrade else None
        self._read: dict[Name, tuple[Submission, Key]] = {}
        self._before: dict[Name, Kept] = {}  # earlier records that hold in part, or not at all
        self._only: dict[
            Name, tuple[str, ...]
        ] = {}  # exercises to judge, of those that hold in part
        self._records: dict[Name, Record] = {}

    def waiting(
        self, entries: Iterable[Entry], on_record: Callable[[Record], None]
    ) -> Iterator[Task]:
        """Yield what needs a grader.

        Args:
            entries: of the class; each is read when it is its turn.
            on_record: is told the record of each of the others.
        """
        for entry in entries:
            record = self.record_of(entry)
            if record is None:
                name = (entry.student, entry.attempt)
                yield Task(self._read[name][0], self._only.get(name, ()))
            else:
                on_record(record)

    def keep(self, graded: Graded, on_record: Callable[[Record], None]) -> None:
        """Write a new record, and tell of it when it is on disk.

        Args:
            graded: with the exercises that were to be judged; of the others the earlier outcome
                holds.
            on_record: is told the record.

        Raises:
            OSError: it cannot be written.
        """
        name = (graded.record.student, graded.record.attempt)
        _, key = self._read[name]
        before = self._before.get(name)
        if before:
            there = {part.name for part in before.record.exercises}
            for exercise in [part.name for part in graded.record.exercises if part.name in there]:
                why = why_again(before.key, key, exercise) or UNSETTLED
                self.again.append(Again(name[0], exercise, ASKED if self._regrading else why))
        if before and name in self._only:
            times = self._times(name) | graded.seconds
            known = replace(graded.record, exercises=before.record.exercises)
            whole = joined(known, graded.record.exercises, self._names)
            graded = Graded(whole, times)
        self.store.keep(graded, key)
        if self._regrading:
            self._regrading.add(name)
        self._records[name] = graded.record
        on_record(graded.record)

    def _times(self, name: Name) -> dict[str, float]:
        """Return how long the checks took that were not run again."""
        left = [one for one in self._names if one not in self._only.get(name, ())]
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
            submission = self._reader.read(entry)
            key = self._keys.of(submission)
            self._read[name] = (submission, key)
            earlier = self.store.find(*name)
            if earlier is not None:
                self._before[name] = earlier
                if self._regrading is None or name in self._regrading.done:
                    self._take_over(name, earlier)
        return self._records.get(name)

    def _take_over(self, name: Name, earlier: Kept) -> None:
        """Take from an earlier record what still holds: all of it, or some exercises."""
        submission, key = self._read[name]
        states = {part.name: part.state for part in earlier.record.exercises}
        again = changed(earlier.key, key)
        if again:
            again |= {one for one, state in states.items() if state not in SETTLED}
        again |= {one for one, state in states.items() if state == State.GRADER_ERROR}
        again = {one for one in self._names if one in again or one not in states}
        if again:
            if len(again) < len(self._names):
                self._only[name] = tuple(one for one in self._names if one in again)
            return
        record = replace(
            joined(earlier.record, (), self._names),
            ignored=submission.ignored,
            notes=submission.notes,
        )
        if record != earlier.record or key != earlier.key:
            self.store.keep(Graded(record, self._times(name)), key)
        self._records[name] = record
        self.earlier += 1

    def earlier_of(self, entry: Entry) -> Kept | None:
        """Return what an earlier run left of a hand-in that this one has not judged.

        It is of what was handed in, of the checks and of the grader of then; None if there is none,
        or none of all exercises that count.
        """
        name = (entry.student, entry.attempt)
        if name not in self._read and name not in self._before:
            found = self.store.find(*name)
            if found:
                self._before[name] = found
        kept = self._before.get(name)
        if kept is None or not {*self._names} <= {part.name for part in kept.record.exercises}:
            return None
        return replace(kept, record=joined(kept.record, (), self._names))

    def is_read(self, entry: Entry) -> bool:
        """Return whether a hand-in was read."""
        return (entry.student, entry.attempt) in self._read

    def finish(self) -> None:
        """Note that everything is judged; a regrading that was given up is over, too."""
        regrading.end(self.store.folder)

    def close(self) -> None:
        """End the process that reads hand-ins."""
        self._reader.close()

    def key(self, student: str, attempt: int) -> Key | None:
        """Return what decides the outcome of a hand-in, be it an earlier one; None if none does."""
        name = (student, attempt)
        if name in self._records:
            return self._read[name][1]
        kept = self._before.get(name)
        return kept.key if kept else None

    def sources(self, student: str, attempt: int) -> dict[str, str] | None:
        """Return the texts of the answers of a hand-in, by exercise; None if there is none."""
        read = self._read.get((student, attempt))
        return read[0].sources if read else None
