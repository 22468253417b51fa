"""Checks of a function that was just defined in a notebook, shown as HTML."""

import functools
import html
import sys
from collections.abc import Callable, Sequence
from typing import Any

from fmnist.answer.describe import describe
from fmnist.answer.direct import DirectSession
from fmnist.answer.faults import NotLoaded, Wrong
from fmnist.answer.proxy import Answer, load
from fmnist.exercises import answers, catalog, cells, checks, reading
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.feedback import Feedback
from fmnist.tools import wording

LARGEST, SMALLEST = 32, 2  # sides of a table of numbers that is worth a picture
WIDTH = 168  # of a picture on the page, in CSS pixels


class Report:
    """What a notebook shows of one check run.

    Attributes:
        feedback: of all public checks.
        values: what came back and what was expected at the first fault, or None.
        warning: why the notebook, handed in, would not pass although the function does; or empty.
    """

    def __init__(self, feedback: Feedback, values: tuple[object, object] | None, warning: str = ""):
        self.feedback = feedback
        self.values = values
        self.warning = warning

    def __repr__(self) -> str:
        fault = self.feedback.first_fault
        told = (
            f"\n\n{fault.message}\n\nRead: {self._where()}" if fault else f"\n{self.feedback.worth}"
        )
        return self.feedback.score + told + (f"\n\n{self.warning}" if self.warning else "")

    def _where(self) -> str:
        return reading.where(self.feedback.exercise, reading.told_site())

    def _repr_html_(self) -> str:
        fault = self.feedback.first_fault
        colour = "#009E73" if fault is None and not self.warning else "#D55E00"
        parts = [f"<strong>{html.escape(self.feedback.score)}</strong>"]
        if fault is None:
            parts.append(f"<div>{html.escape(self.feedback.worth)}</div>")
        else:
            parts.append(f"<pre style='white-space:pre-wrap'>{html.escape(fault.message)}</pre>")
            parts.append(_pictures(self.values))
            where = html.escape(self._where())
            is_address = where.startswith("http")
            parts.append(f"Read: <a href='{where}'>{where}</a>" if is_address else f"Read: {where}")
        if self.warning:
            parts.append(f"<pre style='white-space:pre-wrap'>{html.escape(self.warning)}</pre>")
        return (
            f"<div style='border-left:4px solid {colour};padding:0.3em 1em'>{''.join(parts)}</div>"
        )


def check(function: Callable) -> Report:
    """Run the public checks of the exercise that `function` answers.

    In a notebook's kernel an answer that passes is looked at again as a grader would find it in
    the cells that were run.

    Raises:
        catalog.CatalogError: there is no exercise of that name; the message lists the names. Or it
            is no function at all, or one without a name.
    """
    if not hasattr(function, "__name__"):
        raise catalog.CatalogError(
            f"check takes a function, as in check(class_counts); received {describe(function)}."
        )
    if function.__name__ == "<lambda>":
        raise catalog.CatalogError(
            "check knows an exercise by the name of its function, and a lambda has none: write it "
            "with def, as in def class_counts(labels, classes=10): ..."
        )
    exercise = catalog.find(function.__name__)
    try:
        collected = checks.collect([exercise.public_checks])
    except checks.NotCollected:
        collected = []
    faults = _faults(exercise, collected, lambda: Answer(DirectSession(exercise.name, function)))
    verdicts = tuple(map(checks.verdict, collected, faults))
    first_fault = next((fault for fault in faults if fault is not None), None)
    values = first_fault.values if isinstance(first_fault, Wrong) else None
    feedback = Feedback(exercise, verdicts)
    return Report(feedback, values, _warning(exercise, collected) if feedback.solved else "")


def _faults(
    exercise: Exercise, collected: list[checks.Check], answer: Callable[[], Answer]
) -> list[BaseException | None]:
    reference = functools.partial(answers.reference, exercise)
    return [checks.fault(check, answer=answer, reference=reference) for check in collected]


def _warning(exercise: Exercise, collected: list[checks.Check]) -> str:
    """Return why the cells that were run, handed in, would not pass; empty if they would."""
    run = _cells_run()
    why = _why_not(exercise, collected, run) if run else ""
    return f"Handed in as it is, this notebook would not pass: {why}" if why else ""


def _why_not(exercise: Exercise, collected: list[checks.Check], run: list[tuple[int, str]]) -> str:
    session = DirectSession(exercise.name)
    try:
        found = cells.answer(exercise.name, "In this notebook", cells.read(run))
        if found is None:
            return f"no cell that was run defines {exercise.name}, and cells are all that counts."
        load(session, found.source, filename=f"{exercise.name}.py", imports=exercise.imports)
    except NotLoaded as fault:
        return str(fault)
    if found.unknown:
        return (
            f"the answer uses {wording.listed([*found.unknown])}, which no cell gives by def, = or "
            "import at its left margin."
        )
    if exercise.keras:  # to train again would take too long
        return ""
    faults = _faults(exercise, collected, lambda: Answer(session))
    verdicts = map(checks.verdict, collected, faults)
    return next((verdict.message for verdict in verdicts if not verdict.passed), "")


def _cells_run() -> list[tuple[int, str]]:
    """Return number and text of the cells that this kernel has run; none where there is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    history = getattr(getattr(shell, "history_manager", None), "input_hist_raw", [])
    recent: list[tuple[int, str]] = []
    size = 0
    for number in range(len(history) - 1, 0, -1):
        size += len(history[number])
        if size > cells.MAX_CODE:
            break
        recent.append((number, history[number]))
    return recent[::-1]


def _pictures(values: tuple[object, object] | None) -> str:
    """Return both values as grey pictures side by side, where both are tables of numbers."""
    tables = [_table(value) for value in values or ()]
    if not tables or not all(tables):
        return ""
    numbers = [number for table in tables for row in table for number in row]
    low, high = min(numbers), max(numbers)
    drawn = [
        f"<figure style='margin:0.5em'>{_svg(table, low, high, name)}"
        f"<figcaption>{name}</figcaption></figure>"
        for table, name in zip(tables, ("came back", "expected"), strict=True)
    ]
    return f"<div style='display:flex;flex-wrap:wrap'>{''.join(drawn)}</div>"


def _table(value: Any) -> list[list[float]]:
    """Return a value as rows of numbers; empty if it is no table of a size to be drawn."""
    small = all(side <= LARGEST for side in getattr(value, "shape", ()))
    rows = value.tolist() if small and getattr(value, "ndim", 0) == 2 else value
    if not _is_long(rows) or not all(_is_long(row) and len(row) == len(rows[0]) for row in rows):
        return []
    if not all(
        type(number) in (int, float) and abs(number) < 1e12 for row in rows for number in row
    ):
        return []  # a NaN is none of these either
    return [list(row) for row in rows]


def _is_long(value: Any) -> bool:
    return isinstance(value, list | tuple) and SMALLEST <= len(value) <= LARGEST


def _svg(table: Sequence[Sequence[float]], low: float, high: float, name: str) -> str:
    """Return a table as dark squares on light, the larger the number the darker."""
    width, height = len(table[0]), len(table)
    scale = 255 / (high - low) if high > low else 0.0
    squares = []
    for y, row in enumerate(table):
        for x, number in enumerate(row):
            grey = 255 - round((number - low) * scale)
            squares.append(
                f"<rect x='{x}' y='{y}' width='1' height='1' fill='rgb({grey},{grey},{grey})'>"
                f"<title>row {y}, column {x}: {number:g}</title></rect>"
            )
    return (
        f"<svg role='img' aria-label='{name}: {height} rows of {width} numbers' "
        f"width='{WIDTH}' height='{WIDTH * height // width}' viewBox='0 0 {width} {height}'>"
        f"{''.join(squares)}</svg>"
    )
