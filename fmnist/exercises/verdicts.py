"""The outcome of one check: the same for a student's run and for grading."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        exercise: its name.
        check: name of the test, with its case.
        hidden: whether students see the check.
        outcome: passed, failed, error (nothing could be judged) or skipped.
        kind: what is wrong, see `fmnist.answer.faults`; "grader error" if it is our fault.
        message: for the student; empty if passed.
    """

    exercise: str
    check: str
    hidden: bool
    outcome: str
    kind: str
    message: str
