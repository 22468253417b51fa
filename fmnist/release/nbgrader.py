"""Source assignments for nbgrader: a notebook for each phase of each assignment.

An exercise is four cells: the task, the answer, and two tests. The answer is the stub of which
every gap is a solution region with what the reference has there. The tests earn the exercise's
points together, divided by how many checks they run, so that marks are those of `fmnist grade`.
"""

import ast
import difflib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from fmnist.exercises import catalog, checks
from fmnist.exercises.catalog import Assignment, Exercise
from fmnist.release import packing
from fmnist.release.packing import Files, ReleaseError

SCHEMA = 3
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CONFIG = """\
# Settings of nbgrader for this course; it is read where `nbgrader` is typed.
c = get_config()
c.CourseDirectory.course_id = "fmnist"
c.ExecutePreprocessor.timeout = 600  # seconds for a cell: a loop that never ends must end
"""
README = """\
# Source assignments for nbgrader

Type here, in an environment with nbgrader and the course's package (for exercises with Keras:
`fmnist[keras]`):

```console
nbgrader generate_assignment {first}    # release/: for students, without solutions
nbgrader autograde {first}              # what lies in submitted/<student>/{first}/
```

`source/` has all solutions and hidden checks: it is for instructors alone.

nbgrader runs the tests in the process of the student's code, without a sandbox: an answer can
read and forge what it likes. `fmnist grade` reads the answers from the same notebooks, and no
code of a student reaches the process that decides the marks.
"""
PUBLIC_CELL = """\
from fmnist.release.in_notebook import public_points

public_points({name}, points={points})
"""
HIDDEN_CELL = """\
# Hidden checks try other inputs; they run when this is marked.
{begin}
from fmnist.release.in_notebook import hidden_points

hidden_points(
    {name},
    points={points},
    checks={checks},
    reference={reference},
)
{end}
"""


def files(assignment: str = "") -> Files:
    """Return nbgrader's ``source`` folder and its settings.

    Args:
        assignment: to make; empty for all of them.

    Raises:
        ReleaseError: there is no such assignment, or no checkout with solutions.
        ModuleNotFoundError: nbformat is not installed.
    """
    packing.need_solutions()
    packing.exercises_of(assignment)
    wanted = [one for one in catalog.read().assignments if assignment in ("", one.name)]
    counts = _counts(tuple(catalog.find(name) for one in wanted for name in one.exercises))
    made = {
        "nbgrader_config.py": CONFIG.encode(),
        "README.md": README.format(first=wanted[0].name).encode(),
    }
    for one in wanted:
        made |= _notebooks(one, counts)
    return made


def _notebooks(assignment: Assignment, counts: dict[str, tuple[int, int]]) -> Files:
    import nbformat
    from nbformat.v4 import new_notebook

    exercises = packing.exercises_of(assignment.name)
    made = {}
    for phase in packing.phases_of(exercises):
        title = f"# {assignment.title}\n\nComplete each function, then run the cell below it."
        cells = [_cell("markdown", title, f"{phase}-title", locked=True)]
        for one in exercises:
            if one.phase == phase:
                cells += _exercise(one, *counts[one.name])
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"  # nbformat's own are random
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        name = f"source/{assignment.name}/{phase}.ipynb"
        made[name] = nbformat.writes(notebook).encode() + b"\n"
    return made


def _exercise(exercise: Exercise, public: int, hidden: int) -> list[Any]:
    """Return the cells of an exercise.

    Args:
        exercise: in question.
        public: how many public checks it has.
        hidden: how many hidden ones.
    """
    name = exercise.name
    task = f"### Exercise {exercise.number}: {exercise.title}\n\n{exercise.points} points, about "
    task += f"{exercise.minutes} minutes.\n\n{_told(exercise)}"
    points = round(exercise.points * public / (public + hidden), 2)
    others = round(exercise.points - points, 2)
    test = HIDDEN_CELL.format(
        begin=BEGIN_HIDDEN,
        end=END_HIDDEN,
        name=name,
        points=others,
        checks=_quoted(exercise.hidden_checks.read_text("utf-8")),
        reference=_quoted(exercise.reference.read_text("utf-8")),
    )
    return [
        _cell("markdown", task, f"{name}-task", locked=True),
        _cell("code", answer(exercise), name, solution=True),
        _cell(
            "code",
            PUBLIC_CELL.format(name=name, points=points).rstrip(),
            f"{name}-public",
            points=points,
        ),
        _cell("code", test.rstrip(), f"{name}-hidden", points=others),
    ]


def _told(exercise: Exercise) -> str:
    """Return what the stub's docstring says, as far as it holds in a notebook."""
    docstring = ast.get_docstring(ast.parse(exercise.stub.read_text("utf-8"))) or ""
    body = " ".join(docstring.partition("\n")[2].split())
    sentences = (one.strip() for one in body.split(". "))
    kept = [one.rstrip(".") for one in sentences if "fmnist check" not in one]
    return f"{'. '.join(kept)}." if kept else ""


def _cell(
    kind: str,
    source: str,
    grade_id: str,
    *,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> Any:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    metadata: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": grade_id,
        "grade": points is not None,
        "solution": solution,
        "locked": locked or points is not None,
        "task": False,
    }
    if points is not None:
        metadata["points"] = points
    new = new_markdown_cell if kind == "markdown" else new_code_cell
    return new(source, metadata={"nbgrader": metadata})


def _quoted(text: str) -> str:
    """Return a literal of a file's text that can be read as the file can."""
    if "'''" in text or not text.endswith("\n"):
        return repr(text)
    return f"r'''{text}'''"


# --- the answer, with its gaps filled ---


@dataclass
class _Gap:
    """Lines of a stub that are left to the student.

    Attributes:
        indent: of the line that the student replaces.
        told: what the stub says there.
        lines: of the reference.
    """

    indent: int
    told: list[str]
    lines: list[str]


def answer(exercise: Exercise) -> str:
    """Return the stub with the reference's lines in its gaps, each gap a solution region.

    Raises:
        ReleaseError: the two do not fit.
    """
    stub, told = _with_gaps(exercise.stub.read_text("utf-8"))
    reference = _code(exercise.reference.read_text("utf-8"))
    matcher = difflib.SequenceMatcher(None, stub, reference, autojunk=False)
    made: list[str] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            made += stub[first:last]
            continue
        for gap in _gaps(stub[first:last], reference[start:end], told):
            made += _region(gap, faded=exercise.ladder == "faded")
    text = "\n".join(made)
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise ReleaseError(f"{exercise.name}: stub and reference do not fit: {error}.") from None
    return text


def _code(text: str) -> list[str]:
    """Return the lines of a module between its docstring and its last statement's end."""
    body = ast.parse(text).body
    last = body[-1].end_lineno
    lines = text.splitlines()[body[0].end_lineno : last]
    while lines and not lines[0].strip():
        del lines[0]
    return lines


def _with_gaps(text: str) -> tuple[list[str], dict[str, str]]:
    """Return a stub's lines with one for each raised NotImplementedError, and what that says."""
    lines = text.splitlines()
    told = {}
    for number, node in enumerate(reversed(_raised(text))):
        mark = f"gap {number}"
        told[mark] = " ".join(
            one.value
            for one in ast.walk(node)
            if isinstance(one, ast.Constant) and type(one.value) is str
        )
        lines[node.lineno - 1 : node.end_lineno] = [" " * node.col_offset + mark]
    start = ast.parse(text).body[0].end_lineno
    lines = lines[start:]
    while lines and not lines[0].strip():
        del lines[0]
    return lines, told


def _gaps(stub: list[str], reference: list[str], told: dict[str, str]) -> list[_Gap]:
    """Return the gaps that a stub has in place of some lines of the reference.

    Where they are of different depth, the lines of the reference are divided where they dedent.
    """
    gaps = [_Gap(_indent(reference[0]) if reference else 0, [], reference)]
    seen = False
    for line in stub:
        words, indent = line.strip(), _indent(line)
        if words in told and seen and indent < gaps[-1].indent:
            lines = gaps[-1].lines
            cut = next((k for k, one in enumerate(lines) if one and _indent(one) <= indent), None)
            if cut:
                gaps[-1].lines = lines[:cut]
                gaps.append(_Gap(indent, [], lines[cut:]))
        if words in told or words.startswith("#"):
            gaps[-1].told.append(told.get(words) or words.lstrip("# "))
        seen = seen or words in told
    return gaps


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _raised(text: str) -> list[ast.Raise]:
    """Return the statements that raise NotImplementedError, in their order."""
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and node.exc.func.id == NotImplementedError.__name__
    ]
    return sorted(found, key=lambda node: node.lineno)


def _region(gap: _Gap, *, faded: bool) -> list[str]:
    """Return a gap as nbgrader marks it; what the stub says there stays for the student."""
    lines = list(gap.lines)
    before = after = 0
    while lines and not lines[0].strip():
        del lines[0]
        before += 1
    while lines and not lines[-1].strip():
        del lines[-1]
        after += 1
    if not lines:
        return [""] * (before + after)
    indent = " " * _indent(lines[0])
    told = [f"{indent}# {one}" for one in gap.told] if faded else []
    marked = [f"{indent}{BEGIN}", *lines, f"{indent}{END}"]
    return [*[""] * before, *told, *marked, *[""] * after]


# --- how many checks there are ---


def _counts(exercises: tuple[Exercise, ...]) -> dict[str, tuple[int, int]]:
    """Return how many public and how many hidden checks each exercise has."""
    paths = [path for one in exercises for path in (one.public_checks, one.hidden_checks)]
    try:
        collected = checks.collect(paths)
    except checks.NotCollected as error:
        collected = error.checks
    numbers = Counter((check.exercise, check.hidden) for check in collected)
    counts = {}
    for one in exercises:
        public, hidden = numbers[one.name, False], numbers[one.name, True]
        if not public or not hidden:
            raise ReleaseError(f"{one.name}: its checks cannot be read; type: fmnist course check")
        counts[one.name] = (public, hidden)
    return counts
