"""Files for learning management systems: their own columns, with the marks filled in."""

import csv
import dataclasses

import pytest

from fmnist.grading.hand_ins.moodle_worksheet import Layout
from fmnist.grading.hand_ins.roster import Roster, Student
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import lms

MOODLE = ("Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz 1 (77)")
GRADESCOPE = ("First Name", "Last Name", "SID", "Email")


def row(student: Student, total: float = 1.5, state: str = "graded") -> Row:
    """Return a row with one exercise of 2 points."""
    part = ExerciseRecord("class_counts", state, total, 2, ())
    record = Record(student.id, 1, state, total, 2, "A", (part,), ())
    return Row(student, record, {"class_counts": total}, {"class_counts": 2}, (), total, 2)


def written(out, kind: str) -> list[list[str]]:
    """Return the cells of a file for upload."""
    with (out / f"grades-{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def roster(kind: str, columns: tuple[str, ...], *rows: tuple[str, ...]) -> Roster:
    """Return a roster whose students are called by the numbers of their rows."""
    students = [
        Student(str(number), "", "", dict(zip(columns, cells, strict=True)))
        for number, cells in enumerate(rows)
    ]
    return Roster(tuple(students), columns, kind)


def test_moodle_gets_its_worksheet_back_with_the_grade_filled(tmp_path):
    """All columns and cells are as they came, but for the grade."""
    class_ = roster("moodle", MOODLE, ("Participant 7", "Ada, L.", "", "2.00", "well"))
    assert lms.write([row(class_.students[0])], class_, tmp_path) == []
    assert written(tmp_path, "moodle") == [
        list(MOODLE),
        ["Participant 7", "Ada, L.", "1.5", "2.00", "well"],
    ]


def test_columns_of_a_worksheet_are_known_whatever_their_case(tmp_path):
    """As the roster is read."""
    class_ = roster("moodle", ("identifier", "full name", "GRADE"), ("Participant 7", "Ada", "0"))
    lms.write([row(class_.students[0])], class_, tmp_path)
    assert written(tmp_path, "moodle")[1] == ["Participant 7", "Ada", "1.5"]


def test_another_maximum_in_moodle_is_told(tmp_path):
    """Points are not scaled behind anybody's back."""
    class_ = roster("moodle", MOODLE, ("Participant 7", "Ada", "", "100,00", ""))
    (note,) = lms.write([row(class_.students[0])], class_, tmp_path)
    assert "the maximum grade is 100, here the exercises have 2" in note
    assert written(tmp_path, "moodle")[1][2] == "1.5"


@pytest.mark.parametrize(
    ("maximum", "scale", "grades", "told"),
    [
        pytest.param("2", False, ["1.5", "2"], "points of the exercises (2)", id="exercises"),
        pytest.param("12,00", False, ["8.5", ""], "exercises and projects (12)", id="together"),
        pytest.param("10.00000", False, ["7", ""], "points of the projects (10)", id="projects"),
        pytest.param("100", False, ["1.5", "2"], "points as they are", id="more"),
        pytest.param("100", True, ["75", "100"], "scaled to 100", id="more, scaled"),
        pytest.param("1", False, None, "is not written", id="less"),
        pytest.param("1", True, ["0.75", "1"], "scaled to 1", id="less, scaled"),
        pytest.param("", False, ["1.5", "2"], "points of the exercises (2)", id="none"),
    ],
)
def test_moodle_gets_the_points_of_which_its_maximum_is(tmp_path, maximum, scale, grades, told):
    """Those of exercises, of projects or of both; never one that it would drop."""
    cells = [(f"Participant {number}", "A", "", maximum, "") for number in (7, 8)]
    class_ = roster("moodle", MOODLE, *cells)
    marked, waiting = (
        row(student, total) for student, total in zip(class_.students, (1.5, 2.0), strict=True)
    )
    marked = dataclasses.replace(
        marked,
        points=marked.points | {"phase1_explore": 7.0},
        max_points=marked.max_points | {"phase1_explore": 10},
        total=8.5,
        max_total=12,
    )
    waiting = dataclasses.replace(waiting, open={"phase1_explore": 10})
    (tmp_path / "grades-moodle.csv").write_text("of an earlier run")
    notes = lms.write([marked, waiting], class_, tmp_path, scale=scale)
    assert told in " ".join(notes)
    assert all("\n" not in note for note in notes)
    if grades is None:
        assert not (tmp_path / "grades-moodle.csv").exists()
        assert "--scale" in notes[0]
        return
    assert [line[2] for line in written(tmp_path, "moodle")[1:]] == grades
    assert ("1 student whose project" in " ".join(notes)) == ("" in grades)
    for kind, last in (("canvas", ["2", ""]), ("gradescope", ["2", "open"])):
        columns = {"canvas": CANVAS, "gradescope": GRADESCOPE}[kind]
        class_ = roster(kind, columns, ("x",) * len(columns), ("y",) * len(columns))
        lms.write([marked, waiting], class_, tmp_path)
        assert written(tmp_path, kind)[-1][-2:] == last


def test_moodle_gets_no_points_where_it_wants_words(tmp_path):
    """It would drop them: moodle/moodle: mod/assign/feedback/offline/locallib.php."""
    columns = ("Identifier", "Full name", "Grade", "Scale")
    class_ = roster("moodle", columns, ("Participant 7", "Ada", "", "Good, Bad"))
    (note,) = lms.write([row(class_.students[0])], class_, tmp_path)
    assert "not written" in note
    assert not (tmp_path / "grades-moodle.csv").exists()


def test_scaling_is_for_moodle_and_said_elsewhere(tmp_path):
    """No option is without effect in silence."""
    class_ = roster("canvas", CANVAS, ("x",) * len(CANVAS))
    assert "no effect" in lms.write([row(class_.students[0])], class_, tmp_path, scale=True)[-1]
    assert "no effect" in lms.write([], None, tmp_path, scale=True)[-1]
    assert lms.write([], None, tmp_path) == []


def test_a_worksheet_of_another_language_comes_back_with_its_own_words(tmp_path):
    """Its Moodle knows columns by them."""
    columns = ("ID", "Vollst\u00e4ndiger Name", "Bewertung", "Bestwertung")
    class_ = roster("moodle", columns, ("Teilnehmer/in7", "Ada", "", "2,00"))
    layout = Layout("ID", columns[1], grade="Bewertung", maximum="Bestwertung")
    class_ = dataclasses.replace(class_, foreign=layout)
    assert lms.write([row(class_.students[0])], class_, tmp_path) == []
    assert written(tmp_path, "moodle")[1] == ["Teilnehmer/in7", "Ada", "1.5", "2,00"]


def test_canvas_gets_five_columns_and_the_points(tmp_path):
    """The second row says how many points are possible; other assignments stay out."""
    cells = ("Lovelace, Ada", "11", "s11", "ada@x.org", "A", "9")
    class_ = roster("canvas", CANVAS, cells)
    (note,) = lms.write([row(class_.students[0], 2.0)], class_, tmp_path)
    assert "rename" in note
    assert written(tmp_path, "canvas") == [
        [*CANVAS[:5], "fmnist"],
        ["    Points Possible", "", "", "", "", "2"],
        [*cells[:5], "2"],
    ]


def test_gradescope_gets_total_status_and_every_exercise(tmp_path):
    """Its roster's columns come first."""
    class_ = roster("gradescope", GRADESCOPE, ("Ada", "L", "7", "a@x"), ("Bo", "M", "8", "b@x"))
    ada, bo = class_.students
    lms.write([row(ada), row(bo, 0.0, "missing")], class_, tmp_path)
    assert written(tmp_path, "gradescope") == [
        [*GRADESCOPE, "Total Score", "Max Points", "Status", "class_counts (2 pts)"],
        ["Ada", "L", "7", "a@x", "1.5", "2", "Graded", "1.5"],
        ["Bo", "M", "8", "b@x", "0", "2", "Missing", "0"],
    ]


@pytest.mark.parametrize("kind", list(lms.WRITERS))
def test_a_failure_of_the_grader_is_no_mark(tmp_path, kind):
    """The cell stays empty rather than 0, and the instructor is told."""
    columns = {"moodle": MOODLE, "canvas": CANVAS, "gradescope": GRADESCOPE}[kind]
    class_ = roster(kind, columns, ("x",) * len(columns))
    notes = lms.write([row(class_.students[0], 0.0, "grader error")], class_, tmp_path)
    assert "no mark for 1 of 1 students" in notes[-1]
    assert "0" not in written(tmp_path, kind)[-1][len(GRADESCOPE) - 2 : 6]


@pytest.mark.parametrize("kind", list(lms.WRITERS))
def test_names_go_back_as_they_came(tmp_path, kind):
    """A system would not know a student again by an escaped name."""
    columns = {"moodle": MOODLE, "canvas": CANVAS, "gradescope": GRADESCOPE}[kind]
    name = "=O'Neil, \u202eÀé"
    class_ = roster(kind, columns, (name,) * len(columns))
    lms.write([row(class_.students[0])], class_, tmp_path)
    assert written(tmp_path, kind)[-1][0] == name


def test_a_plain_roster_needs_no_file(tmp_path):
    """Nor does a class without a roster."""
    class_ = roster("plain", ("student",), ("0",))
    assert lms.write([row(class_.students[0])], class_, tmp_path) == []
    assert lms.write([], None, tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_readable_by_its_owner_only(tmp_path):
    """Marks are nobody else's business."""
    class_ = roster("canvas", CANVAS, ("x",) * len(CANVAS))
    lms.write([row(class_.students[0])], class_, tmp_path)
    assert (tmp_path / "grades-canvas.csv").stat().st_mode & 0o777 == 0o600
