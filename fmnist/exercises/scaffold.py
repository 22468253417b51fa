"""The files of a new exercise, with a mark wherever an author has something to say."""

import keyword
import re
from pathlib import Path

from fmnist import course
from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.exercises.catalog import CatalogError

BLANK = "FILL-IN"  # wherever an author has something to say
ENTRY = """
[[exercise]]
name = "{name}"
phase = "{phase}"
title = "FILL-IN"
ladder = "free"
points = 2
minutes = 10
imports = []
seconds = 2
read = "FILL-IN"
objectives = ["{objective}"]
after = []
hints = ["FILL-IN: a nudge", "FILL-IN: a pointer", "FILL-IN: almost the answer"]
"""
STUB = '''"""Exercise FILL-IN: what is asked.

Read phase {number} through "FILL-IN". Use plain Python: no NumPy. Complete the function,
then type: fmnist check {name}
"""


def {name}(labels):
    """Return FILL-IN.

    Args:
        labels: sequence of int, each from 0 to 9.

    Returns:
        FILL-IN: type, shape, range.
    """
    {body}
'''
PUBLIC = '''"""Public checks of exercise FILL-IN."""

from fmnist.exercises.expect import expect


def test_small_case(answer):
    """FILL-IN: what is demanded, in a sentence."""
    expect(answer, [0, 1]).is_int().equals(2, idea="FILL-IN: why.")
'''
HIDDEN = '''"""Hidden checks of exercise FILL-IN."""

import random

import pytest

from fmnist.exercises.expect import expect


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_agrees_with_the_reference(answer, reference, seed):
    """FILL-IN: what is demanded, in a sentence."""
    draw = random.Random(seed)
    labels = [draw.randrange(10) for _ in range(50)]
    expect(answer, labels).equals(reference(labels), idea="FILL-IN: why.")
'''
WRONG = '''"""Misconception: FILL-IN

caught-by: test_small_case
says: FILL-IN
"""


def {name}(labels):
    return len(labels)  # FILL-IN
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
    stub = 'raise NotImplementedError("Exercise FILL-IN: replace this line with your answer.")'
    files = {
        course.EXERCISES / phase / f"{name}.py": (STUB, stub),
        course.EXERCISES / phase / f"test_{name}.py": (PUBLIC, ""),
        course.SOLUTIONS / phase / f"{name}.py": (STUB, "return len(labels)  # FILL-IN"),
        course.SOLUTIONS / phase / f"hidden_{name}.py": (HIDDEN, ""),
        course.SOLUTIONS / "wrong" / phase / name / "fill_in.py": (WRONG, ""),
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
