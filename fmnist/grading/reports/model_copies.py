"""Answers that are the model answer word for word, for the lecturer's eyes.

Comments, docstrings, imports and layout apart, everything must be the same, the names too. A model
answer of which little stands beyond the stub says nothing: many students find the same few words.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.exercises.catalog import Exercise
from fmnist.grading.reports.similarity import tokens

MOST_READ = 20_000  # characters; Python takes seconds to read some texts of ten times as many
FEWEST = 24  # tokens of a model answer beyond the stub


@dataclass(frozen=True)
class ModelCopies:
    """Who handed in model answers.

    Attributes:
        found: names of the exercises by student, those with most of them first.
        of: how many exercises could be compared, by student.
        counts: how many students, by exercise.
        short: exercises whose model answer is too short to say anything.
    """

    found: dict[str, tuple[str, ...]]
    of: dict[str, int]
    counts: dict[str, int]
    short: tuple[str, ...]


def find(sources: Mapping[str, Mapping[str, str]], exercises: Sequence[Exercise]) -> ModelCopies:
    """Compare all answers with the model answers.

    Args:
        sources: text of each answer, by student and exercise.
        exercises: whose answers to compare.
    """
    found: dict[str, list[str]] = {}
    of = dict.fromkeys(sources, 0)
    counts: dict[str, int] = {}
    short = []
    for exercise in exercises:
        model = _plain(exercise.reference.read_text("utf-8"))
        given = _plain(exercise.stub.read_text("utf-8"))
        if len(tokens(model)) - len(tokens(given)) < FEWEST:
            short.append(exercise.name)
            continue
        same: dict[str, bool] = {}  # by text: equal answers are read once
        for student, answers in sources.items():
            text = answers.get(exercise.name)
            if text is None:
                continue
            of[student] += 1
            if text not in same:
                same[text] = _plain(text) == model
            if same[text]:
                found.setdefault(student, []).append(exercise.name)
                counts[exercise.name] = counts.get(exercise.name, 0) + 1
    ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))  # stable: as in the class
    return ModelCopies(
        {student: tuple(names) for student, names in ordered}, of, counts, tuple(short)
    )


def _plain(text: str) -> str:
    """Return a file without comments, docstrings, imports and layout; empty if it is no Python."""
    if len(text) > MOST_READ:
        return ""
    try:
        tree = ast.parse(text)
        tree.body = [
            node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                first = node.body[0] if node.body else None
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    del node.body[0]
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
