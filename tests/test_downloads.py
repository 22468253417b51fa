"""Downloads of Moodle, Canvas and Gradescope: whose each hand-in is, which attempt, and when."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.exercises import catalog
from fmnist.grading.hand_ins import (
    downloads,
    entries,
    gradescope_export,
    owners,
    places,
    roster,
    submissions,
)
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
        (
            "lovelaceada_LATE_1_2_a.zip",
            label("1", "canvas", "lovelaceada", file="a.zip", said_late="LATE"),
        ),
        (
            "lovelaceada_late_12345_67890_week1-1.zip",
            label("12345", "canvas", "lovelaceada", file="week1.zip", again=1, said_late="late"),
        ),
        (
            "lovelaceada_1_2_a-12.tar.gz",
            label("1", "canvas", "lovelaceada", file="a.tar.gz", again=12),
        ),
        ("lovelaceada_1_2_3_4_a.py", label("1", "canvas", "lovelaceada", file="3_4_a.py")),
        ("anon_x1Y2z_67_a.py", label("anon_x1Y2z", "canvas", file="a.py")),
        (
            "LATE_anon_x1Y2z_67_a.py",
            label("anon_x1Y2z", "canvas", file="a.py", said_late="LATE"),
        ),
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


def test_moodles_loose_files_are_one_hand_in_on_its_worksheet(folder):
    """The first of them does not use the student up: all count, and nobody is skipped."""
    class_ = class_of(
        folder, "Identifier,Full name\nParticipant 12,Ada Lovelace\nParticipant 13,Alan Turing\n"
    )
    prefix = "Ada Lovelace_12_assignsubmission_file_"
    put(folder, *(prefix + name for name in ("class_counts.py", "confusion_matrix.py")))
    handed_in = entries.find(folder, class_)
    assert (handed_in.skipped, handed_in.doubtful, handed_in.missing) == ({}, {}, ("13",))
    (entry,) = handed_in.entries
    assert entry.student == "12"
    assert {*submissions.read(entry, EXERCISES).sources} == {"class_counts", "confusion_matrix"}


def test_a_number_of_another_kind_must_not_contradict_the_name(folder):
    """On a roster of one's own, 12 may be somebody else."""
    put(folder, "Ada Lovelace_12_assignsubmission_file_/class_counts.py")
    assert found(folder, class_of(folder, "id,name\n7,Ada Lovelace\n"))[0][0] == "7"
    assert found(folder, class_of(folder, "id\n12\n"))[0][0] == "12"
    two = "id,name\n7,Ada Lovelace\n8,Lovelace Ada\n"
    assert found(folder, class_of(folder, two.replace("8,", "12,")))[0][0] == "12"
    for text in ("id,name\n7,Ada Lovelace\n12,Alan Turing\n", two):
        handed_in = entries.find(folder, class_of(folder, text))
        (reason,) = handed_in.doubtful.values()
        assert re.search(r"could be of '(7|12)'.*'(7|8)'", reason)
        # Neither is said to have handed in nothing, and neither gets a mark.
        assert all(entry.doubt for entry in handed_in.entries)
        assert len(handed_in.entries) == 2
        assert handed_in.missing == ()


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
        ("id,name\n7,Ada Lovelace\n", "7"),
        ("id,name\n7,Lovelace Ada\n", "7"),
        ("id\n1\n", "1"),
    ],
)
def test_canvas_students_are_known_by_id_or_where_ids_are_others_by_name(folder, text, student):
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
    monkeypatch.setattr(gradescope_export, "MAX_METADATA", 10)
    with pytest.raises(NoSubmissions, match="larger than"):
        entries.find(gradescope)
    (gradescope / "submission_metadata.yml").unlink()
    (gradescope / "submission_metadata.yml").mkdir()
    with pytest.raises(NoSubmissions, match=r"submission_metadata\.yml"):
        entries.find(gradescope)


# --- whose a hand-in is not ---


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Of another section: a Canvas gradebook lists one, the download has all of the course.
        ('Student,ID,Section\n"Li, Wei",9001,A\n', ["liwei_9002_6602_class_counts.py"]),
        ('Student,ID,Section\n"Li, Wei",9001,A\n', ["liwei_LATE_9002_6602_class_counts-1.py"]),
        (
            "Identifier,Full name\nParticipant 9001,Wei Li\n",
            ["Wei Li_9002_assignsubmission_file_/class_counts.py"],
        ),
        (
            "Identifier,Full name\nParticipant 9001,Wei Li\n",
            ["Wei Li_9002_assignsubmission_file_class_counts.py"],
        ),
        # A roster of one's own that has the system's ids: it knows that of somebody else.
        (
            "id,name\n9001,Wei Li\n77,Mira Okafor\n",
            ["liwei_9002_6602_class_counts.py", "okaformira_77_1_class_counts.py"],
        ),
    ],
)
def test_an_id_that_the_roster_does_not_know_is_nobody(folder, text, names):
    """A namesake gets nothing of another's, and a name overrules no id."""
    put(folder, *names, "Wei Li_9001_assignsubmission_file_/class_counts.py")
    if "Identifier" not in text:
        put(folder, "liwei_9001_1_class_counts.py")
    handed_in = entries.find(folder, class_of(folder, text))
    of_9001 = [
        path.name for one in handed_in.entries if one.student == "9001" for path in one.paths
    ]
    assert of_9001
    assert not any("9002" in name for name in of_9001)
    assert any(
        "9002" in name and "has the id 9002" in why for name, why in handed_in.skipped.items()
    )
    namesake = next(why for name, why in handed_in.skipped.items() if "9002" in name)
    assert "9001 has the same name, and another id" in namesake


def test_who_handed_in_nothing_gets_nothing_of_a_namesake(folder):
    """And is missing."""
    put(folder, "liwei_9002_6602_class_counts.py", "okaformira_8101_5501_class_counts.py")
    text = 'Student,ID,Section\n"Li, Wei",9001,A\n"Okafor, Mira",8101,A\n'
    handed_in = entries.find(folder, class_of(folder, text))
    assert [entry.student for entry in handed_in.entries] == ["8101"]
    assert handed_in.missing == ("9001",)
    assert [*handed_in.skipped] == ["liwei_9002_6602_class_counts.py"]


def test_gradescopes_numbers_decide_on_its_own_roster(tmp_path):
    """Whatever name and address are beside an unknown one."""
    (tmp_path / "in").mkdir()
    class_ = class_of(tmp_path / "in", "First Name,Last Name,SID,Email\nAda,Lovelace,8,a@x.edu\n")
    finder = owners.Finder(class_)
    told = Label(Path("submission_1"), "9", "gradescope", "Ada Lovelace", "a@x.edu")
    assert finder.owner(told).student == ""
    assert "has the id 9" in finder.owner(told).reason
    known = Label(Path("submission_1"), "8", "gradescope", "Somebody Else", "b@x.edu")
    assert finder.owner(known).student == "8"


def test_two_people_of_one_name_are_doubtful_where_the_name_must_do(folder):
    """A roster of one's own knows none of their numbers."""
    put(folder, "liwei_9001_1_class_counts.py", "liwei_9002_2_class_counts.py")
    put(folder, "okaformira_5_3_class_counts.py")
    text = "id,name\nw1,Wei Li\nm1,Mira Okafor\n"
    handed_in = entries.find(folder, class_of(folder, text))
    assert [(one.student, bool(one.doubt)) for one in handed_in.entries] == [
        ("m1", False),
        ("w1", True),
    ]
    assert "9001 and 9002" in handed_in.doubtful["liwei_9001_1_class_counts.py"]


@pytest.mark.parametrize(
    ("name", "on_roster"),
    [
        ("0042317", "42317"),
        ("42317", "0042317"),
        ("42317", "42317.0"),
        ("42317", "42,317"),
        ("0042317", "42.317,00"),
        ("42317", "'0042317"),
        ("42317", "42 317"),
    ],
)
def test_an_id_that_a_spreadsheet_changed_is_told_and_not_matched(folder, name, on_roster):
    """Two ids can differ in zeros alone."""
    put(folder, f"{name}/class_counts.py", "451188/class_counts.py")
    class_ = class_of(folder, f'student\n"{on_roster}"\n451188\n')
    handed_in = entries.find(folder, class_)
    assert [entry.student for entry in handed_in.entries] == ["451188"]
    assert handed_in.missing == (on_roster,)
    assert f"near is {on_roster}" in handed_in.skipped[name]


def test_near_ids_of_systems_are_told_too(folder):
    """As those of folders."""
    put(folder, "a_0042317_1_class_counts.py", "b_5_2_class_counts.py")
    class_ = class_of(folder, 'Student,ID,Section\n"A, A",42317,A\n"B, B",5,A\n')
    (reason,) = entries.find(folder, class_).skipped.values()
    assert "near is 42317" in reason


# --- attempts and lateness ---


def test_every_file_and_every_attempt_is_read_with_a_roster(folder):
    """Of Canvas, with its own gradebook, and of Moodle, with its worksheet."""
    put(
        folder,
        "okaformira_8101_5501_class_counts.py",
        "okaformira_8101_5503_class_counts-1.py",
        "okaformira_8101_5502_confusion_matrix.py",
        "x_8102_5504_class_counts.py",
    )
    class_ = class_of(folder, 'Student,ID,Section\n"Okafor, Mira",8101,A\n"X, X",8102,A\n')
    handed_in = entries.find(folder, class_)
    assert handed_in.skipped == {}
    assert [attempt for student, attempt, _ in found(folder, class_) if student == "8101"] == [1, 2]
    last = [entry for entry in handed_in.entries if entry.student == "8101"][-1]
    read = submissions.read(last, EXERCISES)
    assert read.sources["class_counts"] == "text = 'okaformira_8101_5503_class_counts-1.py'\n"
    assert {*read.sources} == {"class_counts", "confusion_matrix"}


@pytest.mark.parametrize(
    ("late", "word"), [("LATE_", "LATE"), ("late_", "late"), ("", "")]
)  # instructure/canvas-lms: lib/content_zipper.rb, get_filename
def test_what_canvas_says_of_lateness_is_kept(folder, late, word):
    """With the attempt that it is said of."""
    put(folder, "a_1_11_class_counts.py", f"b_{late}2_12_class_counts.py")
    assert [entry.said_late for entry in entries.find(folder).entries] == ["", word]


def test_each_attempt_has_its_own_lateness(folder):
    """The first was in time."""
    put(folder, "a_1_11_class_counts.py", "a_LATE_1_12_class_counts-1.py")
    assert [entry.said_late for entry in entries.find(folder).entries] == ["", "LATE"]


# --- what else may be in a download ---


def test_whatever_a_system_has_of_a_student_was_handed_in(folder):
    """Nobody who handed in a file is told that there was nothing."""
    put(folder, "a_1_11_report.pdf", "B B_2_assignsubmission_file_notes.docx", "stray.pdf")
    handed_in = entries.find(folder)
    assert [entry.student for entry in handed_in.entries] == ["1", "2"]
    assert [*handed_in.skipped] == ["stray.pdf"]
    one, two = (submissions.read(entry, EXERCISES) for entry in handed_in.entries)
    assert one.ignored == ("report.pdf",)
    assert two.ignored == ("notes.docx",)


@pytest.mark.parametrize(
    "names",
    [
        ["export/submission_1/class_counts.py", "export/submission_metadata.yml"],
        ["submissions/a_007_11_class_counts.py", "submissions/b_008_text.html"],
        ["x/Ada Lovelace_007_assignsubmission_file_/class_counts.py"],
        ["x/Ada Lovelace_007_assignsubmission_file_class_counts.py", "__MACOSX/x/._a.py"],
    ],
)
def test_a_download_may_lie_in_a_folder_of_its_own(folder, names):
    """As it is unpacked."""
    put(folder, *names)
    metadata = folder / "export" / "submission_metadata.yml"
    if metadata.exists():
        metadata.write_text("submission_1:\n  :submitters:\n  - :sid: '007'\n")
    assert [entry.student for entry in entries.find(folder).entries] == ["007"]


@pytest.mark.parametrize("name", ["run_2026_11_class_counts.py", "class_counts_1_2_final.py"])
def test_the_folder_of_one_student_is_no_download(folder, name):
    """Though a file in it is called like one of Canvas."""
    put(folder, f"mira/{name}", "mira/run_2027_12_x.py")
    class_ = class_of(folder, "id\nmira\n")
    assert [one.student for one in entries.find(folder, class_).entries] == ["mira"]
    put(folder, "mira/class_counts.py")
    assert [one.student for one in entries.find(folder).entries] == ["mira"]


def test_a_path_can_be_left_out(folder):
    """Such as that of the results."""
    put(folder, "ada/class_counts.py", "results/students/ada/feedback.md")
    handed_in = entries.find(folder, without=(folder / "results",))
    assert [entry.student for entry in handed_in.entries] == ["ada"]
    assert "results" in handed_in.skipped


# --- names of hand-ins that programs changed ---


@pytest.mark.parametrize(
    "name",
    [
        "mira (1).zip",
        "mira(2).py",
        "mira - Copy.zip",
        "mira copy 2.ipynb",
        "Copy of mira.zip",
        "mira - Kopie (3)/class_counts.py",
        "week1-mira/class_counts.py",  # as GitHub Classroom calls repositories
        "week3-mira (1).zip",
        "mira.py.txt",
        "mira.ipynb.txt",
        "Mira Okafor (1).zip",
    ],
)
def test_a_copy_is_of_whom_the_first_was(folder, name):
    """Who else is on the roster is not concerned; two of them are doubtful."""
    put(folder, name, "week1/class_counts.py", "jonas-2/class_counts.py")
    class_ = class_of(folder, "id,name\nmira,Mira Okafor\njonas-2,\njonas,\nweek1,\n")
    assert [student for student, _, _ in found(folder, class_)] == ["jonas-2", "mira", "week1"]
    put(folder, "mira.tar")
    doubtful = [one.student for one in entries.find(folder, class_).entries if one.doubt]
    assert doubtful == ["mira"]


def test_a_copy_of_an_unknown_is_nobodys(folder):
    """And a number behind a name is none of a copy."""
    put(folder, "zoe (1).zip", "mira-2.zip", "mira.zip")
    handed_in = entries.find(folder, class_of(folder, "id\nmira\n"))
    assert [entry.paths[0].name for entry in handed_in.entries] == ["mira.zip"]
    assert {*handed_in.skipped} == {"zoe (1).zip", "mira-2.zip"}


def test_who_typed_into_a_form_did_not_hand_in_nothing(folder):
    """It cannot be read; and a file beside it counts."""
    put(
        folder,
        "hopper_3_text.html",
        "lovelaceada_LATE_4_link.html",
        "turing_5_text.html",
        "turing_5_11_class_counts.py",
        "stranger_9_text.html",
    )
    text = 'Student,ID,Section\n"Hopper, G",3,A\n"L, A",4,A\n"T, A",5,A\n"Gone, A",6,A\n'
    handed_in = entries.find(folder, class_of(folder, text))
    assert [(one.student, one.said_late) for one in handed_in.entries] == [
        ("3", ""),
        ("4", "LATE"),
        ("5", ""),
    ]
    assert handed_in.missing == ("6",)
    assert {*handed_in.skipped} == {path.name for path in folder.glob("*.html")}
    read = [submissions.read(one, EXERCISES) for one in handed_in.entries]
    assert [*read[2].sources] == ["class_counts"]
    assert read[0].sources == read[1].sources == {}
    assert read[0].ignored == ("hopper_3_text.html",)
    told = {one.place: (one.state, one.student) for one in places.of(handed_in, {"5": 1}, {})}
    assert told["hopper_3_text.html"] == ("skipped", "3")
    assert told["stranger_9_text.html"] == ("skipped", "")


def test_text_of_moodle_is_something_too(folder):
    """As a folder with a page in it."""
    put(folder, "Ada King_12_assignsubmission_onlinetext_/onlinetext.html", "B B_13_x/a.py")
    put(folder, "C C_14_assignsubmission_file_/class_counts.py")
    text = "Identifier,Full name\nParticipant 12,Ada King\nParticipant 14,C C\n"
    handed_in = entries.find(folder, class_of(folder, text))
    assert handed_in.missing == ()
    assert submissions.read(handed_in.entries[0], EXERCISES).ignored == ("onlinetext.html",)


def test_what_cannot_be_read_is_not_nothing_either(folder):
    """A file of another kind with a student's name; a stranger's is skipped, as ever."""
    put(folder, "mira.pdf", "notes.txt", "jonas.py", "jonas.docx")
    handed_in = entries.find(folder, class_of(folder, "id\nmira\njonas\nlena\n"))
    assert [(one.student, one.paths[0].name) for one in handed_in.entries] == [
        ("jonas", "jonas.py"),
        ("mira", "mira.pdf"),
    ]
    assert handed_in.missing == ("lena",)
    assert {*handed_in.skipped} == {"mira.pdf", "notes.txt", "jonas.docx"}
    assert submissions.read(handed_in.entries[1], EXERCISES).ignored == ("mira.pdf",)


def test_attempts_may_be_known_by_number_and_by_address(folder):
    """Gradescope's metadata has a number in one and none in the other."""
    put(folder, "submission_1/class_counts.py", "submission_2/class_counts.py")
    (folder / "submission_metadata.yml").write_text(
        "submission_1:\n  :submitters:\n  - :name: Ada L\n    :email: a@x.edu\n"
        "submission_2:\n  :submitters:\n  - :name: Ada L\n    :sid: '7'\n    :email: a@x.edu\n"
    )
    class_ = class_of(folder, "First Name,Last Name,SID,Email\nAda,L,7,a@x.edu\n")
    assert found(folder, class_) == [
        ("7", 1, ("submission_1",)),
        ("7", 2, ("submission_2",)),
    ]


def test_two_people_of_one_number_stop_nobody_else(folder):
    """On Gradescope students write it themselves; whose the hand-in is, a person has to say."""
    class_ = class_of(
        folder,
        "First Name,Last Name,SID,Email\nAda,L,7,ada@x.edu\nBo,M,7,bo@x.edu\nCy,N,9,cy@x.edu\n",
    )
    put(folder, "7/class_counts.py", "9/class_counts.py")
    doubtful = {one.student: bool(one.doubt) for one in entries.find(folder, class_).entries}
    assert doubtful.pop("9") is False
    assert doubtful == {"ada@x.edu": True, "bo@x.edu": True}
    assert "lines 2 and 3: these students have one SID" in " ".join(class_.notes)
    # Where the download says more than the number, it is known whose it is.
    label = Label(folder, "7", roster.GRADESCOPE, "Bo M", "bo@x.edu")
    assert owners.Finder(class_, [label]).owner(label).student == "bo@x.edu"


@pytest.mark.parametrize(
    "number", ["a/b", ".x", "a\x1bb", "1001\u200b", "1" * 101, "1.23E+10", "cy@x.edu"]
)
def test_no_number_that_a_student_writes_stops_a_class(folder, number):
    """Who cannot be known by it is known by the e-mail, also if it is somebody else's."""
    class_ = class_of(
        folder, f"First Name,Last Name,SID,Email\nAda,L,{number},ada@x.edu\nCy,N,,cy@x.edu\n"
    )
    assert [one.id for one in class_.students] == ["ada@x.edu", "cy@x.edu"]
    assert "line 2: this student's SID can be no id" in " ".join(class_.notes)


def test_an_address_as_number_is_ones_own(folder):
    """As some schools have it: nothing is said of it."""
    class_ = class_of(folder, "First Name,Last Name,SID,Email\nAda,L,ada@x.edu,ada@x.edu\n")
    assert ([one.id for one in class_.students], class_.notes) == (["ada@x.edu"], ())


def test_a_doubt_about_one_of_a_group_is_none_about_the_others(folder):
    """Two students of one name on a roster that knows no numbers of Gradescope."""
    put(folder, "submission_1/class_counts.py")
    (folder / "submission_metadata.yml").write_text(
        "submission_1:\n  :submitters:\n  - :name: Ada L\n    :email: a@x.edu\n"
        "  - :name: Wei Li\n    :sid: '99'\n"
    )
    text = "id,name,email\na,Ada L,a@x.edu\nw1,Wei Li,\nw2,Li Wei,\n"
    handed_in = entries.find(folder, class_of(folder, text))
    assert [(one.student, bool(one.doubt)) for one in handed_in.entries] == [
        ("a", False),
        ("w1", True),
        ("w2", True),
    ]


def test_a_name_with_two_numbers_of_moodle_is_nobodys(tmp_path):
    """A name that a student chooses hands in for nobody else."""
    for name in (
        "x_12345_assignsubmission_file_y_99999_assignsubmission_file_class_counts.py",
        "Ada_12345_assignsubmission_file_class_counts.py",
    ):
        (tmp_path / name).write_text("x = 1\n", "utf-8")
    found = entries.find(tmp_path)
    assert [entry.student for entry in found.entries] == ["12345"]
    assert len(found.entries[0].paths) == 1
    assert "two numbers of Moodle" in next(iter(found.skipped.values()))


@pytest.mark.parametrize("file", ["/class_counts.py", "class_counts.py"], ids=["folder", "loose"])
@pytest.mark.parametrize("own", [True, False], ids=["who handed in", "who did not"])
def test_a_name_on_moodles_worksheet_is_worth_nothing_to_anybody_else(folder, file, own):
    """Many a Moodle lets students write their own: neither is a mark taken nor one given away."""
    name = "Eve_222_assignsubmission_file_x"
    class_ = class_of(
        folder,
        f"Identifier,Full name\nParticipant 111,{name}\nParticipant 222,Vic Tim\n"
        "Participant 333,Cy\n",
    )
    theirs = ["Cy_333_assignsubmission_file_/class_counts.py"]
    if own:
        theirs.append(f"Vic Tim_222_assignsubmission_file_{file}")
    put(folder, f"{name}_111_assignsubmission_file_{file}", *theirs)
    handed_in = entries.find(folder, class_)
    assert [entry.student for entry in handed_in.entries] == (["222"] if own else []) + ["333"]
    assert not any(entry.doubt for entry in handed_in.entries)
    assert all("Eve" not in path.name for entry in handed_in.entries for path in entry.paths)
    assert ("222" in handed_in.missing) is not own
    (skipped,) = handed_in.skipped
    assert skipped.startswith(name)
