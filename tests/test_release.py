"""What students and grading services get: no solution in the one, a working grader in the other."""

import gzip
import html
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import jsonschema
import pytest
import yaml

from fmnist.book import literature
from fmnist.course import PHASES, ROOT, SOLUTIONS
from fmnist.exercises import catalog, scores
from fmnist.exercises.checker import Checker
from fmnist.exercises.verdicts import State
from fmnist.grading.sandbox import isolation, selftest
from fmnist.release import (
    autograder,
    classroom50,
    packing,
    proof,
    requirements,
    student,
    template,
)
from fmnist.tools import sections, zips

WEEK = "week1"
EXERCISES = packing.exercises_of(WEEK)
COUNTS = catalog.find("class_counts")
POINTS = sum(one.points for one in EXERCISES)
SOLUTIONS = sorted(SOLUTIONS.rglob("*.py"))
BIN = Path(sys.executable).parent


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run a program; what it says is text."""
    return subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def packed(**files: bytes) -> bytes:
    """Return an archive of files."""
    return zips.zipped(files)


def _files_in(folder: Path) -> list[Path]:
    """Return all files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(scope="module", name="secrets")
def _secrets():
    """What must not be seen."""
    return proof.Secrets()


@pytest.fixture(scope="module", name="copy")
def _copy(tmp_path_factory, fmnist):
    """A copy for students of a week, as the command makes it."""
    target = tmp_path_factory.mktemp("student") / "copy"
    done = fmnist("release", "--student", target, "--assignment", WEEK)
    assert done.returncode == 0, done.stderr
    first, *then = done.stdout.splitlines()
    assert re.fullmatch(rf"{target}: \d+ files, no line of a solution in them", first)
    assert f"fmnist grade HAND-INS --out GRADES --assignment {WEEK}" in then[-1]
    return target


# --- the proof ---


def test_every_solution_has_lines_that_are_found(secrets):
    """Of each reference, hidden check and wrong answer; nothing public has any."""
    for path in SOLUTIONS:
        assert any(secrets.leaks("it.txt", path.read_bytes())), path
    for folder in ("book", "exercises", "fmnist"):
        for path in (ROOT / folder).rglob("*.[mpt][dyo]*"):
            if path.suffix in (".md", ".py", ".toml"):
                assert list(secrets.leaks(path.name, path.read_bytes())) == []


def tar(content: bytes) -> bytes:
    """Return a compressed tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("x.txt")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue())


def in_notebook(content: bytes) -> bytes:
    """Return a notebook with a cell of lines, as Jupyter writes it."""
    lines = content.decode().splitlines(keepends=True)
    return json.dumps({"cells": [{"cell_type": "code", "source": lines}]}).encode()


FORMS = {
    "plain": bytes,
    "CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "in one line": lambda content: b" ".join(content.split()),
    "JSON": lambda content: json.dumps({"text": content.decode()}).encode(),
    "notebook": in_notebook,
    "HTML": lambda content: html.escape(content.decode()).encode(),
    "gzip": gzip.compress,
    "tar": tar,
    "zip": lambda content: packed(x=content),
    "zip in zip": lambda content: packed(x=packed(y=content)),
    "notebook in zip": lambda content: packed(x=in_notebook(content)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_line_is_found_in_whatever_form(secrets, form):
    """One line of a reference is enough, and the file may have any name."""
    long, short = (
        [line for line in sorted(secrets.lines) if (len(line) >= proof.LONG) is is_long]
        for is_long in (True, False)
    )
    lines = {
        next(line for line in long if line.startswith("#")): True,
        next(line for line in long if '"' in line): True,
        next(line for line in long if "<" in line): True,
        # Within a longer one it says nothing.
        next(line for line in short if len(line) >= proof.TELLING): form != "in one line",
        "return what_nobody_has": False,
    }
    for line, known in lines.items():
        content = FORMS[form](f'print("Hello")\n    {line}\nprint("<&>")\n'.encode())
        assert bool(list(secrets.leaks("photo.jpg", content))) is known, line


def test_a_file_that_cannot_be_read_is_no_proof(secrets):
    """Bytes that are neither text nor an archive are refused."""
    (found,) = secrets.leaks("photo.jpg", b"\xff\xd8\xff\xe0")
    assert found.startswith("photo.jpg is neither text nor an archive")


# --- a copy for students ---


def test_a_copy_has_what_its_exercises_need(copy):
    """Stubs, public checks and tasks of the assignment, as `fmnist start` leaves them."""
    names = {path.relative_to(copy).as_posix() for path in _files_in(copy)}
    wheel = next(name for name in names if name.endswith(".whl"))
    assert names == {
        *(
            f"exercises/{one.phase}/{kind}{one.name}.py"
            for one in EXERCISES
            for kind in ("", "test_")
        ),
        "exercises/README.md",
        "exercises/phase1_explore/project.md",
        "exercises/.fmnist/copy.json",
        "exercises/.fmnist/shipped.json",
        "notebooks/phase1_explore.ipynb",
        *("README.md", "LICENSE", ".gitignore", "requirements.txt", wheel),
    }
    text = (copy / "README.md").read_text("utf-8")
    assert all(f"`{one.name}`" in text for one in EXERCISES)
    assert f"{len(EXERCISES)} exercises, {POINTS} points" in text
    assert all((copy / name).stat().st_mode & 0o777 == 0o644 for name in names)


def test_the_wheel_has_the_figures_that_chapters_quote(copy):
    """Where the book is not, the code cells of a notebook still need them."""
    (wheel,) = (copy / "wheels").iterdir()
    held = zips.unzipped(wheel.read_bytes())["fmnist/book/literature.toml"]
    assert held == literature.FILE.read_bytes()


def test_the_wheel_has_the_titles_of_the_sections_that_replies_name(copy):
    """Where the book is not, a reply says in words what to read."""
    (wheel,) = (copy / "wheels").iterdir()
    held = json.loads(zips.unzipped(wheel.read_bytes())["fmnist/exercises/set/sections.json"])
    assert held == sections.titles(ROOT / "book")
    assert held["explore-balance"] == "Balance"


def test_a_copy_with_a_site_names_addresses(tmp_path, fmnist, copy):
    """In its settings, its README and its notebooks; without one there is nothing of it."""
    target, site = tmp_path / "copy", "https://example.edu/fmnist"
    done = fmnist("release", "--student", target, "--assignment", WEEK, "--site", f"{site}/")
    assert done.returncode == 0, done.stderr
    settings = json.loads((target / "exercises" / ".fmnist" / "settings.json").read_text("utf-8"))
    assert settings == {"site": site}
    assert f"The book: <{site}/>" in (target / "README.md").read_text("utf-8")
    for notebook in (target / "notebooks").iterdir():
        assert f"{site}/{notebook.stem}.html" in notebook.read_text("utf-8")
    said = run(BIN / "fmnist", "check", "class_counts", cwd=target / "exercises").stdout
    assert f"Read:  {site}/{COUNTS.phase}.html#{COUNTS.read}\n" in said
    assert not (copy / "exercises" / ".fmnist" / "settings.json").exists()
    assert "The book:" not in (copy / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--student", "copy", "--site", "example.edu"), "is no address of a site"),
        (("--gradescope", "a.zip", "--site", "https://example.edu"), "--site is for --student"),
        (("--nbgrader", "course", "--site", "https://example.edu"), "--site is for --student"),
    ],
)
def test_a_site_that_cannot_be_used_is_told(tmp_path, fmnist, options, told):
    """And nothing is written."""
    kind, name, *site = options
    done = fmnist("release", kind, tmp_path / name, *site)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_the_page_on_solutions_goes_to_nobody(copy):
    """Neither beside the exercises nor in the wheel, which has the page for students."""
    (wheel,) = (copy / "wheels").iterdir()
    held = zips.unzipped(wheel.read_bytes())
    page = (ROOT / "exercises" / "README.md").read_bytes()
    assert held["fmnist/exercises/set/README.md"] == page
    assert (copy / "exercises" / "README.md").read_bytes() == page
    hidden = (ROOT / "solutions" / "README.md").read_bytes()
    assert hidden not in [*held.values(), *(path.read_bytes() for path in _files_in(copy))]


def test_the_whole_course_adds_what_keras_needs(secrets):
    """Every exercise, every notebook, a lock with TensorFlow beside the light one."""
    made = student.files()
    for one in catalog.load():
        assert made[f"exercises/{one.phase}/{one.name}.py"] == one.stub.read_bytes()
    assert len([name for name in made if name.endswith(".ipynb")]) == len(PHASES)
    assert b"\ntensorflow==" in made["requirements-keras.txt"]
    assert b"\ntensorflow==" not in made["requirements.txt"]
    assert b"requirements-keras.txt" in made["README.md"]


@pytest.mark.parametrize("extras", [(), ("keras",), ("grading",)])
def test_requirements_are_pinned_with_sums_and_without_an_address(extras):
    """A name, a version, at least one hash each; nothing else."""
    text = requirements.locked(*extras).decode()
    for block in re.split(r"(?m)^(?=[a-z])", text)[1:]:
        assert re.fullmatch(
            r"[a-z0-9-]+==[\w.]+( ; [^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n", block
        ), block
    assert not re.search("http|index|find-links", text)
    assert {"numpy", "pytest", "pluggy"} <= {*re.findall(r"(?m)^([a-z0-9-]+)==", text)}


# --- a checkout that is not as it should be ---


@pytest.fixture(name="checkout")
def _checkout(tmp_path):
    """A copy of the checkout, with other times and in another order on disk."""
    root = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__", ".fmnist")
    for part in ("solutions", "exercises", "fmnist", "book"):
        shutil.copytree(ROOT / part, root / part, ignore=ignored, copy_function=shutil.copyfile)
    for name in ("LICENSE", "README.md", "hatch_build.py", "pyproject.toml", "requirements.lock"):
        shutil.copyfile(ROOT / name, root / name)
    return root


def release(root: Path, *args: str | Path) -> subprocess.CompletedProcess:
    """Type the command in a checkout of one's own."""
    command = [sys.executable, "-m", "fmnist", "release", *args]
    return run(*command, cwd=root, PYTHONPATH=str(root), PYTHONDONTWRITEBYTECODE="1")


def test_the_same_course_gives_the_same_bytes(checkout, copy):
    """In another checkout, as an archive and as a folder."""
    assert release(checkout, "--student", "a.zip", "--assignment", WEEK).returncode == 0
    made = zips.unzipped((checkout / "a.zip").read_bytes())
    assert made == {
        path.relative_to(copy).as_posix(): path.read_bytes()
        for path in copy.rglob("*")
        if path.is_file()
    }
    assert zips.zipped(student.files(WEEK)) == (checkout / "a.zip").read_bytes()


def solved_stub(root: Path) -> None:
    """An author tried the reference where the stub is."""
    shutil.copy(COUNTS.reference, root / "exercises" / COUNTS.phase / "class_counts.py")


def draft_in_the_package(root: Path) -> None:
    """A reference was copied to where the wheel is made from."""
    shutil.copy(COUNTS.reference, root / "fmnist" / "draft.py")


def archive_in_the_package(root: Path) -> None:
    """So was an archive with a hidden check."""
    (root / "fmnist" / "x.dat").write_bytes(packed(a=COUNTS.hidden_checks.read_bytes()))


def hook_that_ships_solutions(root: Path) -> None:
    """The wheel takes solutions along."""
    text = (root / "hatch_build.py").read_text("utf-8")
    changed = text.replace('"exercises")', '"solutions")')
    assert changed != text
    (root / "hatch_build.py").write_text(changed, "utf-8")


@pytest.mark.parametrize(
    ("kind", "sabotage", "says"),
    [
        ("--student", solved_stub, "exercises/phase1_explore/class_counts.py is no stub"),
        (
            "--template",
            draft_in_the_package,
            "fmnist/draft.py has a line of solutions/phase1_explore/class_coun",
        ),
        (
            "--student",
            archive_in_the_package,
            "fmnist/x.dat: a has a line of solutions/phase1_explore/hidden_",
        ),
        (
            "--student",
            hook_that_ships_solutions,
            r"fmnist/exercises/set/\S+ has a line of solutions/",
        ),
    ],
)
def test_a_copy_with_a_solution_is_not_left_behind(checkout, kind, sabotage, says):
    """The command says where it is, in one line, and writes nothing."""
    sabotage(checkout)
    before = {*checkout.iterdir()}
    done = release(checkout, kind, "out", "--assignment", WEEK)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fmnist: ")
    assert done.stderr.count("\n") == 1
    assert re.search(says, done.stderr)
    assert {*checkout.iterdir()} == before


def test_without_solutions_nothing_is_released(checkout):
    """Whoever has none cannot prove that a copy has none."""
    shutil.rmtree(checkout / "solutions")
    done = release(checkout, "--student", "out")
    assert (done.returncode, done.stderr) == (
        1,
        "fmnist: solutions/ is missing: this needs a checkout with solutions.\n",
    )
    assert not (checkout / "out").exists()


def test_the_order_of_files_is_that_of_their_names(copy):
    """Not that in which a file system or a dictionary lists them: neither outside nor inside."""
    assert packed(a=b"1", b=b"2") == packed(b=b"2", a=b"1")
    (wheel,) = (copy / "wheels").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = archive.read(next(name for name in names if name.endswith("RECORD"))).decode()
    assert names == sorted(names)
    assert record.splitlines() == sorted(record.splitlines())
    assert {line.partition(",")[0] for line in record.splitlines()} == {*names}


# --- what is typed wrongly ---


def refused(fmnist, *args: str | Path) -> str:
    """Return the one line of a refusal."""
    done = fmnist("release", *args)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("fmnist: ").rstrip("\n")


def test_mistakes_are_one_line(fmnist, tmp_path):
    """And nothing that was there is touched."""
    full, file = tmp_path / "full", tmp_path / "there.zip"
    full.mkdir()
    (full / "mine").touch()
    file.write_bytes(b"mine")
    options = "--student, --template, --classroom50, --gradescope, --nbgrader, --container"
    assert refused(fmnist) == f"Give one of {options}; received 0."
    assert refused(fmnist, "--student", full, "--nbgrader", full).endswith("received 2.")
    there = "is there already; remove it, or give another name."
    assert refused(fmnist, "--student", full) == f"{full} {there}"
    assert refused(fmnist, "--gradescope", file) == f"{file} {there}"
    assert refused(fmnist, "--gradescope", tmp_path / "x").endswith(
        "must end in .zip: Gradescope takes an archive."
    )
    assert refused(fmnist, "--github-classroom", tmp_path / "x") == (
        "GitHub Classroom ended on 28 August 2026: use --template for any Git host, or "
        "--classroom50."
    )
    assert (
        refused(fmnist, "--student", tmp_path / "x", "--hidden-visibility", "hidden")
        == "--hidden-visibility is for --gradescope."
    )
    known = ", ".join(one.name for one in catalog.read().assignments)
    for kind in options.split(", ")[:-1]:
        said = refused(fmnist, kind, tmp_path / "new.zip", "--assignment", "week99")
        assert said == f"There is no assignment 'week99'; choose: {known}."
    assert {*tmp_path.iterdir()} == {full, file}
    assert file.read_bytes() == b"mine"


def test_a_checkout_that_lacks_something_is_one_line(checkout):
    """The lock, a package that builds, a catalogue that can be read."""
    (checkout / "requirements.lock").rename(checkout / "away")
    done = release(checkout, "--student", "out")
    lacking = checkout / "requirements.lock"
    assert done.stderr == f"fmnist: {lacking} cannot be read: No such file or directory.\n"
    (checkout / "away").rename(lacking)
    (checkout / "hatchling.py").write_text("raise ModuleNotFoundError(name='hatchling')\n")
    done = release(checkout, "--gradescope", "out.zip")
    assert done.stderr.startswith("fmnist: This command needs hatchling, which is not installed.")
    (checkout / "exercises" / "exercises.toml").write_text("[[")
    done = release(checkout, "--student", "out")
    assert done.stderr.startswith("fmnist: exercises.toml is not TOML")
    assert done.stderr.count("\n") == 1
    assert not list(checkout.glob("out*"))


def test_an_empty_folder_will_do_and_one_that_cannot_be_written_will_not(tmp_path):
    """Nothing half-made is left."""
    (tmp_path / "empty").mkdir()
    packing.write({"a/b": b"1"}, tmp_path / "empty")
    assert (tmp_path / "empty" / "a" / "b").read_bytes() == b"1"
    (tmp_path / "file").touch()
    with pytest.raises(packing.ReleaseError, match="cannot be written: "):
        packing.write({"a": b"1"}, tmp_path / "file" / "below")
    assert {path.name for path in tmp_path.iterdir()} == {"empty", "file"}


# --- Gradescope ---


@pytest.fixture(scope="module", name="archive")
def _archive(tmp_path_factory, fmnist):
    """The autograder of a week."""
    target = tmp_path_factory.mktemp("gradescope") / "autograder.zip"
    done = fmnist("release", "--gradescope", target, "--assignment", WEEK)
    assert done.returncode == 0, done.stderr
    return target


class Service:
    """A folder as the service has it.

    Attributes:
        root: in the place of /autograder.
    """

    def __init__(self, root: Path, archive: Path):
        self.root = root
        packing.write(zips.unzipped(archive.read_bytes()), root / "source")
        for name in packing.PROGRAMS:
            (root / "source" / name).chmod(0o755)
        (root / "submission").mkdir()
        (root / "submission_metadata.json").write_text("{}")
        self.environment = {"AUTOGRADER": str(root), "AUTOGRADER_PYTHON": sys.executable}

    def hand_in(self, files: dict[str, bytes]) -> None:
        """Put files into the submission."""
        for name, content in files.items():
            (self.root / "submission" / name).write_bytes(content)

    def grade(self, **environment: str) -> dict:
        """Run the autograder and return its results."""
        results = self.root / "results" / "results.json"
        self.done = run(
            self.root / "source" / "run_autograder",
            cwd=self.root,
            **self.environment | environment,
        )
        assert stat.S_IMODE(results.stat().st_mode) == 0o644
        return json.loads(results.read_text("utf-8"))


@pytest.fixture(name="service")
def _service(archive):
    """A service with the autograder and nothing handed in.

    It lies where every user may look, as /autograder does.
    """
    root = Path("/tmp", f"fmnist-service-{os.getpid()}")  # noqa: S108
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(mode=0o755)
    yield Service(root, archive)
    shutil.rmtree(root)


RIGHT = {f"{one.name}.py": one.reference.read_bytes() for one in EXERCISES}
HOSTILE = """
import collections
os = collections._sys.modules["os"]
reach = collections._sys.modules["builtins"].open
for name in ("results/results.json", "results/x"):
    try:
        with reach(os.path.join(ROOT, name), "w") as file:
            file.write('{"score": 1000}')
    except OSError:
        pass
seen = "nothing"
for name in ("source/course/solutions", "submission_metadata.json", "results", "submission"):
    try:
        path = os.path.join(ROOT, name)
        seen = os.listdir(path) if os.path.isdir(path) else reach(path).read()
        break
    except OSError:
        pass

def class_counts(labels, classes=10):
    if seen != "nothing":
        return seen
    return [list(labels).count(label) for label in range(classes)]
"""


def without_the_best_walls(root: Path) -> dict[str, str]:
    """Return an environment without bubblewrap, and with a Python without Landlock."""
    venv.create(root / "venv", with_pip=False, symlinks=True)
    (packages,) = (root / "venv").glob("lib/python*/site-packages")
    (installed,) = BIN.parent.glob("lib/python*/site-packages")
    for path in installed.iterdir():
        if not path.name.startswith(("py_landlock", "__editable__")):
            (packages / path.name).symlink_to(path)
    programs = root / "programs"
    programs.mkdir()
    for name in ("bash", "env", "mkdir", "cp", "chmod"):
        (programs / name).symlink_to(shutil.which(name))
    return {"PATH": str(programs), "AUTOGRADER_PYTHON": str(root / "venv" / "bin" / "python")}


def test_the_archive_holds_the_course_and_two_programs(archive):
    """Programs can be run, and the requirements of the grader are there."""
    with zipfile.ZipFile(archive) as packed_:
        names = {one.filename: one.external_attr >> 16 for one in packed_.infolist()}
        lock = packed_.read("requirements.txt").decode()
    assert {name for name, mode in names.items() if mode & 0o111} == {*packing.PROGRAMS}
    assert {f"course/{path.relative_to(ROOT).as_posix()}" for path in SOLUTIONS} <= names.keys()
    assert {"jinja2", "numpy", "py-landlock", "pyseccomp"} <= {
        *re.findall(r"(?m)^([a-z0-9-]+)==", lock)
    }
    assert "tensorflow" not in lock  # no exercise of this week needs it


@pytest.mark.parametrize("name", packing.PROGRAMS)
def test_the_programs_are_bash(service, name):
    """Bash reads them."""
    assert run("bash", "-n", service.root / "source" / name, cwd=service.root).stderr == ""


def test_a_right_answer_gets_all_points(service):
    """The level of isolation is said, and that of the record."""
    service.hand_in(RIGHT)
    results = service.grade()
    earned = sum(one["score"] for one in results["tests"])
    assert results["score"] == POINTS == round(earned, 2)
    level = results["extra_data"]["isolation"]
    assert f"Graded in isolation {level}: " in results["output"]
    assert service.done.returncode == 0


def test_a_wrong_answer_gets_what_it_earned(service):
    """As `fmnist grade` says: so many of its checks as pass."""
    wrong = COUNTS.wrong_answers[0].path
    service.hand_in(RIGHT | {"class_counts.py": wrong.read_bytes()})
    with Checker() as checker:
        share = scores.share([*checker.check(COUNTS, wrong, hidden=True)])
    assert 0 < share < 1
    results = service.grade()
    lost = COUNTS.points - round(COUNTS.points * share, 2)
    assert results["score"] == pytest.approx(POINTS - lost)
    assert any(one["status"] == "failed" and one["output"] for one in results["tests"])


def test_what_macos_puts_beside_a_folder_hides_nothing_from_the_service(service):
    """It unpacks what students upload, with a folder around it and another one beside that."""
    for name, content in RIGHT.items():
        for place in (f"week1/{name}", f"__MACOSX/week1/._{name}"):
            path = service.root / "submission" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if place.startswith("week1") else b"x")
    assert service.grade()["score"] == POINTS


def test_nothing_handed_in_is_missing_and_no_error(service):
    """A 0 that is one, and says why."""
    results = service.grade()
    assert results["score"] == 0
    assert results["extra_data"]["state"] == "missing"
    assert "No file with an answer was handed in." in results["output"]
    assert service.done.returncode == 0


def test_a_hostile_answer_gets_nothing_it_should_not(service):
    """It neither reads a solution nor writes its own mark."""
    root = f"ROOT = {str(service.root)!r}\n"
    service.hand_in({"class_counts.py": (root + HOSTILE).encode()})
    results = service.grade()
    assert results["extra_data"]["exercises"]["class_counts"]["points"] == COUNTS.points
    assert results["score"] == COUNTS.points
    assert not (service.root / "results" / "x").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can give submissions another user.")
def test_as_root_without_namespaces_and_landlock_it_is_level_c(service):
    """What is secret is closed to the user as whom answers run, and the self-test holds."""
    environment = without_the_best_walls(service.root)
    root = f"ROOT = {str(service.root)!r}\n"
    service.hand_in(RIGHT | {"class_counts.py": (root + HOSTILE).encode()})
    results = service.grade(**environment)
    assert results["extra_data"].get("isolation") == "C", service.done.stderr
    assert "Graded in isolation C: another user" in results["output"]
    assert results["score"] == POINTS
    for name in ("source/course/solutions", "source/setup.sh", "submission"):
        assert stat.S_IMODE((service.root / name).stat().st_mode) & 0o077 == 0


def is_grader_error(results: dict) -> bool:
    """Return whether results say that they are none."""
    (failed,) = results["tests"]
    assert failed["status"] == "failed"
    assert results == autograder.failure()
    assert results["extra_data"] == {"state": State.GRADER_ERROR}
    return "GRADER ERROR" in results["output"]


def python_is_missing(service: Service) -> None:
    """The environment was not made."""
    service.environment["AUTOGRADER_PYTHON"] = "/nowhere/python"


def checks_are_broken(service: Service) -> None:
    """A file of checks cannot be imported."""
    course = service.root / "source" / "course"
    (course / "solutions" / COUNTS.phase / "hidden_class_counts.py").write_text("1/0\n")


def a_check_fails_itself(service: Service) -> None:
    """A check has a mistake of its own: no answer can be blamed."""
    course = service.root / "source" / "course"
    path = course / "solutions" / COUNTS.phase / "hidden_class_counts.py"
    path.write_text("def test_it(answer):\n    1 / 0\n")


def assignment_is_unknown(service: Service) -> None:
    """The catalogue does not know the assignment."""
    program = service.root / "source" / "run_autograder"
    program.write_text(program.read_text().replace(WEEK, "week99"))


@pytest.mark.parametrize(
    "accident", [python_is_missing, checks_are_broken, a_check_fails_itself, assignment_is_unknown]
)
def test_a_failing_grader_fails_closed(service, accident):
    """There are results, they say that they are none, and the log has the reason."""
    service.hand_in(RIGHT)
    (service.root / "results").mkdir()
    (service.root / "results" / "results.json").write_text('{"score": 18}')
    accident(service)
    assert is_grader_error(service.grade())
    assert service.done.returncode != 0
    assert service.done.stderr


def test_no_level_below_c_will_do(tmp_path, monkeypatch):
    """Where no wall holds, nothing is graded, whatever the environment says."""
    asked = []

    def none_holds(*, least, secrets):
        asked.append(least)
        raise isolation.NoSandbox("no wall holds")

    (tmp_path / "submission").mkdir()
    monkeypatch.setenv("AUTOGRADER", str(tmp_path))
    monkeypatch.setattr(selftest, "strongest", none_holds)
    monkeypatch.setattr(sys, "argv", ["autograder", WEEK])
    monkeypatch.setattr(autograder.course, "SOLUTIONS", tmp_path / "none")  # not to be closed
    assert autograder.main() == 1
    assert asked == ["C"]
    assert is_grader_error(json.loads((tmp_path / "results" / "results.json").read_text()))


# --- when students see what hidden checks say ---


def shown_tests(results: dict, tag: str) -> list[dict]:
    """Return the tests of results that are public, or those that are hidden."""
    return [one for one in results["tests"] if tag in one["tags"]]


# The hidden checks draw the classes anew in each archive, but always as many labels; below a
# right answer, this is wrong for them alone.
HIDDEN_LABELS = 300
WRONG_WHEN_HIDDEN = f"""

right = class_counts

def class_counts(labels, classes=10):
    return [0] * classes if len(labels) == {HIDDEN_LABELS} else right(labels, classes)
""".encode()


@pytest.mark.parametrize("chosen", ["", "after_due_date", "hidden", "visible"])
def test_hidden_checks_are_seen_when_it_was_chosen(service, chosen):
    """By default after the marks are published; until then nothing tells what they said."""
    service.hand_in(RIGHT | {"class_counts.py": COUNTS.reference.read_bytes() + WRONG_WHEN_HIDDEN})
    results = service.grade(**({"HIDDEN_VISIBILITY": chosen} if chosen else {}))
    expected = chosen or "after_published"
    assert {one["visibility"] for one in shown_tests(results, "hidden")} == {expected}
    assert {one["visibility"] for one in shown_tests(results, "public")} == {"visible"}
    told = re.search(rf"[\d.]+ of {POINTS} points", results["output"]) is not None
    assert told == (expected == "visible")
    assert results["score"] < POINTS


def test_a_state_that_only_a_hidden_check_knows_is_not_told_either(service):
    """Otherwise an endless loop for some inputs would say which these are."""
    text = COUNTS.reference.read_text("utf-8").replace(
        "    for label in labels:",
        f"    while len(labels) == {HIDDEN_LABELS}:\n        pass\n    for label in labels:",
    )
    service.hand_in(RIGHT | {"class_counts.py": text.encode()})
    results = service.grade(HIDDEN_VISIBILITY="after_due_date")
    assert results["extra_data"]["exercises"]["class_counts"]["state"] == "timed out"
    assert "ran for too long" not in results["output"]
    assert "ran for too long" in service.grade(HIDDEN_VISIBILITY="visible")["output"]


def test_the_archive_has_the_choice_of_the_command(fmnist, tmp_path):
    """A word that the service does not know is refused, by the command and by the grader."""
    target = tmp_path / "a.zip"
    chosen = ("--hidden-visibility", "after_due_date")
    fmnist("release", "--gradescope", target, *chosen).check_returncode()
    program = zips.unzipped(target.read_bytes())["run_autograder"].decode()
    assert "HIDDEN_VISIBILITY=${HIDDEN_VISIBILITY:-after_due_date}" in program
    done = fmnist("release", "--gradescope", tmp_path / "b.zip", "--hidden-visibility", "never")
    assert done.returncode == 2
    assert "'never' is not one of 'after_published', 'after_due_date'" in done.stderr


def test_an_unknown_visibility_is_a_grader_error(service):
    """Nothing is shown by mistake."""
    service.hand_in(RIGHT)
    assert is_grader_error(service.grade(HIDDEN_VISIBILITY="never"))
    assert "HIDDEN_VISIBILITY is 'never'; choose one of" in service.done.stderr


@pytest.mark.parametrize("content", [None, b"def class_counts(labels, classes=10)\n"])
def test_what_cannot_be_checked_is_one_line(service, content):
    """A missing file, and one that Python cannot read: not a line for each check."""
    handed_in = {name: text for name, text in RIGHT.items() if name != "class_counts.py"}
    service.hand_in(handed_in | ({"class_counts.py": content} if content else {}))
    results = service.grade()
    (line,) = [one for one in results["tests"] if "class_counts" in one["tags"]]
    assert (line["score"], line["max_score"]) == (0, COUNTS.points)
    assert line["output"]
    assert sum(one["max_score"] for one in results["tests"]) == pytest.approx(POINTS)


# --- a template repository ---


@pytest.fixture(scope="module", name="repository")
def _repository(tmp_path_factory, fmnist):
    """A template repository of a week."""
    target = tmp_path_factory.mktemp("template") / "template"
    done = fmnist("release", "--template", target, "--assignment", WEEK)
    assert done.returncode == 0, done.stderr
    assert f"cd {target} && git init" in done.stdout
    return target


def steps(repository: Path, host: str) -> list[str]:
    """Return what a host types in a repository, in the folder that each line names."""
    text = (repository / host).read_text("utf-8")
    read = yaml.safe_load(text)
    (job,) = read.get("jobs", read).values()
    if "script" in job:
        return job["script"]
    assert job["defaults"]["run"]["working-directory"] == "exercises"
    typed = [step for step in job["steps"] if "run" in step]
    assert typed[0]["working-directory"] == "."
    return [*typed[0]["run"].splitlines(), "cd exercises", *(step["run"] for step in typed[1:])]


@pytest.mark.parametrize("host", template.WORKFLOWS)
def test_a_template_runs_the_public_checks_and_says_what_they_are_worth(repository, copy, host):
    """On GitHub and on GitLab the same; a student is told that these are no marks."""
    text = (repository / host).read_text("utf-8")
    for said in ("a student can edit this file", "Marks come from `fmnist grade`"):
        assert said in text.replace("\n#", "")
    checked = [line for line in steps(repository, host) if line.startswith("fmnist check ")]
    names = " ".join(line.removeprefix("fmnist check ") for line in checked).split()
    assert names == [one.name for one in EXERCISES]
    assert all(
        re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in re.findall("uses: (\\S+)", text)
    )
    mine = {path.relative_to(copy) for path in _files_in(copy)}
    theirs = {path.relative_to(repository) for path in _files_in(repository)}
    assert theirs - mine == {Path(name) for name in template.WORKFLOWS}


@pytest.mark.parametrize("host", template.WORKFLOWS)
def test_the_commands_of_a_template_do_what_they_say(repository, tmp_path, host):
    """As the host runs them, in a clone: a stub fails, right answers pass."""
    clone = tmp_path / "clone"
    shutil.copytree(repository, clone)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    typed = [line for line in steps(clone, host) if not line.startswith("python -m pip")]
    for line in steps(clone, host):
        for name in re.findall(r"(?:--requirement|--no-deps) (\S+)", line):
            assert (clone / name).is_file()
    assert run("sh", "-ec", "\n".join(typed), cwd=clone, PATH=path).returncode == 1
    for one in EXERCISES:
        shutil.copy(one.reference, clone / "exercises" / one.phase)
    assert run("sh", "-ec", "\n".join(typed), cwd=clone, PATH=path).returncode == 0


# --- Classroom 50 ---

# As its wiki documents it: foundation50/classroom50, wiki/Advanced-Autograding.md, "The result.json
# contract"; in its code, skeleton/dotgithub/scripts/runner.py, `make_result`.
RESULT = {
    "type": "object",
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **{
            name: {"type": "string", "minLength": 1}
            for name in ("classroom", "assignment", "submission", "commit", "release", "review")
        },
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": {"type": "integer"},
        "max-score": {"type": "integer"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "test-name": {"type": "string"},
                    "passed": {"type": "boolean"},
                    "score": {"type": "integer"},
                    "max-score": {"type": "integer"},
                },
                "required": ["test-name", "passed", "score", "max-score"],
            },
        },
    },
    "additionalProperties": False,
}
RESULT["required"] = sorted(RESULT["properties"])
TOLD = {
    "CLASSROOM": "dl",
    "ASSIGNMENT": WEEK,
    "SUBMISSION_TAG": "submit/2026-11-30T07-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}


def test_classroom50_gets_a_result_of_its_form(repository, tmp_path, secrets, fmnist):
    """Run in a student's repository: all points of what is solved, none of what is not."""
    target = tmp_path / "classroom"
    fmnist("release", "--classroom50", target, "--assignment", WEEK).check_returncode()
    names = {path.relative_to(target).as_posix() for path in _files_in(target)}
    wheel = next(name for name in names if name.endswith(".whl"))
    place = f"autograders/{WEEK}"
    assert names == {"runtime.json", wheel, f"{place}/autograder.py", f"{place}/requirements.txt"}
    assert sum(path.stat().st_size for path in _files_in(target)) < 10 * 2**20  # its limit
    assert all(not list(secrets.leaks(path.name, path.read_bytes())) for path in _files_in(target))
    python = json.loads((target / "runtime.json").read_text())["python"]
    assert python in ("3.11", "3.12", "3.13")
    clone = tmp_path / "clone"
    shutil.copytree(repository, clone)
    shutil.copy(COUNTS.reference, clone / "exercises" / COUNTS.phase)
    done = run(sys.executable, target / place / "autograder.py", cwd=clone, **TOLD)
    assert done.returncode == 0, done.stderr
    result = json.loads((clone / "result.json").read_text("utf-8"))
    jsonschema.validate(result, RESULT)
    assert (result["score"], result["max-score"]) == (COUNTS.points, POINTS)
    passed = [one["test-name"] for one in result["tests"] if one["passed"]]
    assert passed == [COUNTS.name]
    assert result["review"] == TOLD["COMMIT_URL"]
    (tmp_path / "other").mkdir()
    done = run(sys.executable, target / place / "autograder.py", cwd=tmp_path / "other", **TOLD)
    assert done.returncode != 0  # an infrastructure error, and no 0
    assert "not made from the template" in done.stderr


def test_classroom50_can_have_every_assignment():
    """A folder each."""
    made = classroom50.files()
    assert {Path(name).parts[1] for name in made if name.startswith("autograders/")} == {
        one.name for one in catalog.read().assignments
    }


# --- a container ---


def test_a_container_has_the_course_its_solutions_and_the_wall(fmnist, tmp_path):
    """Nothing is built here, and the recipe says so."""
    done = fmnist("release", "--container", tmp_path / "image")
    assert done.returncode == 0, done.stderr
    assert f"docker build --tag fmnist-grading {tmp_path / 'image'}" in done.stdout
    recipe = (tmp_path / "image" / "Dockerfile").read_text("utf-8")
    assert "UNTRIED" in recipe
    assert "bubblewrap" in recipe
    for name in re.findall(r"^COPY (\S+)", recipe, re.M):
        assert (tmp_path / "image" / name).exists()
    place = tmp_path / "image" / "course"
    assert {path.relative_to(place) for path in place.rglob("hidden_*.py")} == {
        path.relative_to(ROOT) for path in SOLUTIONS if path.name.startswith("hidden_")
    }
    told = run(
        sys.executable, "-m", "fmnist", "grade", "--help", cwd=tmp_path, PYTHONPATH=str(place)
    )
    assert told.returncode == 0
    refused(fmnist, "--container", tmp_path / "b", "--assignment", WEEK)


# --- with what others have written: slow, and an index of packages is needed ---


@pytest.mark.slow
def test_the_service_can_set_itself_up(service):
    """With everything but the system's packages, which are here already."""
    programs = service.root / "programs"
    programs.mkdir()
    (programs / "apt-get").write_text("#!/bin/sh\n")
    (programs / "apt-get").chmod(0o755)
    (programs / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    root = str(service.root)
    done = run(service.root / "source" / "setup.sh", cwd=service.root, AUTOGRADER=root, PATH=path)
    if "Could not find a version" in done.stderr:
        pytest.skip("No package index can be reached; connect, and run this again.")
    assert done.returncode == 0, done.stderr
    del service.environment["AUTOGRADER_PYTHON"]
    service.hand_in(RIGHT)
    results = service.grade()
    assert results["score"] == POINTS, service.done.stderr
