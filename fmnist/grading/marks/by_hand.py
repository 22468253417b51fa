"""Marks that a person gives, from a table: of projects, and in place of a machine's.

The columns are ``student,item,points,reason``; an item is an exercise, or a phase for its project.
In place of ``points``, a project may have its criteria: one column each, called like the criterion
or ``criterion1``, ``criterion2``, ... in the order of the rubric; or one line each, with their name
in a column ``criterion``. What has no points is open: nobody has marked it yet.

One file may hold the marks of a whole term. It is only read, so that its marks survive whatever is
graded again.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fmnist import course
from fmnist.exercises import catalog, rubrics
from fmnist.exercises.catalog import Exercise, Project
from fmnist.exercises.rubrics import Criterion
from fmnist.grading.marks.people import People, Unknown
from fmnist.tools import tables
from fmnist.tools.user_errors import UserError

COLUMNS = ("student", "item", "points", "reason")
STUDENT, ITEM, POINTS, REASON = COLUMNS
CRITERION, NAME, EMAIL = "criterion", "name", "email"
KNOWN = {*COLUMNS, CRITERION, NAME, EMAIL}
NUMBERED = re.compile(r"criterion ?([1-9][0-9]?)")
WITH_POINTS = re.compile(r"(?P<name>.+?) ?\((?P<points>[0-9]+)( points?)?\)")
FORM = f"a first line {','.join(COLUMNS)}, or criteria of a project in place of points"


class MarksError(UserError):
    """The file of marks is not as it must be; the message names the line and the mend."""


@dataclass(frozen=True)
class Mark:
    """A mark given by a person.

    Attributes:
        student: who gets it, by id.
        item: name of an exercise, or phase of a project.
        points: from 0 to the item's maximum; None while the item is open.
        reason: why; an exercise that a machine has marked needs one.
        criteria: points by criterion, if the project was marked so; None where there are none yet.
    """

    student: str
    item: str
    points: float | None
    reason: str
    criteria: tuple[tuple[Criterion, float | None], ...] = ()


@dataclass(frozen=True)
class Marks:
    """What a file says.

    Attributes:
        given: the marks, those that are open among them.
        notes: on what was guessed, and on projects that are marked in part, as sentences.
    """

    given: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    """One line: points of an item, or of one or more of its criteria."""

    place: str
    student: str
    item: str
    points: float | None
    criteria: dict[str, float]
    reason: str


def maximum(item: str) -> int | None:
    """Return what an item can earn; None if there is no such item."""
    course_ = catalog.read()
    points = {exercise.name: exercise.points for exercise in course_.exercises}
    points |= {project.phase: project.points for project in course_.projects}
    return points.get(item)


def project_of(phase: str) -> Project | None:
    """Return the project of a phase; None if there is none."""
    return next((one for one in catalog.read().projects if one.phase == phase), None)


def read(path: Path, people: People) -> Marks:
    """Return the marks in a file.

    Args:
        path: of a table, see `tables`.
        people: who can get one.

    Raises:
        MarksError: the file cannot be read, its last line has no end, or a line names no student,
            item or criterion of the course, has points out of range, lacks a reason, or repeats
            another.
    """
    table = tables.read(path, lambda names: {STUDENT, ITEM} <= {*names}, MarksError)
    names = table.names
    if not table.text:
        raise MarksError(f"{path.name} is empty; expected {FORM}.")
    if not {STUDENT, ITEM} <= {*names} or {*names} <= {STUDENT, ITEM, NAME, EMAIL, REASON}:
        raise MarksError(f"{path.name}, line 1: expected the columns {','.join(COLUMNS)}: {FORM}.")
    twice = next((name for name in names if name and names.count(name) > 1), "")
    if twice:
        raise MarksError(f"{path.name}, line 1: two columns are called {twice!r}; keep one.")
    if not table.has_end:
        raise MarksError(f"{path.name}: {tables.NO_END}.")
    by_item: dict[tuple[str, str], list[_Line]] = {}
    for number, row in table.rows():
        line = _line(f"{path.name}, line {number}", row, people, table.separator)
        by_item.setdefault((line.student, line.item), []).append(line)
    marks = [_mark(lines) for lines in by_item.values()]
    return Marks(tuple(marks), (*table.notes, *_half_marked(path.name, marks)))


def together(files: Sequence[tuple[str, Marks]]) -> Marks:
    """Return the marks of several files, by their names.

    Raises:
        MarksError: two of them have a mark for the same.
    """
    first: dict[tuple[str, str], str] = {}
    for file, marks in files:
        for mark in marks.given:
            before = file
            if mark.points is not None:
                before = first.setdefault((mark.student, mark.item), file)
            if before != file:
                raise MarksError(
                    f"{file}: {mark.student} has a mark for {mark.item} in {before} already; keep "
                    "one of the two."
                )
    given = tuple(mark for _, marks in files for mark in marks.given)
    return Marks(given, tuple(note for _, marks in files for note in marks.notes))


def counted(
    marks: Iterable[Mark], exercises: Collection[Exercise]
) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Return the marks that belong to what is graded, and the others.

    Those of another assignment would be points that the rest of the class could not have.

    Args:
        marks: given by hand.
        exercises: that count; the projects of their phases do, too.
    """
    items = {exercise.name for exercise in exercises} | {one.phase for one in exercises}
    both: tuple[list[Mark], list[Mark]] = ([], [])
    for mark in marks:
        both[mark.item not in items].append(mark)
    return tuple(both[0]), tuple(both[1])


def _line(place: str, row: dict[str, str], people: People, separator: str) -> _Line:
    cells = {tables.plain(column): cell.strip() for column, cell in row.items()}
    item, reason = cells[ITEM], cells.get(REASON, "")
    try:
        student = people.id_of(cells[STUDENT].removeprefix("'"))
    except Unknown as error:
        raise MarksError(f"{place}: {error}.") from None
    _refuse_another_name(place, student, cells, people)
    if maximum(item) is None:
        raise MarksError(
            f"{place}: {item!r} is no exercise, and no phase with a project{_near(item)}."
        )
    if (
        separator == ","
        and re.fullmatch("[0-9]{1,2}", reason)
        and cells.get(POINTS, "").isdecimal()
    ):
        raise MarksError(
            f"{place}: the reason is {reason!r}; if {cells[POINTS]},{reason} points are meant, "
            f"write {cells[POINTS]}.{reason}."
        )
    criteria = _criteria(place, item, cells)
    one = cells.get(CRITERION, "")
    given = cells.get(POINTS, "")
    points = None
    if one:
        criterion = _named(place, item, one)
        if given:
            criteria[criterion.name] = _points(place, given, criterion.name, criterion.points)
    elif given:
        points = _points(place, given, item, maximum(item) or 0)
    if points is not None and criteria and abs(sum(criteria.values()) - points) > 1e-9:
        total = sum(criteria.values())
        raise MarksError(f"{place}: {points:g} points, but the criteria have {total:g}.")
    if item not in course.PHASES and points is not None and not reason:
        raise MarksError(f"{place}: say why {item} gets other points than the grader gave.")
    return _Line(place, student, item, points, criteria, reason)


def _mark(lines: list[_Line]) -> Mark:
    """Return the mark that the lines of one student and item come to.

    Raises:
        MarksError: there are two marks.
    """
    first, project = lines[0], project_of(lines[0].item)
    criteria: dict[str, float] = {}
    for line in lines:
        again = next((name for name in line.criteria if name in criteria), "")
        if again or (line is not first and not (line.criteria or line.points is None)):
            raise MarksError(f"{line.place}: a second mark for {again or line.item}.")
        if first.points is not None and line is not first:
            raise MarksError(f"{line.place}: a second mark for {line.item}.")
        criteria |= line.criteria
    reason = " ".join(dict.fromkeys(line.reason for line in lines if line.reason))
    if not criteria or project is None:
        return Mark(first.student, first.item, first.points, reason)
    rubric = rubrics.of(project)
    marked = tuple((criterion, criteria.get(criterion.name)) for criterion in rubric)
    whole = all(points is not None for _, points in marked)
    total = round(sum(criteria.values()), 2) if whole else None
    if first.points is not None and not whole:
        lacks = ", ".join(criterion.name for criterion, points in marked if points is None)
        raise MarksError(f"{first.place}: there are points for {first.item}, and none for {lacks}.")
    return Mark(first.student, first.item, total, reason, marked)


def _criteria(place: str, item: str, cells: dict[str, str]) -> dict[str, float]:
    """Return the points in the columns of criteria, by the name of the criterion."""
    criteria: dict[str, float] = {}
    for column, cell in cells.items():
        if column in KNOWN or not cell:
            continue
        criterion = _named(place, item, column)
        if criterion.name in criteria:
            raise MarksError(f"{place}: a second mark for {criterion.name}.")
        criteria[criterion.name] = _points(place, cell, criterion.name, criterion.points)
    return criteria


def _named(place: str, item: str, called: str) -> Criterion:
    """Return the criterion of an item's rubric that is called so, by name or number.

    Raises:
        MarksError: there is none.
    """
    project = project_of(item)
    if project is None:
        raise MarksError(f"{place}: {item} is no project and has no criterion {called!r}.")
    rubric = rubrics.of(project)
    name = tables.plain(called)
    without = WITH_POINTS.fullmatch(name)
    by_name = {tables.plain(criterion.name): criterion for criterion in rubric}
    number = NUMBERED.fullmatch(name) or re.fullmatch("([1-9][0-9]?)", name)
    if number and int(number[1]) <= len(rubric):
        return rubric[int(number[1]) - 1]
    if name in by_name:
        return by_name[name]
    if without and without["name"] in by_name:
        criterion = by_name[without["name"]]
        if criterion.points == int(without["points"]):
            return criterion  # criteria of two projects can be called the same
    names = ", ".join(criterion.name for criterion in rubric)
    raise MarksError(f"{place}: {item} has no criterion {called!r}; it has: {names}.")


def _points(place: str, text: str, what: str, highest: int) -> float:
    try:
        points = tables.number(text)
    except ValueError as error:
        raise MarksError(f"{place}: {text!r} is no number of points: {error}.") from None
    if points > highest:
        raise MarksError(f"{place}: {points:g} points for {what}; give 0 to {highest}.")
    return points


def _refuse_another_name(place: str, id_: str, cells: dict[str, str], people: People) -> None:
    """Refuse a line in which id and name are of two students: a column was sorted alone."""
    name = cells.get(NAME, "").removeprefix("'")
    known = people.name_of(id_)
    if not name or not known:
        return
    try:
        same_one = people.id_of(name) == id_
    except Unknown:
        same_one = tables.plain(name) == tables.plain(known)
    if not same_one:
        raise MarksError(
            f"{place}: {id_!r} is {known!r} in this class, and {name!r} here; perhaps one column "
            "was sorted without the others."
        )


def _near(item: str) -> str:
    course_ = catalog.read()
    names = [one.name for one in course_.exercises] + [one.phase for one in course_.projects]
    near = difflib.get_close_matches(item, names, n=3)
    return f"; the nearest: {', '.join(near)}" if near else ""


def _half_marked(file: str, marks: Iterable[Mark]) -> list[str]:
    """Return a sentence on projects that have points for some of their criteria alone."""
    half = [mark for mark in marks if mark.criteria and mark.points is None]
    if not half:
        return []
    some = ", ".join(f"{mark.student} ({mark.item})" for mark in half[:5])
    more = ", ..." if len(half) > 5 else ""
    return [f"{file}: some criteria have no points yet, so the project stays open: {some}{more}."]
