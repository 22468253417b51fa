"""Marks by hand: every form that a table can have, whom it names, and what is told instead."""

import csv

import pytest

from fmnist.exercises import catalog, rubrics
from fmnist.exercises.catalog import CatalogError
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.marks import by_hand, template
from fmnist.grading.marks.people import People, Unknown
from fmnist.tools.user_errors import UserError

STUDENTS = (
    Student("mira", "Mira Okafor", "m@x.edu"),
    Student("0042", "Wei Li", "w@x.edu"),
    Student("43", "Wei Li"),
    Student("jonas", "Jonas Weiß"),
)
PEOPLE = People(STUDENTS, whole=True)
PHASE = "phase1_explore"
FIVE = "criterion1,criterion2,criterion3,criterion4,criterion5"


@pytest.fixture(name="read")
def _read(tmp_path):
    """Read text or bytes as a file of marks."""

    def read(content: str | bytes) -> by_hand.Marks:
        path = tmp_path / "marks.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return by_hand.read(path, PEOPLE)

    return read


def test_every_project_has_a_rubric_with_all_its_points():
    """Criteria are read from the task that students read."""
    for project in catalog.read().projects:
        criteria = rubrics.of(project)
        assert len(criteria) >= 5
        assert sum(criterion.points for criterion in criteria) == project.points
        for criterion in criteria:
            assert all(criterion.levels)
            assert f"| {criterion.name} (" in project.task.read_text("utf-8")


@pytest.mark.parametrize("rows", ["", "| A (9) | x | y | z |\n", "| A | x | y | z |\n"])
def test_a_rubric_that_is_none_is_told(tmp_path, monkeypatch, rows):
    """Without a table, with other points, or without any."""
    (tmp_path / PHASE).mkdir()
    (tmp_path / PHASE / "project.md").write_text(
        f"Do it.\n\n| criterion | 0 | half | full |\n|---|---|---|---|\n{rows}"
    )
    project = catalog.read().projects[0]
    monkeypatch.setattr("fmnist.course.EXERCISES", tmp_path)
    with pytest.raises(CatalogError, match=r"project\.md: the criteria have"):
        rubrics.of.__wrapped__(project)


@pytest.mark.parametrize(
    ("content", "points"),
    [
        pytest.param(f"student,item,{FIVE}\nmira,{PHASE},1,2.5,1,2,1.5\n", 8, id="numbers"),
        pytest.param(
            "student;item;Candidates (2);Judging;MAP;Numbers;The half page\n"
            f"mira;{PHASE};1,5;2;1;2;2\n",
            8.5,
            id="names",
        ),
        pytest.param(
            "student,item,criterion,points\n"
            + "".join(
                f"mira,{PHASE},{name},1\n"
                for name in ("Candidates", "judging", "3", "Numbers (2)", "criterion 5")
            ),
            5,
            id="a line each",
        ),
        pytest.param(f"student,item,points,{FIVE}\nmira,{PHASE},5,1,1,1,1,1\n", 5, id="both"),
        pytest.param(f"student,item,{FIVE}\nmira,{PHASE},0,0,0,0,0\n", 0, id="noughts"),
        pytest.param(f"student,item,{FIVE}\nmira,{PHASE},1,2,,2,2\n", None, id="one is open"),
        pytest.param(f"student,item,points\nmira,{PHASE},\n", None, id="open"),
    ],
)
def test_a_project_is_marked_as_a_whole_or_by_its_rubric(read, content, points):
    """In columns or lines, by name or number; in part it stays open, which is said."""
    found = read(content)
    (mark,) = found.given
    assert (mark.student, mark.item, mark.points) == ("mira", PHASE, points)
    assert bool(found.notes) == (points is None and bool(mark.criteria))
    if mark.criteria:
        assert [one.name for one, _ in mark.criteria][:2] == ["Candidates", "Judging"]


@pytest.mark.parametrize(
    "called", ["mira", "MIRA", "m@x.edu", "M@X.EDU", "Mira Okafor", "mira  okafor", "Okafor, Mira"]
)
def test_a_student_is_named_by_id_mail_or_name(called):
    """Where one alone is called so."""
    assert PEOPLE.id_of(called) == "mira"


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ("mria", "no student 'mria' in this class; the nearest: 'mira'"),
        ("Okafor", "the nearest: 'mira'"),
        ("42", "the nearest: '0042'"),
        ("2.00E+05", "left out the end of a number"),
        ("Wei Li", "could be each of 0042, 43; give the id or"),
        ("zzz", "no student 'zzz' in this class$"),
        ("", "no student ''"),
    ],
)
def test_somebody_who_is_nobody_or_several_is_told(called, told):
    """With the nearest; nobody is guessed."""
    with pytest.raises(Unknown, match=told):
        PEOPLE.id_of(called)
    with pytest.raises(Unknown, match="known by a roster alone"):
        People([Student("mira")], whole=False).id_of("zoe")


@pytest.mark.parametrize("taken", ["ann@x.edu", "ANN@X.EDU", "Ann Lee", "ann  lee"])
def test_no_id_takes_what_another_is_called(taken):
    """Where students write their ids themselves, one could have another's marks."""
    people = People(
        [Student("1001", "Ann Lee", "ann@x.edu"), Student(taken, "Eve", "eve@x.edu")], whole=True
    )
    for called in ("ann@x.edu", "Ann Lee"):
        try:
            assert people.id_of(called) == "1001"
        except Unknown as unknown:
            assert "could be each of" in str(unknown)  # noqa: PT017 (either will do)
    assert people.id_of("1001") == "1001"
    assert people.id_of("eve@x.edu") == taken


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("student,item,points,reason\nmira,class_counts,1,5\n", "write 1.5", id="1,5"),
        pytest.param(
            "student,item,points,reason\nmira,class_counts,1,5,ok\n", "stands in quotes", id="1,5,"
        ),
        pytest.param(f'student,item,points\nmira,{PHASE},"1,000"\n', "two ways", id="thousands"),
        pytest.param(f"student,item,points\nmira,{PHASE},1_0\n", "no number", id="underscore"),
        pytest.param(f"student,item,points\nmira,{PHASE},nan\n", "no number", id="nan"),
        pytest.param(f"student,item,points\nmira,{PHASE},-1\n", "no number", id="below 0"),
        pytest.param(
            f"student,item,Judgin\nmira,{PHASE},2\n", "it has: Candidates", id="criterion"
        ),
        pytest.param(f"student,item,Judging (2)\nmira,{PHASE},2\n", "no criterion", id="points"),
        pytest.param(f"student,item,{FIVE}\nmira,{PHASE},3,1,1,1,1\n", "give 0 to 2", id="range"),
        pytest.param(f"student,item,points,{FIVE}\nmira,{PHASE},9,1,1,1,1,1\n", "have 5", id="sum"),
        pytest.param(
            f"student,item,points,{FIVE}\nmira,{PHASE},1,1,,,,\n", "none for Judging", id="part"
        ),
        pytest.param(
            "student,item,criterion,points,reason\nmira,class_counts,Judging,1,x\n",
            "no project",
            id="criterion of an exercise",
        ),
        pytest.param(
            f"student,item,criterion,points\nmira,{PHASE},Map,1\nmira,{PHASE},3,1\n",
            "line 3: a second mark for Map",
            id="criterion twice",
        ),
        pytest.param(
            f"student,item,points\nmira,{PHASE},3\nm@x.edu,{PHASE},3\n",
            "line 3: a second mark",
            id="one student, two names",
        ),
        pytest.param(
            f"student,name,item,points\nmira,Jonas Weiß,{PHASE},2\n", "sorted", id="sorted alone"
        ),
        pytest.param("student,item,points\nmira,phase1,2\n", "nearest: phase1", id="item"),
        pytest.param("student,item,points,points\nmira,x,1,2\n", "two columns", id="twice"),
        pytest.param("student,item,reason\nmira,x,y\n", "expected the columns", id="no points"),
        pytest.param(f"student,item,points\nmira,{PHASE},1", "no end", id="cut off"),
        pytest.param(b"student,item,points\nmira,\x81,1\n", "not UTF-8", id="no text"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(read, content, told):
    """Nothing wrong is ever taken."""
    with pytest.raises(by_hand.MarksError, match=told) as caught:
        read(content)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_every_encoding_and_with_every_separator(read, encoding, separator):
    """What was guessed is said with a word of it, and nothing else is."""
    text = "Student,Item ,POINTS, reason\r\n,,,\r\nmira,class_counts,1.5,schön war es\r\n,,,\r\n"
    found = read(text.replace(",", separator).encode(encoding))
    (mark,) = found.given
    assert (mark.points, mark.reason) == (1.5, "schön war es")
    assert [("'schön'" in note) for note in found.notes] == [True] * (encoding == "cp1252")


def test_the_template_can_be_filled_in(tmp_path):
    """With names and a column for each criterion; what is not filled in is open."""
    path, projects = tmp_path / "marks.csv", catalog.read().projects[:2]
    hostile = Student("eve", "=cmd()")
    template.write(path, [*STUDENTS, hostile], projects)
    people = People([*STUDENTS, hostile], whole=True)
    assert {mark.points for mark in by_hand.read(path, people).given} == {None}
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = list(csv.reader(file))
    assert len(lines) == 10
    assert "Judging (3)" in header
    assert not any(cell.startswith("=") for line in lines for cell in line)
    for line in lines:
        for column, name in enumerate(header):
            criteria = rubrics.of(by_hand.project_of(line[2]))
            if name in [criterion.column for criterion in criteria]:
                line[column] = "1"
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *lines])
    marks = by_hand.read(path, people).given
    assert {mark.points for mark in marks} == {5.0}
    assert len(marks) == 10
    with pytest.raises(UserError, match="is there already"):
        template.write(path, STUDENTS, projects)
