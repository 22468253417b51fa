"""The gradebook of a term: one table of what several class runs left."""

import csv

import pytest

from fmnist.cli import commands
from fmnist.grading.judging.store import write_whole
from fmnist.grading.marks import kept_marks, term
from fmnist.grading.marks.kept_marks import ClassMarks, Marked


def marked(total: float | None, most: int = 10, *, state="graded", name="", email="") -> Marked:
    """Return the mark of a student."""
    return Marked(
        name, email, state, 1, total, most, {}, {}, by_hand={}, by_checks={}, checks={}, key=None
    )


def run(place, *assignments: str, ids: str = "plain", unreached=(), **students: Marked):
    """Write what a class run leaves; return its folder."""
    place.mkdir()
    late = {student: students.pop(student) for student in unreached}
    kept_marks.write(ClassMarks(1, ids, assignments, "", students, late), place)
    return place


@pytest.fixture(name="weeks")
def _weeks(tmp_path):
    """Two weeks; Bo is only in the first, Cy only in the second."""
    return (
        run(
            tmp_path / "one", "week1", ada=marked(8.5, name="Ada", email="a@x.org"),
            bo=marked(0, state="missing"),
        ),
        run(tmp_path / "two", "week2", ada=marked(None, 20), cy=marked(20, 20, name="=1+1")),
    )  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(text.splitlines()))


def test_a_student_has_a_row_and_an_assignment_its_columns(weeks):
    """Points, maximum, totals; what is missing is said, and is in no total."""
    ada, bo, cy = rows(term.table(term.read(weeks)))
    assert list(ada) == [
        "student", "name", "email", "week1", "week1 maximum", "week2", "week2 maximum",
        "total", "maximum", "missing",
    ]  # fmt: skip
    assert list(ada.values()) == [
        *("ada", "Ada", "a@x.org", "8.5", "10", "", "20", "8.5", "10"),
        "week2: no mark yet, the grader failed",
    ]
    assert (bo["week1"], bo["total"], bo["maximum"]) == ("0", "0", "10")
    assert bo["missing"] == "week1: nothing handed in; week2: not in this class"
    assert (cy["name"], cy["week1"], cy["total"], cy["maximum"]) == ("'=1+1", "", "20", "20")


def test_sections_of_a_class_share_a_column(tmp_path):
    """Two folders of one assignment, each with its own students and its own maximum."""
    one = run(tmp_path / "a", "week1", ada=marked(8))
    two = run(tmp_path / "b", "week1", bo=marked(9, 12))
    read = term.read([one, two])
    assert list(read.assignments) == ["week1"]
    assert [row["week1 maximum"] for row in rows(term.table(read))] == ["10", "12"]


def test_a_run_without_assignment_is_called_like_its_folder(tmp_path):
    """Also where it is given as a dot."""
    assert list(term.read([run(tmp_path / "lab 3", ada=marked(1))]).assignments) == ["lab 3"]


def test_several_assignments_of_one_run_are_one_column(tmp_path):
    """As they were graded."""
    folder = run(tmp_path / "x", "week1", "week2", ada=marked(1))
    assert list(term.read([folder]).assignments) == ["week1+week2"]


def test_a_mark_that_the_last_run_did_not_reach_is_none(tmp_path):
    """It is of an older hand-in."""
    folder = run(tmp_path / "x", "week1", unreached=["ada"], ada=marked(9), bo=marked(1))
    bo, ada = sorted(rows(term.table(term.read([folder]))), key=lambda row: row["week1"] == "")
    assert (bo["missing"], ada["missing"]) == ("", "week1: the last run did not get there")
    assert (ada["total"], ada["maximum"]) == ("0", "0")


def test_moodle_numbers_its_participants_anew_so_addresses_count(tmp_path):
    """The same number is another person, and the same person has two numbers."""
    one = run(
        tmp_path / "a", "week1", ids="moodle",
        **{"7": marked(1, email="Ada@x.org"), "8": marked(2, email="bo@x.org")},
    )  # fmt: skip
    two = run(
        tmp_path / "b", "week2", ids="moodle",
        **{"8": marked(3, email="ada@x.org"), "9": marked(4, email="bo@x.org")},
    )  # fmt: skip
    found = [(row["student"], row["total"]) for row in rows(term.table(term.read([one, two])))]
    assert found == [("Ada@x.org", "4"), ("bo@x.org", "6")]


@pytest.mark.parametrize(
    ("marks", "by", "told"),
    [
        pytest.param({"7": marked(1)}, "", "the email of the student '7'", id="no email"),
        pytest.param({"7": marked(1)}, "name", "Nobody knows the name", id="no name"),
        pytest.param(
            {"7": marked(1, name="Ada"), "8": marked(2, name="ADA")}, "name",
            "Two students of", id="namesakes",
        ),
    ],
)  # fmt: skip
def test_students_who_cannot_be_told_apart_are_told(tmp_path, marks, by, told):
    """No mark goes to another one."""
    folder = run(tmp_path / "a", "week1", ids="moodle", **marks)
    with pytest.raises(term.TermError, match=told):
        term.read([folder], by=by)


def test_two_marks_for_one_assignment_are_told(tmp_path):
    """Nobody is to choose silently."""
    one = run(tmp_path / "a", "week1", ada=marked(1))
    two = run(tmp_path / "b", "week1", ada=marked(2))
    with pytest.raises(term.TermError, match=r"'ada' has a mark for week1 in .*a and in .*b"):
        term.read([one, two])
    with pytest.raises(term.TermError, match="is given twice"):
        term.read([one, tmp_path / "b" / ".." / "a"])


def typed(*words: object):
    """Type a command; return what became of it."""
    from click.testing import CliRunner

    return CliRunner().invoke(commands, [str(word) for word in words])


def test_the_command_writes_the_table_and_names_what_is_missing(weeks, tmp_path):
    """A second time, too; another file is not replaced."""
    out = tmp_path / "term.csv"
    for _ in range(2):
        done = typed("gradebook", *weeks, "--out", out)
        assert done.exit_code == 0, done.output
        assert "Ada: week2: no mark yet, the grader failed\n" in done.output
        assert done.output.endswith(f"2 assignments, 3 students: {out}\n")
    assert out.stat().st_mode & 0o077 == 0
    write_whole(out, "student,name,email\nada,Ada,a@x.org\n")
    refused = typed("gradebook", *weeks, "--out", out)
    assert refused.exit_code == 1
    assert "is another file than a gradebook" in refused.output
    assert out.read_text("utf-8").endswith("a@x.org\n")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            None, "has no marks.json, so it is no folder of `fmnist grade`", id="not ours"
        ),
        pytest.param('{"format": 2}', "has the format '2', and this version reads 1", id="newer"),
        pytest.param('{"students": {}}', "has the format 'none'", id="something else"),
        pytest.param('{"format": 1', "cannot be read", id="cut off"),
    ],
)
def test_a_folder_that_is_none_of_ours_is_told(weeks, tmp_path, content, told):
    """In one line, and nothing is written."""
    place = tmp_path / "other"
    place.mkdir()
    if content is not None:
        (place / "marks.json").write_text(content, "utf-8")
    done = typed("gradebook", *weeks, place, "--out", tmp_path / "term.csv")
    assert done.exit_code == 1
    assert told in done.output
    assert done.output.count("\n") == 1
    assert not (tmp_path / "term.csv").exists()


def test_a_name_does_not_steer_a_terminal(tmp_path):
    """Whatever the roster says."""
    folder = run(tmp_path / "a", "week1", x=marked(None, name="\x1b[2Jeve\u202e"))
    assert "?[2Jeve?: week1" in typed("gradebook", folder, "--out", tmp_path / "t.csv").output
