"""What was handed in: whose it is, what is read of it, what is left aside and how it is told."""

import json
import os
import unicodedata
import zipfile
from datetime import UTC, datetime

import pytest

from fmnist.answer import faults
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import entries, roster, submissions
from fmnist.grading.hand_ins.downloads import NoSubmissions
from fmnist.grading.hand_ins.entries import Entry

COUNTS = catalog.find("class_counts").reference.read_text("utf-8")
EXERCISES = (catalog.find("class_counts"), catalog.find("confusion_matrix"))
ONE = EXERCISES[:1]
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": COUNTS}]})


def put(path, text: str = COUNTS):
    """Write a file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def zip_at(path, name: str = "class_counts.py", text: str = COUNTS):
    """Write a zip with one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)
    return path


def class_of(tmp_path, text: str) -> roster.Roster:
    """Return the roster that a CSV file lists."""
    path = tmp_path / "roster.csv"
    path.write_text(text, "utf-8")
    return roster.read(path)


def read_one(folder, exercises=ONE) -> submissions.Submission:
    """Return the only hand-in in a folder."""
    (entry,) = entries.find(folder).entries
    return submissions.read(entry, exercises)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "There is no folder", id="missing"),
        pytest.param(lambda path: path.mkdir(), "expected one per student", id="empty"),
        pytest.param(put, "is a file; unpack it", id="a file"),
        pytest.param(lambda path: put(path / "notes.txt"), "'notes.txt' is skipped", id="strays"),
    ],
)
def test_a_folder_without_submissions_is_told(tmp_path, make, message):
    """The message says what the grader expects to find."""
    make(tmp_path / "in")
    with pytest.raises(NoSubmissions, match=message):
        entries.find(tmp_path / "in")


def test_what_is_no_submission_is_named_and_stops_nobody(tmp_path):
    """Links, hidden folders and unusable names are skipped with the reason; the rest is read."""
    put(tmp_path / "ada" / "class_counts.py")
    for name in (".hidden", "x" * 200, "line\nbreak", "__MACOSX"):
        (tmp_path / name).mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "ada")
    put(tmp_path / "notes.txt")
    os.mkfifo(tmp_path / "fifo.zip")
    deep = tmp_path / "ada"
    for _ in range(60):
        deep /= "deeper"
    deep.mkdir(parents=True)
    found = entries.find(tmp_path)
    assert [entry.student for entry in found.entries] == ["ada"]
    assert submissions.read(found.entries[0], ONE).sources == {"class_counts": COUNTS}
    assert {name[:4]: reason.partition(",")[0] for name, reason in found.skipped.items()} == {
        ".hid": "hidden",
        "__MA": "hidden",
        "fifo": "not a folder",
        "line": "its name has characters that cannot be printed",
        "link": "a link",
        "note": "not a folder",
        "xxxx": "its student cannot be called so: it is longer than 100 bytes",
    }


def test_a_submission_cannot_point_out_of_its_folder(tmp_path):
    """A linked file or folder is not followed."""
    put(tmp_path / "secret" / "class_counts.py", "stolen = 1")
    put(tmp_path / "secret" / "a.ipynb", NOTEBOOK)
    student = tmp_path / "in" / "eve"
    student.mkdir(parents=True)
    (student / "phase1_explore").symlink_to(tmp_path / "secret")
    one = read_one(tmp_path / "in")
    assert one.sources == one.unreadable == {}
    assert one.ignored == ("phase1_explore",)
    (student / "class_counts.py").symlink_to(tmp_path / "secret" / "class_counts.py")
    one = read_one(tmp_path / "in")
    assert one.sources == {}
    assert "class_counts" in one.unreadable
    (student / "class_counts.py").unlink()
    (student / "a.ipynb").symlink_to(tmp_path / "secret" / "a.ipynb")
    assert read_one(tmp_path / "in").sources == {}


# --- what a student's folder or file holds ---


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: put(path / "ada/class_counts.py"), id="folder"),
        pytest.param(lambda path: put(path / "ada/phase1_explore/class_counts.py"), id="phase"),
        pytest.param(lambda path: put(path / "ada/week1/class_counts.py"), id="folder in it"),
        pytest.param(
            lambda path: put(path / "ada/week1/phase1_explore/class_counts.py"), id="both"
        ),
        pytest.param(lambda path: zip_at(path / "ada.zip"), id="archive"),
        pytest.param(lambda path: zip_at(path / "ada.ZIP"), id="archive in capitals"),
        pytest.param(lambda path: zip_at(path / "ada.tar.gz"), id="longest suffix"),
        pytest.param(lambda path: put(path / "ada.py"), id="one file"),
        pytest.param(lambda path: zip_at(path / "ada/any.zip"), id="archive in folder"),
        pytest.param(lambda path: zip_at(path / "ada/w/any.zip"), id="archive further in"),
    ],
)
def test_forms_of_a_hand_in(tmp_path, make):
    """Each gives the same answer of the same student, and nothing is left over."""
    make(tmp_path)
    one = read_one(tmp_path, EXERCISES)
    assert one == submissions.Submission("ada", {"class_counts": COUNTS}, {}, ())


@pytest.mark.parametrize("place", ["ada.ipynb", "ada/work.ipynb", "ada/phase1_explore.ipynb"])
def test_a_notebook_is_a_hand_in(tmp_path, place):
    """Alone or in a folder."""
    put(tmp_path / place, NOTEBOOK)
    one = read_one(tmp_path)
    assert [*one.sources] == ["class_counts"]
    assert one.ignored == ()


def test_a_notebook_without_an_answer_came_and_is_named(tmp_path):
    """Whoever handed it in is not told that nothing came."""
    put(tmp_path / "ada" / "phase1_explore.ipynb", notebook("def count_classes(labels): return []"))
    one = read_one(tmp_path)
    assert one.ignored == ("phase1_explore.ipynb",)
    assert "not defined in `phase1_explore.ipynb`" in str(one.unreadable["class_counts"])


def test_python_wins_over_a_notebook(tmp_path):
    """Which is read only to be told of."""
    put(tmp_path / "ada" / "class_counts.py", "x = 1\n")
    put(tmp_path / "ada" / "a.ipynb", NOTEBOOK)
    one = read_one(tmp_path)
    assert one.sources == {"class_counts": "x = 1\n"}
    assert one.ignored == ("a.ipynb",)
    assert one.notes == (
        "class_counts: the file of Python counts, and not another answer in `a.ipynb`.",
    )
    put(tmp_path / "ada" / "class_counts.py", f"# mine\n{COUNTS}")
    assert read_one(tmp_path).notes == ()


def test_files_and_an_archive_beside_them_are_read_together(tmp_path):
    """What one of them has not; of what both have in two ways nobody knows which counts."""
    put(tmp_path / "ada" / "confusion_matrix.py", "y = 1\n")
    zip_at(tmp_path / "ada" / "hand-in.zip")
    one = read_one(tmp_path, EXERCISES)
    assert one.sources == {"class_counts": COUNTS, "confusion_matrix": "y = 1\n"}
    put(tmp_path / "ada" / "class_counts.py", "x = 1\n")
    one = read_one(tmp_path, EXERCISES)
    assert one.sources == {"confusion_matrix": "y = 1\n"}
    fault = one.unreadable["class_counts"]
    assert fault.kind == "doubtful"
    assert "hand-in.zip" in str(fault)
    assert "class_counts.py" in str(fault)


def notebook(text: str) -> str:
    """Return a notebook with one cell."""
    return json.dumps({"cells": [{"cell_type": "code", "source": text}]})


RIGHT, OTHER = (f"def class_counts(labels):\n    return {one}\n" for one in "ab")
CELL, PLOT = notebook(RIGHT), notebook("import numpy as np")


@pytest.mark.parametrize(
    "others",
    [
        pytest.param({"project.ipynb": PLOT}, id="a project beside the archive"),
        pytest.param({"project.ipynb": "{"}, id="a damaged notebook"),
        pytest.param({"project.zip": {"plot.py": "x = 1\n"}}, id="an archive of a project"),
        pytest.param({"copy.zip": {"class_counts.py": RIGHT}}, id="a copy"),
        pytest.param(
            {"stub.zip": {"class_counts.py": ONE[0].stub.read_text("utf-8")}}, id="a stub"
        ),
        pytest.param({"more.zip": {"confusion_matrix.py": "y = 1\n"}}, id="another exercise"),
        pytest.param({"class.ipynb": CELL}, id="the same in a notebook"),
    ],
)
@pytest.mark.parametrize("first", ["hand-in.zip", "z.zip"])
def test_what_is_beside_an_archive_costs_no_answer(tmp_path, first, others):
    """As long as nothing else answers the exercise in another way."""
    for name, content in {first: {"class_counts.py": RIGHT}, **others}.items():
        path = put(tmp_path / "ada" / name, content if isinstance(content, str) else "")
        if isinstance(content, dict):
            with zipfile.ZipFile(path, "w") as archive:
                for inner, text in content.items():
                    archive.writestr(inner, text)
    found = read_one(tmp_path, EXERCISES)
    assert found.sources["class_counts"].strip() == RIGHT.strip()
    assert "more.zip" not in others or found.sources["confusion_matrix"] == "y = 1\n"


@pytest.mark.parametrize(
    "others", [("a.zip", "b.zip"), ("a.zip", "b.ipynb"), ("a.ipynb", "b.ipynb")]
)
def test_of_two_answers_that_differ_none_is_taken(tmp_path, others):
    """Nobody guesses which of them counts: that is no mark, and not 0."""
    for name, text in zip(others, (RIGHT, OTHER), strict=True):
        path = put(tmp_path / "ada" / name, notebook(text))
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("class_counts.py", text)
    found = read_one(tmp_path)
    assert found.sources == {}
    fault = found.unreadable["class_counts"]
    assert fault.kind == "doubtful"
    assert all(name in str(fault) for name in others)


def test_the_notebooks_of_the_chapters_are_read_together(tmp_path):
    """Each for the exercises of its phase."""
    put(tmp_path / "ada" / "phase1_explore.ipynb", NOTEBOOK)
    put(tmp_path / "ada" / "phase2_preprocess.ipynb", NOTEBOOK)
    put(tmp_path / "ada" / "phase5_evaluate.ipynb", "{")
    one = read_one(tmp_path, EXERCISES)
    assert [*one.sources] == ["class_counts"]
    assert [*one.unreadable] == ["confusion_matrix"]


def test_an_archive_in_a_folder_tells_what_else_is_there(tmp_path):
    """By where it lies."""
    with zipfile.ZipFile(zip_at(tmp_path / "ada" / "a.zip"), "a") as archive:
        archive.writestr("conftest.py", "x")
    put(tmp_path / "ada" / "numpy.py")
    assert read_one(tmp_path).ignored == ("a.zip/conftest.py", "numpy.py")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xff", "not UTF-8"), (b"#" * 300_000, "larger than"), (None, "not a regular file")],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path, content, message):
    """In a folder as in an archive."""
    path = put(tmp_path / "ada" / "class_counts.py")
    if content is None:
        path.unlink()
        os.mkfifo(path)
    else:
        path.write_bytes(content)
    one = read_one(tmp_path)
    assert one.sources == {}
    assert message in str(one.unreadable["class_counts"])


def test_one_file_may_answer_several_exercises(tmp_path):
    """As a notebook may."""
    text = "def class_counts(labels): pass\n\n\ndef confusion_matrix(a): pass\n"
    put(tmp_path / "ada.py", text)
    assert read_one(tmp_path, EXERCISES).sources == {one.name: text for one in EXERCISES}


def test_what_has_gone_since_it_was_found_is_missing(tmp_path):
    """As between two rounds of `--watch`."""
    path = zip_at(tmp_path / "ada.zip")
    (entry,) = entries.find(tmp_path).entries
    path.unlink()
    assert isinstance(submissions.read(entry, ONE).unreadable["class_counts"], faults.NotLoaded)
    gone = submissions.read(Entry("ada", (tmp_path / "gone",)), ONE)
    assert gone.sources == {}


def test_names_of_files_can_be_written_anywhere(tmp_path):
    """Whatever bytes they have on disk."""
    put(tmp_path / "ada" / "class_counts.py")
    (tmp_path / "ada" / os.fsdecode(b"\xff\n.txt")).write_text("x")
    (name,) = read_one(tmp_path).ignored
    name.encode("utf-8")


def test_of_very_many_files_some_are_named(tmp_path):
    """The list does not grow without end."""
    put(tmp_path / "ada" / "class_counts.py")
    for number in range(submissions.MAX_OTHERS + 5):
        (tmp_path / "ada" / f"{number}.txt").touch()
    assert len(read_one(tmp_path).ignored) == submissions.MAX_OTHERS


# --- two of one student ---


@pytest.mark.parametrize(
    "names",
    [
        ("ada", "ada.zip"),
        ("ada.zip", "ada.tar.gz"),
        ("ada.ipynb", "ada.py"),
        ("ada", "Ada"),
        ("Stra\u00dfe", "STRASSE"),
        ("zo\u00eb", unicodedata.normalize("NFD", "zo\u00eb")),
    ],
)
def test_two_hand_ins_of_one_student_are_doubtful_and_the_others_are_graded(tmp_path, names):
    """Which is the newer nobody knows: none is taken, and one line names both."""
    for name in (*names, "zoe.py"):
        (zip_at if "." in name else put)(
            tmp_path / name / "x.py" if "." not in name else tmp_path / name
        )
    found = entries.find(tmp_path)
    doubtful, certain = sorted(found.entries, key=lambda entry: not entry.doubt)
    assert {path.name for path in doubtful.paths} == {*names} == {*found.doubtful}
    (told,) = {*found.doubtful.values()}
    assert all(repr(name) in told for name in names)
    assert "\n" not in told
    assert (certain.student, certain.doubt) == ("zoe", "")
    read = submissions.read(doubtful, ONE)
    assert read.sources == {}
    assert read.unreadable["class_counts"].kind == "doubtful"


# --- with a roster ---


def test_a_roster_says_who_is_missing_and_who_is_not_of_the_class(tmp_path):
    """Hand-ins are called by its ids."""
    class_ = class_of(
        tmp_path,
        "id,name,email,submitted\n"
        "7,Ada Lovelace,ada@x.edu,2026-12-01T18:00:00+01:00\n8,Alan Turing,alan@x.edu,\n9,Eve,,\n",
    )
    for name in ("Lovelace Ada", "alan", "mallory"):
        put(tmp_path / "in" / name / "class_counts.py")
    found = entries.find(tmp_path / "in", class_)
    assert [(entry.student, entry.paths[0].name) for entry in found.entries] == [
        ("7", "Lovelace Ada"),
        ("8", "alan"),
    ]
    assert found.missing == ("9",)
    assert found.skipped == {"mallory": "nobody on the roster is called so"}
    assert found.entries[0].submitted == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert submissions.read(found.entries[0], ONE).student == "7"


def test_a_name_of_two_students_is_told_with_both(tmp_path):
    """They can be told apart by their ids; who has handed in otherwise is not concerned."""
    class_ = class_of(tmp_path, "id,name\n7,Ada Lovelace\n8,Lovelace Ada\n9,Eve\n")
    put(tmp_path / "in" / "Ada Lovelace" / "x.py")
    put(tmp_path / "in" / "9" / "x.py")
    found = entries.find(tmp_path / "in", class_)
    assert "could be of '7'" in found.doubtful["Ada Lovelace"]
    assert all("Lovelace" not in entry.doubt for entry in found.entries)  # a student may read it
    assert [(entry.student, bool(entry.doubt)) for entry in found.entries] == [
        ("7", True),
        ("8", True),
        ("9", False),
    ]
    put(tmp_path / "in" / "7" / "x.py")
    found = entries.find(tmp_path / "in", class_)
    assert [(entry.student, bool(entry.doubt)) for entry in found.entries] == [
        ("7", False),
        ("8", True),
        ("9", False),
    ]


def test_two_names_of_one_student_are_two_hand_ins(tmp_path):
    """And one of them has to go."""
    class_ = class_of(tmp_path, "id,email\n7,ada@x.edu\n")
    for name in ("7", "ada"):
        put(tmp_path / "in" / name / "x.py")
    (entry,) = entries.find(tmp_path / "in", class_).entries
    assert "which of '7' and 'ada' is the newer" in entry.doubt


def test_nobody_of_the_class_is_told_with_the_reason(tmp_path):
    """Perhaps it is the roster of another class."""
    put(tmp_path / "in" / "ada" / "x.py")
    with pytest.raises(NoSubmissions, match="'ada' is skipped: nobody on the roster"):
        entries.find(tmp_path / "in", class_of(tmp_path, "id\n7\n"))
