"""Downloads of Moodle, Canvas and Gradescope: whose each hand-in is, which attempt, and when."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.exercises import catalog
from fmnist.grading.hand_ins import downloads, entries, roster, submissions
from fmnist.grading.hand_ins.downloads import Label, NoSubmissions

EXERCISES = (catalog.find("class_counts"), catalog.find("confusion_matrix"))
METADATA = """\
submission_2:
  :submitters:
  - :name: Ada Lovelace
    :sid: '007'
    :email: ada@x.edu
  :created_at: 2026-12-01 18:00:00.123456789 Z
submission_10:
  :submitters:
  - :name: Ada Lovelace
    :sid: '007'
    :email: ada@x.edu
  :created_at: 2026-12-01 17:00:00.5 -08:00
submission_3:
  :submitters:
  - :name: Alan Turing
    :email: alan@x.edu
  - :name: Grace Hopper
    :sid: 12
    :email: grace@x.edu
  :created_at: 2026-12-01 18:00:00 Z
submission_4:
  :submitters: []
submission_5:
  :submitters:
  - :name: Nobody Known
submission_6:
  :submitters:
  - :name: Gone
    :sid: '6'
"""


@pytest.fixture(name="folder")
def _folder(tmp_path):
    """A folder for a download."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def put(folder, *names: str) -> None:
    """Write files with what their name ends in; those with a slash in a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text = {path.name!r}\n")


def class_of(folder, text: str, zone=None) -> roster.Roster:
    """Return the roster that a CSV file lists."""
    path = folder.parent / "roster.csv"
    path.write_text(text, "utf-8")
    return roster.read(path, zone)


def found(folder, class_=None) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return student, attempt and names of the hand-ins in a folder."""
    return [
        (entry.student, entry.attempt, tuple(path.name for path in entry.paths))
        for entry in entries.find(folder, class_).entries
    ]


def label(*about: str, **more) -> dict:
    """Return what a label says besides its path."""
    return vars(Label(Path(), *about, **more)) | {"path": None}


def label_of(name: str, *, is_folder: bool) -> dict:
    """Return what a name says."""
    return vars(downloads.label_of(Path(name), is_folder=is_folder)) | {"path": None}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_", label("12345", "moodle", "Ada Lovelace")),
        ("Ada Lovelace_12345_assignsubmission_file", label("12345", "moodle", "Ada Lovelace")),
        ("A_1_B_12_assignsubmission_file_", label("12", "moodle", "A_1_B")),
        ("Participant_12_assignsubmission_file_", label("12", "moodle", "Participant")),
        ("ada", label("ada")),
        ("lovelaceada_1_2_week1", label("lovelaceada_1_2_week1")),
    ],
)
def test_names_of_folders(name, expected):
    """Moodle's, of several versions."""
    assert label_of(name, is_folder=True) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada L_12_assignsubmission_file_a.py", label("12", "moodle", "Ada L", file="a.py")),
        ("lovelaceada_1_2_a.zip", label("1", "canvas", "lovelaceada", file="a.zip")),
        ("lovelaceada_LATE_1_2_a.zip", label("1", "canvas", "lovelaceada", file="a.zip")),
        (
            "lovelaceada_late_12345_67890_week1-1.zip",
            label("12345", "canvas", "lovelaceada", file="week1.zip", again=1),
        ),
        (
            "lovelaceada_1_2_a-12.tar.gz",
            label("1", "canvas", "lovelaceada", file="a.tar.gz", again=12),
        ),
        ("lovelaceada_1_2_3_4_a.py", label("1", "canvas", "lovelaceada", file="3_4_a.py")),
        ("anon_x1Y2z_67_a.py", label("anon_x1Y2z", "canvas", file="a.py")),
        ("LATE_anon_x1Y2z_67_a.py", label("anon_x1Y2z", "canvas", file="a.py")),
        ("ada.zip", label("ada")),
        ("ada_1.zip", label("ada_1")),
        ("Ada L_12_assignsubmission_file_", label("Ada L_12_assignsubmission_file_")),
    ],
)
def test_names_of_files(name, expected):
    """Moodle's loose ones, and Canvas's, with or without marks and names."""
    assert label_of(name, is_folder=False) == expected


@given(st.text(max_size=60), st.booleans())
def test_any_name_says_something(name, is_folder):
    """And what it says is in it."""
    path = Path(name)
    said = downloads.label_of(path, is_folder=is_folder)
    assert said.id in path.name
    assert said.name in path.name


# --- Moodle ---


def test_moodles_folders(folder):
    """The number is the student's; what was typed into a form is told and left out."""
    put(
        folder,
        "Ada Lovelace_12_assignsubmission_file_/class_counts.py",
        "Ada Lovelace_12_assignsubmission_onlinetext_/onlinetext.html",
    )
    assert found(folder) == [("12", 1, ("Ada Lovelace_12_assignsubmission_file_",))]
    (entry,) = entries.find(folder).entries
    assert [*submissions.read(entry, EXERCISES).sources] == ["class_counts"]
    assert "typed into a form" in entries.find(folder).skipped.popitem()[1]


def test_moodles_loose_files(folder):
    """They are one hand-in, with the names that the student gave."""
    prefix = "Ada Lovelace_12_assignsubmission_file_"
    put(folder, *(prefix + name for name in ("class_counts.py", "confusion_matrix.py", "n.txt.py")))
    (entry,) = entries.find(folder).entries
    one = submissions.read(entry, EXERCISES)
    assert {*one.sources} == {"class_counts", "confusion_matrix"}
    assert one.ignored == ("n.txt.py",)


def test_moodles_worksheet_knows_the_numbers_and_times(folder):
    """A name need not be the same."""
    class_ = class_of(
        folder,
        "Identifier,Full name,Last modified (submission)\n"
        'Participant 12,Ada King,"Tuesday, 1 December 2026, 6:00 PM"\n'
        "Participant 13,Ada Lovelace,-\n",
        UTC,
    )
    put(folder, "Ada Lovelace_12_assignsubmission_file_/class_counts.py")
    handed_in = entries.find(folder, class_)
    assert [entry.student for entry in handed_in.entries] == ["12"]
    assert handed_in.entries[0].submitted == datetime(2026, 12, 1, 18, tzinfo=UTC)
    assert handed_in.missing == ("13",)


def test_a_number_of_another_kind_must_not_contradict_the_name(folder):
    """On a roster of one's own, 12 may be somebody else."""
    put(folder, "Ada Lovelace_12_assignsubmission_file_/class_counts.py")
    assert found(folder, class_of(folder, "id,name\n7,Ada Lovelace\n"))[0][0] == "7"
    assert found(folder, class_of(folder, "id\n12\n"))[0][0] == "12"
    two = "id,name\n7,Ada Lovelace\n8,Lovelace Ada\n"
    assert found(folder, class_of(folder, two.replace("8,", "12,")))[0][0] == "12"
    for text in ("id,name\n7,Ada Lovelace\n12,Alan Turing\n", two):
        with pytest.raises(NoSubmissions, match=r"could be of '(7|12)'.*'(7|8)'"):
            entries.find(folder, class_of(folder, text))


# --- Canvas ---


def test_canvas_gives_one_file_or_several(folder):
    """Those of one student are one hand-in."""
    put(
        folder,
        "lovelaceada_1_11_class_counts.py",
        "lovelaceada_1_12_confusion_matrix-1.py",
        "turingalan_LATE_2_13_class_counts.py",
        "hopper_3_text.html",
    )
    handed_in = entries.find(folder)
    ada, alan = handed_in.entries
    assert (ada.student, ada.attempt, alan.student, alan.attempt) == ("1", 2, "2", 1)
    assert {*submissions.read(ada, EXERCISES).sources} == {"class_counts", "confusion_matrix"}
    assert submissions.read(alan, EXERCISES).sources == {
        "class_counts": "text = 'turingalan_LATE_2_13_class_counts.py'\n"
    }
    assert [*handed_in.skipped] == ["hopper_3_text.html"]


def test_a_file_that_was_handed_in_again_makes_an_attempt(folder):
    """What was not handed in again counts as it was."""
    first, again = "a_1_11_class_counts.py", "a_1_13_class_counts-1.py"
    other = "a_1_12_confusion_matrix.py"
    put(folder, first, again, other)
    assert found(folder) == [("1", 1, (first, other)), ("1", 2, (other, again))]


def test_a_file_twice_is_told(folder):
    """Nobody guesses."""
    put(folder, "a_1_11_class_counts.py", "a_1_12_class_counts.py")
    (entry,) = entries.find(folder).entries
    one = submissions.read(entry, EXERCISES)
    assert one.sources == {}
    assert "class_counts.py was handed in twice" in str(one.unreadable["class_counts"])


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ('Student,ID,Section\n"King, Ada",1,A\n', "1"),
        ('Student,ID,Section\n"Lovelace, Ada",2,A\n', "2"),
        ("id,name\n7,Ada Lovelace\n", "7"),
        ("id,name\n7,Lovelace Ada\n", "7"),
        ("id\n1\n", "1"),
    ],
)
def test_canvas_students_are_known_by_id_or_by_name(folder, text, student):
    """Which Canvas writes without spaces, family name first."""
    put(folder, "lovelaceada_1_11_class_counts.py")
    assert found(folder, class_of(folder, text))[0][0] == student


@pytest.mark.parametrize(
    "text", ['Student,ID,Section\n"King, Ada",1,A\n', "id,name\n7,Ada Lovelace\n", "id\n1\n"]
)
def test_several_files_of_a_student_are_found_by_every_kind_of_roster(folder, text):
    """That one was found must not keep the next from being found."""
    files = ("lovelaceada_1_11_class_counts.py", "lovelaceada_1_12_confusion_matrix.py")
    put(folder, *files)
    assert [paths for _, _, paths in found(folder, class_of(folder, text))] == [files]


def test_a_time_of_the_roster_is_that_of_the_last_attempt(folder):
    """It knows of one only."""
    put(folder, "a_1_11_class_counts.py", "a_1_12_class_counts-1.py")
    class_ = class_of(folder, "id,submitted\n1,2026-12-01T18:00:00+00:00\n")
    times = [entry.submitted for entry in entries.find(folder, class_).entries]
    assert times == [None, datetime(2026, 12, 1, 18, tzinfo=UTC)]


# --- Gradescope ---


@pytest.fixture(name="gradescope")
def _gradescope(folder):
    """A download with a student of two attempts, a group, and what belongs to nobody."""
    for number in ("2", "10", "3", "4", "5", "99"):
        put(folder, f"submission_{number}/class_counts.py")
    (folder / "submission_metadata.yml").write_text(METADATA)
    return folder


def test_gradescope_tells_students_attempts_and_times(gradescope):
    """By time; a group's hand-in is each member's."""
    handed_in = entries.find(gradescope)
    assert found(gradescope) == [
        ("007", 1, ("submission_2",)),
        ("007", 2, ("submission_10",)),
        ("12", 1, ("submission_3",)),
        ("alan@x.edu", 1, ("submission_3",)),
    ]
    assert [entry.submitted for entry in handed_in.entries][:2] == [
        datetime(2026, 12, 1, 18, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 12, 2, 1, 0, 0, 500000, tzinfo=UTC),
    ]
    assert {*handed_in.skipped} == {f"submission_{n}" for n in ("4", "5", "6", "99")}


@pytest.mark.parametrize(
    ("text", "students"),
    [
        ("First Name,Last Name,SID,Email\nAda,Lovelace,007,\nGrace,Hopper,12,\n", {"007", "12"}),
        ("id,email\nada,ada@x.edu\nalan,alan@x.edu\n", {"ada", "alan"}),
        ('Student,ID,SIS User ID,Section\n"L, A",4001,007,A\n', {"4001"}),
        ("id,name\na,Grace Hopper\n", {"a"}),
    ],
)
def test_gradescope_students_are_known_by_number_mail_or_name(gradescope, text, students):
    """On whatever roster."""
    handed_in = entries.find(gradescope, class_of(gradescope, text))
    assert {entry.student for entry in handed_in.entries} == students


def test_gradescopes_own_roster_knows_every_attempt(gradescope):
    """Not the first alone."""
    class_ = class_of(gradescope, "First Name,Last Name,SID,Email\nAda,Lovelace,007,\n")
    assert [attempt for _, attempt, _ in found(gradescope, class_)] == [1, 2]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("[", id="no YAML"),
        pytest.param("- a\n", id="a list"),
        pytest.param("a: 1\n", id="no table"),
        pytest.param("a:\n  :submitters: 5\n", id="no submitters"),
        pytest.param("a:\n  :submitters: [5]\n", id="no submitter"),
        pytest.param("a:\n  :created_at: 2026-13-45\n", id="no date"),
        pytest.param("a:\n  :created_at: soon\n", id="no time"),
        pytest.param("- " * 100_000, id="deep"),
        pytest.param("a: !!python/object/apply:os.system [true]\n", id="objects"),
        pytest.param("\x00", id="zero byte"),
        pytest.param("", id="empty"),
    ],
)
def test_other_metadata_is_told(gradescope, content):
    """In one line; nothing of it is run, and the fast reader of YAML does not crash."""
    (gradescope / "submission_metadata.yml").write_text(content)
    with pytest.raises(NoSubmissions, match="not what Gradescope writes") as told:
        entries.find(gradescope)
    assert "\n" not in str(told.value)


def test_metadata_that_is_no_file_or_too_large_is_told(gradescope, monkeypatch):
    """As students' files are."""
    monkeypatch.setattr(downloads, "MAX_METADATA", 10)
    with pytest.raises(NoSubmissions, match="larger than"):
        entries.find(gradescope)
    (gradescope / "submission_metadata.yml").unlink()
    (gradescope / "submission_metadata.yml").mkdir()
    with pytest.raises(NoSubmissions, match=r"submission_metadata\.yml"):
        entries.find(gradescope)
