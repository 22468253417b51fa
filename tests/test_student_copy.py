"""A copy for students does what its own page says, with the packages that the page names."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from examples import ANOTHER, COUNTS
from fmnist.exercises import catalog, copies, workspace
from fmnist.exercises.workspace import Workspace, WorkspaceError
from fmnist.release import packing, requirements, student
from fmnist.tools import zips

WEEK = "week1"
EXERCISES = packing.exercises_of(WEEK)
POINTS = sum(one.points for one in EXERCISES)
LIGHT_BYTES = 130_000_000
# What a fresh environment does not have is not there, neither for the command nor for the
# processes that it starts.
BLOCKER = """
import sys
ABSENT = {absent!r}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
"""


class Student:
    """Somebody with a copy, who types.

    Attributes:
        home: of the copy.
        place: where the exercises are.
    """

    def __init__(self, home: Path, command: list, environment: dict[str, str]):
        self.home = home
        self.place = home / "exercises"
        self._command = [str(part) for part in command]
        self._environment = os.environ | {"NO_COLOR": "1"} | environment

    def types(self, *args: object, status: int = 0) -> str:
        """Type a command of the course among the exercises; return all that it says."""
        done = subprocess.run(
            [*self._command, *map(str, args)],
            cwd=self.place,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert done.returncode == status, said
        return said

    def solves(self, exercise: catalog.Exercise) -> None:
        """Write a right answer."""
        shutil.copyfile(exercise.reference, self.place / exercise.phase / f"{exercise.name}.py")


def absent_modules() -> set[str]:
    """Return the modules that are installed here, and not by the requirements of a copy."""
    locked = set(re.findall(r"^([a-z0-9-]+)==", requirements.locked().decode(), re.M))
    provided = importlib.metadata.packages_distributions()
    named = {re.sub("[_.]", "-", name.lower()) for name in locked}
    return {
        module
        for module, names in provided.items()
        if all(re.sub("[_.]", "-", name.lower()) not in named | {"fmnist"} for name in names)
    } - {"fmnist"}


@pytest.fixture(scope="module", name="files")
def _files():
    """What a copy of a week consists of."""
    return student.files(WEEK)


def of_files(files: packing.Files, folder: Path, name: str = "copy") -> Student:
    """Return a student whose Python has what the copy's requirements bring, and no more."""
    packing.write(files, folder / name)
    (wheel,) = (folder / name / "wheels").iterdir()
    packing.write(zips.unzipped(wheel.read_bytes()), folder / f"{name}-site")
    (folder / f"{name}-blocker").mkdir()
    blocker = BLOCKER.format(absent=absent_modules())
    (folder / f"{name}-blocker" / "sitecustomize.py").write_text(blocker)
    places = [str(folder / f"{name}-blocker"), str(folder / f"{name}-site")]
    environment = {"PYTHONPATH": os.pathsep.join(places), "PYTHONDONTWRITEBYTECODE": "1"}
    return Student(folder / name, [sys.executable, "-m", "fmnist"], environment)


@pytest.fixture(name="ada")
def _ada(files, tmp_path):
    """A student with a copy of the week."""
    return of_files(files, tmp_path)


def walk(ada: Student) -> None:
    """Do what the page says, from the first exercise to the hand-in."""
    assert f"0 of {len(EXERCISES)} solved" in (listed := ada.types("list"))
    assert re.findall(r"^  . [1-6]\.\d+ (\w+) ", listed, re.M) == [one.name for one in EXERCISES]
    assert "Phase 2" not in listed
    assert ada.types("next").startswith(f"{EXERCISES[0].name}: ")
    assert "is not started" in ada.types("check", COUNTS.name, status=1)
    shutil.copyfile(COUNTS.wrong_answers[0].path, ada.place / COUNTS.phase / f"{COUNTS.name}.py")
    assert COUNTS.wrong_answers[0].sentence in ada.types("check", "--all", status=1)
    assert ada.types("hint", COUNTS.name).startswith("Hint 1 of 3: ")
    for one in EXERCISES:
        ada.solves(one)
    ada.types("check", "--all")
    assert ada.types("next") == "All exercises are solved. Type: fmnist pack\n"
    assert ada.types("pack") == f"hand-in.zip: {len(EXERCISES)} of {len(EXERCISES)} exercises\n"


def test_a_student_gets_from_the_list_to_the_hand_in(ada):
    """With the light requirements alone; everything else cannot be imported."""
    walk(ada)


def test_the_blocker_blocks(ada):
    """What is not in the requirements is not there, though it is installed here."""
    done = subprocess.run(
        [sys.executable, "-c", "import yaml"],
        env=ada._environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError" in done.stderr
    wanted = subprocess.run(
        [sys.executable, "-c", "import numpy, pytest, click, fmnist; print(fmnist.__file__)"],
        cwd=ada.place,
        env=ada._environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ada.home.parent) in wanted.stdout


# --- the page ---


def test_the_page_names_what_each_step_needs(files):
    """The project, the images, an editor; what is typed is there."""
    page = files["README.md"].decode()
    assert "fmnist fetch" in page
    assert "jupyterlab" in page
    assert "jupyter lab notebooks" in page
    assert "exercises/phase1_explore/project.md" in page
    assert "fmnist update ~/Downloads/week1.zip" in page
    for name in re.findall(
        r"(?:--requirement |--no-deps |\")((?:requirements|wheels/)[^\s\"\[]+)", page
    ):
        assert name in files, name
    for name in re.findall(r"`((?:exercises|notebooks)/[\w./]*)`", page):
        assert any(file.startswith(name) for file in files), name


def test_a_notebook_gets_the_images_by_itself(files):
    """Its first cell of code downloads what is missing; otherwise every later one would fail."""
    notebook = json.loads(files["notebooks/phase1_explore.ipynb"])
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert "fetch()" in "".join(first["source"])


def test_what_is_missing_is_installed_from_the_copy(ada):
    """No package index is asked for `fmnist`, which is in the copy."""
    wheel = next((ada.home / "wheels").iterdir())
    said = ada.types("notebooks", status=1)
    assert f'Type: python -m pip install "{wheel}[book]"' in said
    assert "pip install -e" not in ada.types("doctor", status=1)


# --- what is in it, and what is not ---


def test_what_is_not_in_the_copy_is_said(ada):
    """A name of another week is answered with those that are here."""
    other = packing.exercises_of("week2")[0].name
    said = ada.types("check", other, status=1)
    names = ", ".join(one.name for one in EXERCISES)
    assert said == f"fmnist: {other} is not in this folder, which has: {names}.\n"
    assert "not in this folder" in ada.types("check", "week2", status=1)


def test_a_fast_track_is_one_of_the_copy(ada):
    """Never an exercise of another week."""
    named = re.findall(r"^  . [1-6]\.\d+ (\w+) ", ada.types("list", "--fast-track"), re.M)
    assert {*named} < {one.name for one in EXERCISES}


@pytest.mark.parametrize("week", ["week2", ""])
def test_every_copy_lists_what_is_in_it(tmp_path, week):
    """Another week, in its own order, and the whole course."""
    bob = of_files(student.files(week), tmp_path)
    expected = [one.name for one in packing.exercises_of(week)]
    listed = re.findall(r"^  . [1-6]\.\d+ (\w+) ", bob.types("list"), re.M)
    assert sorted(listed) == sorted(expected)
    assert bob.types("next").startswith(f"{expected[0]}: ")


def git(folder: Path, *args: str | Path) -> str:
    """Run git with an author of its own, and return what it prints."""
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", *identity, *map(str, args)], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_clone_is_a_copy_and_keeps_what_is_local_to_itself(ada, tmp_path):
    """What came is committed; progress, lock, environment and archive are not."""
    git(ada.home, "init", "--quiet")
    git(ada.home, "add", "--all")
    git(ada.home, "commit", "--quiet", "--message=as it came")
    git(tmp_path, "clone", "--quiet", ada.home, tmp_path / "clone")
    bob = Student(tmp_path / "clone", ada._command, ada._environment)
    walk(bob)
    (bob.home / ".venv").mkdir()
    (bob.home / ".venv" / "x").touch()
    changed = git(bob.home, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert sorted(changed) == sorted(f" M exercises/{one.phase}/{one.name}.py" for one in EXERCISES)


# --- a newer copy ---


def newer(files: packing.Files) -> packing.Files:
    """Return a copy in which a stub, a check, a task, a page and the package are others."""
    changed = {name: content for name, content in files.items() if "/.fmnist/" not in name}
    for name in (
        f"exercises/{COUNTS.phase}/{COUNTS.name}.py",
        f"exercises/{COUNTS.phase}/test_{COUNTS.name}.py",
        f"exercises/{COUNTS.phase}/project.md",
        f"exercises/{COUNTS.phase}/{ANOTHER.name}.py",
        "README.md",
    ):
        changed[name] += b"\n# corrected\n"
    return copies.sealed(changed, WEEK)


@pytest.fixture(name="place")
def _place(files, tmp_path):
    """A student's folder in a copy."""
    packing.write(files, tmp_path / "copy")
    return Workspace(tmp_path / "copy" / "exercises")


def taken(place: Workspace, new: packing.Files) -> dict[str, str]:
    """Return what an update does."""
    return dict(copies.update(place, new))


def test_an_update_brings_what_is_new_and_keeps_answers(place, files):
    """An edited answer stays, a bare stub is replaced, an edited check is kept beside."""
    answer, check = place.answer(COUNTS), place.path / COUNTS.phase / f"test_{COUNTS.name}.py"
    answer.write_text("mine")
    check.write_text("my check")
    place.record(COUNTS, content=workspace.content_of(answer), passed=5, of=5)
    new = newer(files)
    assert taken(place, new) == {
        f"exercises/{COUNTS.phase}/{COUNTS.name}.py": "kept",
        f"exercises/{COUNTS.phase}/test_{COUNTS.name}.py": "replaced",
        f"exercises/{COUNTS.phase}/project.md": "updated",
        f"exercises/{COUNTS.phase}/{ANOTHER.name}.py": "updated",
        "README.md": "updated",
    }
    assert answer.read_text() == "mine"
    assert check.with_name(f"{check.name}.kept-1").read_text() == "my check"
    assert check.read_bytes().endswith(b"# corrected\n")
    assert place.state(COUNTS) == workspace.SOLVED
    answer.write_text("mine again")
    assert taken(place, new) == {}  # it was told once
    assert answer.read_text() == "mine again"


def test_nothing_new_changes_nothing(place, files):
    """Whatever the student has edited."""
    place.answer(COUNTS).write_text("mine")
    (place.path.parent / "README.md").write_text("my notes")
    before = {path: path.read_bytes() for path in place.path.parent.rglob("*") if path.is_file()}
    assert taken(place, files) == {}
    assert {path: path.read_bytes() for path in before} == before


def test_another_week_is_added(place):
    """One folder for the term: both weeks are listed, nothing of the first is lost."""
    second = student.files("week2")
    done = taken(place, second)
    assert {*done.values()} == {"added", "updated"}
    names = [one.name for one in (*EXERCISES, *packing.exercises_of("week2"))]
    assert [one.name for one in place.exercises()] == names


def test_what_is_gone_is_said_and_left(place, files):
    """An exercise that the course dropped, and an older package, which is removed."""
    new = {name: content for name, content in files.items() if "/.fmnist/" not in name}
    gone = f"exercises/{COUNTS.phase}/{COUNTS.name}.py"
    del new[gone]
    wheel = next(name for name in new if name.startswith("wheels/"))
    new["wheels/fmnist-9.9-py3-none-any.whl"] = new.pop(wheel)
    done = taken(place, copies.sealed(new, WEEK))
    assert done[gone] == "gone"
    assert done[wheel] == "removed"
    assert place.answer(COUNTS).is_file()
    assert not (place.path.parent / wheel).exists()


@pytest.mark.parametrize(
    "form", ["zip", "folder", "zip with a folder", "folder in it", "exercises"]
)
def test_a_copy_is_read_in_whatever_form(files, tmp_path, form):
    """An archive, the unpacked folder, with one folder around it, or the folder of exercises."""
    place = tmp_path / "new"
    if form.startswith("zip"):
        around = "week1/" if "folder" in form else ""
        place.write_bytes(zips.zipped({around + name: one for name, one in files.items()}))
    else:
        packing.write(files, place / "week1" if form == "folder in it" else place)
    read = copies.read(place / "exercises" if form == "exercises" else place)
    assert read == files


def damage(place: Path, how: str) -> None:
    """Make a copy that is none."""
    if how == "solved by another":
        (place / "exercises" / COUNTS.phase / f"{COUNTS.name}.py").write_text("theirs")
    elif how == "incomplete":
        (place / "README.md").unlink()
    elif how == "no copy":
        (place / copies.MANIFEST).unlink()
    elif how == "broken list":
        (place / copies.MANIFEST).write_text("{")
    elif how == "a way out":
        sums = {"../outside": workspace.sum_of(b"x")}
        (place / copies.MANIFEST).write_text(json.dumps({"files": sums}))
    elif how == "broken zip":
        shutil.rmtree(place)
        place.write_bytes(b"PK\x03\x04")


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("solved by another", "is not as it came: exercises/phase1_explore/class_counts.py was ch"),
        ("incomplete", "is not as it came: README.md is missing"),
        ("no copy", "is no copy of the course: it has no exercises/.fmnist/copy.json"),
        ("broken list", "copy.json is damaged"),
        ("a way out", "names '../outside', which is outside a copy"),
        ("broken zip", "cannot be read: File is not a zip file"),
    ],
)
def test_what_is_no_new_copy_is_refused(files, tmp_path, place, how, says):
    """In one line, and nothing is changed."""
    packing.write(files, tmp_path / "new")
    damage(tmp_path / "new", how)
    with pytest.raises(WorkspaceError, match=re.escape(says)) as caught:
        copies.read(tmp_path / "new")
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_copy_is_told_what_to_type(student, files):
    """One from `fmnist start` has no package beside it."""
    with pytest.raises(WorkspaceError, match="type: fmnist start"):
        taken(student, files)


def test_the_command_says_what_changed_and_installs_the_new_checks(ada, files, tmp_path):
    """Here pip is away: then it says what to type, and `check` says so, too."""
    archive = tmp_path / "week1.zip"
    archive.write_bytes(zips.zipped(newer(files)))
    said = ada.types("update", archive, status=1)
    assert "README.md: updated." in said
    wheel = next((ada.home / "wheels").iterdir())
    typed = f'Type: python -m pip install --no-deps --force-reinstall "{wheel}"'
    assert f"The new checks are not installed yet. {typed}" in said
    assert typed in ada.types("check", COUNTS.name, status=1)
    assert "no changes" in ada.types("update", archive, status=1)
    said = ada.types("update", tmp_path / "nowhere.zip", status=1)
    place = tmp_path / "nowhere.zip"
    assert said == f"fmnist: There is no {place}. Give the new copy: its folder, or its zip.\n"


# --- what is handed in ---


@pytest.fixture(name="class_of_copies")
def _class_of_copies(ada, tmp_path):
    """One week, solved in a copy and handed in in every way that a student thinks of."""
    for one in EXERCISES:
        ada.solves(one)
    ada.types("pack")
    handed_in = tmp_path / "submissions"
    (handed_in / "packed").mkdir(parents=True)
    shutil.copy(ada.place / "hand-in.zip", handed_in / "packed")
    shutil.copytree(ada.place / COUNTS.phase, handed_in / "phase" / COUNTS.phase)
    shutil.make_archive(str(handed_in / "whole"), "zip", ada.home.parent, ada.home.name)
    shutil.make_archive(str(handed_in / "inside"), "zip", ada.home)
    git(ada.home, "init", "--quiet")
    git(ada.home, "add", "--all")
    git(ada.home, "commit", "--quiet", "--message=solved")
    git(tmp_path, "clone", "--quiet", ada.home, handed_in / "clone")
    return handed_in


def marks(class_of_copies: Path, who: tuple[str, ...], tmp_path: Path, fmnist) -> dict[str, str]:
    """Return the points that some hand-ins get."""
    for folder in class_of_copies.iterdir():
        if folder.stem not in who:
            folder.rename(tmp_path / folder.name)
    done = fmnist("grade", class_of_copies, "--out", tmp_path / "grades", "--assignment", WEEK)
    assert done.returncode == 0, done.stderr
    return dict(re.findall(rf"^(\w+): .*?([\d.]+) of {POINTS} points", done.stdout, re.M))


def test_the_grader_reads_the_archive_and_the_folder_of_a_phase(
    class_of_copies, tmp_path, fmnist, sandbox
):
    """What `pack` wrote, and the folder as it lies in the copy: full marks."""
    who = ("packed", "phase")
    assert marks(class_of_copies, who, tmp_path, fmnist) == dict.fromkeys(who, f"{POINTS}")


def test_the_grader_reads_a_whole_copy(class_of_copies, tmp_path, fmnist, sandbox):
    """Zipped with its folder and without, and as a clone of the template: full marks."""
    who = ("whole", "inside", "clone")
    assert marks(class_of_copies, who, tmp_path, fmnist) == dict.fromkeys(who, f"{POINTS}")


# --- in an environment of its own: slow, and an index of packages is needed ---


@pytest.mark.slow
def test_the_page_can_be_followed_in_a_fresh_environment(files, tmp_path):
    """Installed as it says, within 130 MB, and from the list to the hand-in; then updated."""
    home = tmp_path / "copy"
    packing.write(files, home)
    page = (home / "README.md").read_text("utf-8")
    typed = re.findall(r"^python -m pip install (--.+)$", page, re.M)
    assert len(typed) == 2
    venv.create(tmp_path / "venv", symlinks=True, with_pip=True)
    programs = tmp_path / "venv" / "bin"
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    before = size(packages)
    for arguments in typed:
        done = subprocess.run(
            [programs / "python", "-m", "pip", "install", "--retries=1", *arguments.split()],
            cwd=home,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and "Could not find a version" in done.stderr:
            pytest.skip("No package index can be reached; connect, and run this again.")
        assert done.returncode == 0, done.stderr
    assert size(packages) - before < LIGHT_BYTES
    ada = Student(home, [programs / "fmnist"], {"PYTHONPATH": ""})
    walk(ada)
    answer = (ada.place / COUNTS.phase / f"{COUNTS.name}.py").read_bytes()
    archive = tmp_path / "new.zip"
    archive.write_bytes(zips.zipped(with_another_check(files)))
    assert "is installed, with the new checks." in ada.types("update", archive)
    assert "A new rule." in ada.types("check", COUNTS.name, status=1)
    assert (ada.place / COUNTS.phase / f"{COUNTS.name}.py").read_bytes() == answer


def size(folder: Path) -> int:
    """Return how many bytes lie in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def with_another_check(files: packing.Files) -> packing.Files:
    """Return a copy with a check that no answer passes, beside the exercises and in the package."""
    changed = {name: content for name, content in files.items() if "/.fmnist/" not in name}
    check = f"{COUNTS.phase}/test_{COUNTS.name}.py"
    rule = '\n\ndef test_new(answer):\n    """A new rule."""\n    raise AssertionError("no")\n'
    changed[f"exercises/{check}"] += rule.encode()
    wheel = next(name for name in changed if name.startswith("wheels/"))
    inside = zips.unzipped(changed[wheel])
    inside[f"fmnist/exercises/set/{check}"] += rule.encode()
    record = next(name for name in inside if name.endswith("/RECORD"))
    inside[record] = b"".join(
        line
        for line in inside[record].splitlines(keepends=True)
        if not line.startswith(f"fmnist/exercises/set/{check}".encode())
    )
    changed[wheel] = zips.zipped(inside)
    return copies.sealed(changed, WEEK)
