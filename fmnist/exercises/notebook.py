"""Checks of a function that was just defined in a notebook, shown as HTML."""

import html
from collections.abc import Callable, Sequence
from typing import Any

from fmnist.answer.describe import describe
from fmnist.answer.direct import DirectSession
from fmnist.answer.faults import Wrong
from fmnist.answer.proxy import Answer
from fmnist.exercises import answers, catalog, checks
from fmnist.exercises.feedback import Feedback, where_to_read

LARGEST, SMALLEST = 32, 2  # sides of a table of numbers that is worth a picture
WIDTH = 168  # of a picture on the page, in CSS pixels


class Report:
    """What a notebook shows of one check run.

    Attributes:
        feedback: of all public checks.
        values: what came back and what was expected at the first fault, or None.
    """

    def __init__(self, feedback: Feedback, values: tuple[object, object] | None):
        self.feedback = feedback
        self.values = values

    def __repr__(self) -> str:
        fault = self.feedback.first_fault
        told = (
            f"\n\n{fault.message}\n\nRead: {where_to_read(self.feedback.exercise)}"
            if fault
            else f"\n{self.feedback.worth}"
        )
        return self.feedback.score + told

    def _repr_html_(self) -> str:
        fault = self.feedback.first_fault
        colour = "#009E73" if fault is None else "#D55E00"
        parts = [f"<strong>{html.escape(self.feedback.score)}</strong>"]
        if fault is None:
            parts.append(f"<div>{html.escape(self.feedback.worth)}</div>")
        else:
            parts.append(f"<pre style='white-space:pre-wrap'>{html.escape(fault.message)}</pre>")
            parts.append(_pictures(self.values))
            parts.append(f"Read: {html.escape(where_to_read(self.feedback.exercise))}")
        return (
            f"<div style='border-left:4px solid {colour};padding:0.3em 1em'>{''.join(parts)}</div>"
        )


def check(function: Callable) -> Report:
    """Run the public checks of the exercise that `function` answers.

    Raises:
        catalog.CatalogError: there is no exercise of that name; the message lists the names. Or it
            is no function at all.
    """
    if not hasattr(function, "__name__"):
        raise catalog.CatalogError(
            f"check takes a function, as in check(class_counts); received {describe(function)}."
        )
    exercise = catalog.find(function.__name__)
    try:
        collected = checks.collect([exercise.public_checks])
    except checks.NotCollected:
        collected = []
    faults = [
        checks.fault(
            check,
            answer=lambda: Answer(DirectSession(exercise.name, function)),
            reference=lambda: answers.reference(exercise),
        )
        for check in collected
    ]
    verdicts = tuple(map(checks.verdict, collected, faults))
    first_fault = next((fault for fault in faults if fault is not None), None)
    values = first_fault.values if isinstance(first_fault, Wrong) else None
    return Report(Feedback(exercise, verdicts), values)


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
