"""The rules of a class, from a small TOML file: lateness, attempts, the best of several exercises.

Without a zone each time has its offset, as in 2026-12-01T23:59:00+01:00, and the times of rosters
that have none are read in that of the deadline. A student is named by id, e-mail or full name; what
has other characters than a-z, 0-9, - and _ stands in quotes::

    zone = "Europe/Berlin"   # of times that name none; stands above the first table

    [late]
    deadline = 2026-12-01T23:59:00
    grace_minutes = 15
    percent_per_day = 10     # of the points, for each day that has begun
    closes_after_days = 5    # what comes later earns nothing

    [extensions]             # later deadlines, by student
    ada = 2026-12-08T23:59:00

    [submitted]              # when the last hand-in came, where the platform does not tell
    bob = 2026-12-02T08:30:00

    [attempts]
    count = "best"           # or "last", which is the rule without a file

    [[best]]                 # of these exercises the best one counts
    of = ["class_counts", "confusion_matrix"]
    count = 1
"""

import difflib
import zoneinfo
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, field

from fmnist.exercises import catalog
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.marks import lateness
from fmnist.grading.marks.lateness import Lateness
from fmnist.grading.marks.people import People, Unknown
from fmnist.tools import tables, toml_tables, wording
from fmnist.tools.toml_tables import Entry, TableError

LAST, BEST = "last", "best"

Amount = Annotated[float, Meta(ge=0, lt=1e6)]


class Late(Entry, frozen=True):
    """What lateness costs; as it comes, nothing is late.

    Attributes:
        deadline: after which a submission is late; None: never.
        grace_minutes: after the deadline that do not count.
        percent_per_day: of the points, lost for each day that has begun.
        closes_after_days: from the deadline, after which nothing is earned; None: never.
    """

    deadline: datetime | None = None
    grace_minutes: Amount = 0.0
    percent_per_day: Amount = 0.0
    closes_after_days: Amount | None = None


class Attempts(Entry, frozen=True):
    """Which of a student's attempts counts: `LAST` or `BEST`."""

    count: Annotated[str, toml_tables.one_of(LAST, BEST)] = LAST


class BestOf(Entry, frozen=True):
    """Some exercises of which only the best count.

    Attributes:
        of: names of exercises.
        count: how many count.
    """

    of: tuple[str, ...]
    count: Annotated[int, Meta(ge=1)]

    def __post_init__(self) -> None:
        if self.count > len(self.of):
            raise ValueError(f"count is {self.count}; of {len(self.of)} count 1 or more")
        try:
            for name in self.of:
                catalog.find(name)
        except catalog.CatalogError as error:
            raise ValueError(str(error)) from None  # then the entry is named


class Policy(Entry, frozen=True):
    """The rules of a class; as it comes, nothing is late and everything counts.

    Attributes:
        late: what lateness costs.
        extensions: later deadlines, by student; an earlier one does not count.
        attempts: which of a student's attempts counts.
        best: groups of exercises of which only some count.
        zone: name of the zone of times that name none; empty if each has its offset.
        submitted: when the last hand-in came, by student, in place of what a platform says.
    """

    late: Late = Late()
    extensions: dict[str, datetime] = field(default_factory=dict)
    attempts: Attempts = Attempts()
    best: tuple[BestOf, ...] = ()
    zone: str = ""
    submitted: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.zone:
            _zone(self.zone)
        for place, time in self._times():
            if time.tzinfo is None and not self.zone:
                raise ValueError(
                    f"{place} is {time} without an offset; write it as in "
                    '2026-12-01T23:59:00+01:00, or zone = "Europe/Berlin" above the first table'
                )

    @property
    def deadlines(self) -> list[datetime]:
        """All that there are; a class without one knows no lateness."""
        common = [self.late.deadline] if self.late.deadline else []
        return [*common, *self.extensions.values()]

    @property
    def times_zone(self) -> tzinfo | None:
        """The zone of times that name none; None where nothing says it: the machine never does."""
        if self.zone:
            return _zone(self.zone)
        return next((time.tzinfo for time in self.deadlines if time.tzinfo), None)

    @property
    def zone_told(self) -> str:
        """In which zone times are read, as a sentence; empty if no time decides anything."""
        if not self.deadlines:
            return ""
        deadline = self.late.deadline
        until = f"; the deadline is {lateness.written(self._local(deadline))}" if deadline else ""
        if self.zone:
            return f"Times are those of {self.zone}, as the rules say{until}."
        zone = lateness.zone_of(self.deadlines[0])
        return (
            f"Times that name no zone are read as {zone}, as the deadline is written{until}; "
            'zone = "Europe/Berlin" in the rules names one, with its changes of the clock.'
        )

    def without_effect(self, exercises: Collection[str]) -> list[str]:
        """Return a sentence on each rule that decides nothing of these exercises."""
        told = []
        if self.late != Late() and not self.deadlines:
            told.append("The rules name no deadline, so nothing is late.")
        free = not self.late.percent_per_day and self.late.closes_after_days is None
        if self.deadlines and free:
            told.append("The rules name a deadline, and lateness costs nothing.")
        if self.submitted and not self.deadlines:
            told.append("The rules say when hand-ins came, and name no deadline.")
        for number, group in enumerate(self.best, start=1):
            here = [name for name in group.of if name in exercises]
            if len(here) <= group.count:
                told.append(
                    f"Of the rules, best {number} has no effect: it counts {group.count} of its "
                    f"exercises, and {wording.counted(len(here), 'of them', 'of them')} "
                    f"{'is' if len(here) == 1 else 'are'} graded here."
                )
        late = self.late.deadline
        early = [name for name in self.extensions if late and self.deadline_of(name) == late]
        if early:
            told.append(
                f"The deadline counts, and not the earlier one in [extensions], for: "
                f"{wording.some(early)}."
            )
        return told

    def overlooked(self, students: Iterable[Student]) -> str:
        """Return of whom a platform says that they have an extension, and the rules do not."""
        if not self.deadlines:
            return ""
        said = [
            f"{student.name or student.id} ({student.said_extended})"
            for student in students
            if student.said_extended and student.id not in self.extensions
        ]
        if not said:
            return ""
        return (
            f"Moodle speaks of extensions that the rules do not have: {wording.some(said)}. They "
            "do not count until [extensions] names them."
        )

    def deadline_of(self, student: str) -> datetime | None:
        """Return the deadline of a student, by id; None if there is none."""
        common, own = self.late.deadline, self.extensions.get(student)
        if common is None or own is None:
            return own or common
        return max(common, own, key=self._local)

    def lateness(self, student: str, submitted: datetime | None, said_late: str = "") -> Lateness:
        """Return what the rules make of the time of a hand-in; an unknown one is not late.

        Args:
            student: by id.
            submitted: when it came.
            said_late: what the system says of that.
        """
        deadline = self.deadline_of(student)
        came = self._local(submitted) if submitted else None
        if deadline is None or came is None:
            end = self._local(deadline) if deadline else None
            return Lateness(end, came, zone=self._named(end or came), said_late=said_late)
        late, deadline = self.late, self._local(deadline)
        zone, grace = self._named(deadline), timedelta(minutes=late.grace_minutes)
        elapsed = came.astimezone(UTC) - deadline.astimezone(UTC)
        if elapsed <= grace:
            return Lateness(deadline, came, zone=zone, said_late=said_late)
        days = lateness.days_after(deadline, came)
        percent = min(100.0, days * late.percent_per_day)
        rule = f"{late.percent_per_day:g} % of the points for each day that has begun"
        if late.grace_minutes:
            rule += f", after {late.grace_minutes:g} minutes of grace"
        closes = late.closes_after_days
        if closes is not None and came.astimezone(UTC) > lateness.later(deadline, closes):
            percent, rule = 100.0, f"nothing is earned after {closes:g} days"
        if deadline != self._local(self.late.deadline or deadline):
            rule += ", counted from an extended deadline"
        return Lateness(deadline, came, days, percent, rule, zone, said_late)

    def _local(self, time: datetime) -> datetime:
        """Return a time in the zone of the class; one that names no zone is of that already."""
        if time.tzinfo is None:
            return time.replace(tzinfo=self.times_zone or UTC)
        return time.astimezone(self.times_zone or UTC)

    def _named(self, time: datetime | None) -> str:
        return lateness.zone_of(time) if time else ""

    def _times(self) -> Iterator[tuple[str, datetime]]:
        if self.late.deadline:
            yield "late.deadline", self.late.deadline
        for table in ("extensions", "submitted"):
            for student, time in getattr(self, table).items():
                yield f"{table}.{student}", time


def read(path: Path) -> Policy:
    """Return the rules in a file.

    Raises:
        TableError: it cannot be read, see `toml_tables.read`; is empty; has a last line without an
            end; names a zone or an exercise that does not exist; has a time without a zone where
            none is named; or counts more exercises than there are.
    """
    try:
        policy = toml_tables.read(path, Policy)
    except TableError as error:
        hint = " zone stands above the first table." if "`zone`" in str(error) else ""
        raise TableError(f"{error}{hint}") from None
    text = toml_tables.text_of(path)
    if not text:
        raise TableError(f"{path.name} is empty; see `fmnist grade --help`.")
    if not text.endswith(tables.LINE_ENDS):  # of a number, what is left would be another one
        raise TableError(f"{path.name}: {tables.NO_END}.")
    return policy


def of_class(policy: Policy, people: People, file: str) -> Policy:
    """Return rules in which each student is named by id.

    Args:
        policy: as it was read.
        people: of the class.
        file: name of the rules' file.

    Raises:
        TableError: the rules name somebody whom the class does not have, or one student twice.
    """
    tables_: dict[str, dict[str, datetime]] = {"extensions": {}, "submitted": {}}
    for table, by_id in tables_.items():
        for name, time in getattr(policy, table).items():
            try:
                id_ = people.id_of(name)
            except Unknown as error:
                raise TableError(f"{file}, {table}: {error}.") from None
            if id_ in by_id:
                raise TableError(f"{file}, {table}: {name!r} is {id_!r}, who is named twice.")
            by_id[id_] = time
    return msgspec.structs.replace(policy, **tables_)


def _zone(name: str) -> tzinfo:
    """Return a zone by its name.

    Raises:
        ValueError: there is none; the message has the nearest names.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    known = zoneinfo.available_timezones()
    if not known:
        raise ValueError("this machine knows no time zones; type: pip install tzdata")
    ends = {one.rpartition("/")[2].lower(): one for one in sorted(known)}
    near = [ends[end] for end in difflib.get_close_matches(name.rpartition("/")[2].lower(), ends)]
    some = ", ".join(near) or "Europe/Berlin, America/New_York, UTC"
    raise ValueError(f"there is no time zone {name!r}; expected a name such as {some}")
