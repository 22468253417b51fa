"""The files of a new exercise, with `TODO` wherever an author has something to say."""

import keyword
import re
from pathlib import Path

from fmnist.exercises import catalog
from fmnist.exercises.catalog import PHASES, CatalogError

TODO = "TODO"
ENTRY = """
[[exercise]]
name = "{name}"
phase = "{phase}"
title = "TODO"
ladder = "free"
points = 2
minutes = 10
imports = []
seconds = 2
read = "TODO"
objectives = ["{objective}"]
after = []
hints = ["TODO: a nudge", "TODO: a pointer", "TODO: almost the answer"]
"""
STUB = '''"""Exercise TODO: what is asked.

Read phase {number} through "TODO". Use plain Python: no NumPy. Complete the function,
then type: fmnist check {name}
"""


def {name}(labels):
    """Return TODO.

    Args:
        labels: sequence of int, each from 0 to 9.

    Returns:
        TODO: type, shape, range.
    """
    {body}
'''
PUBLIC = '''"""Public checks of exercise TODO."""

from fmnist.exercises.expect import expect


def test_small_case(answer):
    """TODO: what is demanded, in a sentence."""
    expect(answer, [0, 1]).is_int().equals(2, idea="TODO: why.")
'''
HIDDEN = '''"""Hidden checks of exercise TODO."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """TODO: what is demanded, in a sentence."""
    draw = random.Random(seed)
    labels = [draw.randrange(10) for _ in range(50)]
    expect(answer, labels).equals(reference(labels), idea="TODO: why.")
'''
WRONG = '''"""Misconception: TODO

caught-by: test_small_case
says: TODO
"""


def {name}(labels):
    return TODO
'''


def new(name: str, phase: str) -> list[Path]:
    """Write the files of a new exercise and its entry in the catalogue; return their paths.

    Raises:
        CatalogError: the name is no name of a function or taken, there is no such phase, or one of
            the files is there.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise CatalogError(f"{name!r} is no name of a function: use small letters and underscores.")
    if phase not in PHASES:
        raise CatalogError(f"There is no phase {phase!r}. Choose one of: {', '.join(PHASES)}.")
    if any(one.name == name for one in catalog.load()):
        raise CatalogError(f"There is an exercise {name!r} already; choose another name.")
    entry = ENTRY.format(
        name=name,
        phase=phase,
        objective=next(one.id for one in catalog.read().objectives if one.phase == phase),
    )
    stub = 'raise NotImplementedError("Exercise TODO: replace this line with your answer.")'
    files = {
        catalog.EXERCISES / phase / f"{name}.py": (STUB, stub),
        catalog.EXERCISES / phase / f"test_{name}.py": (PUBLIC, ""),
        catalog.SOLUTIONS / phase / f"{name}.py": (STUB, "return len(labels)  # TODO"),
        catalog.SOLUTIONS / phase / f"hidden_{name}.py": (HIDDEN, ""),
        catalog.SOLUTIONS / "wrong" / phase / name / "todo.py": (WRONG, ""),
    }
    for path in files:
        if path.exists():
            raise CatalogError(f"There is a file {path} already; move it away first.")
    for path, (text, body) in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        number = PHASES.index(phase) + 1
        path.write_text(text.format(name=name, number=number, body=body), "utf-8")
    _insert(entry, PHASES.index(phase) + 1)
    return [*files, catalog.CATALOG]


def _insert(entry: str, phase: int) -> None:
    """Put an entry at the end of its phase's part of the catalogue."""
    text = catalog.CATALOG.read_text("utf-8")
    before, own, after = text.partition(f"\n# --- phase {phase} ---")
    part, following, rest = after.partition("\n# --- ")
    new = f"{before}{own}{part.rstrip()}\n{entry}{following}{rest}"
    catalog.CATALOG.write_text(new, "utf-8")
