"""The checks of exercises: pytest collects them, and then each is a function that is called.

A check asks for an answer, for the model answer or both, and for the parameters of its case.
Whoever runs checks, a student's machine or the grader, calls them here, and so gets the same
verdicts.
"""

import contextlib
import dataclasses
import inspect
import os
import random
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fmnist.answer.faults import Fault, NotLoaded, Wrong
from fmnist.exercises import catalog, sentences
from fmnist.exercises.answers import ReferenceFailed
from fmnist.exercises.expect import Described
from fmnist.exercises.verdicts import Outcome, State, Verdict

MAX_MESSAGE = 2000  # characters
# Of an object, in an exception's words: with every run another, and a record would be, too.
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
CONFIG = Path(__file__).with_name("checks.ini")
# Parts of pytest that have nothing to do while it collects.
IDLE = (
    "cacheprovider debugging doctest faulthandler junitxml legacypath logging pastebin "
    "recwarn setuponly setupplan stepwise subtests terminal threadexception "
    "unittest unraisableexception"
).split()
MEANING = ("[", "::", "$", "%")  # what pytest does not take for part of a path
# What a check raises that looks into a value of another kind than it expects.
UNEXPECTED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Variables that add options and plugins to every pytest.
ADDING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


@dataclass(frozen=True)
class Check:
    """A check with the parameters of one case.

    Attributes:
        exercise: name of the exercise that it belongs to.
        name: of the test, with its case.
        hidden: whether students do not see it.
        sentence: what it demands: the first line of its docstring.
        function: called with `answer`, `reference` and the parameters, or some of these; it
            raises what it finds wrong.
        parameters: of the case, by name.
    """

    exercise: str
    name: str
    hidden: bool
    sentence: str
    function: Callable[..., object]
    parameters: dict[str, object]


class NotCollected(Exception):
    """The files of checks cannot be read.

    Attributes:
        status: with which pytest ended; `INTERRUPTED` if a file cannot be imported.
        checks: of the other files.
    """

    def __init__(self, status: int | pytest.ExitCode, checks: list[Check]):
        super().__init__(f"pytest ended with {status!r}")
        self.status = status
        self.checks = checks


def exercise_of(checks: Path) -> catalog.Exercise:
    """Return the exercise that a file of checks belongs to, by its name."""
    return catalog.find(checks.stem.removeprefix("test_").removeprefix("hidden_"))


class _Collector:
    """A pytest plugin that keeps what is collected."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        """Keep each test as a check."""
        for item in items:
            docstring = item.function.__doc__ or item.name
            self.checks.append(
                Check(
                    exercise=exercise_of(item.path).name,
                    name=item.name,
                    hidden=item.path.name.startswith("hidden_"),
                    sentence=docstring.strip().splitlines()[0],
                    function=item.obj,
                    parameters=dict(item.callspec.params) if hasattr(item, "callspec") else {},
                )
            )


def collect(files: Iterable[Path]) -> list[Check]:
    """Return the checks in some files, whatever folder these lie in, in their order.

    Neither the folder nor the environment can add anything: no conftest, no configuration but
    ours, no plugin, no cache.

    Args:
        files: of checks, named after their exercises.

    Raises:
        NotCollected: one of them is missing or cannot be imported, or no check is in them.
    """
    paths, where = _arguments([*files])
    arguments = [
        *paths,
        "--collect-only",
        f"--config-file={CONFIG}",
        f"--rootdir={'.' if where else CONFIG.parent}",
        "--noconftest",
        "--disable-plugin-autoload",
        "--import-mode=importlib",
        "--capture=no",  # a notebook shows what is printed
        *(f"-pno:{name}" for name in IDLE),
    ]
    collector = _Collector()
    others = {name: os.environ.pop(name) for name in ADDING if name in os.environ}
    try:
        with contextlib.chdir(where) if where else contextlib.nullcontext():
            status = pytest.main(arguments, plugins=[collector])
    finally:
        os.environ.update(others)
    if status != pytest.ExitCode.OK:
        raise NotCollected(status, collector.checks)
    return collector.checks


def _arguments(files: list[Path]) -> tuple[list[str], Path | None]:
    """Return how pytest is told of files, and the folder in which it is, if that matters.

    A bracket or two colons in a path begin the name of a test for it, and a dollar or a percent
    sign a variable. In a checkout they are in the folders above; paths from there on have none.
    """
    if not any(mark in str(path) for mark in MEANING for path in (*files, CONFIG)):
        return [str(file) for file in files], None
    where = Path(os.path.commonpath([file.resolve().parent for file in files]))
    return [str(file.resolve().relative_to(where)) for file in files], where


def seeded(check: Check, seed: int) -> Check:
    """Return a hidden check whose inputs are drawn for one class.

    Args:
        check: any; one that is public, or takes no `seed`, is returned as it is.
        seed: of the class; with 0 a check has the inputs that are written in it.
    """
    if not (seed and check.hidden and "seed" in check.parameters):
        return check
    drawn = random.Random(f"{seed}/{check.exercise}/{check.name}").randrange(2**31)
    return dataclasses.replace(check, parameters=check.parameters | {"seed": drawn})


def fault(
    check: Check, *, answer: Callable[[], Described], reference: Callable[[], Described]
) -> BaseException | None:
    """Call a check and return what it raised; None if it passed.

    Args:
        check: to call.
        answer: gives the answer that is judged.
        reference: gives the model answer.
    """
    asked = inspect.signature(check.function).parameters
    givers = {"answer": answer, "reference": reference}
    called = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nobody would read them
            # The answer before all else: one that is missing is told of, whatever else there is.
            given = {name: give() for name, give in givers.items() if name in asked}
            called = True
            check.function(**given, **check.parameters)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a check may fail in any way, also with pytest's own exceptions
        if (
            called
            and isinstance(error, UNEXPECTED)
            and not isinstance(error, Fault | ReferenceFailed)
        ):
            return _of_the_answer(check, reference) or error
        return error
    return None


def _of_the_answer(check: Check, reference: Callable[[], Described]) -> Wrong | None:
    """Return a wrong answer where a check stumbled over what came back; None where it is our fault.

    A check that the model answer passes, in the student's place, has no fault of its own: it was
    given something that it cannot compare with what it expects.
    """
    asked = inspect.signature(check.function).parameters
    given = {name: reference() for name in ("answer", "reference") if name in asked}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check.function(**given, **check.parameters)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    idea = sentences.NOT_COMPARABLE.format(sentence=check.sentence)
    return Wrong(idea, idea=idea)


def verdict(check: Check, error: BaseException | None) -> Verdict:
    """Return the verdict of a check from what it raised, see `fault`."""
    outcome, kind, message = Outcome.FAILED, "", ""
    if error is None:
        outcome = Outcome.PASSED
    elif isinstance(error, pytest.skip.Exception):
        outcome, message = Outcome.SKIPPED, str(error)
    elif isinstance(error, Fault):
        outcome = Outcome.ERROR if isinstance(error, NotLoaded) else Outcome.FAILED
        kind, message = error.kind, str(error)
        if check.hidden and isinstance(error, Wrong):
            message = error.idea  # values would give the hidden case away
        elif check.hidden and not isinstance(error, NotLoaded):
            message = f"{check.sentence} Here the answer: {kind}."
    elif isinstance(error, AssertionError):
        kind = Wrong.kind
        message = check.sentence if check.hidden else f"{check.sentence} {error}"
    else:
        outcome, kind = Outcome.ERROR, State.GRADER_ERROR
        told = str(error).splitlines()[-1:] or [""]
        message = sentences.CHECK_FAILED.format(error=type(error).__name__, message=told[0])
    message = ADDRESS.sub(" at 0x...", message)[:MAX_MESSAGE]
    return Verdict(check.exercise, check.name, check.hidden, outcome, kind, message)


def run(
    check: Check, *, answer: Callable[[], Described], reference: Callable[[], Described]
) -> Verdict:
    """Call a check and return its verdict, see `fault`."""
    return verdict(check, fault(check, answer=answer, reference=reference))
