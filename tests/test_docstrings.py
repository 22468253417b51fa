"""Examples in docstrings, of the package and of the references, are true."""

import doctest
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from fmnist.course import ROOT
from fmnist.exercises import catalog

PACKAGE = Path(ROOT, "fmnist")


def with_examples(files) -> list[Path]:
    """Return the files that hold an example, in the order of their names."""
    return sorted(file for file in files if ">>> " in file.read_text("utf-8"))


MODULES = with_examples(PACKAGE.rglob("*.py"))
REFERENCES = with_examples(one.reference for one in catalog.load())


def name_of(file: Path) -> str:
    """Return a file's path in the checkout, as the name of its test."""
    return file.relative_to(ROOT).as_posix()


def examples(module: ModuleType) -> doctest.TestResults:
    """Run the examples of a module; what went wrong is printed."""
    return doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_examples_of_the_package_are_true(file):
    """Each gives what stands below it."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    failed, tried = examples(importlib.import_module(".".join(parts)))
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize("file", REFERENCES, ids=name_of)
def test_examples_of_the_references_are_true(file):
    """A student reads them in the stub, too."""
    specification = importlib.util.spec_from_file_location(f"reference_{file.stem}", file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    failed, tried = examples(module)
    assert (failed, tried > 0) == (0, True)


def test_there_are_examples():
    """The tests above are not empty."""
    assert len(MODULES) >= 5
    assert len(REFERENCES) >= 40
