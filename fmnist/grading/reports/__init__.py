"""What people and other systems get of a graded class.

In the folder of the class: ``index.html``, ``similarity.html`` and ``times.html`` for the
instructor, ``grades-<system>.csv`` for the learning management system whose roster was given; and
in ``students/<id>``: ``feedback.html``, ``feedback.md``, ``results.json`` and ``junit.xml``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.places import Place
from fmnist.grading.hand_ins.roster import Roster
from fmnist.grading.judging.store import to_json, write_whole
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.marks.mark_changes import MarkChange
from fmnist.grading.reports import (
    class_page,
    gradescope_results,
    junit,
    lms,
    similarity,
    student_pages,
)


def write(
    rows: Sequence[Row],
    out: Path,
    *,
    exercises: tuple[Exercise, ...],
    roster: Roster | None,
    seconds: Mapping[str, Mapping[str, float]],
    sources: Mapping[str, Mapping[str, str]],
    moved: Sequence[MarkChange],
    places: Sequence[Place] = (),
    notes: Sequence[str] = (),
    scale: bool = False,
) -> list[str]:
    """Write all reports of a class.

    Args:
        rows: one for each student.
        out: folder of the class.
        exercises: that count.
        roster: of the class, if there is one.
        seconds: wall time of each check, by student and ``file::test``.
        sources: text of each answer, by student, in the order of the rows, and exercise.
        moved: marks that another grading changed.
        places: what became of each hand-in.
        notes: sentences for the class page.
        scale: whether marks for a platform are scaled to its maximum.

    Returns:
        sentences on the files for a platform.

    Raises:
        OSError: a file cannot be written.
    """
    students = out / "students"
    students.mkdir(mode=0o700, exist_ok=True)
    for row in rows:
        _write_student(row, students / row.student.id, exercises)
    of_platform = lms.write(rows, roster, out, scale=scale)
    alike = similarity.find(sources, exercises)
    write_whole(out / "similarity.html", similarity.html(alike, rows, sources))
    index = class_page.html(
        rows,
        exercises,
        moved=moved,
        notes=[*notes, *of_platform],
        close_pairs=len(alike.pairs) + alike.more,
        places=places,
    )
    write_whole(out / "index.html", index)
    write_whole(out / "times.html", class_page.times_html(rows, seconds))
    return of_platform


def _write_student(row: Row, folder: Path, exercises: tuple[Exercise, ...]) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / "results.json", to_json(gradescope_results.results(row, exercises)))
    write_whole(folder / "junit.xml", junit.text(row))
    write_whole(folder / "feedback.html", student_pages.html(row, exercises))
    write_whole(folder / "feedback.md", student_pages.markdown(row, exercises))


def tables_of_others(kind: str) -> list[str]:
    """Return the names of the files for systems other than that of a roster of some kind."""
    return [lms.table_name(other) for other in lms.WRITERS if other != kind]
