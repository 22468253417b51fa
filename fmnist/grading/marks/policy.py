"""The rules of a class, from a small TOML file: lateness, attempts, the best of several exercises.

::

    [late]
    deadline = 2026-12-01T23:59:00+01:00
    grace_minutes = 15
    percent_per_day = 10     # of the points, for each day that has begun
    closes_after_days = 5    # what comes later earns nothing

    [extensions]             # other deadlines, by student
    ada = 2026-12-08T23:59:00+01:00

    [attempts]
    count = "best"           # or "last", which is the rule without a file

    [[best]]                 # of these exercises the best two count
    of = ["class_counts", "mean_image", "nearest_images"]
    count = 2
"""

import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from fmnist.exercises import catalog
from fmnist.grading.hand_ins.roster import LINE_ENDS, NO_END
from fmnist.tools import toml_tables
from fmnist.tools.toml_tables import Entry, TableError

DAY = timedelta(days=1)
LAST, BEST = "last", "best"

Time = Annotated[datetime, Meta(tz=True)]  # with its offset, as in 2026-12-01T23:59:00+01:00
Amount = Annotated[float, Meta(ge=0, lt=1e6)]


class Late(Entry, frozen=True):
    """What lateness costs; as it comes, nothing is late.

    Attributes:
        deadline: after which a submission is late; None: never.
        grace_minutes: after the deadline that do not count.
        percent_per_day: of the points, lost for each day that has begun.
        closes_after_days: from the deadline, after which nothing is earned; None: never.
    """

    deadline: Time | None = None
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
        extensions: other deadlines, by student.
        attempts: which of a student's attempts counts.
        best: groups of exercises of which only some count.
    """

    late: Late = Late()
    extensions: dict[str, Time] = field(default_factory=dict)
    attempts: Attempts = Attempts()
    best: tuple[BestOf, ...] = ()

    def lateness(self, student: str, submitted: datetime | None) -> tuple[float, str]:
        """Return the share of the points that is kept, from 0 to 1, and a sentence on it.

        A submission whose time nobody knows is not late.
        """
        late = self.late
        deadline = self.extensions.get(student, late.deadline)
        if deadline is None or submitted is None:
            return 1.0, ""
        delay = submitted - deadline
        if delay <= timedelta(minutes=late.grace_minutes):
            return 1.0, ""
        days = math.ceil(delay / DAY)
        told = f"{days} {'day' if days == 1 else 'days'} late"
        if late.closes_after_days is not None and delay > timedelta(late.closes_after_days):
            return 0.0, f"{told}: nothing is earned after {late.closes_after_days:g} days."
        lost = min(100.0, days * late.percent_per_day)
        return 1 - lost / 100, f"{told}: {lost:g} % off."


def read(path: Path) -> Policy:
    """Return the rules in a file.

    Raises:
        TableError: it cannot be read, see `toml_tables.read`; is empty; has a last line without an
            end; or counts more exercises than there are, or one that does not exist.
    """
    policy = toml_tables.read(path, Policy)
    text = path.read_text("utf-8")
    if not text:
        raise TableError(f"{path.name} is empty; see `fmnist grade --help`.")
    if not text.endswith(LINE_ENDS):  # of a number, what is left would be another one
        raise TableError(f"{path.name}: {NO_END}.")
    return policy
