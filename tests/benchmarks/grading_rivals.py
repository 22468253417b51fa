"""nbgrader and otter-grader on the cases of `grading_course`, for `grading.py`.

Each is installed by pip, from whichever index it is configured for, into an environment of its own.
"""

import csv
import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import grading_course as course

from fmnist.course import cache

NBGRADER = "nbgrader==0.9.6"
OTTER = "otter-grader==7.0.0"
NAME = "bench"


def environment(package: str) -> Path:
    """Return the folder of programs of a rival's environment, which is made if it is not there."""
    folder = cache() / "bench" / package
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not (folder / "ready").exists():
        print(f"installing {package}", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip = [programs / "python", "-m", "pip", "install", "-qq", package, "numpy==2.4.6"]
        subprocess.run([*pip, "ipykernel"], check=True)
        (folder / "ready").touch()
    return programs


def seconds(command: list, folder: Path) -> float:
    """Return the wall time of a rival's command.

    Raises:
        SystemExit: it fails; its words are shown.
    """
    programs = Path(command[0]).parent
    private = {
        name: str(folder / "private")
        for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    }
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | private | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}")
    return taken


class Nbgrader:
    """A course of nbgrader's with one assignment, and submissions to it.

    Args:
        folder: for all of it.
    """

    def __init__(self, folder: Path):
        self._program = environment(NBGRADER) / "nbgrader"
        self._folder = folder
        (folder / "nbgrader_config.py").write_text(
            f"c = get_config()\nc.CourseDirectory.course_id = {NAME!r}\n", "utf-8"
        )
        _write_notebook(folder / "source" / NAME / f"{NAME}.ipynb", self._cells(0))
        self.authoring = seconds([self._program, "generate_assignment", NAME], folder)

    def hand_in(self, count: int) -> None:
        """Have the first `count` students' submissions, and no others, wait for grading."""
        for number in range(count):
            place = self._folder / "submitted" / course.student(number) / NAME / f"{NAME}.ipynb"
            _write_notebook(place, self._cells(number))

    def grade(self) -> float:
        """Grade all submissions, those graded before too; return seconds."""
        return seconds([self._program, "autograde", NAME, "--force"], self._folder)

    def marks(self) -> dict[str, float]:
        """Return the points of each student."""
        seconds([self._program, "export"], self._folder)
        with (self._folder / "grades.csv").open(encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}

    def _cells(self, number: int) -> list[dict]:
        cells = [_code(course.PRELUDE)]
        for name, source in course.sources(number).items():
            solution = {"grade": False, "solution": True, "locked": False, "grade_id": name}
            cells.append(_code(source, **solution))
            for place, case in enumerate(course.cases(name)):
                check = {"grade": True, "solution": False, "locked": True, "points": 1}
                cells.append(
                    _code(case.assertion.format(name=name), **check, grade_id=f"{name}-{place}")
                )
        return cells


class Otter:
    """An assignment of otter-grader's, and submissions to it.

    Args:
        folder: for all of it.
    """

    def __init__(self, folder: Path):
        self._program = environment(OTTER) / "otter"
        self._folder = folder
        master = folder / f"{NAME}.ipynb"
        _write_notebook(master, self._master())
        assign = [self._program, "assign", "--no-run-tests", "--no-pdfs", master, folder / "dist"]
        self.authoring = seconds(assign, folder)
        (self._zip,) = (folder / "dist" / "autograder").glob("*.zip")

    def hand_in(self, count: int) -> None:
        """Have the first `count` students' submissions."""
        for number in range(count):
            cells = [_code(course.PRELUDE), *map(_code, course.sources(number).values())]
            _write_notebook(self._folder / "in" / course.student(number) / f"{NAME}.ipynb", cells)

    def grade(self, number: int) -> float:
        """Grade a student's submission; return seconds."""
        name = course.student(number)
        notebook, out = self._folder / "in" / name / f"{NAME}.ipynb", self._folder / "out" / name
        out.mkdir(parents=True, exist_ok=True)
        run = [self._program, "run", "--no-logo", "-a", self._zip, "-o", out, notebook]
        return seconds(run, self._folder)

    def marks(self) -> dict[str, float]:
        """Return the points of each student that was graded."""
        found = {}
        for path in (self._folder / "out").glob("*/results.json"):
            tests = json.loads(path.read_text("utf-8"))["tests"]
            found[path.parent.name] = sum(test.get("score", 0) for test in tests)
        return found

    def _master(self) -> list[dict]:
        cells = [_raw(f"# ASSIGNMENT CONFIG\nname: {NAME}\nexport_cell: false\ninit_cell: true")]
        cells.append(_code(course.PRELUDE))
        for name, source in course.sources(0).items():
            cells += [_raw(f"# BEGIN QUESTION\nname: {name}\npoints: [1, 1, 1]")]
            cells += [_raw("# BEGIN SOLUTION"), _code(source), _raw("# END SOLUTION")]
            cells.append(_raw("# BEGIN TESTS"))
            cells += [_code(case.assertion.format(name=name)) for case in course.cases(name)]
            cells += [_raw("# END TESTS"), _raw("# END QUESTION")]
        return cells


def _code(source: str, **nbgrader: object) -> dict:
    metadata = {"nbgrader": nbgrader | {"schema_version": 3, "task": False}} if nbgrader else {}
    made = {"cell_type": "code", "execution_count": None, "outputs": [], "source": source}
    return made | {"metadata": metadata}


def _raw(source: str) -> dict:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def _write_notebook(path: Path, cells: list[dict]) -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": kernel,
            "language_info": {"name": "python"},
            "otter": {"assignment_name": NAME},
        },
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), "utf-8")
