"""Source assignments for nbgrader: a notebook for each phase of each assignment and its project.

An exercise is four cells: the task, the answer, and two tests. The answer is the stub of which
every gap is a solution region with what the reference has there. The tests earn the exercise's
points together, divided by how many checks they run, so that marks are those of `fmnist grade`.
A project is marked by a person: each criterion of its rubric is a task cell with points.
"""

import ast
import difflib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fmnist.exercises import catalog, checks, rubrics, scores
from fmnist.exercises.catalog import Assignment, Exercise, Project
from fmnist.release import packing, proof
from fmnist.release.packing import Files, ReleaseError
from fmnist.tools import templates

Counts = Counter[tuple[str, bool]]  # of checks, by exercise, public and hidden apart
SCHEMA = 3
GAP = "gap_of_the_stub, "  # begins the line of a gap while stub and reference are compared
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def files(assignment: str = "") -> Files:
    """Return nbgrader's ``source`` folder and its settings.

    Args:
        assignment: to make; empty for all of them.

    Raises:
        CatalogError: there is no such assignment.
        ReleaseError: there is no checkout with solutions.
        ModuleNotFoundError: nbformat is not installed.
    """
    counts = _counts(packing.exercises_of(assignment))
    wanted = [known for known in catalog.read().assignments if assignment in ("", known.name)]
    config = templates.filled("release/templates/nbgrader_config.py.jinja")
    readme = templates.filled("release/templates/nbgrader_readme.md.jinja", first=wanted[0].name)
    release = {"nbgrader_config.py": config.encode(), "README.md": readme.encode()}
    for known in wanted:
        release |= _notebooks(known, counts) | _projects(known)
    return release


def _notebooks(assignment: Assignment, counts: Counts) -> Files:
    import nbformat

    from fmnist.book import notebooks

    exercises = catalog.exercises_of(assignment.name)
    release = {}
    for phase in packing.phases_of(exercises):
        title = f"# {assignment.title}\n\nComplete each function, then run the cell below it."
        cells = [_cell("markdown", title, f"{phase}-title")]
        for exercise in exercises:
            if exercise.phase == phase:
                task = f"{notebooks.heading(exercise)}\n\n{_told(exercise)}"
                cells.append(_cell("markdown", task, f"{exercise.name}-task"))
                cells.append(_cell("code", answer(exercise), exercise.name, solution=True))
                cells += _tests(exercise, counts)
        content = nbformat.writes(notebooks.of_cells(cells)).encode() + b"\n"
        release[f"source/{assignment.name}/{phase}.ipynb"] = content
    return release


def _projects(assignment: Assignment) -> Files:
    """Return the notebooks of the projects that an assignment has.

    A project goes with the last assignment that has an exercise of its phase.
    """
    import nbformat

    from fmnist.book import notebooks

    last = {
        catalog.find(name).phase: known.name
        for known in catalog.read().assignments
        for name in known.exercises
    }
    release = {}
    for project in catalog.read().projects:
        if last.get(project.phase) == assignment.name:
            content = nbformat.writes(notebooks.of_cells(list(_project(project)))).encode() + b"\n"
            release[f"source/{assignment.name}/{project.phase}_project.ipynb"] = content
    return release


def _project(project: Project) -> Iterator[Any]:
    """Yield the cells of a project: the task, room for the work, and what a person marks."""
    from nbformat.v4 import new_code_cell

    title = f"# {project.title}\n\n{project.points} points, about {project.minutes} minutes."
    text = project.task.read_text("utf-8")
    task = text.partition("\n| criterion")[0].strip()
    yield _cell("markdown", f"{title}\n\n{task}", f"{project.phase}-project")
    yield new_code_cell("# Your work: add as many cells as you like, here and below.")
    for number, criterion in enumerate(rubrics.of(project), 1):
        levels = zip(("0", "half", "full"), criterion.levels, strict=True)
        told = "\n".join(f"- {level}: {what}" for level, what in levels)
        source = f"**{criterion.name}** ({criterion.points} points)\n\n{told}"
        yield _cell(
            "markdown",
            source,
            f"{project.phase}-project-{number}",
            points=criterion.points,
            task=True,
        )


def _tests(exercise: Exercise, counts: Counts) -> Iterator[Any]:
    """Yield the two cells that test an answer, which share its points."""
    both = all(counts[exercise.name, hidden] for hidden in (False, True))
    shown = round(exercise.points * scores.PUBLIC, 2) if both else exercise.points
    for kind, points in (("public", shown), ("hidden", round(exercise.points - shown, 2))):
        source = templates.filled(
            f"release/templates/{kind}_cell.py.jinja",
            name=exercise.name,
            points=points,
        )
        yield _cell("code", source.rstrip(), f"{exercise.name}-{kind}", points=points)


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
    points: float | None = None,
    task: bool = False,
) -> Any:
    """Return a cell that a student may change only if it is the solution.

    Args:
        kind: "code" or "markdown".
        source: of the cell.
        grade_id: by which nbgrader knows it.
        solution: whether a student completes it.
        points: that it gives; by the machine unless it is a task.
        task: whether a person gives them, for what stands around the cell.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell

    metadata: dict[str, Any] = {
        "schema_version": SCHEMA,
        "grade_id": grade_id,
        "grade": points is not None and not task,
        "solution": solution,
        "locked": not solution,
        "task": task,
    }
    if points is not None:
        metadata["points"] = points
    new = new_markdown_cell if kind == "markdown" else new_code_cell
    return new(source, metadata={"nbgrader": metadata})


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
    gaps, depth = [_Gap([], reference)], 0
    for line in stub:
        words = line.strip()
        if words.startswith("#"):
            gaps[-1].told.append(words.lstrip("# "))
        elif words.startswith(GAP):
            if _indent(line) < depth:
                lines = gaps[-1].lines
                outer = [
                    n for n, known in enumerate(lines) if known and _indent(known) <= _indent(line)
                ]
                if outer:
                    gaps[-1].lines = lines[: outer[0]]
                    gaps.append(_Gap([], lines[outer[0] :]))
            gaps[-1].told.append(ast.literal_eval(words.removeprefix(GAP)))
            depth = _indent(line)
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
