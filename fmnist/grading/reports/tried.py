"""What an answer tried that no answer may: the lecturer should see it, whatever the mark is.

It is known from what checks said, where the import guard or the end of the process showed, and from
the text of the answer, where the answer itself caught the refusal. Nothing of it got past the wall,
and most of it is a habit or a misunderstanding; so what is said names what happened and no more.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fmnist.answer import faults
from fmnist.exercises.catalog import Exercise
from fmnist.grading.judging.records import ExerciseRecord
from fmnist.grading.marks.gradebook import Row, cell, csv_text
from fmnist.grading.reports.model_copies import MOST_READ
from fmnist.grading.reports.text import one_line
from fmnist.inside.host import ALWAYS_ALLOWED

# As `fmnist.inside.host` refuses an import, before and while the file runs.
REFUSED = re.compile(r"\bmay not import ([\w.]{1,100})|\ALine \d+ imports ([\w.]{1,100});")
IMPORTERS = ("__import__", "import_module")
# Calls that end or replace a process, or start another; nothing in the course needs one.
CALLS = frozenset("_exit abort execv execve fork kill popen rmtree system unlink Popen".split())
# By these an answer comes to modules that it may not import, and to what others of it hold.
WAYS_ROUND = frozenset(
    "_os _sys __builtins__ __globals__ __loader__ __subclasses__ _getframe f_back f_globals "
    "get_objects get_referrers gi_frame modules tb_frame".split()
)
ENDED = "an end of its process"
MOST = 5  # of one answer that are named


@dataclass(frozen=True)
class Tried:
    """What one answer tried.

    Attributes:
        student: id.
        exercise: name.
        what: nouns, such as "import of shutil".
    """

    student: str
    exercise: str
    what: tuple[str, ...]


def find(
    rows: Sequence[Row],
    exercises: Sequence[Exercise],
    sources: Mapping[str, Mapping[str, str]],
) -> list[Tried]:
    """Return what the answers of a class tried, in the order of the rows.

    Args:
        rows: of the class.
        exercises: of the records.
        sources: text of each answer, by student and exercise.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    found = []
    for row in rows:
        texts = sources.get(row.student.id, {})
        for part in row.record.exercises:
            what = [*_said(part), *_written(by_name[part.name], texts.get(part.name, ""))]
            if what:
                named = tuple(one_line(one) for one in dict.fromkeys(what))
                found.append(Tried(row.student.id, part.name, named[:MOST]))
    return found


def _said(part: ExerciseRecord) -> list[str]:
    """Return what checks were told."""
    what = []
    for verdict in part.verdicts:
        if match := REFUSED.search(verdict.message):
            what.append(f"import of {match[1] or match[2]}")
        elif verdict.kind == faults.Crashed.kind and "ended its process" in verdict.message:
            what.append(ENDED)
    return what


def _written(exercise: Exercise, text: str) -> list[str]:
    """Return what stands in a file, and may have been caught by the file itself."""
    if len(text) > MOST_READ:
        return [f"more than {MOST_READ:,} characters, which are not looked through"]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    allowed = ALWAYS_ALLOWED | {*exercise.imports}
    what = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WAYS_ROUND:
            what.append(f"use of {node.attr}")
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in IMPORTERS:
            first = node.args[0] if node.args else None
            module = first.value if isinstance(first, ast.Constant) else None
            if not isinstance(module, str):
                what.append("import of a name that it makes up")
            elif module.split(".")[0] not in allowed:
                what.append(f"import of {module}")
        elif name in CALLS and isinstance(node.func, ast.Attribute):
            what.append(f"call of {name}")
    return what


def table(found: Sequence[Tried]) -> str:
    """Return the text of ``tried.csv``."""
    rows = [["student", "exercise", "tried"]]
    rows += [[cell(one.student), one.exercise, cell(", ".join(one.what))] for one in found]
    return csv_text(rows)
