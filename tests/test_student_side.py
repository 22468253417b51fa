"""The student's side: without TensorFlow, Jupyter or a figure library, answers are checked.

This file needs pytest and Python alone, so that it also runs where nothing of the course is
installed, on macOS and Windows too: ``python -m pytest --noconftest tests/test_student_side.py``.
"""

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CATALOG = tomllib.loads((ROOT / "exercises" / "exercises.toml").read_text("utf-8"))
EXERCISE, PHASE = next(  # one that needs NumPy
    (one["name"], one["phase"]) for one in CATALOG["exercise"] if one["imports"] == ["numpy"]
)
HEAVY = ("IPython", "jupyter_book", "keras", "matplotlib", "plotly", "sklearn", "tensorflow")


def light_requirements() -> str:
    """Return the part of the lock that the package needs without any extra."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8"), flags=re.M)
    packages = {block.partition("==")[0]: block for block in blocks if "==" in block}
    needed_by = {
        name: set(re.findall(r"^ +# (?:via|  ) *([a-z0-9-]+)", block, re.M))
        for name, block in packages.items()
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    light = {re.match(r"[a-z0-9-]+", wanted)[0] for wanted in project["dependencies"]}
    while more := {name for name, users in needed_by.items() if users & light} - light:
        light |= more
    missing = sorted(light - packages.keys())
    assert not missing, f"not in requirements.lock: {', '.join(missing)}. Type: make lock"
    return "".join(packages[name] for name in sorted(light))


def test_the_student_side_is_light():
    """What a student must install is a small part of the lock, and none of the heavy packages."""
    names = set(re.findall(r"^([a-z0-9-]+)==", light_requirements(), re.M))
    assert {"click", "numpy", "pytest", "pluggy"} <= names  # pluggy: because pytest needs it
    assert names.isdisjoint({"jupyter-book", "keras", "matplotlib", "tensorflow"})
    assert len(names) < 20


@pytest.fixture(scope="module", name="python")
def _python(tmp_path_factory) -> Path:
    """The interpreter of a new environment with the course and its light requirements."""
    place = tmp_path_factory.mktemp("student")
    venv.create(place / "venv")
    python = place / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = place / "light.lock"
    lock.write_text(light_requirements(), "utf-8")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    install = [*pip, "install", "--retries=1", "--no-deps", "--no-compile"]
    for what in (["--require-hashes", "--requirement", lock], ["--editable", ROOT]):
        done = subprocess.run([*install, *what], capture_output=True, text=True, check=False)
        unreachable = re.search(r"Could not find a version|connection broken|retrying", done.stderr)
        if done.returncode and unreachable and os.environ.get("CI") != "true":
            pytest.skip("No package index can be reached; connect, and run this again.")
        assert done.returncode == 0, done.stderr
    return python


def check(python: Path, answer: Path) -> subprocess.CompletedProcess:
    """Run `fmnist check` on an answer, as a student does."""
    command = [python, "-m", "fmnist", "check", EXERCISE, "--file", answer]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_nothing_heavy_is_there(python):
    """Neither TensorFlow nor Jupyter nor a figure library came along."""
    program = (
        "from importlib.util import find_spec; print([m for m in sys.argv[1:] if find_spec(m)])"
    )
    done = subprocess.run(
        [python, "-c", f"import sys; {program}", "numpy", *HEAVY],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "['numpy']"


def test_a_right_answer_passes(python):
    """The reference of an exercise with NumPy passes its public checks."""
    done = check(python, ROOT / "solutions" / PHASE / f"{EXERCISE}.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"all \d+ public checks passed", done.stdout)


def test_an_untouched_stub_fails(python):
    """The stub of the same exercise fails, with a message and no traceback."""
    done = check(python, ROOT / "exercises" / PHASE / f"{EXERCISE}.py")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{EXERCISE}: 0 of" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_plain_pytest_finds_the_answer(python):
    """`pytest exercises/...` works as well: the plugin came with the package."""
    checks = ROOT / "exercises" / PHASE / f"test_{EXERCISE}.py"
    done = subprocess.run(
        [python, "-m", "pytest", "-q", checks],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "not started" in done.stdout or "NotImplementedError" in done.stdout
