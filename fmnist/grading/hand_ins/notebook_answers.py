"""The answers in a notebook that was handed in: its code cells are read, `cells` does the rest.

A notebook is large by its pictures. Outputs are passed over while it is parsed, and not made into
objects, so that a file may be larger than code is.
"""

import json

import msgspec

from fmnist.answer import faults
from fmnist.exercises import cells
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.cells import DEFINITION, MAX_CELL, MAX_CODE, Cell

__all__ = ["DEFINITION", "MAX_CELL", "MAX_CODE", "MAX_NOTEBOOK", "Answers", "read"]

MAX_NOTEBOOK = 50_000_000  # bytes
# Python's own reader understands more than the standard, and makes an object of everything.
MAX_LENIENT = 5_000_000  # bytes
MAX_ESCAPED = 6 * MAX_CODE + 2**20  # bytes of a cell's text in JSON, with what is around its lines
MAX_CELLS = 20_000
ADVICE = "clear its outputs and hand it in again"
BOM = b"\xef\xbb\xbf"

# By name of the exercise the text of an answer, or why it cannot be used.
Answers = dict[str, str | faults.NotLoaded]


class _Cell(msgspec.Struct):
    cell_type: str
    source: msgspec.Raw = msgspec.Raw(b'""')


class _Notebook(msgspec.Struct):
    cells: list[_Cell]


def read(raw: bytes, name: str, exercises: tuple[Exercise, ...]) -> Answers:
    """Return the answers in a notebook.

    Args:
        raw: bytes of the notebook.
        name: of its file, for messages.
        exercises: that count; those that no cell defines have no answer.

    Raises:
        NotLoaded: it is no notebook, or too large.
    """
    code = _cells(raw, name)
    answers: Answers = {}
    for exercise in exercises:
        try:
            found = cells.answer(exercise.name, name, code)
            if found:
                answers[exercise.name] = found.source
        except faults.NotLoaded as fault:
            answers[exercise.name] = fault
    return answers


def _cells(raw: bytes, name: str) -> list[Cell]:
    """Return the code cells of a notebook.

    Raises:
        NotLoaded: it is none, or too large.
    """
    if len(raw) > MAX_NOTEBOOK:
        raise faults.NotLoaded(f"{name} is larger than {MAX_NOTEBOOK:,} bytes; {ADVICE}.")
    try:
        texts = _texts(raw.removeprefix(BOM))
    except (ValueError, TypeError, LookupError, RecursionError):
        advice = f"; if it opens there, {ADVICE}" if len(raw) > MAX_LENIENT else ""
        raise faults.NotLoaded(
            f"{name} is damaged or no notebook of format 4; open it in Jupyter, save it and hand "
            f"it in again{advice}."
        ) from None
    if texts is None or sum(len(text) for _, text in texts) > MAX_CODE:
        raise faults.NotLoaded(f"{name} has more than {MAX_CODE:,} characters of code.")
    return cells.read(texts)


def _texts(raw: bytes) -> list[tuple[int, str]] | None:
    """Return number and text of each code cell; None if there is too much of them.

    Raises:
        ValueError, TypeError, LookupError, RecursionError: it is no notebook.
    """
    try:
        listed = msgspec.json.decode(raw, type=_Notebook).cells
    except (msgspec.MsgspecError, RecursionError):
        # Such as NaN in a plot, or half of a pair of surrogates in a text.
        if len(raw) > MAX_LENIENT:
            raise
        return [
            (number, "".join(cell["source"]))  # of a text, or of its lines
            for number, cell in enumerate(json.loads(raw.decode("utf-8"))["cells"], start=1)
            if cell["cell_type"] == "code"
        ]
    code = [(number, one) for number, one in enumerate(listed, 1) if one.cell_type == "code"]
    if len(code) > MAX_CELLS or sum(len(bytes(one.source)) for _, one in code) > MAX_ESCAPED:
        return None
    return [(number, "".join(json.loads(bytes(one.source)))) for number, one in code]
