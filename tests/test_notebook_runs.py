"""Notebooks for students run from the first cell to the last, on what a student has."""

import os
import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from fmnist.book import notebooks
from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.release import packing
from fmnist.tools import zips

QUICK, *LONGER = PHASES
SECONDS = 600  # of a cell: the first that needs networks trains those that the cache lacks
# What TensorFlow says of any machine when it is imported, before a level can keep it from that.
REMARK = re.compile(r"I0000 00:00|WARNING: All log messages before absl")
WHERE = "import fmnist\n\nprint(fmnist.__file__)"


@pytest.fixture(scope="module", name="installed")
def _installed(tmp_path_factory):
    """The package from its wheel, which has neither the book nor solutions beside it."""
    folder = tmp_path_factory.mktemp("installed")
    for name, content in zips.unzipped(packing.wheel()[1]).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.mark.parametrize(
    "phase", [QUICK, *(pytest.param(phase, marks=pytest.mark.slow) for phase in LONGER)]
)
def test_a_notebook_runs_in_a_student_s_folder(phase, installed, tmp_path, monkeypatch, smoke_tier):
    """No cell fails or complains; each check says that its exercise is not started."""
    monkeypatch.setenv("PYTHONPATH", str(installed))  # the kernel is that of this environment
    written = [path for path, _ in notebooks.write_all(tmp_path)]
    book = nbformat.read(tmp_path / f"{phase}.ipynb", as_version=4)
    book.cells.append(new_code_cell(WHERE))
    client = NotebookClient(book, timeout=SECONDS, resources={"metadata": {"path": tmp_path}})
    # In a test a kernel would not show what libraries write to standard error.
    client.execute(env={name: os.environ[name] for name in {*os.environ} - {"PYTEST_CURRENT_TEST"}})

    outputs = {cell.source: cell.outputs for cell in book.cells if cell.cell_type == "code"}
    assert outputs[WHERE][0].text.strip() == str(installed / "fmnist" / "__init__.py")
    for exercise in (one for one in catalog.load() if one.phase == phase):
        check = f"from fmnist.exercises import check\n\ncheck({exercise.name})"
        (shown,) = outputs[check]
        assert shown.data["text/plain"].startswith(f"{exercise.name}: 0 of ")
        assert f"\n\n{exercise.name} is not started: " in shown.data["text/plain"]
        assert shown.data["text/html"].startswith("<div ")
    every = [output for shown in outputs.values() for output in shown]
    complaints = "".join(one.text for one in every if one.get("name") == "stderr").splitlines()
    assert [line for line in complaints if line and not REMARK.match(line)] == []
    assert sorted(tmp_path.iterdir()) == sorted(written)  # nothing else is left in the folder
