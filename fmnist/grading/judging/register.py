"""The records of a class run: those that an earlier run left and that still count, and new ones."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.reader import Reader
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging.record_keys import Key, Keys
from fmnist.grading.judging.records import Graded, Record
from fmnist.grading.judging.store import Store

Name = tuple[str, int]  # of a hand-in: its student and its attempt


class Register:
    """What is known of each hand-in of a class.

    Args:
        folder: of the class run.
        exercises: that count.
        isolation: letter of the level.
        regrade: whether no earlier record counts.
        seed: of the class.

    Attributes:
        store: of the records on disk.
        version: of checks and grader, see `record_keys.Keys`.
        earlier: how many records are those of an earlier run.
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
        self._reader = Reader(exercises)
        self._keys = Keys(exercises, isolation=isolation, seed=seed)
        self.version = self._keys.version
        self._regrade = regrade
        self._read: dict[Name, tuple[Submission, Key]] = {}
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

    def keep(self, graded: Graded, on_record: Callable[[Record], None]) -> None:
        """Write a new record, and tell of it when it is on disk.

        Raises:
            OSError: it cannot be written.
        """
        record = graded.record
        name = (record.student, record.attempt)
        _, key = self._read[name]
        self.store.keep(graded, key)
        self._records[name] = record
        on_record(record)

    def record_of(self, entry: Entry) -> Record | None:
        """Return the record of a hand-in, which is read if it was not; None if none counts."""
        name = (entry.student, entry.attempt)
        if name not in self._read:
            submission = self._reader.read(entry)
            key = self._keys.of(submission)
            self._read[name] = (submission, key)
            earlier = self.store.find(*name)
            if earlier is not None:
                failed = earlier.record.state == State.GRADER_ERROR
                if earlier.key == key and not failed and not self._regrade:
                    self._records[name] = earlier.record
                    self.earlier += 1
        return self._records.get(name)

    def is_read(self, entry: Entry) -> bool:
        """Return whether a hand-in was read."""
        return (entry.student, entry.attempt) in self._read

    def close(self) -> None:
        """End the process that reads hand-ins."""
        self._reader.close()

    def key(self, student: str, attempt: int) -> Key | None:
        """Return what decides the record of a hand-in; None if there is none."""
        read = self._read.get((student, attempt))
        return read[1] if read else None

    def sources(self, student: str, attempt: int) -> dict[str, str] | None:
        """Return the texts of the answers of a hand-in, by exercise; None if there is none."""
        read = self._read.get((student, attempt))
        return read[0].sources if read else None
