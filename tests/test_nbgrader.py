"""Assignments for nbgrader: marks as `fmnist grade` gives them, and nothing secret given back."""

import ast
import csv
import os
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

import jsonschema
import nbclient
import nbformat
import pytest

from fmnist.course import ROOT
from fmnist.exercises import catalog, rubrics, scores
from fmnist.exercises.checker import Checker
from fmnist.release import nbgrader, packing, proof

WEEK = "week1"
EXERCISES = packing.exercises_of(WEEK)
COUNTS = catalog.find("class_counts")
POINTS = sum(one.points for one in EXERCISES)
PROJECTS = {project.phase: project for project in catalog.read().projects}
CELL_SECONDS = 120


@pytest.fixture(scope="module", name="secrets")
def _secrets():
    """What must not be seen."""
    return proof.Secrets()


# --- what is made ---

# As nbgrader publishes it: nbgrader/nbgraderformat/v3.json, and the rules of v3.py below.
SCHEMA = {
    "type": "object",
    "properties": {
        "schema_version": {"type": "integer", "minimum": 3, "maximum": 3},
        "grade": {"type": "boolean"},
        "locked": {"type": "boolean"},
        "solution": {"type": "boolean"},
        "task": {"type": "boolean"},
        "grade_id": {"type": "string", "pattern": r"^[a-zA-Z0-9_\-]*$"},
        "points": {"type": "number", "minimum": 0},
        "checksum": {"type": "string", "minLength": 32, "maxLength": 32},
        "cell_type": {"type": "string", "enum": ["raw", "code", "markdown"]},
    },
    "required": ["schema_version", "grade", "locked", "solution"],
    "additionalProperties": False,
}
REGION = re.compile(r"^( *)### BEGIN SOLUTION$.*?### END SOLUTION$", re.M | re.S)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS$.*?### END HIDDEN TESTS$", re.M | re.S)


def cleared(source: str) -> str:
    """Return a cell as nbgrader gives it to students."""
    blank = r"\1# YOUR CODE HERE\n\1raise NotImplementedError()"
    return HIDDEN.sub("", REGION.sub(blank, source))


@pytest.fixture(scope="module", name="source")
def _source():
    """All source assignments, by name of the file."""
    return nbgrader.files()


def marked(notebook) -> list:
    """Return what nbgrader is told of the cells that it knows."""
    return [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]


def notebooks(source: packing.Files):
    """Return the notebooks of source assignments."""
    return [
        nbformat.reads(content.decode(), as_version=4)
        for name, content in source.items()
        if name.endswith(".ipynb")
    ]


def test_every_assignment_is_a_folder_of_notebooks(source):
    """One for each of its phases; every exercise of it is there, worth its points."""
    assert {Path(name).parts[1] for name in source if name.startswith("source/")} == {
        one.name for one in catalog.read().assignments
    }
    for assignment in catalog.read().assignments:
        points: dict[str, float] = {}
        for name in (name for name in source if name.startswith(f"source/{assignment.name}/")):
            notebook = nbformat.reads(source[name].decode(), as_version=4)
            nbformat.validate(notebook)
            for about in marked(notebook):
                if about.grade:
                    exercise = about.grade_id.rpartition("-")[0]
                    points[exercise] = points.get(exercise, 0) + about.points
        assert points == {
            name: pytest.approx(catalog.find(name).points) for name in assignment.exercises
        }
    compile(source["nbgrader_config.py"], "nbgrader_config.py", "exec")


def test_metadata_are_as_nbgrader_demands(source):
    """Its schema, ids that are there once, points where there is a grade, locked tests."""
    for notebook in notebooks(source):
        ids = []
        for cell in notebook.cells:
            about = cell.metadata.get("nbgrader")
            if about is None:  # room for a project
                continue
            jsonschema.validate(about, SCHEMA)
            assert (about["grade"] or about["task"]) == ("points" in about)
            assert about["grade"] + about["task"] <= about["locked"]
            assert not (about["solution"] and about["locked"])
            assert cell.cell_type == "code" or (about["locked"] and not about["grade"])
            assert cell.cell_type == "markdown" or not about["task"]
            ids.append(about["grade_id"])
        assert len(set(ids)) == len(ids)


def test_filled_gaps_are_the_reference_and_empty_ones_are_a_stub(source, secrets):
    """Down to the syntax tree; what students get has no line of a solution."""
    seen = set()
    for notebook in notebooks(source):
        for cell in notebook.cells:
            assert list(secrets.leaks("cell", cleared(cell.source).encode())) == []
            about = cell.metadata.get("nbgrader")
            if about is None:
                continue
            if about.solution:
                exercise = catalog.find(about.grade_id)
                reference = ast.parse(exercise.reference.read_text("utf-8"))
                reference.body = reference.body[1:]  # less its docstring
                assert ast.dump(ast.parse(cell.source)) == ast.dump(reference)
                stub = ast.dump(ast.parse(cleared(cell.source)))
                for region in REGION.finditer(cell.source):  # none leaves the block it begins in
                    assert all(
                        line.startswith(region[1]) for line in region[0].splitlines() if line
                    )
                assert stub.count("NotImplementedError") == len(REGION.findall(cell.source)) > 0
                seen.add(exercise.name)
            elif about.grade_id.endswith("-hidden"):
                assert HIDDEN.search(cell.source)
                assert list(secrets.leaks("cell", cell.source.encode())) == []
    assert seen == {one.name for one in catalog.load()}


def test_a_project_is_tasks_that_a_person_marks(source):
    """One notebook in the last assignment of its phase; its criteria have the project's points."""
    found = {}
    for name, content in source.items():
        if name.endswith("_project.ipynb"):
            notebook = nbformat.reads(content.decode(), as_version=4)
            nbformat.validate(notebook)
            tasks = [about for about in marked(notebook) if about.task]
            phase = Path(name).name.removesuffix("_project.ipynb")
            assert [about.points for about in tasks] == [
                criterion.points for criterion in rubrics.of(PROJECTS[phase])
            ]
            found[phase] = sum(about.points for about in tasks)
            last = [
                assignment.name
                for assignment in catalog.read().assignments
                if any(catalog.find(one).phase == phase for one in assignment.exercises)
            ][-1]
            assert Path(name).parts[1] == last
    assert found == {project.phase: project.points for project in PROJECTS.values()}


# --- what the cells say, in a kernel ---


def run_here(source: packing.Files, answers: dict[str, str], folder: Path) -> dict:
    """Return the notebook of the week as a kernel ran it, each answer in place of its cell."""
    name = f"source/{WEEK}/{COUNTS.phase}.ipynb"
    notebook = nbformat.reads(source[name].decode(), as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    client = nbclient.NotebookClient(
        notebook, timeout=CELL_SECONDS, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return notebook


def points_of(notebook) -> dict[str, float]:
    """Return what the tests return; nothing may go to standard error, which costs all points."""
    points = {}
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade:
            assert not [one for one in cell.outputs if one.get("name") == "stderr"]
            (result,) = [one for one in cell.outputs if one.output_type == "execute_result"]
            points[cell.metadata.nbgrader.grade_id] = float(result.data["text/plain"])
    return points


def expected_points(answers: dict[str, Path]) -> dict[str, float]:
    """Return what `fmnist grade` gives."""
    points = {}
    with Checker() as checker:
        for one in EXERCISES:
            path = answers.get(one.name, one.reference)
            points[one.name] = one.points * scores.share([*checker.check(one, path, hidden=True)])
    return points


WRONG = {one.name: one.wrong_answers[0].path for one in EXERCISES[::2]}


@pytest.mark.parametrize("answers", [{}, WRONG], ids=["right", "wrong"])
def test_cells_give_the_points_that_the_grader_gives(source, answers, tmp_path):
    """Within the hundredths to which points are rounded."""
    texts = {name: path.read_text("utf-8") for name, path in answers.items()}
    points = points_of(run_here(source, texts, tmp_path))
    for name, expected in expected_points(answers).items():
        assert points[f"{name}-public"] + points[f"{name}-hidden"] == pytest.approx(
            expected, abs=0.02
        )
        assert (expected < catalog.find(name).points) == (name in answers)


RIGHT = "    return [list(labels).count(label) for label in range(classes)]\n"
ODD = {
    "noise": "import collections\n\ndef class_counts(labels, classes=10):\n"
    "    modules = collections._sys.modules\n    modules['sys'].stderr.write('a warning')\n"
    "    modules['os'].write(2, b'another')\n" + RIGHT,
    "loop": "def class_counts(labels, classes=10):\n    while True:\n        pass\n",
    "loop that catches all": "def class_counts(labels, classes=10):\n    while True:\n"
    "        try:\n            [].sort()\n        except BaseException:\n            pass\n",
    "loop in some cases": "def class_counts(labels, classes=10):\n    while classes == 3:\n"
    "        pass\n" + RIGHT,
    "exit": "import os\n\ndef class_counts(labels, classes=10):\n    os._exit(0)\n",
    "no function": "x = 1\n",
    "syntax error": "def class_counts(labels, classes=10)\n    return 1\n",
    "helper before": "def helper(labels, c):\n    return list(labels).count(c)\n\n"
    "def class_counts(labels, classes=10):\n"
    "    return [helper(labels, c) for c in range(classes)]\n",
}
EARNED = {"noise": COUNTS.points, "helper before": COUNTS.points, "loop in some cases": None}


@pytest.mark.parametrize("what", ODD)
def test_whatever_an_answer_does_the_other_cells_go_on(source, what, tmp_path):
    """It gets what it earned, and costs seconds; the exercises after it have all their points."""
    notebook = nbformat.reads(source[f"source/{WEEK}/{COUNTS.phase}.ipynb"], as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = nbformat.v4.new_notebook(cells=cells[:6])  # this exercise and the next
    for cell in kept.cells:
        if cell.metadata.nbgrader.grade_id == COUNTS.name:
            cell.source = ODD[what]
    client = nbclient.NotebookClient(
        kept,
        timeout=CELL_SECONDS,
        allow_errors=True,
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    points = points_of(kept)
    earned = points[f"{COUNTS.name}-public"] + points[f"{COUNTS.name}-hidden"]
    if EARNED.get(what, 0) is None:
        assert 0 < earned < COUNTS.points
    else:
        assert earned == EARNED.get(what, 0)
    assert points[f"{EXERCISES[1].name}-public"] + points[f"{EXERCISES[1].name}-hidden"] == (
        EXERCISES[1].points
    )


def test_without_solutions_nothing_is_marked(source, tmp_path):
    """The kernel ends: nbgrader would take an exception for 0 points."""
    notebook = nbformat.reads(source[f"source/{WEEK}/{COUNTS.phase}.ipynb"], as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"][:3]
    away = "from fmnist import course\ncourse.SOLUTIONS = course.ROOT / 'nowhere'\n"
    kept = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(away), *cells])
    client = nbclient.NotebookClient(
        kept, timeout=CELL_SECONDS, resources={"metadata": {"path": str(tmp_path)}}
    )
    with pytest.raises(nbclient.exceptions.DeadKernelError):
        client.execute()


def test_patience_is_short_with_what_a_student_writes(source):
    """A minute, and seconds where a kernel obeys no more; our tests stop by themselves."""
    config = type("Config", (), {})()
    config.CourseDirectory = type("Section", (), {})()
    config.ExecutePreprocessor = type("Section", (), {})()
    exec(source["nbgrader_config.py"].decode(), {"get_config": lambda: config})  # noqa: S102
    patience = config.ExecutePreprocessor.timeout_func
    test = nbformat.v4.new_code_cell(metadata={"nbgrader": {"grade": True, "solution": False}})
    free = nbformat.v4.new_code_cell()
    assert (patience(free), patience(test), patience(free)) == (60, 1800, 60)
    patience.began -= 60
    assert patience(test) == 60  # it may be the loop before that goes on
    patience.began -= 60
    assert patience(test) == 5
    patience.began -= 1
    assert patience(test) == 1800


# --- nbgrader itself: slow, and an index of packages is needed ---


def installed(place: Path, *what: str | Path, cwd: Path) -> Path:
    """Return the programs of a new environment with some packages."""
    venv.create(place, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", place / "bin" / "python", "install", "--quiet"]
    for arguments in what:
        done = subprocess.run(
            [*pip, "--retries=1", *str(arguments).split()],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and "Could not find a version" in done.stderr:
            pytest.skip("No package index can be reached; connect, and run this again.")
        assert done.returncode == 0, done.stderr
    return place / "bin"


@pytest.mark.slow
def test_nbgrader_marks_as_the_grader_and_gives_nothing_away(tmp_path, source, secrets):
    """Generated, handed in, marked and given back by nbgrader; no page has a line of a solution."""
    programs = installed(tmp_path / "venv", "nbgrader", f"--editable {ROOT}", cwd=tmp_path)
    course = tmp_path / "course"
    packing.write(source, course)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def typed(*args: str) -> float:
        began = time.monotonic()
        done = subprocess.run(
            [programs / "nbgrader", *args],
            cwd=course,
            env=os.environ | {"PATH": path, "HOME": str(tmp_path), "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return time.monotonic() - began

    typed("generate_assignment", WEEK)
    name = f"{WEEK}/{COUNTS.phase}.ipynb"
    for file in (course / "release").rglob("*.ipynb"):
        assert list(secrets.leaks(file.name, file.read_bytes())) == []
    right = {one.name: one.reference.read_text("utf-8") for one in EXERCISES}
    wrong = {one: path.read_text("utf-8") for one, path in WRONG.items()}
    handed_in = {
        "right": right,
        "wrong": right | wrong,
        "endless": right | {COUNTS.name: ODD["loop"]},
        "curious": right | {COUNTS.name: "class_counts = None\n" + ODD["no function"]},
        "empty": {},
    }
    for who, answers in handed_in.items():
        notebook = nbformat.read(course / "release" / name, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
        target = course / "submitted" / who / name
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
    seconds = {who: typed("autograde", WEEK, "--student", who) for who in handed_in}
    assert seconds["endless"] - seconds["right"] < CELL_SECONDS / 2
    typed("generate_feedback", WEEK)
    typed("export")
    with (course / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    expected = {
        "right": POINTS,
        "wrong": sum(expected_points(WRONG).values()),
        "endless": POINTS - COUNTS.points,
        "curious": POINTS - COUNTS.points,
        "empty": 0,
    }
    for who, points in expected.items():
        assert float(rows[who]["max_score"]) == POINTS + PROJECTS[COUNTS.phase].points
        assert float(rows[who]["score"]) == pytest.approx(points, abs=0.02 * len(EXERCISES)), who
    pages = list((course / "feedback").rglob("*.html"))
    assert len(pages) == len(handed_in)
    for page in pages:
        own = "\n".join(handed_in[page.relative_to(course / "feedback").parts[0]].values())
        mine = {line.partition(": ")[2] for line in secrets.leaks("it", own.encode())}
        shown = {line.partition(": ")[2] for line in secrets.leaks("it", page.read_bytes())}
        assert shown <= mine, page
