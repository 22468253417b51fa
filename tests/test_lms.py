"""Files for learning management systems: their own columns, with the marks filled in."""

import csv
import dataclasses
import re

import pytest

from fmnist.grading.hand_ins.moodle_worksheet import Layout
from fmnist.grading.hand_ins.roster import Roster, Student
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.marks.gradebook import Row
from fmnist.grading.reports import lms, lms_canvas

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
    assert lms.write([row(class_.students[0])], class_, tmp_path, lms.Upload()) == []
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
    columns = ("ID", "Vollst\u00e4ndiger Name", "Bewertung", "Bestwertung", "Kommentar")
    class_ = roster("moodle", columns, ("Teilnehmer/in7", "Ada", "", "2,00", "gut"))
    layout = Layout(
        "ID", columns[1], grade="Bewertung", maximum="Bestwertung", comments="Kommentar"
    )
    class_ = dataclasses.replace(class_, foreign=layout)
    upload = lms.Upload(comments={"0": ["Graded by fmnist: 1.5 of 2 points."]})
    assert lms.write([row(class_.students[0])], class_, tmp_path, upload) == []
    *known, comment = written(tmp_path, "moodle")[1]
    assert known == ["Teilnehmer/in7", "Ada", "1.5", "2,00"]
    assert comment == "gut\n<p>Graded by fmnist: 1.5 of 2 points.</p>"


def test_canvas_gets_five_columns_and_the_points(tmp_path):
    """The second row says how many points are possible; other assignments stay out."""
    cells = ("Lovelace, Ada", "11", "s11", "ada@x.org", "A", "9")
    class_ = roster("canvas", CANVAS, cells)
    first, second = lms.write([row(class_.students[0], 2.0)], class_, tmp_path)
    assert "No column of the roster is called like what was graded" in first
    assert '--column (there are "Quiz 1 (77)")' in first
    assert "takes no comments" in second
    assert written(tmp_path, "canvas") == [
        [*CANVAS[:5], "fmnist"],
        ["    Points Possible", "", "", "", "", "2"],
        [*cells[:5], "2"],
    ]


def canvas(*columns: str, possible: str = "2", kind: str = "canvas") -> Roster:
    """Return a roster of Canvas with the columns of some assignments."""
    header = (*CANVAS[:5], *columns, "Current Score")
    class_ = roster(kind, header, (*["x"] * len(header),))
    others = {**dict.fromkeys(header, ""), **dict.fromkeys(columns, possible)}
    return dataclasses.replace(class_, others=({**others, "Student": "    Points Possible"},))


@pytest.mark.parametrize(
    ("columns", "asked", "found"),
    [
        pytest.param(["Week 1 (98765)", "Week 2 (98766)"], "", "Week 1 (98765)", id="the name"),
        pytest.param(["week-1 (7)", "Week 10 (8)"], "", "week-1 (7)", id="signs and case"),
        pytest.param(["Look before you model (7)"], "", "Look before you model (7)", id="title"),
        pytest.param(
            ["Week 1: Look before you model (7)"], "", "Week 1: Look before you model (7)",
            id="name and title",
        ),
        pytest.param(["Lab (7)", "Quiz (8)"], "Lab", "Lab (7)", id="asked for"),
        pytest.param(["Lab (7)", "Lab (8)"], "Lab (8)", "Lab (8)", id="asked for with its number"),
        pytest.param(["Lab (a) (7)", "Quiz (8)"], "lab a", "Lab (a) (7)", id="brackets"),
    ],
)  # fmt: skip
def test_canvas_gets_the_points_in_the_column_that_the_roster_has(tmp_path, columns, asked, found):
    """Or it would make a new assignment; its number is part of the name."""
    class_ = canvas(*columns)
    upload = lms.Upload(assignments=["week1"], column=asked)
    (note,) = lms.write([row(class_.students[0])], class_, tmp_path, upload)
    assert "takes no comments" in note
    header, possible, marks = written(tmp_path, "canvas")
    assert (header[5:], possible[5:], marks[5:]) == ([found], ["2"], ["1.5"])


@pytest.mark.parametrize(
    ("columns", "assignments", "told"),
    [
        pytest.param(["Lab (7)"], ["week1"], "No column of the roster", id="none"),
        pytest.param(["Week 1 (7)", "week1 (8)"], ["week1"], "Several columns", id="several"),
        pytest.param(["Week 1 (7)", "Week 2 (8)"], ["week1", "week2"], "No column", id="two weeks"),
        pytest.param(["Week 1 (7)"], [], "No column", id="no assignment"),
        pytest.param(["Week 1"], ["week1"], "No column", id="no number: a column of sums"),
    ],
)
def test_a_column_that_nobody_can_choose_is_told(tmp_path, columns, assignments, told):
    """With what there is to choose from."""
    class_ = canvas(*columns)
    upload = lms.Upload(assignments=assignments)
    notes = lms.write([row(class_.students[0])], class_, tmp_path, upload)
    assert told in notes[0]
    assert "--column" in notes[0]
    assert written(tmp_path, "canvas")[0][5:] == ["fmnist"]


@pytest.mark.parametrize(
    ("class_", "asked", "told"),
    [
        pytest.param(canvas("Lab (7)"), "Labs", "no column for --column 'Labs'", id="none"),
        pytest.param(canvas("Lab (7)", "LAB (8)"), "lab", "several columns", id="several"),
        pytest.param(canvas("Lab (7)"), "Current Score", "no column", id="no assignment"),
        pytest.param(canvas("Lab (7)"), "\u202e", "'\\u202e'", id="steers a terminal"),
        pytest.param(canvas("Lab (7)", kind="moodle"), "Lab", "is for Canvas", id="Moodle"),
        pytest.param(None, "Lab", "is for Canvas", id="no roster"),
    ],
)
def test_a_column_that_is_not_there_is_refused(class_, asked, told):
    """Before anything is graded."""
    with pytest.raises(lms_canvas.NoColumn, match=re.escape(told)):
        lms_canvas.column_of(class_, asked)


def test_other_points_in_canvas_are_told(tmp_path):
    """And stand in the file as Canvas has them."""
    class_ = canvas("Week 1 (7)", possible="100.00")
    upload = lms.Upload(assignments=["week1"])
    notes = lms.write([row(class_.students[0])], class_, tmp_path, upload)
    assert "100.00 points, here it is 2" in notes[0]
    assert written(tmp_path, "canvas")[1][5] == "100.00"


@pytest.mark.parametrize("there", ["", "Well done", "<p>a &lt; b</p>", "=1+1"])
def test_a_comment_goes_behind_what_a_person_wrote(tmp_path, there):
    """Escaped, as Moodle shows HTML; a second upload does not double it."""
    ours = ["Graded by fmnist: 1.5 of 2 points.", "note: <script> & more."]
    upload = lms.Upload(comments={"0": ours})
    for _ in range(2):
        class_ = roster("moodle", MOODLE, ("Participant 7", "Ada", "", "2.00", there))
        assert lms.write([row(class_.students[0])], class_, tmp_path, upload) == []
        there_now = written(tmp_path, "moodle")[1][4]
        assert there_now == (f"{there}\n" if there else "") + (
            "<p>Graded by fmnist: 1.5 of 2 points.</p>"
            "<ul><li>note: &lt;script&gt; &amp; more.</li></ul>"
        )
        class_ = roster("moodle", MOODLE, ("Participant 7", "Ada", "", "2.00", there_now))
        lms.write([row(class_.students[0])], class_, tmp_path, upload)
        assert written(tmp_path, "moodle")[1][4] == there_now


def test_a_worksheet_without_comments_is_told(tmp_path):
    """The column is there only where the feedback type is switched on."""
    class_ = roster("moodle", MOODLE[:-1], ("Participant 7", "Ada", "", "2.00"))
    (note,) = lms.write([row(class_.students[0])], class_, tmp_path)
    assert "no column" in note
    assert written(tmp_path, "moodle")[0] == list(MOODLE[:-1])


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
