"""What a page says of results, and whether it holds on the machine where the page is built.

A chapter states a claim in a hidden cell and marks its sentence with a role of the same name::

    claim("train-gain", surely_above(gain, 0))          ... is better than ... {claim}`train-gain`
    either("train-steady", below(spread, 1, "points"), "The seeds agree.", "The seeds differ.")
                                                        {either}`train-steady`

A claim that holds leaves no trace in the page but its name as an anchor. One that does not is told
at its sentence, with the numbers, and never stops a reader's build: that is for a strict one. Where
both outcomes occurred among re-drawn seeds, `either` puts the sentence that holds into the prose.

Claims compare what was measured with a bound, and keep the distance: the margin.
"""

import json
import math
import os
from dataclasses import asdict, dataclass

from fmnist.data import splits
from fmnist.evaluation.results import Accuracy, Difference, Measured, Score
from fmnist.tools import wording

GLUED = "claim:"  # before the name of a claim, among what a chapter glues
IN_BOOK = "FMNIST_BOOK"  # set in the kernels of a build
NORMAL = 1.96  # half widths of a 95 % interval in standard errors


@dataclass(frozen=True)
class Condition:
    """A comparison of something measured with a bound.

    Attributes:
        holds: whether it is true here.
        margin: distance from the bound, in `unit`; negative where it does not hold; None for what
            is true or false without a distance.
        unit: of margin and error, in words; empty for a pure number.
        error: standard error of the margin, in `unit`; None if it is not known.
        numbers: what was compared, as half a sentence.
    """

    holds: bool
    margin: float | None
    unit: str
    error: float | None
    numbers: str

    @property
    def reach(self) -> float:
        """The margin in standard errors, or as it is where no error is known; infinite without."""
        if self.margin is None:
            return math.inf
        return self.margin / self.error if self.error else self.margin


@dataclass(frozen=True)
class Outcome:
    """A claim on the machine where its page is built.

    Attributes:
        name: the same as in the role at its sentence.
        judged: whether it was: measured results of a smoke build mean nothing.
        conditions: what was compared; all must hold.
        sentence: that `either` chose; empty for other claims.
        other: the sentence that it did not choose.
    """

    name: str
    judged: bool
    conditions: tuple[Condition, ...]
    sentence: str = ""
    other: str = ""

    @property
    def condition(self) -> Condition:
        """The one that fails or, if all hold, is nearest to it."""
        return min(self.conditions, key=lambda each: (each.holds, each.reach))

    @property
    def fails(self) -> bool:
        """Whether a sentence of the page is not true here; of two sentences one always is."""
        return self.judged and not self.condition.holds and not self.sentence

    def _ipython_display_(self) -> None:
        """Show nothing where a claim is the last line of a cell."""

    def to_json(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """Return what `to_json` wrote."""
        stored = json.loads(text)
        conditions = tuple(Condition(**each) for each in stored["conditions"])
        return cls(**stored | {"conditions": conditions})


def claim(name: str, *conditions: Condition) -> Outcome:
    """State that measured results are as the page says.

    Args:
        name: of the claim, unique in the book.
        conditions: at least one; all must hold.
    """
    return _state(Outcome(name, not splits.is_smoke(), conditions))


def certain(name: str, *conditions: Condition | bool) -> Outcome:
    """State what follows from logic or from the published images: judged in every build."""
    given = (each if isinstance(each, Condition) else true(each) for each in conditions)
    return _state(Outcome(name, True, tuple(given)))


def either(name: str, condition: Condition, yes: str, no: str) -> Outcome:
    """Choose between two sentences, of which one is true wherever the page is built.

    Args:
        name: of the claim; the role ``{either}`` with it shows the sentence.
        condition: which decides.
        yes: the sentence where it holds.
        no: the sentence where it does not.
    """
    sentence, other = (yes, no) if condition.holds else (no, yes)
    return _state(Outcome(name, not splits.is_smoke(), (condition,), sentence, other))


def true(holds: bool, otherwise: str = "") -> Condition:
    """Return a condition without a distance.

    Args:
        holds: whether it is true.
        otherwise: what is the case where it is not, as half a sentence.
    """
    return Condition(bool(holds), None, "", None, otherwise or "what it says was looked for")


def above(
    value: float | Measured, bound: float = 0.0, unit: str = "", *, error: float | None = None
) -> Condition:
    """Return the condition that a value lies above a bound.

    Args:
        value: a number; or a result, of which accuracies and their differences count in
            percentage points and bring their standard error.
        bound: in the same unit.
        unit: of a number, in words.
        error: standard error of a number, in the same unit.
    """
    number, unit, error = _read(value, unit, error)
    numbers = f"{_said(number)} is not above {_said(bound)}"
    return _condition(number - bound, unit, error, numbers)


def below(
    value: float | Measured, bound: float = 0.0, unit: str = "", *, error: float | None = None
) -> Condition:
    """Return the condition that a value lies below a bound; see `above`."""
    number, unit, error = _read(value, unit, error)
    numbers = f"{_said(number)} is not below {_said(bound)}"
    return _condition(bound - number, unit, error, numbers)


def between(
    value: float | Measured,
    low: float,
    high: float,
    unit: str = "",
    *,
    error: float | None = None,
) -> Condition:
    """Return the condition that a value lies between two bounds; see `above`."""
    number, unit, error = _read(value, unit, error)
    numbers = f"{_said(number)} is not between {_said(low)} and {_said(high)}"
    return _condition(min(number - low, high - number), unit, error, numbers)


def surely_above(result: Measured, bound: float = 0.0) -> Condition:
    """Return the condition that the whole 95 % interval of a result lies above a bound."""
    scale, unit = _scale(result)
    low = scale * result.interval[0]
    numbers = f"the interval begins at {_said(low)}, not above {_said(bound)}"
    return _condition(low - bound, unit, _error(result), numbers)


def surely_below(result: Measured, bound: float = 0.0) -> Condition:
    """Return the condition that the whole 95 % interval of a result lies below a bound."""
    scale, unit = _scale(result)
    high = scale * result.interval[1]
    numbers = f"the interval ends at {_said(high)}, not below {_said(bound)}"
    return _condition(bound - high, unit, _error(result), numbers)


def _condition(margin: float, unit: str, error: float | None, numbers: str) -> Condition:
    """Return a condition in Python's own types: NumPy's cannot be kept as JSON."""
    known = None if error is None else float(error)
    return Condition(bool(margin > 0), float(margin), unit, known, f"{numbers} {unit}".strip())


def _state(outcome: Outcome) -> Outcome:
    """Keep a claim among what the chapter glues; outside the book, tell the one that fails."""
    if not outcome.conditions:
        raise ValueError("a claim needs a condition")
    if os.environ.get(IN_BOOK):
        from myst_nb import glue

        glue(f"{GLUED}{outcome.name}", outcome.to_json(), display=False)
    elif outcome.fails:
        numbers = outcome.condition.numbers
        print(f"The book's claim {outcome.name!r} does not hold on this machine: {numbers}.")
    return outcome


def _read(
    value: float | Measured, unit: str, error: float | None
) -> tuple[float, str, float | None]:
    if not isinstance(value, Measured):
        return float(value), unit, error
    scale, own = _scale(value)
    return scale * value.value, own, _error(value)


def _scale(result: Measured) -> tuple[float, str]:
    if isinstance(result, Accuracy | Difference):
        return 100.0, "percentage points"
    return 1.0, result.unit if isinstance(result, Score) else ""


def _error(result: Measured) -> float:
    """Return the standard error of a result in its printed unit, from its 95 % interval."""
    return _scale(result)[0] * (result.interval[1] - result.interval[0]) / 2 / NORMAL


def _said(number: float) -> str:
    return wording.rough(number, 4)
