"""Moodle's grading worksheet, whatever language it was downloaded in, and with or without names.

The order of its columns is the same in all languages (moodle/moodle: mod/assign/gradingtable.php):
the identifier ("Participant 12345"); for those who may see them the name and fields such as the
e-mail address; status; grade; maximum grade; whether the grade can be changed; when the submission
was last modified; and more. Its importer (mod/assign/feedback/offline/importgradeslib.php) knows
columns by the words of that language, so they go back as they came.
"""

import re
from dataclasses import dataclass

from fmnist.tools import tables

IDENTIFIER = re.compile(r"(?P<word>[^\d@]*[^\W\d_])[^\w]{0,2}(?P<number>[0-9]{1,20})")
MAXIMUM = re.compile(r"[1-9][0-9]*[.,][0-9]{1,5}")
TIME = re.compile(r"-?|.*[0-9]:[0-9]{2}.*")  # a time, or that there is none
STATUS = ("status", "statut", "estado", "stato", "estat", "staat", "tila")
# "Submitted for grading - 2 days 3 hours late -": what Moodle says in these languages.
LATE = re.compile(
    r"[0-9][^-\u2013]*(\blate\b|zu sp\u00e4t|versp\u00e4tet|en retard|tarde|con retraso|in ritardo"
    r"|atrasad|com atraso|te laat)",
    re.IGNORECASE,
)
# "Submitted for grading - Extension granted until: Friday, 4 December 2026, 11:59 PM".
EXTENDED = re.compile(
    r"(extension granted until|verl\u00e4ngerung gew\u00e4hrt bis|prolongation accord\u00e9e jusqu"
    r"|extensi\u00f3n concedida hasta|proroga concessa fino|extens\u00e3o concedida at\u00e9"
    r"|uitstel verleend tot).*",
    re.IGNORECASE,
)
MIN_COLUMNS = 6
GET_IT = (
    "download the grading worksheet: in the assignment under Submissions, Actions, Download "
    "grading worksheet, which is there if Feedback types has Offline grading worksheet"
)


@dataclass(frozen=True)
class Layout:
    """Which column of a worksheet is which; empty if there is none.

    Attributes:
        identifier: number of the participant, as "Participant 12345".
        name: of the student.
        email: of the student.
        status: whether they have submitted.
        grade: to be filled in.
        maximum: that a grade may have.
        submitted: when the submission was last modified.
        comments: for the student, to be filled in.
    """

    identifier: str = ""
    name: str = ""
    email: str = ""
    status: str = ""
    grade: str = ""
    maximum: str = ""
    submitted: str = ""
    comments: str = ""


ENGLISH = {
    "identifier": "identifier",
    "full name": "name",
    "email address": "email",
    "status": "status",
    "grade": "grade",
    "maximum grade": "maximum",
    "last modified (submission)": "submitted",
    "feedback comments": "comments",
}


def is_english(names: list[str]) -> bool:
    """Return whether these columns, as `tables.plain` names them, are of an English worksheet."""
    there = {*names}
    return "identifier" in there and ("full name" in there or {"status", "grade"} <= there)


def english(columns: tuple[str, ...]) -> Layout:
    """Return the layout of an English worksheet, from which columns may have been removed."""
    roles: dict[str, str] = {}
    for column in columns:
        role = ENGLISH.get(tables.plain(column))
        if role:
            roles.setdefault(role, column)
    return Layout(**roles)


def by_order(columns: tuple[str, ...], rows: list[dict[str, str]]) -> Layout | None:
    """Return the layout of a worksheet in another language; None if this is no worksheet.

    The columns are known by their order and by what is in them.
    """
    if len(columns) < MIN_COLUMNS or len({*columns}) < len(columns) or not rows:
        return None
    cells = {column: [row[column].strip() for row in rows] for column in columns}
    parts = [IDENTIFIER.fullmatch(cell) for cell in cells[columns[0]]]
    words = {part["word"] for part in parts if part}
    if None in parts or len(words) != 1:
        return None
    maxima = [
        place
        for place in range(2, len(columns) - 2)
        if len({*cells[columns[place]]}) == 1 and MAXIMUM.fullmatch(cells[columns[place]][0])
    ]
    if not maxima:
        return None
    # A grade that all have can look like a maximum; then the maximum stands behind it.
    most = maxima[1] if len(maxima) > 1 and maxima[1] == maxima[0] + 1 else maxima[0]
    if most + 2 >= len(columns) or not all(map(TIME.fullmatch, cells[columns[most + 2]])):
        return None
    emails = [
        place for place in range(1, most) if all("@" in cell for cell in cells[columns[place]])
    ]
    has_name = not tables.plain(columns[1]).startswith(STATUS) and most > 3
    return Layout(
        identifier=columns[0],
        name=columns[1] if has_name else "",
        email=columns[emails[0]] if emails else "",
        status=next(
            (one for one in columns[1:most] if tables.plain(one).startswith(STATUS)),
            columns[most - 2],
        ),
        grade=columns[most - 1],
        maximum=columns[most],
        submitted=columns[most + 2],
        comments=_comments(columns[most + 3 :], cells),
    )


def _comments(columns: tuple[str, ...], cells: dict[str, list[str]]) -> str:
    """Return the last column if it stands behind when the grade was modified, and is no time."""
    if len(columns) < 2 or not all(map(TIME.fullmatch, cells[columns[-2]])):
        return ""
    is_time = all(cell and TIME.fullmatch(cell) for cell in cells[columns[-1]])
    return "" if is_time else columns[-1]


def told(layout: Layout, file: str) -> str:
    """Return, for whoever gave a file, what its columns were taken for."""
    parts = [
        f"{role} {column!r}"
        for role, column in (
            ("name", layout.name),
            ("grade", layout.grade),
            ("maximum", layout.maximum),
            ("time", layout.submitted),
            ("comments", layout.comments),
        )
        if column
    ]
    return f"{file} is read as Moodle's grading worksheet in another language: {', '.join(parts)}."


def says_extended(status: str) -> str:
    """Return until when Moodle says that a student may hand in, in its words; or nothing.

    Example:
        >>> says_extended("No submission - Extension granted until: 4 December 2026, 11:59 PM")
        'Extension granted until: 4 December 2026, 11:59 PM'
    """
    return _said(EXTENDED, status)


def says_late(status: str) -> str:
    """Return by how much Moodle says that a submission is late, in its words; or nothing.

    Example:
        >>> says_late("Submitted for grading - 2 days 3 hours late -")
        '2 days 3 hours late'
    """
    return _said(LATE, status)


def _said(pattern: re.Pattern[str], status: str) -> str:
    found = pattern.search(status)
    return found[0].strip() if found else ""
