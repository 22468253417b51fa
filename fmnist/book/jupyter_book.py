"""Jupyter Book 1.x as a process: how it is started, and what the lines that it writes mean."""

import functools
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import click

from fmnist.book.sphinxext import chapter_text
from fmnist.course import ROOT

# Its package cannot be run with -m, and its script may stand in another environment's path. Kernels
# end with it.
PROGRAM = (
    "from fmnist.tools.processes import end_with_caller; end_with_caller(); "
    "from jupyter_book.cli.main import main; main()"
)
# Every warning is an error, and all of them are found at once.
ARGUMENTS = ("build", "book", "-W", "-n", "--keep-going")
TICK = 15  # seconds between two signs of life of a chapter, where no line can be written over

# What TensorFlow and Jupyter's kernels say of themselves whenever they start.
NOISE = re.compile(
    r"[IWE]0000 00:00|WARNING: All log messages before absl|To enable the following instructions"
    r"|This TensorFlow binary is optimized|\[IPKernelApp\] WARNING \| Kernel is running over TCP"
)
CHAPTER = re.compile(
    r"(?P<file>\S+\.md): (?:(?P<runs>Executing notebook)"
    r"|Executed notebook in (?P<seconds>[\d.]+) seconds|Using cached notebook)"
)
WRITING = re.compile(r"preparing documents")
PROBLEM = re.compile(
    r"(?:(?P<place>\S.*?(?::\d+)?):\s)?(?P<kind>WARNING|ERROR|CRITICAL|SEVERE):\s(?P<what>.*)"
)
# The cell that failed is named by a warning of ours.
SAID_ELSEWHERE = re.compile(r"Executing notebook failed|Notebook exception traceback saved")
EXCEPTION = re.compile(r"[\w.]*(?:Error|Exception|Interrupt): \S")

Say = Callable[[str], None]


@dataclass
class Progress:
    """Turns the lines of Jupyter Book into what a reader wants to know while it works.

    Attributes:
        say: is told each step.
        sign: shows one line that is written over; None where there is no terminal.
        running: names of chapters, and since when they run.
        about: how long a chapter is expected to run, as what follows in a sentence.
        ran: chapters that have run.
        told: when the last sign of life was given.
        problems: place and wording of each warning and error; the place is empty, a file, or a
            file and a line.
        last: the last line that looks like an exception.
    """

    say: Say
    sign: Say | None = None
    running: dict[str, float] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)
    told: float = 0.0
    problems: list[tuple[str, str]] = field(default_factory=list)
    last: str = ""

    def line(self, line: str) -> None:
        """Take in one line of its report."""
        if WRITING.match(line):
            self.say("Writing the pages ...")
        if not (event := CHAPTER.match(line)):
            return
        chapter = Path(event["file"]).stem
        if event["runs"]:
            self.running[chapter] = self.told = time.monotonic()
            self.about[chapter] = _about(ROOT / "book" / f"{chapter}.md")
            self.say(f"{chapter}: running its code{self.about[chapter]} ...")
        elif event["seconds"]:
            self.say(f"{chapter}: ran in {float(event['seconds']):.0f} s")
            self.running.pop(chapter, None)
            self.ran.add(chapter)
        elif chapter not in self.ran:
            self.say(f"{chapter}: nothing changed, outputs from the cache")

    def complaint(self, line: str) -> None:
        """Take in one line of its complaints, and show it."""
        if not line or NOISE.match(line):
            return
        self.say(line)
        if EXCEPTION.match(line):
            self.last = line
        if problem := PROBLEM.match(line):
            place = (problem["place"] or "").removeprefix(f"{ROOT}{os.sep}")
            if SAID_ELSEWHERE.match(problem["what"]):
                self.running.pop(Path(_file(place)).stem, None)
            else:
                self.problems.append((place, problem["what"]))

    def tick(self) -> None:
        """Give a sign of life while chapters run."""
        now = time.monotonic()
        lines = [
            f"{name}: running for {now - since:.0f} s{self.about.get(name, '')}"
            for name, since in self.running.items()
        ]
        if self.sign:
            self.sign(", ".join(lines))
        elif lines and now - self.told >= TICK:
            self.told = now
            self.say(f"{', '.join(lines)} ...")

    def summary(self, status: int) -> str:
        """Return all problems in one line.

        Args:
            status: with which Jupyter Book ended, not 0.
        """
        if self.running and not self.problems:
            names = ", ".join(f"book/{name}.md" for name in self.running)
            return f"{names}: the code or its kernel broke down: {self.last}"
        # A chapter whose cell failed has other complaints, about what that cell should have made.
        failed = [each for each in self.problems if each[1].startswith("cell failed")]
        files = {_file(place) for place, _ in failed}
        problems = failed + [each for each in self.problems if _file(each[0]) not in files]
        if not problems:
            return f"Jupyter Book ended with status {status}: {self.last or 'no message'}"
        told = "; ".join(f"{place} {what}".strip() for place, what in problems)
        return f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}: {told}"


def _about(chapter: Path) -> str:
    """Return the minutes that a chapter says its code takes; "" if it says nothing."""
    if not chapter.is_file():
        return ""
    front = chapter_text.front_matter(chapter.read_text("utf-8"))
    minutes = front.get("minutes", {}).get("run")
    return f" (about {minutes} min where nothing else runs)" if minutes else ""


def _file(place: str) -> str:
    return place.partition(":")[0]


def run(arguments: list[str], environment: dict[str, str], say: Say, log: Path) -> str:
    """Have Jupyter Book build the book, and return what went wrong in one line, or nothing.

    Args:
        arguments: after those of every build.
        environment: of its process.
        say: is told each step.
        log: file for all that it prints.

    Raises:
        OSError: the log cannot be written.
    """
    one_at_a_time = threading.Lock()
    with (
        log.open("w", encoding="utf-8") as kept,
        _progress(say) as progress,
        subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-c", PROGRAM, *ARGUMENTS, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process,
        ThreadPoolExecutor(2) as threads,
    ):

        def read(stream: IO[str], take: Say) -> None:
            for line in stream:
                plain = click.unstyle(line).rstrip()
                with one_at_a_time:
                    kept.write(f"{plain}\n")
                    take(plain)

        reading = {
            threads.submit(read, cast(IO[str], process.stdout), progress.line),
            threads.submit(read, cast(IO[str], process.stderr), progress.complaint),
        }
        try:
            while reading:
                done, reading = wait(reading, timeout=1)
                for ended in done:
                    ended.result()
                with one_at_a_time:
                    progress.tick()
        except BaseException:
            process.terminate()  # nobody reads what it says
            raise
    return progress.summary(process.returncode) if process.returncode else ""


@contextmanager
def _progress(say: Say) -> Iterator[Progress]:
    """Yield what reports on a build: with a running clock on a terminal, line by line elsewhere."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        yield Progress(say)
        return
    with console.status("") as status:
        plain = functools.partial(console.print, markup=False, highlight=False)
        yield Progress(plain, status.update)
