"""What a class run leaves: one record per student, and the gradebook made from the records."""

import csv
import dataclasses
import io
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fmnist.exercises.catalog import Exercise
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.submissions import Submission

# States of an exercise from the worst to the best; the first that a verdict shows is the state.
STATES = (
    "grader error",
    "tampering suspected",
    "missing",
    "not gradable",
    "timed out",
    "crashed",
    "graded",
)
STATE_OF_KIND = {"not loaded": "not gradable"}
# What a spreadsheet may take for the beginning of a formula, full-width forms among them; and the
# quotation mark that we put before it, or two names could become one.
FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", " ", "'")
NO_POINTS = ("grader error", "tampering suspected", "missing", "not gradable")


@dataclass(frozen=True)
class ExerciseRecord:
    """The outcome of one exercise.

    Attributes:
        name: of the exercise.
        state: one of `STATES`.
        points: earned, in hundredths at the finest.
        max_points: that could be earned.
        verdicts: one a check.
    """

    name: str
    state: str
    points: float
    max_points: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class Record:
    """The outcome of one submission.

    Attributes:
        student: name of the submission's folder.
        state: "graded" if every check got a verdict; otherwise what kept it from one.
        points: sum over exercises.
        max_points: sum over exercises.
        isolation: letter of the level at which the code ran.
        exercises: one a catalogue entry, in its order.
        ignored: files that were handed in and not asked for.
    """

    student: str
    state: str
    points: float
    max_points: int
    isolation: str
    exercises: tuple[ExerciseRecord, ...]
    ignored: tuple[str, ...]


def record(
    submission: Submission,
    exercises: tuple[Exercise, ...],
    verdicts: list[Verdict],
    *,
    isolation: str,
) -> Record:
    """Return the record of a submission from the verdicts of its checks."""
    parts = tuple(
        _exercise_record(exercise, [one for one in verdicts if one.exercise == exercise.name])
        for exercise in exercises
    )
    states = {part.state for part in parts}
    if states == {"missing"}:
        state = "missing"
    else:
        state = next((bad for bad in STATES[:2] if bad in states), "graded")
    return Record(
        student=submission.student,
        state=state,
        points=round(sum(part.points for part in parts), 2),
        max_points=sum(part.max_points for part in parts),
        isolation=isolation,
        exercises=parts,
        ignored=submission.ignored,
    )


def _exercise_record(exercise: Exercise, verdicts: list[Verdict]) -> ExerciseRecord:
    shown = {STATE_OF_KIND.get(verdict.kind, verdict.kind) for verdict in verdicts}
    # A check that we skip, or none at all, is no verdict on the answer: fail closed, as ours.
    if not verdicts or any(verdict.outcome == "skipped" for verdict in verdicts):
        shown.add("grader error")
    state = next((state for state in STATES if state in shown), "graded")
    passed = sum(verdict.outcome == "passed" for verdict in verdicts)
    points = 0.0 if state in NO_POINTS else round(exercise.points * passed / len(verdicts), 2)
    return ExerciseRecord(exercise.name, state, points, exercise.points, tuple(verdicts))


def clear(folder: Path) -> None:
    """Remove the records and the gradebook of an earlier run, which could pass for this one's."""
    for path in (folder / "grades.csv", *(folder / "records").glob("*.json")):
        path.unlink(missing_ok=True)


def write_record(record_: Record, folder: Path) -> None:
    """Write ``records/<student>.json`` below `folder`, whole or not at all."""
    records = folder / "records"
    records.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = json.dumps(dataclasses.asdict(record_), indent=1, sort_keys=True) + "\n"
    _write_whole(records / f"{record_.student}.json", text)


def write_gradebook(records: list[Record], folder: Path) -> Path:
    """Write ``grades.csv`` in `folder`, one row per student, and return its path."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    names = [part.name for part in records[0].exercises] if records else []
    table.writerow(["student", "state", "points", "max_points", "isolation", *names])
    for one in records:
        points = [part.points for part in one.exercises]
        row = [one.state, one.points, one.max_points, one.isolation, *points]
        table.writerow([_cell(one.student), *row])
    path = folder / "grades.csv"
    _write_whole(path, text.getvalue())
    return path


def _cell(text: str) -> str:
    """Return text that a spreadsheet shows rather than computes."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _write_whole(path: Path, text: str) -> None:
    """Replace `path` in one step; readable by its owner only, as marks should be."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
