"""Which file is the answer: layouts of releases, names that systems and people change, near misses.

What is put beside and within hand-ins, by whom, is named at each list.
"""

import io
import json
import tarfile
import unicodedata
import zipfile
from pathlib import Path

import pytest

from examples import ANOTHER
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import (
    answer_files,
    archives,
    entries,
    listing,
    near_names,
    submissions,
)
from fmnist.grading.hand_ins.entries import Entry
from fmnist.tools.terminal import shown

COUNTS = catalog.find("class_counts").reference.read_text("utf-8")
MATRIX = "def confusion_matrix(true, predicted):\n    return []\n"
STUB = catalog.find("class_counts").stub.read_text("utf-8")
EXERCISES = (catalog.find("class_counts"), catalog.find("confusion_matrix"))
ONE = EXERCISES[:1]
ANSWER = "phase1_explore/class_counts.py"


def notebook(*sources: str) -> str:
    """Return a notebook of code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": one} for one in sources]})


class Maker:
    """Makes the hand-in of one student, as a folder, a zip or a tar."""

    def __init__(self, folder: Path, kind: str):
        self.folder, self.kind = folder, kind

    def __call__(self, files: dict[str, str], exercises=ONE) -> submissions.Submission:
        """Return what is read of these files."""
        path = self.folder / "in" / ("mira" if self.kind == "folder" else f"mira.{self.kind}")
        path.parent.mkdir(exist_ok=True)
        if self.kind == "folder":
            for name, text in files.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_text(text, "utf-8")
        elif self.kind == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in files.items():
                    archive.writestr(name, text)
        else:
            with tarfile.open(path, "w") as archive:
                for name, text in files.items():
                    info = tarfile.TarInfo(name)
                    info.size = len(text.encode())
                    archive.addfile(info, io.BytesIO(text.encode()))
        (entry,) = entries.find(path.parent).entries
        return submissions.read(entry, exercises)


@pytest.fixture(name="hand_in", params=["folder", "zip", "tar"])
def _hand_in(tmp_path, request):
    """Hand in files, in each of the forms."""
    return Maker(tmp_path, request.param)


def missing(found: submissions.Submission, name: str = "class_counts") -> str:
    """Return why there is no answer; that is no fault of a file."""
    assert found.sources == {}
    assert found.unreadable[name].kind == "missing"
    return str(found.unreadable[name])


def not_gradable(found: submissions.Submission, name: str = "class_counts") -> str:
    """Return why an answer cannot be used, though there are files."""
    assert name not in found.sources
    assert found.unreadable[name].kind in ("not loaded", "doubtful")
    return str(found.unreadable[name])


# --- what systems and tools put there ---

BESIDE = [
    "__MACOSX/week1/._class_counts.py",  # Archive Utility of macOS
    "week1/._class_counts.py",  # macOS on a disk of another system
    ".DS_Store",
    "week1/.DS_Store",
    "Thumbs.db",  # Explorer of Windows
    "week1/desktop.ini",
    "DESKTOP.INI",
    "week1/__pycache__/class_counts.cpython-311.pyc",
    "week1/.ipynb_checkpoints/class_counts-checkpoint.py",  # Jupyter
    "week1/.idea/workspace.xml",
    "week1/.vscode/settings.json",
    "week1/class_counts.py~",  # Emacs
    "week1/.class_counts.py.swp",  # Vim
    "week1/.git/HEAD",
    ".pytest_cache/v/cache/nodeids",
    "week1/.venv/lib/python3.11/site-packages/class_counts.py",
    "venv/pyvenv.cfg",
    "week1/~$notes.docx",  # Office
]


@pytest.mark.parametrize("beside", BESIDE)
def test_what_systems_put_beside_hides_nothing_and_is_nobodys_file(hand_in, beside):
    """It is not read, and not told to the student as a file of theirs."""
    found = hand_in({"week1/class_counts.py": COUNTS, beside: "class_counts = 1"})
    assert found == submissions.Submission("mira", {"class_counts": COUNTS}, {}, ())


def test_all_of_it_together_hides_nothing(hand_in):
    """Also around a folder too many."""
    files = dict.fromkeys(BESIDE, "x") | {f"week1/week1/{ANSWER}": COUNTS}
    assert hand_in(files).sources == {"class_counts": COUNTS}


def test_an_environment_is_known_by_its_file_whatever_it_is_called(hand_in):
    """As Python's venv leaves it."""
    found = hand_in(
        {
            ANSWER: COUNTS,
            "my env/pyvenv.cfg": "home = /usr/bin",
            "my env/Lib/tools/class_counts.py": "x = 1",
            "my env/Lib/tools/confusion_matrix.py": MATRIX,
        },
        EXERCISES,
    )
    assert [*found.sources] == ["class_counts"]
    assert found.ignored == ()


def test_hidden_files_alone_are_nothing(hand_in):
    """A folder of which only what the system put there is left."""
    found = hand_in({".DS_Store": "x", "__MACOSX/._class_counts.py": "x"})
    assert found.sources == {}
    assert found.ignored == ()


# --- places ---


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"week1/week1/class_counts.py": COUNTS}, id="folder twice"),
        pytest.param({"hand-in/week1/class_counts.py": COUNTS}, id="folder around"),
        pytest.param({"a/b/c/class_counts.py": COUNTS}, id="deep"),
        pytest.param({f"a/b/c/{ANSWER}": COUNTS}, id="deep, with the phase"),
        pytest.param(
            {"week1/class_counts.py": COUNTS, "report.pdf": "x"}, id="a report beside the folder"
        ),
        pytest.param({f"exercises/{ANSWER}": COUNTS, "README.md": "x"}, id="a release's folder"),
        pytest.param({"phase2_preprocess/class_counts.py": COUNTS}, id="another phase"),
        pytest.param({f"week1\\{ANSWER}": COUNTS}, id="separators of Windows"),
        pytest.param({f"week1\\x\\{ANSWER}": COUNTS, "week1\\b.pdf": "x"}, id="and one beside"),
        pytest.param({"Übung/Blatt 1/class_counts.py": COUNTS, "x.txt": ""}, id="letters"),
    ],
)
def test_the_only_file_of_the_name_is_found(hand_in, files):
    """At any depth, whatever lies around it."""
    found = hand_in(files, EXERCISES)
    assert found.sources == {"class_counts": COUNTS}
    assert found.unreadable == {}


def test_letters_of_another_normal_form_are_the_same(hand_in):
    """As macOS writes the names of folders."""
    folder = unicodedata.normalize("NFD", "Übung für Zoë")
    assert hand_in({f"{folder}/class_counts.py": COUNTS, "a.pdf": "x"}).sources


def test_a_folder_stored_as_an_entry_is_no_file(tmp_path):
    """With the mark of a folder and without the slash, as some programs for Windows write it."""
    path = tmp_path / "mira.zip"
    with zipfile.ZipFile(path, "w") as archive:
        folder = zipfile.ZipInfo("week1")
        folder.external_attr = 0x10  # of MS-DOS: a folder
        archive.writestr(folder, "")
        archive.writestr("week1/class_counts.py", COUNTS)
    found = submissions.read(Entry("mira", (path,)), ONE)
    assert found == submissions.Submission("mira", {"class_counts": COUNTS}, {}, ())


def test_several_of_the_name_are_told_with_their_places(hand_in):
    """And none is taken; another exercise is not concerned."""
    found = hand_in(
        {
            "old/class_counts.py": "x = 1\n",
            "new/class_counts.py": COUNTS,
            "new/confusion_matrix.py": MATRIX,
        },
        EXERCISES,
    )
    assert [*found.sources] == ["confusion_matrix"]
    told = not_gradable(found)
    assert "old/class_counts.py" in told
    assert "new/class_counts.py" in told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a/phase1_explore/class_counts.py", "b/phase1_explore/class_counts.py"),
        ("a/b/class_counts.py", "a/c/d/class_counts.py"),
        ("week1/final/class_counts.py", "week1/drafts/class_counts.py"),
    ],
)
def test_no_depth_makes_one_of_two_the_answer(hand_in, first, second):
    """Wherever they lie."""
    told = not_gradable(hand_in({first: COUNTS, second: "x = 1\n", "README.md": "x"}))
    assert first.removeprefix("week1/") in told
    assert second.removeprefix("week1/") in told


def test_copies_that_say_the_same_are_one(hand_in):
    """Nothing is guessed where there is no choice."""
    found = hand_in({"old/class_counts.py": COUNTS, "new/class_counts.py": COUNTS})
    assert found.sources == {"class_counts": COUNTS}


def test_a_bare_stub_is_no_rival(hand_in):
    """The copy for students is full of them."""
    found = hand_in({f"exercises/{ANSWER}": STUB, "mine/class_counts.py": COUNTS, "a.md": "x"})
    assert found.sources == {"class_counts": COUNTS}
    assert any("mine/class_counts.py" in note for note in found.notes)
    alone = hand_in({f"exercises/{ANSWER}": STUB, "mine/class_counts.py": STUB, "a.md": "x"})
    assert alone.sources == {"class_counts": STUB}


def test_the_expected_place_wins_and_the_others_are_told(hand_in):
    """By their places."""
    found = hand_in({ANSWER: COUNTS, "old/class_counts.py": "x = 1\n", "Class_Counts.py": "y = 1"})
    assert found.sources == {"class_counts": COUNTS}
    (note,) = found.notes
    assert "old/class_counts.py" in note
    assert "Class_Counts.py" in note
    assert found.ignored == ("Class_Counts.py", "old/class_counts.py")


# --- names ---

# What browsers, Explorer, Finder, phones and people make of class_counts.py.
NEAR = [
    "class_counts (1).py",
    "class_counts(2).py",
    "class_counts-2.py",
    "class_counts 2.py",
    "class_counts_1.py",
    "class_counts - Copy.py",
    "class_counts - Copy (2).py",
    "class_counts copy.py",
    "class_counts copy 3.py",
    "class_counts - Kopie.py",
    "Copy of class_counts.py",
    "Kopie von class_counts.py",
    "Class_Counts.py",
    "CLASS_COUNTS.PY",
    "class_counts.PY",
    "class_counts.Py",
    "class_counts.py.txt",
    "class_counts.txt",
    "class_counts.py.py",
    "class_counts.py (1)",
    "class_counts (1).py.txt",
    "class-counts.py",
    "class counts.py",
    "classcounts.py",
    "ClassCounts.py",
    "class_counts.py ",
    " class_counts.py",
    "class_counts .py",
    "class_counts.py\u200b",
    "\uff43lass_counts.py",
    "class_counts.pyw",
    "class_counts",
]


@pytest.mark.parametrize("name", NEAR)
def test_a_changed_name_costs_nobody_the_answer(hand_in, name):
    """Nobody can mean another file; how it should be called is told."""
    found = hand_in({f"week1/{name}": COUNTS, "week1/report.pdf": "x"}, EXERCISES)
    assert found.sources == {"class_counts": COUNTS}
    assert found.unreadable == {}
    (note,) = found.notes
    assert shown(name) in note
    assert "class_counts.py" in note


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("class_counts (1).py", "class_counts (2).py"),
        ("Class-Counts.py", "a/class_counts.py.txt"),
        ("class_counts - Copy.py", "ClassCounts.PY"),
    ],
)
def test_of_two_near_names_none_is_taken(hand_in, name, other):
    """Both are told; the exact name beside them wins."""
    told = not_gradable(hand_in({name: COUNTS, other: "x = 1\n"}))
    assert name in told
    assert other in told
    found = hand_in({name: "y = 1\n", other: "x = 1\n", "class_counts.py": COUNTS})
    assert found.sources == {"class_counts": COUNTS}
    assert name in found.notes[0]
    assert other in found.notes[0]


@pytest.mark.parametrize("name", ["mira_week1.py", "my answer.py", "Untitled1.py", "a/b/final.py"])
def test_the_only_file_that_defines_the_function_is_the_answer(hand_in, name):
    """As a loose file is, whatever it is called and wherever it lies."""
    assert hand_in({name: COUNTS}, EXERCISES).sources == {"class_counts": COUNTS}
    beside = {name: COUNTS, "confusion_matrix.py": MATRIX, "helper.py": "x = 1\n", "n.pdf": "x"}
    found = hand_in(beside, EXERCISES)
    assert found.sources == {"class_counts": COUNTS, "confusion_matrix": MATRIX}
    assert name in found.notes[0]


def test_of_two_files_that_define_the_function_none_is_taken(hand_in):
    """Nobody guesses."""
    told = not_gradable(hand_in({"one.py": COUNTS, "two.py": f"{COUNTS}x = 1\n"}))
    assert "one.py" in told
    assert "two.py" in told


def test_the_answer_of_another_exercise_is_not_taken(hand_in):
    """A helper of the same name in it is no answer that was handed in."""
    found = hand_in({"confusion_matrix.py": MATRIX + COUNTS}, EXERCISES)
    assert [*found.sources] == ["confusion_matrix"]
    assert [*hand_in({f"{ANOTHER.name}.py": COUNTS}).sources] == []


def test_files_of_checks_are_no_answers(hand_in):
    """They lie beside the stubs."""
    found = hand_in({"test_class_counts.py": COUNTS, "conftest.py": COUNTS, "hidden_x.py": COUNTS})
    assert found.sources == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("clas_counts.py", "x = 1\n", id="a typo"),
        pytest.param("class_count.py", "def class_count(labels): pass\n", id="singular"),
        pytest.param("class_counts.txt", "[1, 2, 3]\n", id="no Python"),
        pytest.param("class_counts.pdf", "%PDF", id="printed"),
        pytest.param("mira.py", "def count_classes(labels): pass\n", id="renamed function"),
        pytest.param("class_counts.docx", "PK", id="of a word processor"),
    ],
)
def test_a_near_miss_is_named(hand_in, name, text):
    """Where the answer cannot be taken."""
    told = missing(hand_in({f"week1/{name}": text, "week1/report.pdf": "x"}))
    assert f"erhaps `{name}`" in told or f"erhaps `week1/{name}`" in told
    assert "class_counts.py" in told


def test_an_archive_in_an_archive_is_named(tmp_path):
    """It stays closed, and the student is told which one."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("class_counts.py", COUNTS)
    with zipfile.ZipFile(tmp_path / "mira.zip", "w") as archive:
        archive.writestr("week1.zip", inner.getvalue())
    told = missing(submissions.read(Entry("mira", (tmp_path / "mira.zip",)), ONE))
    assert "week1.zip" in told


def test_an_empty_archive_is_told(tmp_path):
    """It was handed in, and there is nothing in it."""
    for number, names in enumerate(([], ["week1/"], [".DS_Store"])):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "")
        assert "is empty" in not_gradable(submissions.read(Entry("mira", (path,)), ONE))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\x28\xb5\x2f\xfd\x24", "Zstandard"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\n<!DOCTYPE html><html>", "page of the web"),
    ],
)
@pytest.mark.parametrize("name", ["mira.rar", "mira.7z", "mira.zip", "mira.tar.gz"])
def test_what_cannot_be_unpacked_is_named_as_what_it_is(tmp_path, start, kind, name):
    """By its bytes, whatever it is called."""
    (tmp_path / name).write_bytes(start + bytes(100))
    told = not_gradable(submissions.read(Entry("mira", (tmp_path / name,)), ONE))
    assert name in told
    assert kind in told
    assert "damaged" not in told


# --- notebooks ---


def test_notebooks_are_found_at_any_depth(hand_in):
    """As nbgrader lays them out below the student: `<assignment>/<notebook>.ipynb`.

    jupyter/nbgrader: nbgrader/docs/source/user_guide/philosophy.rst, "submitted/{student_id}/
    {assignment_id}/{notebook_id}.ipynb"; its collector adds timestamp.txt.
    """
    found = hand_in(
        {
            "week1/phase1_explore.ipynb": notebook(COUNTS),
            "week1/timestamp.txt": "2026-11-30 12:00:00.000000 UTC",
            "week5/phase5_evaluate.ipynb": notebook(MATRIX),
            "week5/.ipynb_checkpoints/phase5_evaluate-checkpoint.ipynb": "{",
        },
        EXERCISES,
    )
    assert {*found.sources} == {"class_counts", "confusion_matrix"}


@pytest.mark.parametrize(
    "name",
    [
        "Phase1_Explore.ipynb",
        "phase1_explore (1).ipynb",
        "a/p.ipynb",
        "phase1_explore.ipynb.txt",
        "x.IPYNB.json",
    ],
)
def test_a_notebook_may_be_renamed(hand_in, name):
    """Beside others that answer nothing."""
    found = hand_in({name: notebook(COUNTS), "Untitled.ipynb": notebook("x = 1")})
    assert [*found.sources] == ["class_counts"]


def test_of_two_notebooks_with_the_answer_none_is_taken(hand_in):
    """Both are told."""
    files = {"a.ipynb": notebook(COUNTS), "b.ipynb": notebook(COUNTS + "x = 1")}
    told = not_gradable(hand_in(files))
    assert "a.ipynb" in told
    assert "b.ipynb" in told


def test_what_a_file_leaves_open_a_notebook_may_answer(hand_in):
    """The copy for students has stubs and notebooks: either may be solved."""
    found = hand_in(
        {f"exercises/{ANSWER}": STUB, "notebooks/phase1_explore.ipynb": notebook(COUNTS)}
    )
    assert found.sources["class_counts"] != STUB
    assert "notebooks/phase1_explore.ipynb" in found.notes[0]
    unsolved = hand_in(
        {f"exercises/{ANSWER}": STUB, "notebooks/phase1_explore.ipynb": notebook(STUB)}
    )
    assert unsolved.sources == {"class_counts": STUB}


# --- limits ---


def test_a_long_history_or_environment_costs_no_limit(tmp_path):
    """What tools keep is not walked through, and not counted among a student's files."""
    with zipfile.ZipFile(tmp_path / "mira.zip", "w") as archive:
        archive.writestr("copy/exercises/phase1_explore/class_counts.py", COUNTS)
        for number in range(archives.MAX_ENTRIES + 10):
            archive.writestr(f"copy/.git/objects/{number:05}", "x")
    assert submissions.read(Entry("mira", (tmp_path / "mira.zip",)), ONE).sources
    folder = tmp_path / "mira"
    (folder / ".git" / "objects").mkdir(parents=True)
    for number in range(listing.MAX_LISTED + 10):
        (folder / ".git" / "objects" / f"{number}").touch()
    (folder / "exercises").mkdir()
    (folder / "exercises" / "class_counts.py").write_text(COUNTS)
    found = submissions.read(Entry("mira", (folder,)), ONE)
    assert found.sources
    assert found.ignored == ()


def test_more_entries_than_any_tool_makes_are_refused(tmp_path, monkeypatch):
    """Hidden or not."""
    monkeypatch.setattr(archives, "MAX_MEMBERS", 50)
    for kind in ("zip", "tar"):
        found = Maker(tmp_path, kind)({f".git/{number}": "" for number in range(60)})
        assert "more than 50 entries" in not_gradable(found)
        (tmp_path / "in" / f"mira.{kind}").unlink()


def test_a_folder_without_end_is_told(tmp_path, monkeypatch):
    """What lies where it is expected is read all the same."""
    monkeypatch.setattr(listing, "MAX_LISTED", 30)
    folder = tmp_path / "mira"
    for number in range(40):
        (folder / f"a{number}" / "b").mkdir(parents=True)
        (folder / f"a{number}" / "b" / "notes.txt").touch()
    (folder / "z").mkdir()
    (folder / "z" / "class_counts.py").write_text(COUNTS)
    told = not_gradable(submissions.read(Entry("mira", (folder,)), ONE))
    assert "more than 30 files" in told
    (folder / "class_counts.py").write_text(COUNTS)
    assert submissions.read(Entry("mira", (folder,)), ONE).sources


def test_of_many_files_not_all_are_looked_through(tmp_path, monkeypatch):
    """Whoever hands in hundreds of megabytes of Python makes nobody wait."""
    monkeypatch.setattr(answer_files, "MAX_SEARCHED", 10_000)
    files = {f"f{number}.py": "#" * 3000 for number in range(9)} | {"z.py": COUNTS}
    assert "class_counts" not in Maker(tmp_path, "zip")(files).sources


def test_links_are_not_followed_wherever_they_lie(tmp_path):
    """Nor is what looks like an answer behind them."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "class_counts.py").write_text("stolen = 1")
    folder = tmp_path / "mira" / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "c").symlink_to(tmp_path / "secret")
    found = submissions.read(Entry("mira", (tmp_path / "mira",)), ONE)
    assert found.sources == {}
    assert found.ignored == ("a/b/c",)
    (folder / "class_counts.py").symlink_to(tmp_path / "secret" / "class_counts.py")
    assert submissions.read(Entry("mira", (tmp_path / "mira",)), ONE).sources == {}


def test_no_two_exercises_have_names_that_are_near():
    """Or a changed name could be of either."""
    exercises = catalog.load()
    assert len({near_names.squeezed(one.name) for one in exercises}) == len(exercises)
    for exercise in exercises:
        assert [
            one.name
            for one in exercises
            if near_names.could_be(f"{exercise.name} (1).py", one.name)
        ] == [exercise.name]


# --- names and places that mislead ---


@pytest.mark.parametrize(
    "place", ["Week 1: answers/class_counts.py", "1:2/a/class_counts.py", "x:/y:z/class_counts.py"]
)
def test_a_colon_is_no_drive_but_after_one_letter(hand_in, place):
    """On a Mac "Week 1/2" is stored as "Week 1:2"."""
    found = hand_in({place: COUNTS})
    assert found.sources.get("class_counts", "") == ("" if place.startswith("x:") else COUNTS)


@pytest.mark.parametrize(
    "place", ["C:/Users/ada/class_counts.py", "C:\\ada\\class_counts.py", "../class_counts.py"]
)
def test_a_place_outside_is_told(tmp_path, place):
    """The file is not read, and its author learns why."""
    with zipfile.ZipFile(tmp_path / "mira.zip", "w") as archive:
        archive.writestr("a.txt", "x")
        archive.writestr(place, COUNTS)
    told = missing(submissions.read(Entry("mira", (tmp_path / "mira.zip",)), ONE))
    assert "leads out of the hand-in" in told


@pytest.mark.parametrize("ending", [".bak", ".download", ".crdownload", ".orig", ".txt.download"])
def test_what_was_put_behind_a_name_costs_no_answer(hand_in, ending):
    """No other file can be meant."""
    found = hand_in({f"class_counts.py{ending}": COUNTS})
    assert found.sources == {"class_counts": COUNTS}
    assert f"class_counts.py{ending}" in found.notes[0]


def test_a_near_file_is_told_truly(hand_in):
    """Of one that defines the function nobody says that it does not."""
    told = missing(hand_in({"class_counts.rtf": COUNTS}))
    assert "Perhaps `class_counts.rtf` was meant: call it class_counts.py." in told


def test_a_near_file_without_the_function_is_told_as_that(hand_in):
    """It may be the text of the task."""
    told = missing(hand_in({"class_counts.md": "nothing"}))
    assert "which does not define class_counts" in told


@pytest.mark.parametrize("place", ["venv", ".answers", "__MACOSX", "node_modules"])
def test_what_is_passed_over_is_not_nothing(tmp_path, place):
    """The student reads which folder it was."""
    (tmp_path / "mira" / place).mkdir(parents=True)
    (tmp_path / "mira" / place / "class_counts.py").write_text(COUNTS, "utf-8")
    found = submissions.read(Entry("mira", (tmp_path / "mira",)), ONE)
    assert found.sources == {}
    assert f"`{place}` is hidden, or called as systems" in found.notes[0]
    (tmp_path / "empty").mkdir()
    assert submissions.read(Entry("mira", (tmp_path / "empty",)), ONE).notes == ()
