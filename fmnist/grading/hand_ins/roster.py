"""Who is in the class: a roster of one's own, or what Moodle, Canvas or Gradescope export.

The kind is known by the header (case does not matter):

- plain: a column ``student``, ``id`` or ``sid``; optional ``name``, ``email``, ``login``, and
  ``submitted``, a time such as ``2026-12-01T18:00:00+01:00``.
- Moodle's grading worksheet: ``Identifier`` ("Participant 12345"), ``Full name``, ...; of its
  times of submission see `Student.submitted`.
- Canvas's gradebook: ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, ...
- Gradescope's roster: ``First Name``, ``Last Name``, ``SID``, ``Email``, ``Role``, ...
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fmnist.grading.hand_ins.names import MAX_ID, same, why_no_id
from fmnist.tools.user_errors import UserError

MAX_ROSTER = 5_000_000  # bytes
PLAIN, MOODLE, CANVAS, GRADESCOPE = "plain", "moodle", "canvas", "gradescope"
PLAIN_IDS = ("student", "id", "sid")
SEPARATORS = (",", ";", "\t")
LINE_ENDS = ("\n", "\r")
NO_END = (
    "its last line has no end, as in a file that was cut off; if nothing is missing, press Enter "
    "behind it and save it"
)
PARTICIPANT = re.compile(r"[^0-9]*([0-9]{1,20})")
# Moodle writes the day of the week before these.
MOODLE_TIMES = (
    "%d %B %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%B %d, %Y, %I:%M %p",
    "%B %d, %Y, %H:%M",
)


class RosterError(UserError):
    """The roster is not as it must be; the message names the line and the mend."""


@dataclass(frozen=True)
class Student:
    """One student of the class.

    Attributes:
        id: what the records are called by.
        name: for people, given name first; empty if unknown.
        email: empty if unknown.
        row: of the roster, by column, as it came.
    """

    id: str
    name: str = ""
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)

    @property
    def submitted(self) -> datetime | None:
        """When the roster says that the student handed in, in UTC; None if it does not say.

        A plain roster says it in the column ``submitted``, as ISO 8601 with an offset. Moodle's
        worksheet says it in ``Last modified (submission)``; four forms of English sites are
        understood: "Wednesday, 10 June 2026, 2:14 PM", "Wednesday, 10 June 2026, 14:14", and both
        with "June 10, 2026"; another form says nothing. Moodle gives no time zone: the one of this
        machine is taken, which the variable TZ sets.
        """
        cells = trimmed(self.row)
        time = _iso_time(cells.get("submitted", ""))
        if time:  # a teacher's column in an export may be called so and hold anything
            return time
        told = cells.get("last modified (submission)", "")
        without_day = re.sub(r"^[A-Za-z]+, ", "", told)
        for form in MOODLE_TIMES:
            try:
                return datetime.strptime(without_day, form).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        return None


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        students: in the order of the file.
        columns: header of the file, in its order.
        kind: "plain", "moodle", "canvas" or "gradescope", known by the header.
        others: rows that are no students, such as Canvas's "Points Possible".
    """

    students: tuple[Student, ...]
    columns: tuple[str, ...]
    kind: str
    others: tuple[dict[str, str], ...] = ()


def read(path: Path) -> Roster:
    """Return the class that a CSV file lists.

    Raises:
        RosterError: the file cannot be read, is no CSV in UTF-8 or has a header of no known kind;
            a line has too few or too many columns; an id is empty, cannot name a file, or is
            there twice, if only in other letters; the last line has no end, and a time there.
    """
    text = _text(path)
    header, separator, kind = _header(path, text)
    students: list[Student] = []
    others: list[dict[str, str]] = []
    lines: dict[str, int] = {}
    for line, row in _rows(path, text, header, separator):
        place = f"{path.name}, line {line}"
        try:
            about = READERS[kind](trimmed(row))
        except ValueError as error:
            raise RosterError(f"{place}: {error}.") from None
        if about is None:
            others.append(row)
            continue
        id_, name, email = about
        id_ = unicodedata.normalize("NFC", id_)
        wrong = why_no_id(id_)
        if wrong:
            raise RosterError(f"{place}: the id {id_[:MAX_ID]!r} cannot be used: {wrong}.")
        if same(id_) in lines:
            raise RosterError(
                f"{place}: the id {id_!r} stands in line {lines[same(id_)]} already "
                "(case does not tell two apart); give each student one of their own."
            )
        lines[same(id_)] = line
        students.append(Student(id_, name, email, row))
    if kind == PLAIN and header[-1].strip().lower() == "submitted" and not text.endswith(LINE_ENDS):
        raise RosterError(f"{path.name}: {NO_END}.")  # or what is left of a time would be none
    if not students:
        raise RosterError(f"{path.name} lists no student; expected one a line below the header.")
    return Roster(tuple(students), tuple(header), kind, tuple(others))


def trimmed(row: dict[str, str]) -> dict[str, str]:
    """Return the cells of a row by column in lower case, without space around them."""
    return {column.strip().lower(): cell.strip() for column, cell in row.items()}


def _iso_time(text: str) -> datetime | None:
    """Return a time in UTC; None if the text is none, or has no offset."""
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_ROSTER + 1)
    except OSError as error:
        raise RosterError(f"The roster {path} cannot be read: {error.strerror}.") from None
    if len(raw) > MAX_ROSTER:
        raise RosterError(f"{path.name} is larger than {MAX_ROSTER:,} bytes: no roster of a class.")
    wrong, place = "a zero byte", raw.find(b"\0")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong, place = "this is not UTF-8", error.start
    if place >= 0:
        line = raw.count(b"\n", 0, place) + 1
        raise RosterError(f"{path.name}, line {line}: {wrong}; save the table as CSV in UTF-8.")
    return text


def _header(path: Path, text: str) -> tuple[list[str], str, str]:
    """Return the columns, what separates them, and the kind of the roster."""
    for separator in SEPARATORS:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        except csv.Error:
            continue
        kind = _kind([name.strip().lower() for name in header])
        if kind:
            return header, separator, kind
    raise RosterError(
        f"{path.name}, line 1: this header is of no known roster; expected a column student, id or "
        "sid, or an export of Moodle, Canvas or Gradescope in English."
    )


def _kind(names: list[str]) -> str:
    """Return the kind of a roster with these columns, in lower case; empty if there is none."""
    there = {*names}
    if {"identifier", "full name"} <= there:
        return MOODLE
    if {"student", "id", "section"} <= there:
        return CANVAS
    if {"first name", "last name"} <= there and {"sid", "email"} & there:
        return GRADESCOPE
    return PLAIN if {*PLAIN_IDS} & there else ""


def _rows(
    path: Path, text: str, header: list[str], separator: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row by column, with the line on which it begins; empty lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if line > 1 and any(cell.strip() for cell in cells):
                if len(cells) < len(header) or any(cells[len(header) :]):
                    raise RosterError(
                        f"{path.name}, line {line}: {len(cells)} columns, expected {len(header)} "
                        "as in the header."
                    )
                pairs = list(zip(header, cells, strict=False))
                yield line, dict(reversed(pairs))  # of columns of one name the first counts
            line = reader.line_num + 1
    except csv.Error as error:
        wrong = str(error).replace("'\t'", "a tab")
        raise RosterError(f"{path.name}, line {line}: this is no CSV: {wrong}.") from None


def _plain(cells: dict[str, str]) -> tuple[str, str, str] | None:
    id_ = next(cells[name] for name in PLAIN_IDS if name in cells)
    told = cells.get("submitted", "")
    if told and not _iso_time(told):
        raise ValueError(
            f"submitted is {told[:MAX_ID]!r}; expected a time with an offset, "
            "such as 2026-12-01T18:00:00+01:00"
        )
    return id_, cells.get("name", ""), cells.get("email", "")


def _moodle(cells: dict[str, str]) -> tuple[str, str, str] | None:
    number = PARTICIPANT.fullmatch(cells["identifier"])
    if not number:
        raise ValueError(
            f'the identifier is {cells["identifier"][:MAX_ID]!r}; expected "Participant" and a '
            "number"
        )
    return number[1], cells["full name"], cells.get("email address", "")


def _canvas(cells: dict[str, str]) -> tuple[str, str, str] | None:
    name, id_ = cells["student"], cells["id"]
    told_of_points = name.lower().startswith("points possible")
    test_student = name.lower() in ("student, test", "test student")
    if told_of_points or test_student or not (name or id_):
        return None
    login = cells.get("sis login id", "")
    return id_, _given_name_first(name), login if "@" in login else ""


def _gradescope(cells: dict[str, str]) -> tuple[str, str, str] | None:
    if cells.get("role", "").lower() not in ("", "student"):
        return None
    name = f"{cells['first name']} {cells['last name']}".strip()
    email = cells.get("email", "")
    return cells.get("sid") or email, name, email


def _given_name_first(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else name


READERS: dict[str, Callable[[dict[str, str]], tuple[str, str, str] | None]] = {
    PLAIN: _plain,
    MOODLE: _moodle,
    CANVAS: _canvas,
    GRADESCOPE: _gradescope,
}
