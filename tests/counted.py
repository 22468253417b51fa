"""What an exercise counts, for tests of what adds it up: its checks and points may change."""

from collections.abc import Callable, Iterable
from pathlib import Path

from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer
from fmnist.exercises import answers, catalog, checks, scores
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import Verdict


def public_checks(name: str) -> int:
    """Return the number of public checks of an exercise, each case counted."""
    return len(checks.collect([catalog.find(name).public_checks]))


def verdicts(
    exercise: Exercise, answer: Path | Callable, files: Iterable[Path] = ()
) -> list[Verdict]:
    """Return what checks say of a harmless answer, in this process.

    Args:
        exercise: which it answers.
        answer: a file, or the function itself.
        files: of checks; none: all of the exercise.
    """

    def given() -> Answer:
        if isinstance(answer, Path):
            return answers.answer(exercise, answer)
        return Answer(DirectSession(exercise.name, answer))

    return [
        checks.run(check, answer=given, reference=lambda: answers.reference(exercise))
        for check in checks.collect(files or (exercise.public_checks, exercise.hidden_checks))
    ]


def first_fault(exercise: Exercise, answer: Path | Callable) -> str:
    """Return what the first public check that fails says of a wrong answer."""
    found = verdicts(exercise, answer, [exercise.public_checks])
    return next(one.message for one in found if not one.passed)


def earned(exercise: Exercise, found: list[Verdict]) -> float:
    """Return the points for these verdicts, as a record has them."""
    return round(exercise.points * scores.share(found), 2)
