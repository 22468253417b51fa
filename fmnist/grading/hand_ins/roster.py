"""Who is in the class: a roster of one's own, or what Moodle, Canvas or Gradescope export.

The kind is known by the header (case does not matter):

- plain: a column ``student``, ``id`` or ``sid``; optional ``name``, ``email``, ``login``, and
  ``submitted``, a time such as ``2026-12-01T18:00:00+01:00``.
- Moodle's grading worksheet: ``Identifier`` ("Participant 12345"), ``Full name``, ...; also in
  other languages and without names, see `moodle_worksheet`, and of its times `told_times`.
- Canvas's gradebook: ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, ...
- Gradescope's roster: ``First Name``, ``Last Name``, ``SID``, ``Email``, ``Role``, ...
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from fmnist.grading.hand_ins import moodle_worksheet, told_times
from fmnist.grading.hand_ins.moodle_worksheet import Layout
from fmnist.grading.hand_ins.names import MAX_ID, same, why_no_id
from fmnist.tools import tables, wording
from fmnist.tools.user_errors import UserError

PLAIN, MOODLE, CANVAS, GRADESCOPE = "plain", "moodle", "canvas", "gradescope"
PLAIN_IDS = ("student", "id", "sid")
SUBMITTED = "submitted"
GIVEN_NAMES = ("first name", "vorname", "prénom", "nombre", "nome", "voornaam")


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
        submitted: when the roster says that they handed in, in UTC; None if it does not say, or
            says it in a form that can be read in two ways.
        said_late: what the system itself says on lateness; empty if it says nothing.
        said_extended: what it says of another deadline; empty if it says nothing.
    """

    id: str
    name: str = ""
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)
    submitted: datetime | None = None
    said_late: str = ""
    said_extended: str = ""


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        students: in the order of the file.
        columns: header of the file, in its order.
        kind: "plain", "moodle", "canvas" or "gradescope", known by the header.
        others: rows that are no students, such as Canvas's "Points Possible".
        notes: on what was guessed in reading it, as sentences.
        foreign: which column is which, if it is Moodle's worksheet in another language.
    """

    students: tuple[Student, ...]
    columns: tuple[str, ...]
    kind: str
    others: tuple[dict[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    foreign: Layout | None = None

    @property
    def worksheet(self) -> Layout:
        """Which column is which, if it is Moodle's worksheet."""
        return self.foreign or moodle_worksheet.english(self.columns)


def read(path: Path, zone: tzinfo | None = None) -> Roster:
    """Return the class that a table lists.

    Args:
        path: of a table, see `tables`.
        zone: of times that name none; with None they are unknown, or an error in a plain roster.

    Raises:
        RosterError: the file cannot be read, is no table or has a header of no known kind; a line
            has too few or too many columns; an id is empty, cannot name a file, or is there twice,
            if only in other letters; the last line has no end, and a time there.
    """
    table = tables.read(path, lambda names: bool(_kind(names)), RosterError)
    kind, notes = _kind(table.names), list(table.notes)
    foreign = _foreign_worksheet(table) if kind in ("", PLAIN) else None
    if foreign:
        kind = MOODLE
        notes.append(moodle_worksheet.told(foreign, path.name))
    layout = foreign or moodle_worksheet.english(table.columns)
    if not kind:
        raise RosterError(_unknown(table))
    students: list[Student] = []
    others: list[dict[str, str]] = []
    lines: dict[str, int] = {}
    rows = list(table.rows())
    reader = _reader(kind, layout, [row for _, row in rows], zone)
    odd = _odd_numbers(rows) if kind == GRADESCOPE else {}
    for at in odd.values():
        listed = wording.listed([str(line) for line in at])
        notes.append(
            f"{path.name}, lines {listed}: these students have one SID. They are known by their "
            "e-mail, and what was handed in under the SID alone is doubtful."
            if len(at) > 1
            else f"{path.name}, line {listed}: this student's SID can be no id, and the e-mail is."
        )
    for line, row in rows:
        place = f"{path.name}, line {line}"
        try:
            student = reader(row)
        except ValueError as error:
            raise RosterError(f"{place}: {error}.") from None
        if student is None:
            others.append(row)
            continue
        if same(student.id) in odd and student.email:
            student = replace(student, id=_normal(student.email))
        id_ = student.id
        if tables.is_rounded(id_):
            raise RosterError(
                f"{place}: the id {id_!r} is a number whose end a spreadsheet has left out; "
                "download the roster again, and do not save it from a spreadsheet."
            )
        wrong = why_no_id(id_)
        if wrong:
            hint = _hint(table.columns, id_)
            raise RosterError(f"{place}: the id {id_[:MAX_ID]!r} cannot be used: {wrong}{hint}.")
        if same(id_) in lines:
            raise RosterError(
                f"{place}: the id {id_!r} stands in line {lines[same(id_)]} already "
                "(case does not tell two apart); give each student one of their own."
            )
        lines[same(id_)] = line
        students.append(student)
    if kind == PLAIN and table.names[-1] == SUBMITTED and not table.has_end:
        raise RosterError(f"{path.name}: {tables.NO_END}.")  # or a time that is cut would be none
    if not students:
        raise RosterError(f"{path.name} lists no student; expected one a line below the header.")
    return Roster(tuple(students), table.columns, kind, tuple(others), tuple(notes), foreign)


def trimmed(row: dict[str, str]) -> dict[str, str]:
    """Return the cells of a row by column as `tables.plain` names it, without space around them."""
    cells: dict[str, str] = {}
    for column, cell in row.items():
        cells.setdefault(tables.plain(column), cell.strip())
    return cells


def _kind(names: list[str]) -> str:
    """Return the kind of a roster with these columns; empty if there is none."""
    there = {*names}
    if moodle_worksheet.is_english(names):
        return MOODLE
    if {"student", "id"} <= there and {"section", "sis user id", "sis login id"} & there:
        return CANVAS
    if {"first name", "last name"} <= there and {"sid", "email"} & there:
        return GRADESCOPE
    return PLAIN if {*PLAIN_IDS} & there else ""


def _foreign_worksheet(table: tables.Table) -> Layout | None:
    try:
        return moodle_worksheet.by_order(table.columns, [row for _, row in table.rows()])
    except RosterError:
        return None  # then its header is told of, or the line as one of another kind


def _unknown(table: tables.Table) -> str:
    """Return the sentence on a header of no known kind."""
    name, names = table.path.name, table.names
    if {*GIVEN_NAMES} & {*names}:
        return (
            f"{name}, line 1: this looks like a list of participants or a gradebook of Moodle, "
            f"which has no identifiers; {moodle_worksheet.GET_IT}."
        )
    received = ", ".join(one[:30] for one in names[:4] if one.isprintable())
    return (
        f"{name}, line 1: this header is of no known roster; expected a column student, id or "
        "sid, or Moodle's grading worksheet (from Moodle in English, if another is not known), "
        "Canvas's gradebook export or Gradescope's roster, "
        f"received {received or 'nothing'}."
    )


def _odd_numbers(rows: list[tuple[int, dict[str, str]]]) -> dict[str, list[int]]:
    """Return the SIDs by which nobody can be known, and their lines: students write them.

    They are those of several, those that can name no file, and addresses.
    """
    lines: dict[str, list[int]] = {}
    for line, row in rows:
        cells = trimmed(row)
        number = cells.get("sid", "")
        if number and same(number) != same(cells.get("email", "")) and _gradescope(cells):
            lines.setdefault(same(number), []).append(line)
    return {
        number: at
        for number, at in lines.items()
        if len(at) > 1 or "@" in number or why_no_id(number) or tables.is_rounded(number.upper())
    }


def _hint(columns: tuple[str, ...], id_: str) -> str:
    """Return what an id such as "Teilnehmer/in501" may come from, as the end of a sentence."""
    wide = len(columns) >= moodle_worksheet.MIN_COLUMNS
    if not wide or not moodle_worksheet.IDENTIFIER.fullmatch(id_):
        return ""
    return "; if this is Moodle's grading worksheet, download it from Moodle in English"


Reader = Callable[[dict[str, str]], Student | None]


def _reader(kind: str, layout: Layout, rows: list[dict[str, str]], zone: tzinfo | None) -> Reader:
    """Return what makes a student of a row; None for one that is none.

    It raises ValueError, with a sentence, where a row is not as it must be.
    """
    order = told_times.order_of(row.get(layout.submitted, "") for row in rows)

    def plain(row: dict[str, str]) -> Student:
        cells = trimmed(row)
        id_ = next(cells[name] for name in PLAIN_IDS if name in cells)
        told = cells.get(SUBMITTED, "")
        time = told_times.read(told, zone)
        if told and not time:
            raise ValueError(
                f"submitted is {told[:MAX_ID]!r}; expected a time with an offset, such as "
                "2026-12-01T18:00:00+01:00, or without one if the rules name a zone"
            )
        name, email = cells.get("name", ""), cells.get("email", "")
        return Student(_normal(id_), name, email, row, time)

    def moodle(row: dict[str, str]) -> Student:
        cells = {column: cell.strip() for column, cell in row.items()}
        identifier = cells[layout.identifier]
        number = moodle_worksheet.IDENTIFIER.fullmatch(identifier)
        if not number and not identifier.isdecimal():
            raise ValueError(
                f'the identifier is {identifier[:MAX_ID]!r}; expected "Participant" and a number'
            )
        id_ = number["number"] if number else identifier
        return Student(
            _normal(id_),
            cells.get(layout.name, ""),
            cells.get(layout.email, ""),
            row,
            told_times.read(cells.get(layout.submitted, ""), zone, order),
            moodle_worksheet.says_late(cells.get(layout.status, "")),
            moodle_worksheet.says_extended(cells.get(layout.status, "")),
        )

    def other(row: dict[str, str]) -> Student | None:
        about = OTHERS[kind](trimmed(row))
        if about is None:
            return None
        id_, name, email = about
        # A teacher's column of an export may be called so and hold anything.
        time = told_times.read(trimmed(row).get(SUBMITTED, ""), None)
        return Student(_normal(id_), name, email, row, time)

    return {PLAIN: plain, MOODLE: moodle}.get(kind, other)


def _normal(id_: str) -> str:
    return unicodedata.normalize("NFC", id_)


def _canvas(cells: dict[str, str]) -> tuple[str, str, str] | None:
    name, id_ = cells["student"], cells["id"]
    told_of_points = name.lower().startswith("points possible")
    test_student = name.lower() in ("student, test", "test student")
    if told_of_points or test_student or not (name or id_):
        return None
    login = cells.get("sis login id", "")
    return id_, given_name_first(name), login if "@" in login else ""


def _gradescope(cells: dict[str, str]) -> tuple[str, str, str] | None:
    if cells.get("role", "").lower() not in ("", "student"):
        return None
    name = f"{cells['first name']} {cells['last name']}".strip()
    email = cells.get("email", "")
    return cells.get("sid") or email, name, email


def given_name_first(name: str) -> str:
    """Return a name such as "Okafor, Mira" in the order in which it is spoken."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else name


OTHERS: dict[str, Callable[[dict[str, str]], tuple[str, str, str] | None]] = {
    CANVAS: _canvas,
    GRADESCOPE: _gradescope,
}
