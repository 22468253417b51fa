"""Source assignments for nbgrader: a notebook for each phase of each assignment.

An exercise is four cells: the task, the answer, and two tests. The answer is the stub of which
every gap is a solution region with what the reference has there. The tests earn the exercise's
points together, divided by how many checks they run, so that marks are those of `fmnist grade`.
"""

import ast
import difflib
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Any

from fmnist.exercises import catalog, checks
from fmnist.exercises.catalog import Assignment, Exercise
from fmnist.release import packing, proof
from fmnist.release.packing import Files, ReleaseError

Counts = Counter[tuple[str, bool]]  # of checks, by exercise, public and hidden apart
SCHEMA = 3
GAP = "gap_of_the_stub, "  # begins the line of a gap while stub and reference are compared
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
    counts = _counts(packing.exercises_of(assignment))
    wanted = [known for known in catalog.read().assignments if assignment in ("", known.name)]
    release = {
        "nbgrader_config.py": CONFIG.encode(),
        "README.md": README.format(first=wanted[0].name).encode(),
    }
    for known in wanted:
        release |= _notebooks(known, counts)
    return release


def _notebooks(assignment: Assignment, counts: Counts) -> Files:
    import nbformat
    from nbformat.v4 import new_notebook

    exercises = packing.exercises_of(assignment.name)
    notebooks = {}
    for phase in packing.phases_of(exercises):
        title = f"# {assignment.title}\n\nComplete each function, then run the cell below it."
        cells = [_cell("markdown", title, f"{phase}-title", locked=True)]
        for exercise in exercises:
            if exercise.phase == phase:
                cells += _exercise(exercise, counts)
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"  # nbformat's own are random
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
        name = f"source/{assignment.name}/{phase}.ipynb"
        notebooks[name] = nbformat.writes(notebook).encode() + b"\n"
    return notebooks


def _exercise(exercise: Exercise, counts: Counts) -> list[Any]:
    """Return the cells of an exercise."""
    public, hidden = counts[exercise.name, False], counts[exercise.name, True]
    name = exercise.name
    task = (
        f"### Exercise {exercise.number}: {exercise.title}\n\n{exercise.points} points, about "
        f"{exercise.minutes} minutes.\n\n{_told(exercise)}"
    )
    points = round(exercise.points * public / (public + hidden), 2)
    others = round(exercise.points - points, 2)
    shown = PUBLIC_CELL.format(name=name, points=points)
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
        _cell("code", shown.rstrip(), f"{name}-public", points=points),
        _cell("code", test.rstrip(), f"{name}-hidden", points=others),
    ]


def _told(exercise: Exercise) -> str:
    """Return what the stub's docstring says, as far as it holds in a notebook."""
    docstring = ast.get_docstring(ast.parse(exercise.stub.read_text("utf-8"))) or ""
    body = " ".join(docstring.partition("\n")[2].split())
    sentences = (sentence.strip() for sentence in body.split(". "))
    told = [sentence.rstrip(".") for sentence in sentences if "fmnist check" not in sentence]
    return f"{'. '.join(told)}." if told else ""


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
        told: what the stub says there.
        lines: of the reference.
    """

    told: list[str]
    lines: list[str]


def answer(exercise: Exercise) -> str:
    """Return the stub with the reference's lines in its gaps, each gap a solution region.

    Raises:
        ReleaseError: the two do not fit.
    """
    stub = _body(_with_gaps(exercise.stub.read_text("utf-8")))
    reference = _body(exercise.reference.read_text("utf-8"))
    matcher = difflib.SequenceMatcher(None, stub, reference, autojunk=False)
    lines: list[str] = []
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            lines += stub[first:last]
            continue
        for gap in _gaps(stub[first:last], reference[start:end]):
            lines += _region(gap, faded=exercise.ladder == "faded")
    text = "\n".join(lines)
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise ReleaseError(f"{exercise.name}: stub and reference do not fit: {error}.") from None
    return text


def _body(text: str) -> list[str]:
    """Return the lines of a module between its docstring and its last statement's end."""
    statements = ast.parse(text).body
    lines = text.splitlines()[statements[0].end_lineno : statements[-1].end_lineno]
    return list(itertools.dropwhile(lambda line: not line.strip(), lines))


def _with_gaps(text: str) -> str:
    """Return a stub with one line for each raised NotImplementedError: a text of what that says."""
    lines = text.splitlines()
    for node in reversed(proof.gaps(ast.parse(text))):
        told = " ".join(
            part.value
            for part in ast.walk(node)
            if isinstance(part, ast.Constant) and type(part.value) is str
        )
        lines[node.lineno - 1 : node.end_lineno] = [f"{' ' * node.col_offset}{GAP}{told!r}"]
    return "\n".join(lines)


def _gaps(stub: list[str], reference: list[str]) -> list[_Gap]:
    """Return the gaps that a stub has in place of some lines of the reference.

    Where they are of different depth, the lines of the reference are divided where they dedent.
    """
    gaps = [_Gap([], reference)]
    seen = False
    for line in stub:
        words, lines = line.strip(), gaps[-1].lines
        is_gap = words.startswith(GAP)
        if is_gap and seen and lines and _indent(line) < _indent(lines[0]):
            dedent = [
                n for n, known in enumerate(lines) if known and _indent(known) <= _indent(line)
            ]
            if dedent:
                gaps[-1].lines = lines[: dedent[0]]
                gaps.append(_Gap([], lines[dedent[0] :]))
        if is_gap:
            gaps[-1].told.append(ast.literal_eval(words.removeprefix(GAP)))
        elif words.startswith("#"):
            gaps[-1].told.append(words.lstrip("# "))
        seen = seen or is_gap
    return gaps


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _region(gap: _Gap, *, faded: bool) -> list[str]:
    """Return a gap as nbgrader marks it; what the stub says there stays for the student."""
    filled = [place for place, line in enumerate(gap.lines) if line.strip()]
    if not filled:
        return gap.lines
    first, last = filled[0], filled[-1] + 1
    indent = " " * _indent(gap.lines[first])
    told = [f"{indent}# {words}" for words in gap.told] if faded else []
    marked = [f"{indent}{BEGIN}", *gap.lines[first:last], f"{indent}{END}"]
    return [*gap.lines[:first], *told, *marked, *gap.lines[last:]]


# --- how many checks there are ---


def _counts(exercises: tuple[Exercise, ...]) -> Counts:
    """Return how many public and how many hidden checks each exercise has."""
    paths = [
        path for exercise in exercises for path in (exercise.public_checks, exercise.hidden_checks)
    ]
    try:
        collected = checks.collect(paths)
    except checks.NotCollected as error:
        collected = error.checks
    counts = Counter((check.exercise, check.hidden) for check in collected)
    for exercise in exercises:
        if not all(counts[exercise.name, hidden] for hidden in (False, True)):
            raise ReleaseError(
                f"{exercise.name}: its checks cannot be read; type: fmnist course check"
            )
    return counts
