"""What a student is told about one exercise: the score, and the first fault with its idea."""

from dataclasses import dataclass

from fmnist.exercises import scores
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import CUT_SHORT
from fmnist.exercises.verdicts import State, Verdict


@dataclass(frozen=True)
class Feedback:
    """The outcome of the public checks of one exercise.

    Attributes:
        exercise: that was checked.
        verdicts: in the order of the checks; at least one.
    """

    exercise: Exercise
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(verdict.passed for verdict in self.verdicts)

    @property
    def first_fault(self) -> Verdict | None:
        """The verdict to begin with, or None if all checks passed."""
        return next((verdict for verdict in self.verdicts if not verdict.passed), None)

    @property
    def solved(self) -> bool:
        """Whether all checks passed."""
        return self.first_fault is None

    @property
    def judged(self) -> bool:
        """Whether all checks could be asked; if not, that is no fault of the answer."""
        return all(verdict.kind != State.GRADER_ERROR for verdict in self.verdicts)

    @property
    def worth(self) -> str:
        """What the public checks are worth, and what the rest depends on."""
        worth = f"{self.exercise.points * scores.PUBLIC:g} of {self.exercise.points} points"
        return f"They are worth {worth}; hidden ones test the same ideas on other inputs."

    @property
    def score(self) -> str:
        """How many checks passed, in words."""
        if self.solved:
            return f"{self.exercise.name}: all {len(self.verdicts)} public checks passed"
        short = " before it was stopped" if self.verdicts[-1].kind in CUT_SHORT else ""
        counted = f"{self.passed} of {len(self.verdicts)} public checks passed{short}"
        return f"{self.exercise.name}: {counted}"
