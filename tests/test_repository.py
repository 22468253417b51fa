"""What the repository promises about itself."""

import re
import subprocess

import pytest

from fmnist.course import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def tracked() -> list[str]:
    """Return the names of all files under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("only in a git checkout")
    return listed.stdout.splitlines()


def test_nothing_is_tracked_that_a_command_makes():
    """No notebook, data set, trained network or built page, but the tables that take hours."""
    made = re.compile(r"\.(ipynb|gz|npz|npy|keras|h5|onnx|tflite|zip|whl|html|csv)$")
    kept = ("fmnist/grading/reports/templates/", "book/redraws.csv", "fmnist/training/outcomes.csv")
    found = [name for name in tracked() if made.search(name)]
    assert [name for name in found if not name.startswith(kept)] == []


def test_the_lock_has_versions_and_hashes_and_no_address():
    """Every package is pinned with its hashes, and no index or file is named."""
    packages = re.findall(r"^[a-z0-9-]+==\S+", LOCK, re.MULTILINE)
    assert len(packages) > 80
    assert LOCK.count("--hash=sha256:") >= len(packages)
    assert "://" not in LOCK


@pytest.mark.parametrize("pinned", [r"jupyter-book==1\.\S+", r"tensorflow==\S+", r"keras==3\.\S+"])
def test_the_lock_has_what_the_course_needs(pinned):
    """A Jupyter Book 1, Keras 3, and TensorFlow under its own name on every platform."""
    assert len(re.findall(f"^{pinned}", LOCK, re.MULTILINE)) == 1
    assert "tensorflow-cpu" not in LOCK


def test_the_commands_of_the_readme_exist():
    """Every make target that the README names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert named
    assert named <= targets
