"""What machines and people differ in: odd paths, files called like modules, consoles of old."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from counted import public_checks
from examples import COUNTS
from fmnist.course import ROOT
from fmnist.exercises import checks, workspace
from fmnist.exercises.checker import Checker
from fmnist.tools import terminal

WHOLE = f"{{}}: {COUNTS.points} of {COUNTS.points} points"
RIGHT = COUNTS.reference.read_text("utf-8")
ODD = ("[WS26] DL", "a::b", "größe 数 [x]", "100 % #1 'of' it", "{braces} $HOME ~")
SCRIPT = Path(sys.executable).with_name("fmnist")


def typed(*words: object, here: Path, **environment: str) -> subprocess.CompletedProcess:
    """Type the installed command in a folder."""
    return subprocess.run(
        [SCRIPT, *map(str, words)],
        cwd=here,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=600,
        check=False,
    )


def started(folder: Path) -> Path:
    """Return a student's folder in which one answer is right."""
    list(workspace.start(folder))
    workspace.Workspace(folder).answer(COUNTS).write_text(RIGHT, "utf-8")
    return folder


def handed_in(folder: Path, *students: str) -> Path:
    """Return a folder in which some students handed in what is right."""
    for student in students:
        (folder / student).mkdir(parents=True)
        (folder / student / "class_counts.py").write_text(RIGHT, "utf-8")
    return folder


# --- paths ---


@pytest.mark.parametrize("name", ODD)
def test_checks_are_collected_from_any_path(tmp_path, name):
    """Those of both kinds, which lie in two folders; and the current folder stays."""
    names = ("exercises/p/test_class_counts.py", "solutions/p/hidden_class_counts.py")
    files = [tmp_path / name / part for part in names]
    for path, source in zip(files, (COUNTS.public_checks, COUNTS.hidden_checks), strict=True):
        path.parent.mkdir(parents=True)
        shutil.copy(source, path)
    before = Path.cwd()
    assert [one.name for one in checks.collect(files)] == [
        one.name for one in checks.collect([COUNTS.public_checks, COUNTS.hidden_checks])
    ]
    assert Path.cwd() == before


@pytest.mark.parametrize("name", ODD[::2])
def test_a_course_in_any_folder_checks_and_grades(tmp_path, sandbox, name):
    """A copy of the checkout, and what is handed in and comes out beside it."""
    place = tmp_path / name
    for part in ("fmnist", "exercises", "solutions"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", place)
    mine = started(place / "mine")
    here = {"PYTHONPATH": str(place)}
    done = typed("check", "class_counts", here=mine, **here)
    assert (done.returncode, done.stderr) == (0, "")
    handed_in(place / "in [1]", "mira")
    words = ("grade", place / "in [1]", "--out", place / "out [1]", "--exercise", "class_counts")
    done = typed(*words, here=mine, **here)
    assert done.returncode == 0, done.stderr
    assert WHOLE.format("mira") in done.stdout


# --- files that are called like modules ---

MODULES = "random types json pytest numpy click enum socket tempfile tokenize selectors".split()


def with_modules(folder: Path, content: str) -> Path:
    """Put files that are called like modules into a folder."""
    folder.mkdir(exist_ok=True, parents=True)
    for name in MODULES:
        (folder / f"{name}.py").write_text(content, "utf-8")
    return folder


@pytest.mark.parametrize(
    "content",
    ["def roll():\n    return 4\n", "print('hello')\n", "raise SystemExit('mine')\n"],
)
def test_files_called_like_modules_are_no_modules_for_a_check(tmp_path, content):
    """Neither where a command is typed nor beside the answer."""
    folder = started(tmp_path / "mine")
    with_modules(folder, content)
    with_modules(folder / COUNTS.phase, content)
    for here in (folder, folder / COUNTS.phase):
        done = typed("check", "class_counts", here=here)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        public = public_checks(COUNTS.name)
        assert done.stdout.startswith(f"class_counts: all {public} public checks passed")


def test_files_called_like_modules_are_no_modules_for_a_class(tmp_path, sandbox):
    """The processes that grade are started where the command was typed."""
    here = with_modules(tmp_path / "here", "raise SystemExit('mine')\n")
    handed_in(here / "in", "mira", "jonas")
    words = ("grade", "in", "--out", "out", "--exercise", "class_counts", "--workers", 2)
    done = typed(*words, here=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert WHOLE.format("mira") in done.stdout


def test_python_m_does_not_look_in_the_current_folder_either(tmp_path):
    """For what is not loaded before anything of ours can run."""
    here = started(tmp_path / "mine")
    for name in ("random", "json", "click", "pytest", "msgspec", "numpy"):
        (here / f"{name}.py").write_text("raise SystemExit('mine')\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fmnist", "check", "class_counts"],
        cwd=here, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_fault_that_is_not_the_students_is_no_attempt(tmp_path):
    """One line says what was wrong; what was solved stays so."""
    folder = started(tmp_path / "mine")
    assert typed("check", "class_counts", here=folder).returncode == 0
    before = (folder / ".fmnist" / "progress.json").read_bytes()
    path = with_modules(tmp_path / "path", "raise RuntimeError('no luck')\n")
    for name in MODULES:
        if name != "pytest":
            (path / f"{name}.py").unlink()
    done = typed("check", "class_counts", here=folder, PYTHONPATH=str(path))
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "The checks could not be run (RuntimeError: no luck)" in done.stdout
    assert (folder / ".fmnist" / "progress.json").read_bytes() == before


def test_what_is_printed_before_the_first_verdict_is_passed_over(tmp_path, monkeypatch):
    """By whatever Python loads while it starts."""
    (tmp_path / "sitecustomize.py").write_text("print('hello')\nprint(1)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Checker() as checker:
        assert all(one.passed for one in checker.check(COUNTS, COUNTS.reference))


# --- consoles ---


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8"])
def test_every_command_speaks_to_every_console(tmp_path, encoding):
    """What an encoding lacks is shown in another way."""
    folder = started(tmp_path / "Łódź 数")
    speak = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for words in (["check", "class_counts"], ["list"], ["next"], ["hint", "class_counts"],
                  ["pack"], ["check", "ł数"], ["reset", "class_counts"]):  # fmt: skip
        done = typed(*words, here=folder, **speak)
        assert "Traceback" not in done.stderr
        assert "UnicodeEncodeError" not in done.stdout + done.stderr
        if words == ["list"]:
            # To a stream of ASCII alone, click writes in UTF-8.
            sign = "+" if encoding.startswith("cp") else "✓"
            assert f"  {sign} 1.1 class_counts" in done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_class_is_graded_whatever_the_console_knows(tmp_path, sandbox, encoding):
    """Names of all scripts; the gradebook has them as they are."""
    handed_in(tmp_path / "in", "李丽", "Łukasz", "mira")
    words = ("grade", tmp_path / "in", "--out", tmp_path / "数", "--exercise", "class_counts")
    done = typed(*words, here=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    name = "李丽" if encoding == "ascii" else "\\u674e\\u4e3d"
    assert WHOLE.format(name) in done.stdout
    table = (tmp_path / "数" / "grades.csv").read_text("utf-8")
    assert f"李丽,,,graded,{COUNTS.points}.0,{COUNTS.points}" in table


@pytest.mark.skipif(sys.platform == "win32", reason="a shell")
@pytest.mark.parametrize(
    ("streams", "status"),
    [
        (">&-", 0),
        ("<&- >&- 2>&-", 0),
        (">/dev/full", 1),
        (">/dev/full 2>&1", 1),
        ("2>/dev/full", 0),
        ("| head -1", 0),
    ],
)
def test_a_class_is_graded_whoever_reads_of_it(tmp_path, sandbox, streams, status):
    """Nobody, or no longer; what a full disk did not take is told, and the status says it."""
    handed_in(tmp_path / "in", "mira")
    line = f"set -o pipefail; {SCRIPT} grade in --out out --exercise class_counts {streams}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    table = (tmp_path / "out" / "grades.csv").read_text("utf-8")
    assert f"mira,,,graded,{COUNTS.points}.0" in table
    told = "fmnist: all is done, but standard output did not take what was said of it: "
    if streams == ">/dev/full":
        assert done.stderr == f"{told}No space left on device.\n"
    else:
        assert done.stderr == ""
    assert done.returncode == status


def test_streams_take_every_letter(tmp_path):
    """Also one that is not text: part of a name that is not UTF-8."""
    with (tmp_path / "said").open("w", encoding="ascii") as stream:
        terminal.take_every_letter(stream, None)
        stream.write("✓ … \N{MINUS SIGN} ä 数 \udcff\n")
    assert (tmp_path / "said").read_text("ascii") == "+ ... - \\xe4 \\u6570 \\udcff\n"


def test_a_folder_whose_name_is_no_text_checks(tmp_path):
    """As an archive of another system leaves it."""
    folder = started(tmp_path / os.fsdecode(b"\xdcbung 1"))
    done = typed("check", "class_counts", here=folder)
    assert done.returncode == 0, done.stdout
