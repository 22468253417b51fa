"""What can go wrong with an answer.

`kind` is the machine-readable name, used in records; the message is for the author of the answer,
and is written where the fault is raised.
"""


class Fault(Exception):
    """Base of everything that a check can hold against an answer."""

    kind = "fault"


class Wrong(Fault, AssertionError):
    """The answer works, and what came back is not what the check expects.

    Attributes:
        idea: the sentence that teaches; safe to show even where the data must stay hidden.
        values: what came back and what was expected, where both are at hand; else None.
    """

    kind = "wrong"

    def __init__(self, message: str, *, idea: str, values: tuple[object, object] | None = None):
        super().__init__(message)
        self.idea = idea
        self.values = values


class NotStarted(Fault):
    """The stub's NotImplementedError is still there."""

    kind = "not started"


class NotLoaded(Fault):
    """The file does not give a function to call: syntax error, crash at import, missing name."""

    kind = "not loaded"


class TooLarge(NotLoaded):
    """There are more bytes than are read."""


class Missing(NotLoaded):
    """There is no file."""

    kind = "missing"


class Doubtful(NotLoaded):
    """Which of several hand-ins counts, or whose one is, nobody can tell."""

    kind = "doubtful"


class NotRead(NotLoaded):
    """Reading it failed, and not by anything that is known of the file: a fault of ours."""

    kind = "grader error"


class Unusable(Fault):
    """The call cannot be judged: wrong signature, changed arguments, or not plain data."""

    kind = "unusable"


class Raised(Fault):
    """The student's function raised an exception.

    Attributes:
        error: name of the exception's class, as the student's side reported it.
    """

    kind = "raised"
    __str__ = Exception.__str__  # KeyError's own would put the sentence into quotes

    def __init__(self, message: str, *, error: str):
        super().__init__(message)
        self.error = error


class TimedOut(Fault):
    """The call took longer than the exercise allows."""

    kind = "timed out"


class Crashed(Fault):
    """The process that ran the answer ended."""

    kind = "crashed"


class Tampering(Fault):
    """The answer's process broke the protocol, which honest code cannot do."""

    kind = "tampering suspected"


# A check may say `pytest.raises(ValueError)`. The student's side only names the class; the
# exception is made here, from this list, so that no foreign class is ever raised in a check.
RAISABLE: dict[str, type[Raised]] = {
    error.__name__: type(f"Raised{error.__name__}", (Raised, error), {})
    for error in (
        ArithmeticError,
        IndexError,
        KeyError,
        OverflowError,
        RuntimeError,
        TypeError,
        ValueError,
        ZeroDivisionError,
    )
}


def raised(error: str, message: str) -> Raised:
    """Return the exception that stands for `error` on the check's side."""
    return RAISABLE.get(error, Raised)(message, error=error)
