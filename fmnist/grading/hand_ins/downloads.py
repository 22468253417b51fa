r"""What the downloads of Moodle, Canvas and Gradescope are called: who, which attempt, when.

- Moodle: folders ``Ada Lovelace_12345_assignsubmission_file_``, or that as a prefix of loose
  files; the number is that of "Participant 12345" in the grading worksheet.
- Canvas: ``lovelaceada_LATE_12345_67890_week1-1.zip``: name, perhaps a mark, id of the user, id of
  the file, and the file's own name, to which Canvas adds ``-1``, ``-2``, ... when a file of this
  name is handed in again. Without names: ``anon_x1Y2z_67890_week1.zip``.
- Gradescope: folders ``submission_123`` and one ``submission_metadata.yml``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from fmnist.answer import faults
from fmnist.grading.hand_ins.archives import read_limited
from fmnist.grading.hand_ins.roster import CANVAS, GRADESCOPE, MOODLE, Roster, Student, same

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


class NotUsable(Exception):
    """What was downloaded does not tell whose it is; the message says what to do."""


@dataclass(frozen=True)
class Named:
    """What a download says of a hand-in.

    Attributes:
        system: "moodle", "canvas", "gradescope"; empty: the name is a student's, in any form.
        id: that the system knows the student by.
        name: of the student; Canvas gives it without spaces and marks.
        email: empty if unknown.
        file: as the student called it; empty for a folder.
        again: how often a file of this name had been handed in before.
        submitted: when, in UTC; None if the download does not say.
    """

    system: str
    id: str
    name: str = ""
    email: str = ""
    file: str = ""
    again: int = 0
    submitted: datetime | None = None


def named(name: str, *, is_folder: bool) -> Named | None:
    """Return what the name of a folder or file of Moodle or Canvas says; None if it is neither."""
    found = MOODLE_NAME.fullmatch(name)
    if found:
        file = found["file"] or ""
        if is_folder or file:
            return Named(MOODLE, found["id"], found["name"], file=file)
    for pattern in CANVAS_NAMES if not is_folder else ():
        found = pattern.fullmatch(name)
        if found:
            again = AGAIN.fullmatch(found["file"])
            return Named(
                CANVAS,
                found["id"],
                found.groupdict().get("name", ""),
                file=again["stem"] + again["suffix"] if again else found["file"],
                again=int(again["number"]) if again else 0,
            )
    return None


def own_name(path: Path) -> str:
    """Return the name that a student gave a loose file."""
    found = named(path.name, is_folder=False)
    return found.file if found else path.name


def is_text(name: str) -> bool:
    """Return whether this is what a student typed into a form of Moodle or Canvas: no file."""
    return bool(MOODLE_TEXT.fullmatch(name) or CANVAS_TEXT.fullmatch(name))


def gradescope(folder: Path) -> dict[str, list[Named]]:
    """Return who handed in each folder of a download of Gradescope, a group's by each of them.

    Raises:
        NotUsable: the metadata is no YAML of the kind that Gradescope writes, or too large.
    """
    path = folder / METADATA
    try:
        text = read_limited(path, MAX_METADATA).decode("utf-8-sig")
        if not text.endswith("\n"):
            raise ValueError("cut off")  # perhaps within a number, which would be another student's
        document = _yaml(text)
        return {str(key): _submitters(value) for key, value in document.items()}
    except faults.NotLoaded as fault:
        raise NotUsable(f"{folder}: {fault}") from None
    except (yaml.YAMLError, ValueError, AttributeError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise NotUsable(
            f"{path}{where}: this is not what Gradescope writes; download the submissions again."
        ) from None


def _submitters(entry: Any) -> list[Named]:
    """Return one for each student of a submission; those that are known by nothing are left out."""
    created = entry.get(":created_at")
    if type(created) is str:
        created = datetime.fromisoformat(created)
    submitted = None
    if isinstance(created, datetime):
        aware = created if created.tzinfo else created.replace(tzinfo=UTC)
        submitted = aware.astimezone(UTC)
    found = []
    for submitter in entry.get(":submitters") or ():
        told = {key: str(value or "").strip() for key, value in submitter.items()}
        email = told.get(":email", "")
        id_ = told.get(":sid") or email
        if id_:
            found.append(Named(GRADESCOPE, id_, told.get(":name", ""), email, submitted=submitted))
    return found


def _yaml(text: str) -> Any:
    """Return what YAML says, with none but Python's plain types."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the other takes minutes for a class
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
    return yaml.load(text, Loader=loader)  # noqa: S506 (both are safe loaders)


class Finder:
    """Finds the students of a roster by what a download says of them.

    Args:
        roster: of the class.
    """

    def __init__(self, roster: Roster):
        self._kind = roster.kind
        self._by_id: dict[str, set[str]] = {}
        self._by_other_id: dict[str, set[str]] = {}
        self._by_email: dict[str, set[str]] = {}
        self._by_mailbox: dict[str, set[str]] = {}
        self._by_name: dict[str, set[str]] = {}
        self._known = {student.id: student for student in roster.students}
        for student in roster.students:
            cells = {column.strip().lower(): cell for column, cell in student.row.items()}
            keys = [
                (self._by_id, [student.id]),
                (self._by_other_id, [cells.get(column, "").strip() for column in OTHER_IDS]),
                (self._by_email, [student.email]),
                (self._by_mailbox, [student.email.partition("@")[0]]),
                (self._by_name, _orders(student.name)),
            ]
            for index, names in keys:
                for name in filter(None, names):
                    index.setdefault(same(name), set()).add(student.id)

    def student(self, found: Named) -> Student | None:
        """Return whose hand-in it is; None if nobody on the roster is called so.

        Raises:
            NotUsable: it could be of several.
        """
        id_, name = same(found.id), _squeezed(found.name)
        if not found.system:  # the name of a folder or file can be each of these
            indices = (self._by_id, self._by_other_id, self._by_email, self._by_mailbox)
            matches = [index[id_] for index in indices if id_ in index]
            matches += [self._by_name.get(_squeezed(found.id), set())]
            candidates = next(filter(None, matches), set())
        elif found.system == self._kind and id_ in self._by_id:
            candidates = self._by_id[id_]
        else:  # the id can be one of another kind; then what else is known must not contradict
            known = [
                self._by_id.get(id_, set()) | self._by_other_id.get(id_, set()),
                self._by_email.get(same(found.email), set()),
                self._by_name.get(name, set()),
            ]
            matches = [match for match in known if match]
            agreed = set.intersection(*matches) if matches else set()
            candidates = agreed or set().union(*matches)
        if len(candidates) > 1:
            told = [f"{one!r} ({self._known[one].name!r})" for one in sorted(candidates)]
            rest = "" if len(told) <= MAX_CANDIDATES else f" and {len(told) - MAX_CANDIDATES} more"
            raise NotUsable(
                f"could be of {', '.join(told[:MAX_CANDIDATES])}{rest}; name it by the id"
            )
        return next((self._known[id_] for id_ in candidates), None)


def _orders(name: str) -> Iterable[str]:
    """Return the ways in which systems write a name: from each of its words on, without spaces."""
    words = re.findall(r"[^\W_]+", same(name))
    return {"".join(words[start:] + words[:start]) for start in range(len(words))}


def _squeezed(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", same(name)))
