r"""What the downloads of Moodle, Canvas and Gradescope are called: who, which attempt, when.

- Moodle: folders ``Ada Lovelace_12345_assignsubmission_file_``, or that as a prefix of loose
  files; the number is that of "Participant 12345" in the grading worksheet.
- Canvas: ``lovelaceada_LATE_12345_67890_week1-1.zip``: name, perhaps a mark, id of the user, id of
  the file, and the file's own name, to which Canvas adds ``-1``, ``-2``, ... when a file of this
  name is handed in again. Without names: ``anon_x1Y2z_67890_week1.zip``.
- Gradescope: folders ``submission_123`` and one ``submission_metadata.yml``, see
  `gradescope_export`.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fmnist.grading.hand_ins import names
from fmnist.grading.hand_ins.roster import CANVAS, MOODLE
from fmnist.tools.user_errors import UserError

METADATA = "submission_metadata.yml"

MOODLE_NAME = re.compile(r"(?P<name>[^/]+?)_(?P<id>[0-9]+)_assignsubmission_file(_(?P<file>.*))?")
MOODLE_TEXT = re.compile(r"(?P<name>.*)_(?P<id>[0-9]+)_assignsubmission_(?!file)[a-z]+(_.*)?")
CANVAS_NAMES = (
    re.compile(r"((?P<late>late)_)?(?P<id>anon_[0-9A-Za-z]+)_[0-9]+_(?P<file>.+)", re.IGNORECASE),
    re.compile(
        r"(?P<name>.+?)_((?P<late>late)_)?(?P<id>[0-9]+)_[0-9]+_(?P<file>.+)", re.IGNORECASE
    ),
)
CANVAS_TEXT = re.compile(
    r"(?P<name>.+?)_((?P<late>late)_)?(?P<id>[0-9]+|anon_[0-9A-Za-z]+)_(text|link)\.html",
    re.IGNORECASE,
)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>[1-9][0-9]{0,2})(?P<suffix>(\.[A-Za-z0-9]+)*)")


class NoSubmissions(UserError):
    """The folder does not hold what the grader needs; the message says what to do."""


@dataclass(frozen=True)
class Label:
    """What the name of a folder or file, or the metadata beside it, says of a hand-in.

    Attributes:
        path: of the folder or file.
        id: that the system knows the student by; without a system any form of a student's name.
        system: "moodle", "canvas" or "gradescope"; empty if it is of none of them.
        name: of the student; Canvas gives it without spaces and marks.
        email: empty if unknown.
        file: as the student called it; empty for a folder.
        again: how often a file of this name had been handed in before.
        submitted: when, in UTC; None if the download does not say.
        said_late: the word of the system for a hand-in that it took for late; empty if it has none.
    """

    path: Path
    id: str
    system: str = ""
    name: str = ""
    email: str = ""
    file: str = ""
    again: int = 0
    submitted: datetime | None = None
    said_late: str = ""


def label_of(path: Path, *, is_folder: bool) -> Label:
    """Return what the name of a folder or file says, be it of Moodle, of Canvas or a student's."""
    parts = MOODLE_NAME.fullmatch(path.name)
    if parts and (is_folder or parts["file"]):
        return Label(path, parts["id"], MOODLE, parts["name"], file=parts["file"] or "")
    if is_folder:
        return Label(path, path.name)
    for pattern in CANVAS_NAMES:
        parts = pattern.fullmatch(path.name)
        if parts:
            name, file, again = parts.groupdict().get("name", ""), parts["file"], 0
            numbered = AGAIN.fullmatch(file)
            if numbered:
                file, again = numbered["stem"] + numbered["suffix"], int(numbered["number"])
            late = parts["late"] or ""
            return Label(path, parts["id"], CANVAS, name, file=file, again=again, said_late=late)
    return Label(path, names.stem(path.name))


def own_name(path: Path) -> str:
    """Return the name that a student gave a loose file."""
    return label_of(path, is_folder=False).file or path.name


def text_label(path: Path) -> Label | None:
    """Return what the name says of what a student typed into a form; None if it is a file."""
    for system, pattern in ((MOODLE, MOODLE_TEXT), (CANVAS, CANVAS_TEXT)):
        parts = pattern.fullmatch(path.name)
        if parts:
            late = parts.groupdict().get("late") or ""
            return Label(path, parts["id"], system, parts["name"], said_late=late)
    return None
