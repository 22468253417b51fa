"""The marks of a term: one table of what several class runs left, a row a student.

Students are told apart by their ids. Moodle numbers the participants of each assignment anew (see
`get_uniqueid_for_user_static` in mod/assign/locallib.php of moodle/moodle), so those of its
worksheets are known by their addresses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.names import same
from fmnist.grading.hand_ins.roster import MOODLE
from fmnist.grading.marks import kept_marks
from fmnist.grading.marks.gradebook import cell, csv_text
from fmnist.grading.marks.kept_marks import ClassMarks, Marked
from fmnist.tools.user_errors import UserError

ID, EMAIL, NAME = "id", "email", "name"  # by what students are told apart
FIRST_COLUMNS = ("student", "name", "email")
LAST_COLUMNS = ("total", "maximum", "missing")


class TermError(UserError):
    """The marks of some folders cannot stand in one table; the message says what to do."""


@dataclass(frozen=True)
class Person:
    """A student over the term.

    Attributes:
        key: id, address or name, as it was read first.
        name: empty if unknown.
        email: empty if unknown.
        marks: by assignment.
        unreached: assignments in which the last run did not get to the student.
    """

    key: str
    name: str
    email: str
    marks: dict[str, Marked] = field(default_factory=dict)
    unreached: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Term:
    """A term.

    Attributes:
        assignments: maximum of each, in the order of the folders.
        people: in the order in which they are met.
    """

    assignments: dict[str, int]
    people: list[Person]


def read(folders: Sequence[Path], *, by: str = "") -> Term:
    """Return what the class runs in some folders left.

    Args:
        folders: each was the ``--out`` of a run; of one assignment several may be given, as of the
            sections of a class.
        by: `ID`, `EMAIL` or `NAME`; by default the id, and the address where a roster is Moodle's.

    Raises:
        NoMarks: a folder has no marks that can be read.
        TermError: a student cannot be told from another, or has two marks for one assignment.
    """
    places = [folder.resolve() for folder in folders]
    for folder, place in zip(folders, places, strict=True):
        if places.count(place) > 1:
            raise TermError(f"{folder} is given twice; give each folder once.")
    runs = [(folder, kept_marks.read(folder)) for folder in folders]
    if not by:
        by = EMAIL if any(marks.ids == MOODLE for _, marks in runs) else ID
    people: dict[str, Person] = {}
    assignments: dict[str, int] = {}
    whose: dict[tuple[str, str], Path] = {}  # of each mark the folder that it is from
    for folder, run in runs:
        title = _title(folder, run)
        assignments.setdefault(title, 0)
        for id_, marked in run.known.items():
            key = _key(folder, id_, marked, by)
            if (title, same(key)) in whose:
                other = whose[title, same(key)]
                if other == folder:
                    told = f"Two students of {folder} have the {by} {key!r}; choose another --by."
                else:
                    told = f"{key!r} has a mark for {title} in {other} and in {folder}; give one."
                raise TermError(told)
            whose[title, same(key)] = folder
            person = people.setdefault(same(key), Person(key, marked.name, marked.email))
            person.marks[title] = marked
            if id_ in run.unreached:
                person.unreached.add(title)
            assignments[title] = max(assignments[title], marked.max_total)
    return Term(assignments, list(people.values()))


def _title(folder: Path, run: ClassMarks) -> str:
    """Return what a column is called: as the assignment, or as the folder if there is none."""
    return "+".join(run.assignments) or folder.resolve().name


def _key(folder: Path, id_: str, marked: Marked, by: str) -> str:
    key = {ID: id_, EMAIL: marked.email, NAME: marked.name}[by]
    if not key:
        other = NAME if by == EMAIL else ID
        raise TermError(
            f"Nobody knows the {by} of the student {id_!r} in {folder}, and students are told "
            f"apart by it. Grade again with a roster that has it, or add: --by {other}"
        )
    return key


def table(term: Term) -> str:
    """Return the text of the table: points and maximum of each assignment, totals, what is missing.

    A cell is empty where there is no mark, and neither of its numbers is in the totals.
    """
    columns = [name for title in term.assignments for name in (title, f"{title} maximum")]
    rows: list[list[object]] = [[*FIRST_COLUMNS, *map(cell, columns), *LAST_COLUMNS]]
    for person in term.people:
        counted = {title: _points(person, title) for title in term.assignments}
        maxima = {
            title: person.marks[title].max_total if title in person.marks else most
            for title, most in term.assignments.items()
        }
        points: list[object] = []
        for title, one in counted.items():
            points += ["" if one is None else _number(one), maxima[title]]
        there = {title: one for title, one in counted.items() if one is not None}
        totals = [_number(sum(there.values())), sum(maxima[title] for title in there)]
        known = map(cell, (person.key, person.name, person.email))
        rows.append([*known, *points, *totals, "; ".join(missing(person, term))])
    return csv_text(rows)


def missing(person: Person, term: Term) -> list[str]:
    """Return what a student has no mark for, or no hand-in, and why."""
    reasons: list[tuple[str, Callable[[Marked | None], bool]]] = [
        ("not in this class", lambda mark: mark is None),
        (
            "no mark yet, the hand-in is doubtful",
            lambda mark: mark is not None and mark.state == State.DOUBTFUL,
        ),
        ("no mark yet, the grader failed", lambda mark: mark is not None and mark.total is None),
        ("nothing handed in", lambda mark: mark is not None and mark.state == State.MISSING),
        (
            "a project is not marked yet",
            lambda mark: mark is not None and None in mark.points.values(),
        ),
    ]
    told = []
    for title in term.assignments:
        mark = person.marks.get(title)
        if title in person.unreached:
            told.append(f"{title}: the last run did not get there")
            continue
        why = next((words for words, holds in reasons if holds(mark)), "")
        if why:
            told.append(f"{title}: {why}")
    return told


def _points(person: Person, title: str) -> float | None:
    mark = person.marks.get(title)
    return None if mark is None or title in person.unreached else mark.total


def _number(points: float) -> int | float:
    """Return points in hundredths, without a decimal that is none."""
    rounded = round(points, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def is_ours(text: str) -> bool:
    """Return whether a text may be replaced: it is empty, or a table that was made here."""
    header = text.partition("\n")[0].strip()
    whole = header.startswith(",".join(FIRST_COLUMNS)) and header.endswith(",".join(LAST_COLUMNS))
    return not text or whole
