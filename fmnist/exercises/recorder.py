"""What pytest found, as one `Verdict` a check, and how pytest is started to find it."""

import os
from pathlib import Path

import pytest

from fmnist.answer.faults import Fault, NotLoaded, Wrong
from fmnist.exercises.plugin import exercise_of
from fmnist.exercises.sentences import CHECK_FAILED
from fmnist.exercises.verdicts import Check, Outcome, State, Verdict

MAX_MESSAGE = 2000  # characters
CONFIG = Path(__file__).with_name("checks.ini")
# Parts of pytest that have nothing to do for checks, and take half the time of a warm run.
IDLE = (
    "cacheprovider debugging doctest faulthandler junitxml legacypath logging pastebin "
    "recwarn setuponly setupplan stepwise subtests terminal threadexception "
    "unittest unraisableexception"
).split()
# Variables that add options and plugins to every pytest.
ADDING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


def run_checks(files: list[Path], *options: str, plugins: list[object]) -> int:
    """Have pytest run these check files, whatever folder they lie in; return its exit status.

    Neither the folder nor the environment can add anything: no conftest, no configuration but
    ours, no plugin but ours (by the name of its entry point), no cache.

    Args:
        files: of checks.
        options: further ones for pytest.
        plugins: what watches, or steers, the run.
    """
    arguments = [
        *(str(file) for file in files),
        f"--config-file={CONFIG}",
        f"--rootdir={CONFIG.parent}",
        "--noconftest",
        "--disable-plugin-autoload",
        "-pfmnist",
        "--import-mode=importlib",
        *(f"-pno:{name}" for name in IDLE),
        *options,
    ]
    others = {name: os.environ.pop(name) for name in ADDING if name in os.environ}
    try:
        return pytest.main(arguments, plugins=plugins)
    finally:
        os.environ.update(others)


class Recorder:
    """A pytest plugin that keeps the verdict of each check that runs."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []
        self._faults: dict[str, Verdict] = {}

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Leave tracebacks unwritten: nobody reads them, and writing them takes half the time."""
        session.config.option.tbstyle = "no"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        """Turn the exception of a check, if there is one, into a verdict."""
        report = yield
        if report.outcome != Outcome.PASSED:
            error = call.excinfo.value if call.excinfo else None
            found = verdict(item, error, skipped=report.outcome == Outcome.SKIPPED)
            self._faults.setdefault(item.nodeid, found)
        if report.when == "teardown":
            self.verdicts.append(self._faults.pop(item.nodeid, passed(item)))
        return report


def check_of(item: pytest.Item) -> Check:
    """Return what stands in a verdict of the check that it is one on."""
    return exercise_of(item.path).name, item.name, item.path.name.startswith("hidden_")


def passed(item: pytest.Item) -> Verdict:
    """Return the verdict of a check that found nothing wrong."""
    return Verdict(*check_of(item), Outcome.PASSED, "", "")


def verdict(item: pytest.Item, error: BaseException | None, *, skipped: bool) -> Verdict:
    """Return the verdict of a check that ended with an exception, or was skipped."""
    exercise, check, hidden = check_of(item)
    if skipped:
        outcome, kind, message = Outcome.SKIPPED, "", str(error)
    elif isinstance(error, Fault):
        outcome = Outcome.ERROR if isinstance(error, NotLoaded) else Outcome.FAILED
        kind, message = error.kind, str(error)
        if hidden and isinstance(error, Wrong):
            message = error.idea  # values would give the hidden case away
        elif hidden and not isinstance(error, NotLoaded):
            message = f"{_sentence(item)} Here the answer: {kind}."
    elif isinstance(error, AssertionError):
        outcome, kind = Outcome.FAILED, Wrong.kind
        message = _sentence(item) if hidden else f"{_sentence(item)} {error}"
    else:
        outcome, kind = Outcome.ERROR, State.GRADER_ERROR
        told = str(error).splitlines()[-1:] or [""]
        message = CHECK_FAILED.format(error=type(error).__name__, message=told[0])
    return Verdict(exercise, check, hidden, outcome, kind, message[:MAX_MESSAGE])


def _sentence(item: pytest.Item) -> str:
    """Return what the check demands, from its docstring."""
    docstring = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return docstring.strip().splitlines()[0]
