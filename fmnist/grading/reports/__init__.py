"""What people and other systems get of a graded class.

In the folder of the class: ``index.html``, ``similarity.html`` and ``times.html`` for the
instructor, ``grades-<system>.csv`` for the learning management system whose roster was given,
``feedback.csv`` and, for Moodle, ``feedback-moodle.zip`` to hand the feedback out; and in
``students/<id>``: ``feedback.html``, ``feedback.md``, ``results.json`` and ``junit.xml``.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.grading.hand_ins.places import Place
from fmnist.grading.hand_ins.roster import MOODLE, Roster
from fmnist.grading.judging.store import to_json, write_whole
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.marks.mark_changes import MarkChange
from fmnist.grading.reports import (
    class_page,
    comments,
    feedback_files,
    gradescope_results,
    junit,
    lms,
    model_copies,
    similarity,
    similarity_page,
    student_pages,
    tried,
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
    told: Mapping[str, Sequence[str]] | None = None,
    site: str = "",
    assignments: Sequence[str] = (),
    column: str = "",
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
        moved: marks that are not what they were.
        told: sentences for students on how their marks moved, by student.
        site: address of the book, for students; may be empty.
        assignments: names of the assignments that were graded.
        column: of the roster, for the points; by default the one that is called like them.
        places: what became of each hand-in.
        notes: sentences for the class page.
        scale: whether marks for a platform are scaled to its maximum.

    Returns:
        sentences on the files for a platform.

    Raises:
        OSError: a file cannot be written.
    """
    told = told or {}
    pages = _write_students(rows, out, exercises, told, site)
    said = {
        row.student.id: comments.lines(row, exercises, told.get(row.student.id, ())) for row in rows
    }
    write_whole(out / "feedback.csv", comments.table(rows, said))
    of_files = lms.write(rows, roster, out, lms.Upload(said, assignments, column), scale=scale)
    if roster and roster.kind == MOODLE:
        archive = feedback_files.archive(pages, {row.student.id: row.student for row in rows})
        write_whole(out / feedback_files.FILE, archive)
        of_files.append(feedback_files.HOW)
    else:
        (out / feedback_files.FILE).unlink(missing_ok=True)
    alike = similarity.find(sources, exercises)
    model = model_copies.find(sources, exercises)
    write_whole(out / "similarity.html", similarity_page.html(alike, rows, sources, model))
    attempts = tried.find(rows, exercises, sources)
    write_whole(out / "tried.csv", tried.table(attempts))
    index = class_page.html(
        rows,
        exercises,
        moved=moved,
        notes=[*notes, *of_files],
        close_pairs=len(alike.couples) + alike.more,
        places=places,
        tried=attempts,
    )
    write_whole(out / "index.html", index)
    write_whole(out / "times.html", class_page.times_html(rows, seconds))
    return of_files


def _write_students(
    rows: Sequence[Row],
    out: Path,
    exercises: tuple[Exercise, ...],
    told: Mapping[str, Sequence[str]],
    site: str,
) -> dict[str, str]:
    """Write what students get; return the pages of those who have a mark, by student."""
    students = out / "students"
    students.mkdir(mode=0o700, exist_ok=True)
    pages = {}
    for row in rows:
        id_ = row.student.id
        page = student_pages.html(row, exercises, site=site, told=told.get(id_, ()))
        text = student_pages.markdown(row, exercises, site=site, told=told.get(id_, ()))
        _write_student(row, students / id_, exercises, page, text)
        if not row.waits:
            pages[id_] = page
    return pages


def _write_student(
    row: Row, folder: Path, exercises: tuple[Exercise, ...], page: str, text: str
) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / "results.json", to_json(gradescope_results.results(row, exercises)))
    write_whole(folder / "junit.xml", junit.text(row))
    write_whole(folder / "feedback.html", page)
    write_whole(folder / "feedback.md", text)


def tables_of_others(kind: str) -> list[str]:
    """Return the names of the files for systems other than that of a roster of some kind."""
    return [lms.table_name(other) for other in lms.WRITERS if other != kind]
