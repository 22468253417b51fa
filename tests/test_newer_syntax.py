"""Syntax that is newer than the Python that grades: the sentence names both versions."""

import ast
import json
import sys

import pytest

from fmnist.answer import faults
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import notebook_answers
from fmnist.inside import codec, newer_syntax
from fmnist.inside.host import Host

HERE = f"Python {sys.version_info.major}.{sys.version_info.minor}"
EXERCISE = catalog.find("class_counts")
GOOD = EXERCISE.reference.read_text("utf-8")
# From "What's New in Python", of each version.
NEWER = [
    ((3, 12), 'LABEL = f"{", ".join(["a"])}"'),
    ((3, 12), "LABEL = f'{names['a']}'"),
    ((3, 12), 'print(rf"{d["a"]} and {d["b"]}")'),
    ((3, 12), 'LABEL = f"{"\\n".join(names)}"'),
    ((3, 12), "def first[T](items: list[T]) -> T:\n    return items[0]"),
    ((3, 12), "class Box[T]:\n    pass"),
    ((3, 12), "async def f[*Ts](): pass"),
    ((3, 12), "type Labels = list[int]"),
    ((3, 12), "type Pair[T] = tuple[T, T]"),
    ((3, 13), "class Box[T = int]:\n    pass"),
    ((3, 13), "def first[T = int](items): pass"),
    ((3, 14), 'LABEL = t"{x}"'),
    ((3, 14), "LABEL = rt'{x}'"),
    ((3, 14), "try:\n    pass\nexcept ValueError, TypeError:\n    pass"),
    ((3, 14), "try:\n    pass\nexcept* ValueError, TypeError:\n    pass"),
    ((3, 15), "all_of = [*row for row in rows]"),
    ((3, 15), "lazy import json"),
    ((3, 15), "lazy from json import loads"),
]
# What no version reads, or what is wrong for another reason.
WRONG = [
    "def class_counts(labels, classes=10)\n    return []",
    'print(f"{x")',
    'print("a" "b)',
    "if x = 1:\n    pass",
    "type = (1",
    "print 'text'",
    "class Box(T:\n    pass",
    "x = t['a' 'b",
    "def f(a, b=[1 2]): pass",
    "names['f' ;]",
]
newer = pytest.mark.parametrize(
    ("version", "code"),
    [
        pytest.param(
            version, code, marks=pytest.mark.skipif(sys.version_info >= version, reason="read here")
        )
        for version, code in NEWER
    ],
)


def loading(source: str) -> str:
    """Return what a student reads of a file that does not load."""
    request = {"do": "load", "source": source, "filename": "class_counts.py"}
    request |= {"name": "class_counts", "imports": []}
    return codec.loads(*Host().respond(*codec.dumps(request)))["fault"]["sentence"]


@newer
def test_both_versions_are_named(version, code):
    """The one that read the file, and the first that can."""
    sentence = loading(f"{GOOD}{code}\n")
    assert sentence.startswith(f"{HERE} cannot read line ")
    assert sentence.endswith(f"read from Python {version[0]}.{version[1]} on)")


@newer
def test_both_are_named_for_a_cell_of_a_notebook(version, code):
    """Which Python cannot read, either."""
    raw = json.dumps({"cells": [{"cell_type": "code", "source": f"{GOOD}{code}\n"}]}).encode()
    told = notebook_answers.read(raw, "a.ipynb", (EXERCISE,))["class_counts"]
    assert isinstance(told, faults.NotLoaded)
    assert f"{HERE} cannot read cell 1" in str(told)
    assert f"read from Python {version[0]}.{version[1]} on" in str(told)


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_everywhere_is_not_called_new(code):
    """Or somebody would install another Python in vain."""
    with pytest.raises(SyntaxError) as error:
        ast.parse(code)
    assert newer_syntax.told(error.value) == ""


def test_a_file_with_a_zero_byte_has_no_line():
    """And the sentence names none."""
    assert loading("x = 1\0").startswith(f"{HERE} cannot read the file: ")
