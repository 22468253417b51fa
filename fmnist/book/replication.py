"""Run the chapters with other seeds and in other arithmetics, and keep what becomes of the claims.

Each draw of seeds stands in for the book's own 0, 1, 2. A chapter of a draw is one unit: it is
kept in the table (`fmnist.book.replication_table`) when it is done, so that the job can be stopped
and goes on. A chapter trains the networks that it asks for, where none are kept.
"""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from fmnist.book import replication_table
from fmnist.book.replication_table import Replication
from fmnist.book.sphinxext import chapter_text, claim_marks, kernel, page_keys
from fmnist.course import PHASES, ROOT
from fmnist.data import seal
from fmnist.tools import keeping
from fmnist.tools.user_errors import UserError
from fmnist.training import arithmetic, sweep

TIMEOUT = 3_600  # seconds a cell
CHAPTERS = ("index", *PHASES)
CHEAP = CHAPTERS[:5]  # their networks are trained again for each arithmetic, one of them very slow


class ChapterFailed(UserError):
    """A cell of a chapter raised; the message names chapter and exception."""


@dataclass(frozen=True)
class Draw:
    """What differs from the book.

    Attributes:
        seeds: three, with commas between them.
        settings: environment variables that choose another arithmetic.
        chapters: to run.
    """

    seeds: str
    settings: tuple[tuple[str, str], ...] = ()
    chapters: tuple[str, ...] = CHAPTERS


DRAWS = (
    Draw("0,1,2"),
    Draw("3,4,5"),
    Draw("0,1,2", ((arithmetic.ONEDNN, "0"),), CHEAP),
    Draw("6,7,8"),
    Draw("0,1,2", ((arithmetic.CAP, "SSE41"),), CHEAP),
    Draw("9,10,11"),
)


def run(
    *,
    say: Callable[[str], None],
    chapters: tuple[str, ...] = CHAPTERS,
    draws: tuple[Draw, ...] = DRAWS,
) -> None:
    """Run what the table lacks or has from other code, draw by draw.

    Args:
        say: is told each step.
        chapters: to run at most.
        draws: in their order.

    Raises:
        ChapterFailed: a cell raised. What ran before is kept.
    """
    for draw in draws:
        with _environment(draw):
            name = arithmetic.name()
            for chapter in (each for each in draw.chapters if each in chapters):
                code, unit = _code(chapter), (chapter, name, draw.seeds)
                kept = (row for row in replication_table.read() if row.unit_of_work == unit)
                if {row.code for row in kept} != {code}:
                    say(f"{chapter}, seeds {draw.seeds}, {name}")
                    new = _replicated(chapter, draw.seeds, name, code)
                    others = [row for row in replication_table.read() if row.unit_of_work != unit]
                    replication_table.write(others + new)


@contextmanager
def _environment(draw: Draw) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(dict(draw.settings))
    os.environ[sweep.SEEDS] = draw.seeds
    os.environ[seal.REDRAWN] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _text(chapter: str) -> str:
    return (ROOT / "book" / f"{chapter}.md").read_text("utf-8")


def _code(chapter: str) -> str:
    """Return a hash of a chapter's cells and of what they reach."""
    text = _text(chapter)
    return keeping.text_hash(
        json.dumps([page_keys.key(text), *(cell.source for cell in chapter_text.cells(text))])
    )


def _replicated(chapter: str, seeds: str, arithmetic_: str, code: str) -> list[Replication]:
    """Run a chapter's cells in the present environment, in a kernel that ends with this process."""
    cells = [nbformat.v4.new_code_cell(cell.source) for cell in chapter_text.cells(_text(chapter))]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT / "book")}},
        on_notebook_start=_leave_signals,
    )
    try:
        client.execute(env=os.environ | kernel.environment() | {"FMNIST_CHAPTER": chapter})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ChapterFailed(f"book/{chapter}.md: {str(error).strip()[-2_000:]}") from None
    return [
        Replication(
            chapter=chapter,
            claim=outcome.name,
            part=part,
            seeds=seeds,
            arithmetic=arithmetic_,
            holds=condition.holds,
            margin=condition.margin,
            unit=condition.unit,
            code=code,
        )
        for outcome in claim_marks.of_notebook(notebook).values()
        for part, condition in enumerate(outcome.conditions, 1)
    ]


def _leave_signals(**_: object) -> None:
    """Have signals end this process, where nbclient would report a kernel that died."""
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(number)
