"""Whether the exercises are whole: files, links, and checks that catch what they must.

Each function yields problems, one line each, with what to mend; none means that all is well.
"""

import ast
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fmnist import course
from fmnist.answer.faults import NotStarted, Wrong
from fmnist.exercises import catalog, misconceptions, shortcuts
from fmnist.exercises.catalog import Exercise, Project, WrongAnswer
from fmnist.exercises.checker import Checker
from fmnist.exercises.scaffold import BLANK
from fmnist.exercises.verdicts import Outcome, Verdict

BOOK = course.ROOT / "book"
SEEDS = 3  # of classes with which hidden checks are proved, unless somebody asks for more
WRONG_ANSWERS = 3  # of each exercise, at least
NUMBER = re.compile(r"\bexercise \d+\.\d+", re.IGNORECASE)
LABEL = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)

# --- what can be seen without running anything ---


def of_the_files(exercise: Exercise) -> Iterator[str]:
    """Look at the files of one exercise, all of which are there, and at its chapter."""
    stub, reference = (
        _without_body(path, exercise.name) for path in (exercise.stub, exercise.reference)
    )
    if stub != reference:
        yield "stub and reference differ outside the body of the function."
    shown = _chapter(exercise.phase).count(f"{{graded-exercise}} {exercise.name}\n")
    if shown != 1:
        yield f"shown {shown} times in {exercise.phase}.md, not once."
    if exercise.read not in LABEL.findall(_chapter(exercise.phase)):
        yield f"{exercise.phase}.md has no section ({exercise.read})=."
    wrong_answers = exercise.wrong_answers
    for path in (*_files(exercise), *(wrong.path for wrong in wrong_answers)):
        if typed := NUMBER.search(path.read_text("utf-8")):
            yield (
                f"{path.relative_to(course.ROOT)} has the number {typed[0]!r}: leave it out, it "
                "follows from the place in exercises.toml."
            )
        if BLANK in path.read_text("utf-8"):
            yield f"{path.relative_to(course.ROOT)}: something is still to do."
    if BLANK in " ".join((exercise.title, *exercise.hints)):
        yield "title or hints in exercises.toml are still to do."
    if len(wrong_answers) < WRONG_ANSWERS:
        yield (
            f"wrong answers: {len(wrong_answers)}, at least {WRONG_ANSWERS} are wanted in "
            f"solutions/wrong/{exercise.phase}/{exercise.name}/."
        )
    for wrong in wrong_answers:
        if fault := _fault(wrong.path):
            yield f"{wrong.name} {fault}."
        elif wrong.missing:
            yield f"{wrong.name}: its docstring has no line '{wrong.missing}: ...'."
        elif wrong.misconception not in misconceptions.load():
            yield f"{wrong.name}: misconceptions.toml has no {wrong.misconception!r}."


def of_the_course() -> Iterator[str]:
    """Follow the links between objectives, projects, misconceptions and chapters."""
    exercises, projects = catalog.load(), catalog.read().projects
    entries: tuple[Exercise | Project, ...] = (*exercises, *projects)
    practised = {id_ for entry in entries for id_ in entry.objectives}
    for objective in catalog.read().objectives:
        if objective.id not in practised:
            yield f"objective {objective.id}: no exercise and no project practises it."
    for phase in course.PHASES:
        if [project.task.is_file() for project in projects if project.phase == phase] != [True]:
            yield f"{phase}: one project with exercises/{phase}/project.md is wanted."
        for directive in ("objectives", "project"):
            if _chapter(phase).count(f"{{{directive}}}\n") != 1:
                yield f"{phase}.md: the directive {{{directive}}} is wanted once."
    answered = {wrong.misconception for exercise in exercises for wrong in exercise.wrong_answers}
    for id_, misconception in misconceptions.load().items():
        if id_ not in answered:
            yield f"misconception {id_}: no wrong answer comes from it."
        phase, read = misconception.phase, misconception.read
        if read not in LABEL.findall(_chapter(phase)):
            yield f"misconception {id_}: {phase}.md has no section ({read})=."


def _chapter(phase: str) -> str:
    return (BOOK / f"{phase}.md").read_text("utf-8")


def of_strays() -> Iterator[str]:
    """Name every Python file beside the exercises that belongs to none."""
    known: set[Path] = set()
    for exercise in catalog.load():
        known |= {*_files(exercise), *(wrong.path for wrong in exercise.wrong_answers)}
    present = {*course.EXERCISES.rglob("*.py"), *course.SOLUTIONS.rglob("*.py")}
    for path in sorted(present - known):
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
        how = " with arrays for lists" if arrays else ""
        verdicts = list(checker.check(exercise, exercise.reference, hidden=True, arrays=arrays))
        if {verdict.hidden for verdict in verdicts} != {False, True}:
            yield "public and hidden checks are both wanted."
        for verdict in verdicts:
            if not verdict.passed:
                yield f"the reference{how}: {verdict.check} says {_said(verdict)}"
    hidden_kills = set()
    for wrong in exercise.wrong_answers:
        if wrong.missing:
            continue  # told by `of_the_files`
        verdicts = list(checker.check(exercise, wrong.path, hidden=True))
        yield from (f"{wrong.name}: {problem}" for problem in _escape(wrong, verdicts))
        if all(verdict.passed for verdict in verdicts if not verdict.hidden):
            hidden_kills.add(wrong.check.partition("[")[0])
    for name in _unproved(exercise.hidden_checks) - hidden_kills:
        yield (
            f"hidden check {name}: it has no parameter `seed`, and no wrong answer that the public "
            "checks let through is caught by it."
        )


def of_the_seeds(exercise: Exercise, checker: Checker, seeds: int) -> Iterator[str]:
    """Run the hidden checks as classes with other seeds have them.

    Args:
        exercise: all of whose files are there.
        checker: that runs them.
        seeds: how many classes.
    """
    public = _names(exercise.public_checks)
    caught = [one for one in exercise.wrong_answers if one.check.partition("[")[0] not in public]
    for seed in range(1, seeds + 1):
        for verdict in checker.check(exercise, exercise.reference, hidden=True, seed=seed):
            if not verdict.passed:
                yield f"the reference, seed {seed}: {verdict.check} says {_said(verdict)}"
        for wrong in caught:
            verdicts = list(checker.check(exercise, wrong.path, hidden=True, seed=seed))
            yield from (f"{wrong.name}, seed {seed}: {told}" for told in _escape(wrong, verdicts))


def _escape(wrong: WrongAnswer, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Say how a wrong answer was not caught as it promises."""
    by_check = {verdict.check: verdict for verdict in verdicts}
    verdict = by_check.get(wrong.check)
    if verdict is None:
        yield f"there is no check {wrong.check!r}; there are {', '.join(by_check)}."
    elif (verdict.outcome, verdict.kind) != (Outcome.FAILED, Wrong.kind):
        yield f"{wrong.check} does not reject it: {_said(verdict)}"
    elif wrong.sentence not in verdict.message:
        told = _in_one_line(verdict.message)
        yield f"{wrong.check} does not say {wrong.sentence!r}, but: {told}"


def _names(checks: Path) -> set[str]:
    """Return the names of the checks in a file."""
    body = ast.parse(checks.read_text("utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


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


def problems(exercises: Sequence[Exercise], *, seeds: int = SEEDS) -> Iterator[str]:
    """Yield all problems of some exercises.

    Those with Keras run beside those without, in two processes.

    Args:
        exercises: to be proved.
        seeds: of how many classes hidden checks are tried.
    """
    whole = []
    for exercise in exercises:
        faults = [
            f"{exercise.name}: {path.relative_to(course.ROOT)} {fault}."
            for path in _files(exercise)
            if (fault := _fault(path))
        ]
        yield from faults
        if not faults:
            whole.append(exercise)
    kinds = [[exercise for exercise in whole if exercise.keras is keras] for keras in (True, False)]
    with ThreadPoolExecutor(len(kinds)) as pool:
        of_all = functools.partial(_of_all, seeds=seeds)
        yield from itertools.chain.from_iterable(pool.map(of_all, kinds))


def _fault(path: Path) -> str:
    """Return why nothing more can be said of a file; empty if it can be read as Python."""
    try:
        ast.parse(path.read_text("utf-8"))
    except OSError:
        return "is missing"
    except (SyntaxError, ValueError) as error:
        return f"is not Python: {error}"
    return ""


def _of_all(exercises: Sequence[Exercise], *, seeds: int) -> list[str]:
    with Checker() as checker:
        return [
            f"{exercise.name}: {problem}"
            for exercise in exercises
            for problem in _of_one(exercise, checker, seeds)
        ]


def _of_one(exercise: Exercise, checker: Checker, seeds: int) -> list[str]:
    """Return the problems of an exercise; only one without any is tried with other seeds."""
    found = [*of_the_files(exercise), *of_the_checks(exercise, checker)]
    return found or [
        *of_the_seeds(exercise, checker, seeds),
        *shortcuts.problems(exercise, seed=1),
    ]


def _files(exercise: Exercise) -> tuple[Path, ...]:
    """Return the four files of an exercise that are not wrong answers."""
    return exercise.stub, exercise.public_checks, exercise.reference, exercise.hidden_checks
