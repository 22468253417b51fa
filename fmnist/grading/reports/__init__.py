"""What people and other systems get of a graded class."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.grading.gradebook import Row


def write(
    rows: Sequence[Row],
    out: Path,
    *,
    exercises: tuple[Exercise, ...],
    roster: object,
    seconds: Mapping[str, Mapping[str, float]],
    sources: Mapping[str, Mapping[str, str]],
    moved: Sequence[object],
) -> None:
    """Write the reports of a class."""
    (out / "students").mkdir(mode=0o700, exist_ok=True)
