"""A student's folder: nothing that was written in it is ever lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fmnist import course
from fmnist.course import EXERCISES, PHASES
from fmnist.exercises import catalog, workspace
from fmnist.exercises.workspace import CHANGED, NEW, SOLVED, TRIED, WorkspaceError
from fmnist.tools import keeping

MINE = "def class_counts(labels, classes=10):\n    return 'mine'\n"
FILES = (
    [Path("README.md")]
    + [
        path.relative_to(EXERCISES)
        for exercise in catalog.load()
        for path in (exercise.stub, exercise.public_checks)
    ]
    + [project.task.relative_to(EXERCISES) for project in catalog.read().projects]
)


@pytest.fixture(name="course")
def _course(tmp_path, monkeypatch):
    """A copy of the exercises in the place of the course's, for new versions."""
    copy = tmp_path / "course"
    shutil.copytree(EXERCISES, copy, ignore=shutil.ignore_patterns(".fmnist", "__*"))
    monkeypatch.setattr(course, "EXERCISES", copy)
    return copy


@pytest.fixture(name="exercise")
def _exercise(course):
    """One exercise, whose stub is that of the copy."""
    return catalog.find("class_counts")


def started(folder) -> dict[str, str]:
    """Return what `start` does in a folder, by the files' names."""
    return {path.relative_to(folder).as_posix(): what for path, what in workspace.start(folder)}


def appended(path, text: str = "# more\n") -> bytes:
    """Add text to a file and return its new content."""
    path.write_text(path.read_text("utf-8") + text, "utf-8", newline="\n")
    return path.read_bytes()


def with_windows_line_ends(path) -> None:
    """Write a file as an editor on Windows may."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def solve(folder, exercise, text: str = MINE) -> None:
    """Write an answer and keep that all of its checks passed."""
    path = folder.answer(exercise)
    path.write_text(text, "utf-8", newline="\n")
    folder.record(exercise, content=workspace.content_of(path), passed=5, of=5)


# --- start ---


def test_start_adds_everything_once(tmp_path):
    """Stubs, public checks and tasks come as they are in the course; the second time nothing."""
    folder = tmp_path / "new" / "mine"
    assert started(folder) == {path.as_posix(): "added" for path in FILES}
    assert all((folder / path).read_bytes() == (EXERCISES / path).read_bytes() for path in FILES)
    assert started(folder) == {}


def test_no_solution_comes_along(student):
    """Neither references nor hidden checks nor wrong answers are copied."""
    found = {path.relative_to(student.path) for path in student.path.rglob("*") if path.is_file()}
    assert {path for path in found if path.parts[0] != workspace.MARK} == {*FILES}


def test_start_keeps_what_was_edited(course, student, exercise):
    """An edited file stays as it is, and is named only if the course has another version."""
    edited = appended(student.answer(exercise))
    assert started(student.path) == {}
    appended(exercise.stub, "# new version\n")
    name = f"{exercise.phase}/{exercise.name}.py"
    assert started(student.path) == {name: "kept"}
    assert student.answer(exercise).read_bytes() == edited


def test_start_keeps_what_was_there_before(course, tmp_path, exercise):
    """A file that never came from the course is the student's, even if it has a stub's name."""
    folder = workspace.Workspace(tmp_path / "mine")
    folder.answer(exercise).parent.mkdir(parents=True)
    folder.answer(exercise).write_text(MINE)
    assert started(folder.path)[f"{exercise.phase}/{exercise.name}.py"] == "kept"
    assert folder.answer(exercise).read_text() == MINE


@pytest.mark.parametrize("windows", [False, True], ids=["as it came", "with Windows line ends"])
def test_start_updates_what_was_not_edited(course, student, exercise, windows):
    """An untouched file becomes the new version; other line ends are no edit."""
    if windows:
        with_windows_line_ends(student.answer(exercise))
        assert started(student.path) == {}
    new = appended(exercise.stub)
    assert started(student.path) == {f"{exercise.phase}/{exercise.name}.py": "updated"}
    assert student.answer(exercise).read_bytes() == new
    assert started(student.path) == {}


def test_the_page_that_greets_comes_along(student):
    """It says what to type, and belongs to the student, who may write into it."""
    page = student.path / "README.md"
    assert page.read_bytes() == (EXERCISES / "README.md").read_bytes()
    assert "fmnist next" in page.read_text("utf-8")
    edited = appended(page)
    assert started(student.path) == {}
    assert page.read_bytes() == edited


def test_some_exercises_come_with_the_projects_of_their_phases():
    """As a copy for students of one assignment has them."""
    exercise = catalog.find("class_counts")
    names = [path.relative_to(EXERCISES).as_posix() for path in workspace.sources([exercise])]
    folder = exercise.phase
    assert names == [
        "README.md",
        f"{folder}/class_counts.py",
        f"{folder}/test_class_counts.py",
        f"{folder}/project.md",
    ]


def test_start_brings_back_what_was_deleted(student):
    """A deleted file is added again."""
    (student.path / FILES[0]).unlink()
    assert started(student.path) == {FILES[0].as_posix(): "added"}


@pytest.mark.parametrize("way", ["straight", "by a link", "by dots"])
def test_start_does_not_touch_the_course(course, tmp_path, way):
    """The course's own folder is refused by whatever name, before anything is written."""
    folder = course
    if way == "by a link":
        folder = tmp_path / "link"
        folder.symlink_to(course)
    if way == "by dots":
        folder = course / ".." / course.name
    with pytest.raises(WorkspaceError, match=r"is the course's own. Give another folder.$"):
        started(folder)
    assert not (course / workspace.MARK).exists()


@pytest.mark.parametrize("called", ["mkdir", "replace"])
def test_start_says_when_it_may_not_write(tmp_path, monkeypatch, called):
    """No permission, at first or in the middle: one line with the folder and the reason."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workspace.Path, called, refuse)
    with pytest.raises(WorkspaceError) as caught:
        started(tmp_path / "mine")
    assert str(caught.value) == f"{tmp_path / 'mine'} cannot be written: Permission denied."


def test_start_says_when_a_file_is_in_the_way(tmp_path):
    """A file in the place of a phase's folder is named by the reason."""
    (tmp_path / PHASES[0]).write_text("")
    with pytest.raises(WorkspaceError, match=r"cannot be written: (File exists|Not a directory)"):
        started(tmp_path)


# --- here ---


def test_here_is_found_from_folders_within(student, monkeypatch):
    """A student may stand in the folder of a phase."""
    monkeypatch.chdir(student.path / PHASES[0])
    assert workspace.here() == student


def test_nowhere_says_what_to_type(tmp_path, monkeypatch):
    """Without a folder and without a checkout the line names the command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(course, "ROOT", tmp_path)
    with pytest.raises(WorkspaceError, match="Type: fmnist start, then cd fmnist-exercises"):
        workspace.here()


# --- progress ---


def test_an_exercise_goes_through_its_states(student, exercise):
    """New, tried, solved, changed since, and solved again when the solved text is back."""
    answer = student.answer(exercise)
    stub = answer.read_bytes()
    assert student.state(exercise) == NEW
    appended(answer)
    assert student.state(exercise) == TRIED
    student.record(exercise, content=workspace.content_of(answer), passed=4, of=5)
    assert student.state(exercise) == TRIED
    solve(student, exercise)
    assert student.state(exercise) == SOLVED
    with_windows_line_ends(answer)
    assert student.state(exercise) == SOLVED
    appended(answer)
    assert student.state(exercise) == CHANGED
    answer.write_bytes(stub)
    assert student.state(exercise) == CHANGED
    answer.write_text(MINE)
    assert student.state(exercise) == SOLVED
    answer.unlink()
    assert student.state(exercise) == CHANGED


def test_a_stub_with_other_line_ends_is_new(student, exercise):
    """Git or an editor may change line ends; nobody has tried anything."""
    with_windows_line_ends(student.answer(exercise))
    assert student.state(exercise) == NEW


def test_a_check_of_no_checks_solves_nothing(student, exercise):
    """0 of 0 passed checks are no success."""
    content = workspace.content_of(student.answer(exercise))
    student.record(exercise, content=content, passed=0, of=0)
    assert student.state(exercise) == NEW
    assert student.attempts()[exercise.name].solved == ""


def test_what_was_solved_once_is_remembered(student, exercise):
    """A failed check later changes the score and not the day."""
    solve(student, exercise)
    solved = student.attempts()[exercise.name].solved
    student.record(exercise, content="other", passed=1, of=5)
    attempt = student.attempts()[exercise.name]
    assert (attempt.passed, attempt.of, attempt.solved) == (1, 5, solved)


def test_hints_come_in_their_order(student, exercise):
    """Nudge, pointer, almost the answer; then the last again. A check does not forget them."""
    assert student.next_hint(exercise) == (1, exercise.hints[0])
    student.record(exercise, content="x", passed=0, of=5)
    told = [student.next_hint(exercise) for _ in range(3)]
    assert told == [(2, exercise.hints[1]), (3, exercise.hints[2]), (3, exercise.hints[2])]


WRITE = """
import resource, signal, sys
from fmnist.exercises import catalog, workspace

folder = workspace.here()
exercises = catalog.load()
if sys.argv[1] == "killed":
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python itself turns it into an OSError
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    folder.record(exercises[1], content="new", passed=1, of=5)
except workspace.WorkspaceError as error:
    sys.exit(str(error))
"""


@pytest.mark.skipif(os.name == "nt", reason="no limits on files there")
@pytest.mark.parametrize("how", ["killed", "full"])
def test_progress_is_replaced_as_a_whole_or_not_at_all(student, exercise, how):
    """Killed after 100 bytes, or with no room for more, the file is the one from before."""
    solve(student, exercise)
    file = student.path / workspace.MARK / "progress.json"
    before = file.read_bytes()
    assert len(before) > 100
    done = subprocess.run([sys.executable, "-c", WRITE, how], capture_output=True, text=True)
    if how == "killed":
        assert done.returncode == -signal.SIGXFSZ
    else:
        assert done.stderr == f"{student.path} cannot be written: File too large.\n"
        assert not list(file.parent.glob(".writing-*"))
    assert file.read_bytes() == before
    student.next_hint(exercise)  # nothing is locked for ever
    assert student.attempts()[exercise.name].hints == 1


RECORD = """
import sys
from msgspec.structs import replace
from fmnist.exercises import catalog, workspace

folder, exercise = workspace.here(), catalog.load()[0]
print("ready", flush=True)
sys.stdin.readline()
for k in range(15):
    one = replace(exercise, name=f"{sys.argv[1]}{k}")
    folder.record(one, content="x", passed=5, of=5)
"""


def test_two_processes_at_once_lose_nothing(student):
    """What both keep at the same time is all there."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RECORD, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert student.attempts().keys() == {f"{name}{k}" for name in ("a", "b") for k in range(15)}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"class_counts": {"passed": 3', id="cut off"),
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"class_counts": 3}', id="no attempt"),
        pytest.param(b'{"class_counts": {"luck": 3}}', id="unknown key"),
        pytest.param(b'{"class_counts": {"hints": "three"}}', id="text for a number"),
        pytest.param(b"\xff\xfe{}", id="no text"),
    ],
)
def test_a_progress_file_broken_by_hand_is_explained(student, exercise, content):
    """One line names the file and the mend; nothing is overwritten."""
    file = student.path / workspace.MARK / "progress.json"
    file.write_bytes(content)
    for act in (student.attempts, lambda: student.next_hint(exercise)):
        with pytest.raises(WorkspaceError) as caught:
            act()
        said = str(caught.value)
        assert said.startswith(f"{file} cannot be read (")
        assert said.endswith("). Delete it; only what was solved is forgotten.")
        assert "\n" not in said
    assert file.read_bytes() == content


@pytest.mark.parametrize("content", [b"{", b"[]", b'"text"', b"\xff"])
def test_sums_broken_by_hand_are_explained(student, exercise, content):
    """One line names the file and the mend, after which answers are still kept."""
    edited = appended(student.answer(exercise))
    file = student.path / workspace.MARK / "shipped.json"
    file.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"shipped.json cannot be read \(.*\). Delete it") as e:
        started(student.path)
    assert "\n" not in str(e.value)
    file.unlink()
    assert started(student.path) == {f"{exercise.phase}/{exercise.name}.py": "kept"}
    assert student.answer(exercise).read_bytes() == edited


def test_progress_that_may_not_be_written_is_explained(student, exercise, monkeypatch):
    """One line with the folder and the reason."""

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(keeping.tempfile, "mkstemp", refuse)
    with pytest.raises(WorkspaceError) as caught:
        student.next_hint(exercise)
    assert str(caught.value) == f"{student.path} cannot be written: Permission denied."


# --- reset ---


def test_reset_keeps_every_version(student, exercise):
    """The stub is back, and each edited file stands beside it under a number of its own."""
    answer = student.answer(exercise)
    stub = answer.read_bytes()
    for number in (1, 2, 3):
        edited = appended(answer, f"# {number}\n")
        kept = workspace.reset(student, exercise)
        assert kept == answer.with_name(f"{exercise.name}.py.kept-{number}")
        assert kept.read_bytes() == edited
        assert answer.read_bytes() == stub


@pytest.mark.parametrize("how", ["untouched", "Windows", "deleted"])
def test_reset_keeps_no_copy_of_a_stub(student, exercise, how):
    """Where nothing of the student's was, nothing is kept."""
    answer = student.answer(exercise)
    if how == "Windows":
        with_windows_line_ends(answer)
    if how == "deleted":
        shutil.rmtree(answer.parent)
    assert workspace.reset(student, exercise) is None
    assert answer.read_bytes() == exercise.stub.read_bytes()
    assert not list(answer.parent.glob("*.kept-*"))


def test_reset_does_not_touch_the_course(course, exercise):
    """In a checkout git has the stub."""
    with pytest.raises(WorkspaceError, match=r"in a checkout, type: git restore$"):
        workspace.reset(workspace.Workspace(course), exercise)


def test_reset_that_may_not_write_loses_nothing(student, exercise, monkeypatch):
    """One line, and the student's file is where it was."""
    answer = student.answer(exercise)
    edited = appended(answer)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workspace.Path, "rename", refuse)
    with pytest.raises(WorkspaceError) as caught:
        workspace.reset(student, exercise)
    assert str(caught.value) == f"{answer} cannot be written: Permission denied."
    assert answer.read_bytes() == edited


# --- pack ---


def test_an_archive_holds_edited_answers_alone(student, exercise, tmp_path):
    """No stub, no check, no project: one file per edited answer, as the grader expects it."""
    edited = appended(student.answer(exercise))
    appended(student.path / exercise.phase / f"test_{exercise.name}.py")
    with_windows_line_ends(student.answer(catalog.load()[-1]))
    packed = workspace.pack(student, catalog.load(), tmp_path / "out.zip")
    assert packed == [exercise]
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == [f"{exercise.phase}/{exercise.name}.py"]
        assert archive.read(archive.namelist()[0]) == edited


def test_the_same_answers_give_the_same_archive(student, exercise, tmp_path):
    """Neither time nor permissions nor progress leave a trace in it."""
    paths = [student.answer(exercise), student.answer(catalog.load()[-1])]
    for path in paths:
        appended(path)
    archives = []
    for number in (1, 2):
        workspace.pack(student, catalog.load(), tmp_path / f"{number}.zip")
        archives.append((tmp_path / f"{number}.zip").read_bytes())
        for path in paths:
            os.utime(path, (number * 1e9, number * 1e9))
            path.chmod(0o600)
        student.next_hint(exercise)
    assert archives[0] == archives[1]


def test_nothing_to_pack_is_said(student, tmp_path):
    """No archive appears, and an old one stays."""
    with pytest.raises(WorkspaceError, match="nothing to hand in yet: every file is as it came"):
        workspace.pack(student, catalog.load(), tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_an_archive_that_cannot_be_written_is_explained(student, exercise, tmp_path):
    """One line with its path and the reason."""
    appended(student.answer(exercise))
    target = tmp_path / "nowhere" / "out.zip"
    with pytest.raises(WorkspaceError) as caught:
        workspace.pack(student, catalog.load(), target)
    assert str(caught.value) == f"{target} cannot be written: No such file or directory."


def test_progress_can_be_read_by_people(student, exercise):
    """One entry per exercise, its keys the names of what is known."""
    solve(student, exercise)
    kept = json.loads((student.path / workspace.MARK / "progress.json").read_text("utf-8"))
    fields = list(workspace.Attempt.__struct_fields__)
    assert list(kept[exercise.name]) == fields


def test_what_cannot_be_read_is_not_taken_for_missing(tmp_path):
    """Otherwise `start` would replace it."""
    path = tmp_path / "phase1_explore" / "class_counts.py"
    path.mkdir(parents=True)
    with pytest.raises(workspace.WorkspaceError, match="cannot be read: Is a dir"):
        list(workspace.start(tmp_path))
    assert path.is_dir()


@pytest.mark.parametrize(
    "name", ["notes.txt", "phase1_explore/class_counts.py", "other.zip", "link"]
)
def test_an_archive_takes_the_place_of_no_other_file(student, name):
    """Only of an archive of answers, such as the one before; whatever else is there stays."""
    answer = student.answer(catalog.find("class_counts"))
    answer.write_text(f"{answer.read_text('utf-8')}# edited\n", "utf-8")
    target = student.path / name
    if name == "other.zip":
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("phase1_explore/class_counts.py", "")
            archive.writestr("thesis.tex", "")
    elif name == "link":
        target.symlink_to("nowhere")
    elif name == "notes.txt":
        target.write_text("mine")
    before = target.read_bytes() if target.exists() else None
    with pytest.raises(workspace.WorkspaceError, match="is there already and is no archive"):
        workspace.pack(student, catalog.load(), target)
    assert (target.read_bytes() if target.exists() else None) == before
    for _ in range(2):  # the second takes the place of the first
        workspace.pack(student, catalog.load(), student.path / "hand-in.zip")


@pytest.mark.parametrize("place", [".", "notebooks", "exercises", "exercises/phase1_explore"])
def test_a_copy_is_found_from_each_of_its_folders(tmp_path, monkeypatch, place):
    """Also from the one that was unpacked, in which the exercises are a folder."""
    list(workspace.start(tmp_path / "exercises"))
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / place)
    assert workspace.here().path.samefile(tmp_path / "exercises")
