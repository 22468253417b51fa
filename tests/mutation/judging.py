"""What the checks say of mutants, and which mutants are known to change nothing."""

import contextlib
import resource
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import Checker
from fmnist.exercises.verdicts import Verdict
from fmnist.tools.processes import LineProcess
from mutation.mutants import Mutant, mutants

REGISTER = Path(__file__).with_name("equivalent.toml")
SECONDS = 1  # of a call: what is longer under way has lost its way
MEMORY = 16 * 2**30  # bytes: a width that is multiplied, not divided, asks for six times as much


@dataclass(frozen=True)
class Equivalent:
    """A mutant that is as right as the reference.

    Attributes:
        exercise: its name.
        was: as in `Mutant`.
        becomes: as in `Mutant`.
        reason: why no check could or should reject it.
    """

    exercise: str
    was: str
    becomes: str
    reason: str


class BoundedChecker(Checker):
    """A checker that leaves a machine its memory, however much a mutant asks for."""

    def _started(self) -> LineProcess:
        process = super()._started()
        # What is written to, not the address space: of that each thread reserves a lot.
        with contextlib.suppress(AttributeError, ProcessLookupError):  # Linux alone; ended at once
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
        return process


def equivalents(register: Path = REGISTER) -> tuple[Equivalent, ...]:
    """Return the register of mutants that change nothing."""
    entries = tomllib.loads(register.read_text("utf-8"))["equivalent"]
    return tuple(Equivalent(**entry) for entry in entries)


def mutants_of(exercise: Exercise) -> Iterator[Mutant]:
    """Yield the mutants of a reference."""
    return mutants(exercise.reference.read_text("utf-8"), exercise.name)


def fault(checker: Checker, exercise: Exercise, text: str, folder: Path) -> Verdict | None:
    """Return the first verdict on an answer that is not "passed", or None if it survives.

    Args:
        checker: that runs the public and the hidden checks; it stays warm unless it must stop one.
        exercise: whose checks to run.
        text: of the answer.
        folder: for its file.
    """
    path = folder / f"{exercise.name}.py"
    path.write_text(text, "utf-8")
    impatient = exercise if exercise.keras else msgspec.structs.replace(exercise, seconds=SECONDS)
    verdicts = list(checker.check(impatient, path, hidden=True, first_fault=True))
    return next((verdict for verdict in verdicts if verdict.outcome != "passed"), None)
