"""How late a hand-in is, counted in days of the class's zone, and what that costs."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from fmnist.tools import wording

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lateness:
    """What the rules make of the time of a hand-in.

    Attributes:
        deadline: of this student, in the zone of the class; None if there is none.
        submitted: when the hand-in came, in the same zone; None if nobody knows.
        days: that have begun after the deadline, or after its grace.
        percent: of the points, lost.
        rule: in words, if it is late.
        zone: in words, as in "Europe/Berlin".
        said_late: what the system says that the hand-in came from; empty if it says nothing.
    """

    deadline: datetime | None = None
    submitted: datetime | None = None
    days: int = 0
    percent: float = 0.0
    rule: str = ""
    zone: str = ""
    said_late: str = ""

    @property
    def share(self) -> float:
        """Of the points, that is kept: from 0 to 1."""
        return 1 - self.percent / 100

    @property
    def unknown(self) -> bool:
        """Whether there is a deadline, and nobody knows if the hand-in kept it."""
        return self.deadline is not None and self.submitted is None

    @property
    def told(self) -> str:
        """The penalty with all that it comes from, for the student; empty if it was in time."""
        if not self.days or self.deadline is None or self.submitted is None:
            return ""
        return (
            f"{wording.counted(self.days, 'day')} late: {self.percent:g} % off. The deadline was "
            f"{written(self.deadline)} ({self.zone}), and this came {written(self.submitted)}: "
            f"{self.rule}."
        )


def written(time: datetime) -> str:
    """Return a time as people read it, with seconds where they are not 0."""
    return f"{time:%Y-%m-%d %H:%M:%S}" if time.second else f"{time:%Y-%m-%d %H:%M}"


def days_after(deadline: datetime, submitted: datetime) -> int:
    """Return how many days have begun between two times.

    A day ends at the deadline's time of day, also where clocks were changed since: of 23:59 and
    one day it is 23:59.
    """
    elapsed = submitted.astimezone(UTC) - deadline.astimezone(UTC)
    if elapsed <= timedelta(0):
        return 0
    days = max(1, math.ceil(elapsed / DAY) - 1)  # clocks change by less than a day
    while later(deadline, days) < submitted.astimezone(UTC):
        days += 1
    return days


def later(deadline: datetime, days: float) -> datetime:
    """Return in UTC the same time of day some days later; of a part of a day its hours."""
    whole = math.floor(days)
    return (deadline + whole * DAY).astimezone(UTC) + (days - whole) * DAY


def zone_of(time: datetime) -> str:
    """Return the zone of a time in words."""
    return named(time.tzinfo, time)


def named(zone: tzinfo | None, time: datetime) -> str:
    """Return a zone in words: its name, or the offset that it has at a time."""
    key = getattr(zone, "key", "")
    offset = f"{time:%z}"
    return key or f"UTC{offset[:3]}:{offset[3:5]}"
