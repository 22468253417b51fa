r"""What the downloads of Moodle, Canvas and Gradescope are called: who, which attempt, when.

- Moodle: folders ``Ada Lovelace_12345_assignsubmission_file_``, or that as a prefix of loose
  files; the number is that of "Participant 12345" in the grading worksheet.
- Canvas: ``lovelaceada_LATE_12345_67890_week1-1.zip``: name, perhaps a mark, id of the user, id of
  the file, and the file's own name, to which Canvas adds ``-1``, ``-2``, ... when a file of this
  name is handed in again. Without names: ``anon_x1Y2z_67890_week1.zip``.
- Gradescope: folders ``submission_123`` and one ``submission_metadata.yml``.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fmnist.answer import faults
from fmnist.grading.hand_ins import names
from fmnist.grading.hand_ins.archives import read_limited
from fmnist.grading.hand_ins.roster import CANVAS, GRADESCOPE, MOODLE, Roster, trimmed
from fmnist.tools.user_errors import UserError

METADATA = "submission_metadata.yml"
MAX_METADATA = 20_000_000  # bytes; what the autograders said is in it, too
MAX_DEPTH = 100  # of YAML, whose fast reader has no limit of its own
MAX_CANDIDATES = 5  # that a message names

MOODLE_NAME = re.compile(r"(?P<name>[^/]+?)_(?P<id>[0-9]+)_assignsubmission_file(_(?P<file>.*))?")
MOODLE_TEXT = re.compile(r".*_[0-9]+_assignsubmission_onlinetext(_.*)?")
CANVAS_NAMES = (
    re.compile(r"(late_)?(?P<id>anon_[0-9A-Za-z]+)_[0-9]+_(?P<file>.+)", re.IGNORECASE),
    re.compile(r"(?P<name>.+?)_(late_)?(?P<id>[0-9]+)_[0-9]+_(?P<file>.+)", re.IGNORECASE),
)
CANVAS_TEXT = re.compile(r".+_([0-9]+|anon_[0-9A-Za-z]+)_(text|link)\.html", re.IGNORECASE)
AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>[1-9][0-9]{0,2})(?P<suffix>(\.[A-Za-z0-9]+)*)")
# Columns of rosters by which a student may be known besides the id.
OTHER_IDS = ("sis user id", "sis login id", "id number", "login", "username")


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
    """

    path: Path
    id: str
    system: str = ""
    name: str = ""
    email: str = ""
    file: str = ""
    again: int = 0
    submitted: datetime | None = None


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
            return Label(path, parts["id"], CANVAS, name, file=file, again=again)
    return Label(path, names.stem(path.name))


def own_name(path: Path) -> str:
    """Return the name that a student gave a loose file."""
    return label_of(path, is_folder=False).file or path.name


def is_text(name: str) -> bool:
    """Return whether this is what a student typed into a form of Moodle or Canvas: no file."""
    return bool(MOODLE_TEXT.fullmatch(name) or CANVAS_TEXT.fullmatch(name))


def gradescope(folder: Path) -> dict[str, list[Label]]:
    """Return who handed in each folder of a download of Gradescope, a group's by each of them.

    Raises:
        NoSubmissions: the metadata is no YAML of the kind that Gradescope writes, or too large.
    """
    import yaml  # a student who packs a hand-in has none

    path = folder / METADATA
    try:
        text = read_limited(path, MAX_METADATA).decode("utf-8-sig")
        if not text.endswith("\n"):
            raise ValueError("cut off")  # perhaps within a number, which would be another student's
        document = _yaml(text)
        return {str(key): _labels(folder / str(key), value) for key, value in document.items()}
    except faults.NotLoaded as fault:
        raise NoSubmissions(f"{folder}: {fault}") from None
    except (yaml.YAMLError, ValueError, AttributeError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise NoSubmissions(
            f"{path}{where}: this is not what Gradescope writes; download the submissions again."
        ) from None


def _labels(path: Path, about: Any) -> list[Label]:
    """Return one for each student of a submission; those that are known by nothing are left out."""
    submitted = about.get(":created_at")
    if type(submitted) is str:
        submitted = datetime.fromisoformat(submitted)
    if isinstance(submitted, datetime):
        submitted = submitted if submitted.tzinfo else submitted.replace(tzinfo=UTC)
        submitted = submitted.astimezone(UTC)
    else:
        submitted = None
    labels = []
    for submitter in about.get(":submitters") or ():
        told = {key: str(value or "").strip() for key, value in submitter.items()}
        name, email = told.get(":name", ""), told.get(":email", "")
        id_ = told.get(":sid") or email
        if id_:
            labels.append(Label(path, id_, GRADESCOPE, name, email, submitted=submitted))
    return labels


def _yaml(text: str) -> Any:
    """Return what YAML says, with none but Python's plain types."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the other takes minutes for a class
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
    return yaml.load(text, Loader=loader)  # noqa: S506 (both are safe loaders)


class Finder:
    """Finds the students of a roster by what a label says of them.

    Args:
        roster: of the class.
    """

    def __init__(self, roster: Roster):
        self._kind = roster.kind
        self._names = {student.id: student.name for student in roster.students}
        self._ids: dict[tuple[str, str], set[str]] = {}  # by what a name is, and the name
        for student in roster.students:
            cells = trimmed(student.row)
            mailbox = student.email.partition("@")[0]
            called = [("id", student.id), ("email", student.email), ("mailbox", mailbox)]
            called += [("other id", cells.get(column, "")) for column in OTHER_IDS]
            called += [("name", name) for name in _orders(student.name)]
            for what, name in called:
                self._ids.setdefault((what, names.same(name)), set()).add(student.id)

    def student(self, label: Label) -> str:
        """Return the id of whose hand-in it is; empty if nobody on the roster is called so.

        Raises:
            NoSubmissions: it could be of several.
        """
        if not label.system:  # the name of a folder or file can be each of these
            kinds = ("id", "other id", "email", "mailbox")
            matches = [self._called(kind, label.id) for kind in kinds]
            matches.append(self._called("name", "".join(names.words(label.id))))
            candidates = next(filter(None, matches), set())
        elif label.system == self._kind and self._called("id", label.id):
            candidates = self._called("id", label.id)
        else:  # the id can be one of another kind; then what else is known must not contradict
            matches = [
                self._called("id", label.id) | self._called("other id", label.id),
                self._called("email", label.email),
                self._called("name", "".join(names.words(label.name))),
            ]
            matches = [match for match in matches if match]
            agreed = set.intersection(*matches) if matches else set()
            candidates = agreed or set().union(*matches)
        if len(candidates) > 1:
            told = [f"{id_!r} ({self._names[id_]!r})" for id_ in sorted(candidates)]
            rest = "" if len(told) <= MAX_CANDIDATES else f" and {len(told) - MAX_CANDIDATES} more"
            raise NoSubmissions(
                f"{label.path.name!r} could be of {', '.join(told[:MAX_CANDIDATES])}{rest}; name "
                "it by the id."
            )
        return next(iter(candidates), "")

    def _called(self, what: str, name: str) -> set[str]:
        """Return the ids of those who are called so: nobody is called by an empty name."""
        return self._ids.get((what, names.same(name)), set()) if name else set()


def _orders(name: str) -> set[str]:
    """Return the ways in which systems write a name: from each of its words on, without spaces."""
    words = names.words(name)
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}
