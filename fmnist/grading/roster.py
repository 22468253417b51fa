"""Who is in the class: a roster of one's own, or what Moodle, Canvas or Gradescope export."""

from dataclasses import dataclass, field
from pathlib import Path


class RosterError(Exception):
    """The roster is not as it must be; the message names the line and the mend."""


@dataclass(frozen=True)
class Student:
    """One student of the class.

    Attributes:
        id: what the records are called by.
        name: for people.
        email: empty if unknown.
        row: of the roster, by column, as it came.
    """

    id: str
    name: str = ""
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        students: in the order of the file.
        columns: header of the file, in its order.
        kind: "plain", "moodle", "canvas" or "gradescope", known by the header.
    """

    students: tuple[Student, ...]
    columns: tuple[str, ...]
    kind: str


def read(path: Path) -> Roster:
    """Return the class that a CSV file lists.

    Raises:
        RosterError: see the message.
    """
    raise RosterError(f"{path} cannot be read.")
