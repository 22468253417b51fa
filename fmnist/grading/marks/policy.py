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
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fmnist.exercises import catalog
from fmnist.grading.hand_ins.roster import LINE_ENDS, NO_END

DAY = timedelta(days=1)
LAST, BEST = "last", "best"
LATE = {
    "deadline": date,  # a date without a time is told apart later, in better words
    "grace_minutes": (int, float),
    "percent_per_day": (int, float),
    "closes_after_days": (int, float),
}


class PolicyError(Exception):
    """The file of rules is not as it must be; the message names the entry and the mend."""


@dataclass(frozen=True)
class BestOf:
    """Some exercises of which only the best count.

    Attributes:
        of: names of exercises.
        count: how many count.
    """

    of: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Policy:
    """The rules of a class; as it comes, nothing is late and everything counts.

    Attributes:
        deadline: after which a submission is late; None: never.
        grace: time after the deadline that does not count.
        percent_per_day: of the points, lost for each day that has begun.
        closes_after: time after the deadline from which on nothing is earned.
        extensions: deadlines of single students.
        attempts: which of a student's attempts counts, "last" or "best".
        best: groups of exercises of which only some count.
    """

    deadline: datetime | None = None
    grace: timedelta = timedelta()
    percent_per_day: float = 0.0
    closes_after: timedelta = timedelta.max
    extensions: dict[str, datetime] = field(default_factory=dict)
    attempts: str = LAST
    best: tuple[BestOf, ...] = ()

    def lateness(self, student: str, submitted: datetime | None) -> tuple[float, str]:
        """Return the share of the points that is kept, from 0 to 1, and a sentence on it.

        A submission whose time nobody knows is not late.
        """
        deadline = self.extensions.get(student, self.deadline)
        if deadline is None or submitted is None or submitted <= deadline + self.grace:
            return 1.0, ""
        late = submitted - deadline
        days = math.ceil(late / DAY)
        told = f"{days} day{'s' * (days > 1)} late"
        if late > self.closes_after:
            return 0.0, f"{told}: nothing is earned after {_days(self.closes_after)}."
        lost = min(100.0, days * self.percent_per_day)
        return 1 - lost / 100, f"{told}: {lost:g} % off."


def _days(span: timedelta) -> str:
    return f"{span / DAY:g} days"


def read(path: Path) -> Policy:
    """Return the rules in a file.

    Raises:
        PolicyError: it is missing, not TOML, has a last line without an end, or an unknown,
            ill-typed or impossible entry.
    """
    try:
        document = catalog.read_toml(path)
        text = path.read_text("utf-8")
    except (catalog.CatalogError, OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"The rules cannot be read: {error}") from None
    if not text:
        raise PolicyError(f"{path.name} is empty; see `fmnist grade --help`.")
    if not text.endswith(LINE_ENDS):  # of a number, what is left would be another one
        raise PolicyError(f"{path.name}: {NO_END}.")
    for table in document.keys() - {"late", "extensions", "attempts", "best"}:
        raise PolicyError(f"{path.name}: unknown table {table!r}; see `fmnist grade --help`.")
    late = _table(path, document, "late", LATE)
    attempts = _table(path, document, "attempts", {"count": str}).get("count", LAST)
    if attempts not in (LAST, BEST):
        raise PolicyError(f'{path.name}: attempts.count is "{attempts}"; it is "last" or "best".')
    for name in ("grace_minutes", "percent_per_day", "closes_after_days"):
        if not 0 <= late.get(name, 0) < 1e6:
            raise PolicyError(f"{path.name}: late.{name} is {late[name]}; it is not negative.")
    closes = late.get("closes_after_days")
    return Policy(
        deadline=_aware(path, "late.deadline", late.get("deadline")),
        grace=timedelta(minutes=late.get("grace_minutes", 0)),
        percent_per_day=float(late.get("percent_per_day", 0)),
        closes_after=timedelta.max if closes is None else timedelta(days=closes),
        extensions=_extensions(path, document.get("extensions", {})),
        attempts=attempts,
        best=tuple(_best_of(path, entry) for entry in _list(path, document)),
    )


def _table(path: Path, document: dict[str, Any], name: str, kinds: dict[str, Any]) -> dict:
    table = document.get(name, {})
    if type(table) is not dict:
        raise PolicyError(f"{path.name}: {name} is no table; write [{name}].")
    for key, value in table.items():
        if key not in kinds:
            raise PolicyError(f"{path.name}: unknown {name}.{key}; known: {', '.join(kinds)}.")
        if not isinstance(value, kinds[key]) or type(value) is bool:
            raise PolicyError(f"{path.name}: {name}.{key} is {value!r}, of another type.")
    return table


def _extensions(path: Path, table: Any) -> dict[str, datetime]:
    if type(table) is not dict:
        raise PolicyError(f"{path.name}: extensions is no table; write [extensions].")
    found = {
        student: _aware(path, f"extensions.{student}", time) for student, time in table.items()
    }
    return {student: time for student, time in found.items() if time is not None}


def _aware(path: Path, name: str, time: Any) -> datetime | None:
    """Return a time that says where it holds."""
    if time is None:
        return None
    if type(time) is not datetime or time.tzinfo is None:
        raise PolicyError(
            f"{path.name}: {name} is {time}; give date, time and offset, as in "
            "2026-12-01T23:59:00+01:00."
        )
    return time


def _list(path: Path, document: dict[str, Any]) -> list[Any]:
    entries = document.get("best", [])
    if type(entries) is not list:
        raise PolicyError(f"{path.name}: best is no list of tables; write [[best]].")
    return entries


def _best_of(path: Path, entry: Any) -> BestOf:
    if type(entry) is not dict or entry.keys() != {"of", "count"} or type(entry["of"]) is not list:
        raise PolicyError(f"{path.name}: an entry of [[best]] has `of`, a list, and `count`.")
    try:
        names = tuple(catalog.find(str(name)).name for name in entry["of"])
    except catalog.CatalogError as error:
        raise PolicyError(f"{path.name}: {error}") from None
    count = entry["count"]
    if type(count) is not int or not 0 < count <= len(names):
        raise PolicyError(f"{path.name}: best.count is {count}; of {len(names)} count 1 or more.")
    return BestOf(names, count)
