"""Every layout that `fmnist release` makes comes back in the ways in which people hand it in."""

import itertools
import tarfile
import zipfile
from pathlib import Path

import nbformat
import pytest

from fmnist.exercises import workspace
from fmnist.grading.hand_ins import entries, submissions
from fmnist.release import nbgrader, packing, student, template

WEEK = "week1"
EXERCISES = packing.exercises_of(WEEK)
SOLVED = {one.name: one.reference.read_text("utf-8") for one in EXERCISES}
STUBS = {one.name: one.stub.read_text("utf-8") for one in EXERCISES}


def written(files: dict[str, bytes], folder: Path) -> Path:
    """Write what was released."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def solve(folder: Path) -> None:
    """Put the answers where the stubs are."""
    for one in EXERCISES:
        path = folder / "exercises" / one.phase / f"{one.name}.py"
        assert path.is_file()
        path.write_text(SOLVED[one.name], "utf-8")


def use(folder: Path) -> None:
    """Leave what tools leave: a history, an environment, caches, backups."""
    for number in range(300):
        put(folder / ".git" / "objects" / f"{number:02}" / "x", "x")
    put(folder / ".git" / "HEAD", "ref: refs/heads/main")
    for one, number in itertools.product(EXERCISES, range(10)):
        put(folder / ".venv" / "lib" / f"p{number}" / f"{one.name}.py", "x = 1")
    put(folder / ".venv" / "pyvenv.cfg", "home = /usr/bin")
    for place in ("", "exercises/", "exercises/phase1_explore/"):
        put(folder / place / "__pycache__" / "class_counts.cpython-312.pyc", "x")
        put(folder / place / ".pytest_cache" / "README.md", "x")
        put(folder / place / ".ipynb_checkpoints" / "class_counts-checkpoint.py", "x = 1")
        put(folder / place / ".DS_Store", "x")
        put(folder / place / "Thumbs.db", "x")


def put(path: Path, text: str) -> None:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def zipped(folder: Path, target: Path, top: str = "", beside: dict[str, str] | None = None) -> None:
    """Pack a folder, as systems do."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{top}{path.relative_to(folder).as_posix()}")
        for name, text in (beside or {}).items():
            archive.writestr(name, text)


def tarred(folder: Path, target: Path, top: str) -> None:
    """Pack a folder as a tar, with entries of folders."""
    with tarfile.open(target, "w:gz") as archive:
        archive.add(folder, top)


def used(files: dict[str, bytes], folder: Path) -> Path:
    """Write what was released, solved and used."""
    written(files, folder)
    solve(folder)
    use(folder)
    return folder


@pytest.fixture(scope="module", name="copy")
def _copy(tmp_path_factory):
    """The copy for students, solved and used."""
    return used(student.files(WEEK), tmp_path_factory.mktemp("copy") / "week1")


@pytest.fixture(scope="module", name="clone")
def _clone(tmp_path_factory):
    """A clone of the template, solved and used."""
    return used(template.files(WEEK), tmp_path_factory.mktemp("template") / "week1-ada")


def read(folder: Path) -> submissions.Submission:
    """Return what is read of the only hand-in in a folder."""
    (entry,) = entries.find(folder).entries
    return submissions.read(entry, EXERCISES)


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(lambda copy, to: zipped(copy, to / "ada.zip"), id="zip"),
        pytest.param(lambda copy, to: zipped(copy, to / "ada.zip", "week1/"), id="zip of it"),
        pytest.param(
            lambda copy, to: zipped(
                copy, to / "ada.zip", "week1/", {"__MACOSX/week1/._README.md": "x"}
            ),
            id="zip of macOS",
        ),
        pytest.param(
            lambda copy, to: zipped(copy, to / "ada.zip", "a/week1/", {"a/notes.pdf": "x"}),
            id="zip of a folder around it",
        ),
        pytest.param(lambda copy, to: tarred(copy, to / "ada.tar.gz", "week1"), id="tar"),
        pytest.param(lambda copy, to: zipped(copy / "exercises", to / "ada.zip"), id="exercises"),
        pytest.param(
            lambda copy, to: zipped(copy / "exercises", to / "ada.zip", "exercises/"),
            id="exercises in their folder",
        ),
        pytest.param(
            lambda copy, to: zipped(copy / "exercises" / "phase1_explore", to / "ada.zip"),
            id="a phase",
        ),
        pytest.param(
            lambda copy, to: workspace.pack(
                workspace.Workspace(copy / "exercises"), EXERCISES, to / "ada.zip"
            ),
            id="fmnist pack",
        ),
    ],
)
@pytest.mark.parametrize("released", ["copy", "clone"])
def test_a_copy_comes_back(tmp_path, request, released, pack):
    """Whole, in part, or packed by its own command."""
    pack(request.getfixturevalue(released), tmp_path)
    found = read(tmp_path)
    assert found.sources == SOLVED
    assert found.unreadable == {}
    assert not [name for name in found.ignored if "venv" in name or ".git/" in name]


@pytest.mark.parametrize("released", ["copy", "clone"])
def test_a_folder_of_clones_comes_back(tmp_path, request, released):
    """As they were cloned or unpacked, one beside the other."""
    folder = request.getfixturevalue(released)
    found = submissions.read(entries.Entry("ada", (folder,)), EXERCISES)
    assert found.sources == SOLVED
    assert found.notes == ()
    assert not [name for name in found.ignored if name.startswith((".git/", ".venv/"))]


def test_an_unsolved_copy_is_not_started(tmp_path):
    """And not missing."""
    written(student.files(WEEK), tmp_path / "ada")
    found = read(tmp_path)
    assert found.sources == STUBS
    assert found.unreadable == {}


def test_a_copy_may_be_solved_in_its_notebook(tmp_path):
    """The stubs beside it are as they came."""
    copy = written(student.files(WEEK), tmp_path / "ada")
    path = copy / "notebooks" / "phase1_explore.ipynb"
    filled_in(path)
    found = read(tmp_path)
    assert {*found.sources} == {*SOLVED}
    assert not any("NotImplementedError" in text for text in found.sources.values())
    assert len(found.notes) == len(EXERCISES)


def filled_in(path: Path) -> None:
    """Put the answers into the cells of a notebook that have the stubs."""
    document = nbformat.read(path, 4)
    for cell in document.cells:
        for name, text in SOLVED.items():
            if cell.cell_type == "code" and f"def {name}(" in cell.source:
                cell.source = text
    nbformat.write(document, path)


def test_what_nbgrader_collects_comes_back(tmp_path):
    """The folders of students, each with its assignments.

    jupyter/nbgrader: nbgrader/docs/source/user_guide/philosophy.rst, "submitted/{student_id}/
    {assignment_id}/{notebook_id}.ipynb"; its collector adds timestamp.txt.
    """
    released = nbgrader.files(WEEK)
    source = {
        name.removeprefix("source/"): content
        for name, content in released.items()
        if name.startswith("source/")
    }
    written(source, tmp_path / "submitted" / "ada")
    folder = tmp_path / "submitted" / "ada" / WEEK
    put(folder / "timestamp.txt", "2026-11-30 12:00:00.000000 UTC")
    put(folder / ".ipynb_checkpoints" / "phase1_explore-checkpoint.ipynb", "{")
    for path in folder.glob("*.ipynb"):
        filled_in(path)
    found = read(tmp_path / "submitted")
    assert {*found.sources} == {*SOLVED}
    assert found.unreadable == {}


def test_what_gradescope_exports_comes_back(tmp_path, copy):
    """The copy within the folder of a submission, which Gradescope unpacked."""
    folder = tmp_path / "assignment_1_export"
    for number in (1, 2):
        with zipfile.ZipFile(tmp_path / "x.zip", "w"):
            pass
        zipped(copy, tmp_path / "x.zip", "week1/")
        with zipfile.ZipFile(tmp_path / "x.zip") as archive:
            archive.extractall(folder / f"submission_{number}")  # noqa: S202 (packed above)
    (tmp_path / "x.zip").unlink()
    put(
        folder / "submission_metadata.yml",
        "submission_1:\n  :submitters:\n  - :sid: '7'\n"
        "submission_2:\n  :submitters:\n  - :sid: '8'\n",
    )
    for place in (folder, tmp_path):  # also with a folder too many
        found = entries.find(place).entries
        assert [entry.student for entry in found] == ["7", "8"]
        assert all(submissions.read(one, EXERCISES).sources == SOLVED for one in found)
