"""Whether the exercises are whole: files, links, and checks that catch what they must.

Each function yields problems, one line each, with what to mend; none means that all is well.
"""

import ast
import contextlib
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fmnist import course
from fmnist.answer.faults import NotStarted, Wrong
from fmnist.exercises import catalog, misconceptions
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import Checker
from fmnist.exercises.scaffold import BLANK
from fmnist.exercises.verdicts import Outcome, Verdict

BOOK = course.ROOT / "book"
WRONG_ANSWERS = 3  # of each exercise, at least
KEYS = ("Misconception", "caught-by", "says")
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)


@dataclass(frozen=True)
class WrongAnswer:
    """What the docstring of a wrong answer promises.

    Attributes:
        path: of the file.
        misconception: its id.
        caught_by: name of the check that rejects it, with its case.
        says: part of the sentence that its author must read.
    """

    path: Path
    misconception: str
    caught_by: str
    says: str


class Unfinished(Exception):
    """A wrong answer does not say what it must."""


def wrong_answer(path: Path) -> WrongAnswer:
    """Return what a wrong answer says of itself.

    Raises:
        Unfinished: its docstring lacks a line, or cannot be read.
    """
    try:
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    except (SyntaxError, ValueError) as error:
        raise Unfinished(f"{path.name} is not Python: {error}.") from None
    said = dict(line.split(": ", 1) for line in docstring.splitlines() if ": " in line)
    for key in KEYS:
        if not said.get(key):
            raise Unfinished(f"{path.name}: its docstring has no line '{key}: ...'.")
    return WrongAnswer(path, *(said[key].strip() for key in KEYS))


def wrong_answers(exercise: Exercise) -> list[WrongAnswer]:
    """Return what the wrong answers to an exercise say, without those that are unfinished."""
    finished = []
    for path in exercise.wrong_answers:
        with contextlib.suppress(Unfinished):  # told by `of_the_files`
            finished.append(wrong_answer(path))
    return finished


# --- what can be seen without running anything ---


def of_the_files(exercise: Exercise) -> Iterator[str]:
    """Look at the files of one exercise, all of which are there, and at its chapter."""
    stub, reference = (
        _without_body(path, exercise.name) for path in (exercise.stub, exercise.reference)
    )
    if stub != reference:
        yield "stub and reference differ outside the body of the function."
    if not exercise.stub.read_text("utf-8").startswith(f'"""Exercise {exercise.number}: '):
        yield f"the stub begins with another number than Exercise {exercise.number}."
    shown = _chapter(exercise.phase).count(f"{{graded-exercise}} {exercise.name}\n")
    if shown != 1:
        yield f"shown {shown} times in {exercise.phase}.md, not once."
    if exercise.read not in LABEL.findall(_chapter(exercise.phase)):
        yield f"{exercise.phase}.md has no section ({exercise.read})=."
    for path in (*_files(exercise), *exercise.wrong_answers):
        if BLANK in path.read_text("utf-8"):
            yield f"{path.relative_to(course.ROOT)}: something is still to do."
    if BLANK in " ".join((exercise.title, *exercise.hints)):
        yield "title or hints in exercises.toml are still to do."
    if len(exercise.wrong_answers) < WRONG_ANSWERS:
        yield (
            f"wrong answers: {len(exercise.wrong_answers)}, at least {WRONG_ANSWERS} are wanted in "
            f"solutions/wrong/{exercise.phase}/{exercise.name}/."
        )
    for path in exercise.wrong_answers:
        try:
            wrong = wrong_answer(path)
        except Unfinished as error:
            yield str(error)
        else:
            if wrong.misconception not in misconceptions.load():
                yield f"{path.name}: misconceptions.toml has no {wrong.misconception!r}."


def of_the_course() -> Iterator[str]:
    """Follow the links between objectives, projects, misconceptions and chapters."""
    found = catalog.read()
    everything: list[Exercise | catalog.Project] = [*found.exercises, *found.projects]
    practised = {id_ for one in everything for id_ in one.objectives}
    for objective in found.objectives:
        if objective.id not in practised:
            yield f"objective {objective.id}: no exercise and no project practises it."
    for phase in course.PHASES:
        projects = [project for project in found.projects if project.phase == phase]
        if len(projects) != 1 or not projects[0].task.is_file():
            yield f"{phase}: one project with exercises/{phase}/project.md is wanted."
        for directive in ("objectives", "project"):
            if _chapter(phase).count(f"{{{directive}}}\n") != 1:
                yield f"{phase}.md: the directive {{{directive}}} is wanted once."
    used = {
        wrong.misconception for exercise in found.exercises for wrong in wrong_answers(exercise)
    }
    for one in misconceptions.load().values():
        if one.id not in used:
            yield f"misconception {one.id}: no wrong answer comes from it."
        if one.read not in LABEL.findall(_chapter(one.phase)):
            yield f"misconception {one.id}: {one.phase}.md has no section ({one.read})=."


def _chapter(phase: str) -> str:
    return (BOOK / f"{phase}.md").read_text("utf-8")


def of_strays() -> Iterator[str]:
    """Name every Python file beside the exercises that belongs to none."""
    belonging = {
        path for exercise in catalog.load() for path in (*_files(exercise), *exercise.wrong_answers)
    }
    found = {*course.EXERCISES.rglob("*.py"), *course.SOLUTIONS.rglob("*.py")}
    for path in sorted(found - belonging):
        yield f"{path.relative_to(course.ROOT)} belongs to no exercise."


def _without_body(path: Path, function: str) -> str:
    """Return a module's syntax tree with the function's body reduced to its docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            node.body = node.body[:1]
    return ast.dump(tree)


# --- what its checks say ---


def of_the_checks(exercise: Exercise, checker: Checker) -> Iterator[str]:
    """Run the checks on stub, reference and wrong answers.

    Args:
        exercise: all of whose files are there.
        checker: that runs them.
    """
    for verdict in checker.check(exercise, exercise.stub, hidden=True):
        if verdict.kind != NotStarted.kind:
            yield f"the stub: {verdict.check} says {_said(verdict)}, not that it is not started."
    for arrays in (False, True) if exercise.plain else (False,):
        how = " with arrays for lists" * arrays
        seen = list(checker.check(exercise, exercise.reference, hidden=True, arrays=arrays))
        if {verdict.hidden for verdict in seen} != {False, True}:
            yield "public and hidden checks are both wanted."
        for verdict in seen:
            if not verdict.passed:
                yield f"the reference{how}: {verdict.check} says {_said(verdict)}"
    hidden_kills = set()
    for wrong in wrong_answers(exercise):
        verdicts = list(checker.check(exercise, wrong.path, hidden=True))
        yield from (f"{wrong.path.name}: {problem}" for problem in _escape(wrong, verdicts))
        if all(verdict.passed for verdict in verdicts if not verdict.hidden):
            hidden_kills.add(wrong.caught_by.partition("[")[0])
    for name in _unproved(exercise.hidden_checks) - hidden_kills:
        yield (
            f"hidden check {name}: it has no parameter `seed`, and no wrong answer that the public "
            "checks let through is caught by it."
        )


def _escape(wrong: WrongAnswer, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Say how a wrong answer was not caught as it promises."""
    caught = next((verdict for verdict in verdicts if verdict.check == wrong.caught_by), None)
    if caught is None:
        names = ", ".join(verdict.check for verdict in verdicts)
        yield f"there is no check {wrong.caught_by!r}; there are {names}."
    elif (caught.outcome, caught.kind) != (Outcome.FAILED, Wrong.kind):
        yield f"{caught.check} does not reject it: {_said(caught)}"
    elif wrong.says not in caught.message:
        yield f"{caught.check} does not say {wrong.says!r}, but: {_in_one_line(caught.message)}"


def _unproved(checks: Path) -> set[str]:
    """Return the names of the checks in a file that have no parameter `seed`."""
    return {
        node.name
        for node in ast.parse(checks.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and "seed" not in {argument.arg for argument in node.args.args}
    }


def _said(verdict: Verdict) -> str:
    words = f"{verdict.outcome} {verdict.kind}".strip()
    return f"{words}: {_in_one_line(verdict.message)}" if verdict.message else words


def _in_one_line(message: str) -> str:
    return " ".join(message.split())


# --- all of it ---


def problems(exercises: Sequence[Exercise]) -> Iterator[str]:
    """Yield all problems of some exercises.

    Those with Keras run beside those without, in two processes.
    """
    whole = []
    for exercise in exercises:
        faults = {path: fault for path in _files(exercise) if (fault := _fault(path))}
        if not faults:
            whole.append(exercise)
        for path, fault in faults.items():
            yield f"{exercise.name}: {path.relative_to(course.ROOT)} {fault}."
    kinds = [[one for one in whole if one.keras is keras] for keras in (True, False)]
    with ThreadPoolExecutor(len(kinds)) as pool:
        for found in pool.map(_of_all, kinds):
            yield from found


def _fault(path: Path) -> str:
    """Return why nothing more can be said of a file; empty if it can be read as Python."""
    try:
        ast.parse(path.read_text("utf-8"))
    except OSError:
        return "is missing"
    except (SyntaxError, ValueError) as error:
        return f"is not Python: {error}"
    return ""


def _of_all(exercises: Sequence[Exercise]) -> list[str]:
    found = []
    with Checker() as checker:
        for exercise in exercises:
            found += [f"{exercise.name}: {one}" for one in of_the_files(exercise)]
            found += [f"{exercise.name}: {one}" for one in of_the_checks(exercise, checker)]
    return found


def _files(exercise: Exercise) -> tuple[Path, ...]:
    """Return the four files of an exercise that are not wrong answers."""
    return exercise.stub, exercise.public_checks, exercise.reference, exercise.hidden_checks
