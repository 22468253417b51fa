"""Run the chapters with other seeds and in other arithmetics, and keep what becomes of the claims.

Each draw of seeds stands in for the book's own 0, 1, 2. A chapter of a draw is one unit: it is
kept in the table (`fmnist.book.redraws`) when it is done, so that the job can be stopped and goes
on. A chapter trains the networks that it asks for, where none are kept.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import nbformat

from fmnist import keeping
from fmnist.book import redraws
from fmnist.book.redraws import Redraw
from fmnist.book.sphinxext import chapter_text, claim_marks, kernel, keys
from fmnist.course import PHASES, ROOT
from fmnist.data import seal
from fmnist.evaluation.claims import Outcome
from fmnist.mistakes import Mistake
from fmnist.training import arithmetic, sweep

TIMEOUT = 3_600  # seconds a cell
CHAPTERS = ("index", *PHASES)
CHEAP = CHAPTERS[:5]  # their networks are trained again for each arithmetic, one of them very slow


class ChapterFailed(Mistake):
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
                if {row.code for row in redraws.read() if row.unit_of_work == unit} != {code}:
                    say(f"{chapter}, seeds {draw.seeds}, {name}")
                    new = _redrawn(chapter, draw.seeds, name, code)
                    others = [row for row in redraws.read() if row.unit_of_work != unit]
                    redraws.write(others + new)


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
        json.dumps([keys.key(text), *(cell.source for cell in chapter_text.cells(text))])
    )


def _redrawn(chapter: str, seeds: str, arithmetic_: str, code: str) -> list[Redraw]:
    """Run a chapter in a process of its own, in the present environment."""
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "fmnist.book.redrawing", chapter, str(os.getpid())],
        env=os.environ | kernel.environment() | {"FMNIST_CHAPTER": chapter},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChapterFailed(f"book/{chapter}.md: {done.stderr.strip()[-2_000:]}")
    outcomes = json.loads(done.stdout.splitlines()[-1])
    return [
        Redraw(
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
        for outcome in map(Outcome.from_json, outcomes)
        for part, condition in enumerate(outcome.conditions, 1)
    ]


def _main(chapter: str, job: int) -> None:
    """Execute a chapter's cells here, and print the outcomes of its claims as one line of JSON."""
    from nbclient import NotebookClient

    threading.Thread(target=_end_with, args=(job,), daemon=True).start()
    cells = [nbformat.v4.new_code_cell(cell.source) for cell in chapter_text.cells(_text(chapter))]
    notebook = nbformat.v4.new_notebook(cells=cells)
    folder = {"metadata": {"path": str(ROOT / "book")}}
    NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3", resources=folder).execute()
    outcomes = claim_marks.of_notebook(notebook).values()
    print(json.dumps([outcome.to_json() for outcome in outcomes]))


def _end_with(job: int) -> None:
    """End this process when the one that started it is gone; a kernel then ends by itself."""
    while os.getppid() == job:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
