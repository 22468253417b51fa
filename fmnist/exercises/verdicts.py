"""The outcome of one check, and the names of outcomes and states: the same texts everywhere.

What is wrong with an answer is one of the kinds in `fmnist.answer.faults`. What people read of all
these stands in `fmnist.exercises.sentences`.
"""

from dataclasses import dataclass
from enum import StrEnum

from fmnist.answer import faults


class Outcome(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"  # nothing could be judged
    SKIPPED = "skipped"


class State(StrEnum):
    """What became of an exercise, or of a submission: from the worst to the best.

    A fault of ours is a kind, too: no answer can have it.
    """

    GRADER_ERROR = faults.NotRead.kind
    TAMPERING = faults.Tampering.kind
    DOUBTFUL = faults.Doubtful.kind
    MISSING = faults.Missing.kind
    NOT_GRADABLE = "not gradable"
    TIMED_OUT = faults.TimedOut.kind
    CRASHED = faults.Crashed.kind
    GRADED = "graded"


NO_POINTS = (
    State.GRADER_ERROR,
    State.TAMPERING,
    State.DOUBTFUL,
    State.MISSING,
    State.NOT_GRADABLE,
)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        exercise: its name.
        check: name of the test, with its case.
        hidden: whether students see the check.
        outcome: one of `Outcome`.
        kind: what is wrong, see `fmnist.answer.faults`; `State.GRADER_ERROR` if it is our fault.
        message: for the student; empty if passed.
    """

    exercise: str
    check: str
    hidden: bool
    outcome: str
    kind: str
    message: str

    @property
    def passed(self) -> bool:
        """Whether the check found nothing wrong."""
        return self.outcome == Outcome.PASSED


def unjudged(exercise: str, kind: str, message: str) -> Verdict:
    """Return the verdict that stands for all checks of an exercise, none of which could be asked.

    Args:
        exercise: its name.
        kind: what kept them from being asked.
        message: for the student.
    """
    return Verdict(exercise, "", False, Outcome.ERROR, kind, message)
