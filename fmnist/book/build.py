"""Run Jupyter Book, show how far it is, and look at what came out."""

import functools
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import filelock
import yaml

from fmnist.book.sphinxext import FINISHED
from fmnist.course import ROOT

CLAIMS = "claims.json"  # likewise: each claim, where it stands, whether it holds
LOG = "book.log"  # all that Jupyter Book said
TICK = 15  # seconds between two signs of life of a chapter, where no line can be written over

# Its package cannot be run with -m, and its script may stand in another environment's path.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What TensorFlow and Jupyter's kernels say of themselves whenever they start.
NOISE = re.compile(
    r"[IWE]0000 00:00|WARNING: All log messages before absl|To enable the following instructions"
    r"|This TensorFlow binary is optimized|\[IPKernelApp\] WARNING \| Kernel is running over TCP"
)
RUNNING = re.compile(r"(?P<file>\S+\.md): Executing notebook")
RAN = re.compile(r"(?P<file>\S+\.md): Executed notebook in (?P<seconds>[\d.]+) seconds")
FROM_CACHE = re.compile(r"(?P<file>\S+\.md): Using cached notebook")
WRITING = re.compile(r"preparing documents")
PROBLEM = re.compile(
    r"(?:(?P<place>\S.*?(?::\d+)?):\s)?(?P<kind>WARNING|ERROR|CRITICAL|SEVERE):\s(?P<what>.*)"
)
# The cell that failed is named by a warning of ours.
SAID_ELSEWHERE = re.compile(r"Executing notebook failed|Notebook exception traceback saved")

EXCEPTION = re.compile(r"[\w.]*(?:Error|Exception|Interrupt): \S")

Say = Callable[[str], None]


class BuildError(Exception):
    """The book was not built; the message says what to look at."""


def build(
    *, smoke: bool, strict: bool = False, solutions: bool = True, say: Say = print
) -> tuple[Path, str]:
    """Build the site; return its folder and what to say of its claims.

    A cell that raises and any warning of Sphinx fail every build. A claim that does not hold on
    this machine is told on the page, and fails a strict build only.

    Args:
        smoke: whether to work with a small stratified part of the images.
        strict: whether claims must hold.
        solutions: whether the site shows them.
        say: is told each step.

    Raises:
        BuildError: Jupyter Book failed, a page is missing, a part of the pages cannot be had, or
            the solutions are not there.
        OSError: something cannot be written.
    """
    from fmnist.book.sphinxext import frontend  # it needs what only the book needs

    if solutions and not (ROOT / "solutions").is_dir():
        raise BuildError("solutions/ is missing. Type: fmnist book --no-solutions")
    parts = ["smoke"] * smoke + ["no-solutions"] * (not solutions)
    target = ROOT / "_build" / "-".join(parts) if parts else ROOT
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", "book", "-W", "-n", "--keep-going"]
    if parts:
        command += ["--path-output", str(target)]
    out = target / "_build"
    out.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "FMNIST_TIER": "smoke" if smoke else "full",
        "FMNIST_SOLUTIONS": "yes" if solutions else "no",
        "FMNIST_STRICT": "yes" if strict else "",
        "PYTHONUNBUFFERED": "1",
    }
    with _alone("smoke" if smoke else "full", say):
        try:
            frontend.fetch(say)
        except frontend.FrontendError as error:
            raise BuildError(str(error)) from None
        if not (out / FINISHED).exists():
            # Sphinx would not warn again of what it warned of in a build that failed.
            shutil.rmtree(out / ".doctrees", ignore_errors=True)
        (out / FINISHED).unlink(missing_ok=True)
        with _progress(say) as progress:
            status = _run(command, environment, progress, out / LOG)
        if status:
            raise BuildError(f"The book was not built: {progress.summary(status)}")
    site = out / "html"
    missing = [str(page) for page in map(site.joinpath, _pages()) if not page.is_file()]
    if missing or not (out / FINISHED).is_file():
        raise BuildError(f"Jupyter Book reported success, but made no {missing or site}.")
    return site, _said_of_claims(json.loads((out / CLAIMS).read_text("utf-8")))


def _said_of_claims(claims: list[dict]) -> str:
    """Return how many claims the book makes, and which do not hold here."""
    number = f"{len(claims)} claims" if len(claims) != 1 else "1 claim"
    judged = [each for each in claims if each["outcome"]["judged"]]
    left = len(claims) - len(judged)
    failing = [each for each in claims if each["fails"]]
    parts = [number]
    if left:
        parts.append(f"{left} not judged: they need all images")
    if failing:
        verb = "does" if len(failing) == 1 else "do"
        places = "; ".join(
            f"book/{each['chapter']}.md:{each['line']} {each['sentence']}" for each in failing
        )
        parts.append(f"{len(failing)} {verb} not hold here: {places}")
    else:
        parts.append("all others hold here" if left else "all hold here")
    return ", ".join(parts)


@contextmanager
def _alone(tier: str, say: Say) -> Iterator[None]:
    """Hold the lock of a tier: two builds at once would take each other's files away."""
    (ROOT / "_build").mkdir(exist_ok=True)
    lock = filelock.FileLock(ROOT / "_build" / f"building-{tier}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        say(f"Another build of this book, of the {tier} tier, is at work here: waiting for its end")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _pages() -> list[str]:
    """Return the names of the pages that the table of contents promises."""

    def files(entry: dict) -> Iterator[str]:
        yield from filter(None, [entry.get("root"), entry.get("file")])
        for level in ("parts", "chapters", "sections"):
            for inner in entry.get(level, []):
                yield from files(inner)

    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text("utf-8"))
    return [f"{name}.html" for name in files(contents)]


@dataclass(frozen=True)
class _Problem:
    """One warning or error of Jupyter Book: file and line, if it named them, and what it is."""

    place: str
    what: str

    @property
    def file(self) -> str:
        return self.place.partition(":")[0]

    def __str__(self) -> str:
        return f"{self.place} {self.what}".strip()


@dataclass
class _Progress:
    """Turns the lines of Jupyter Book into what a reader wants to know while it works."""

    say: Say
    sign: Say | None = None  # shows one line that is written over
    running: dict[str, float] = field(default_factory=dict)  # chapters, and since when
    ran: set[str] = field(default_factory=set)
    told: float = 0.0
    problems: list[_Problem] = field(default_factory=list)
    last: str = ""

    def line(self, line: str) -> None:
        """Take in one line of its report."""
        if running := RUNNING.match(line):
            chapter = Path(running["file"]).stem
            self.running[chapter] = self.told = time.monotonic()
            self.say(f"{chapter}: running its code ...")
        elif ran := RAN.match(line):
            chapter = Path(ran["file"]).stem
            self.say(f"{chapter}: ran in {float(ran['seconds']):.0f} s")
            self.running.pop(chapter, None)
            self.ran.add(chapter)
        elif cached := FROM_CACHE.match(line):
            chapter = Path(cached["file"]).stem
            if chapter not in self.ran:
                self.say(f"{chapter}: nothing changed, outputs from the cache")
        elif WRITING.match(line):
            self.say("Writing the pages ...")

    def complaint(self, line: str) -> None:
        """Take in one line of its complaints, and show it."""
        if not line or NOISE.match(line):
            return
        self.say(line)
        if EXCEPTION.match(line):
            self.last = line
        problem = PROBLEM.match(line)
        if problem and SAID_ELSEWHERE.match(problem["what"]):
            self.running.pop(Path((problem["place"] or "").partition(":")[0]).stem, None)
        elif problem:
            place = (problem["place"] or "").removeprefix(f"{ROOT}{os.sep}")
            self.problems.append(_Problem(place, problem["what"]))

    def tick(self) -> None:
        """Give a sign of life while chapters run."""
        now = time.monotonic()
        lines = [f"{name}: running for {now - since:.0f} s" for name, since in self.running.items()]
        if self.sign:
            self.sign(", ".join(lines))
        elif lines and now - self.told >= TICK:
            self.told = now
            self.say(f"{', '.join(lines)} ...")

    def summary(self, status: int) -> str:
        """Return all problems in one line."""
        if self.running and not self.problems:
            names = ", ".join(f"book/{name}.md" for name in self.running)
            return f"{names}: the code or its kernel broke down: {self.last}"
        # A chapter whose cell failed has other complaints, about what that cell should have made.
        failed = [each for each in self.problems if each.what.startswith("cell failed")]
        files = {each.file for each in failed}
        found = failed + [each for each in self.problems if each.file not in files]
        if not found:
            return f"Jupyter Book ended with status {status}: {self.last or 'no message'}"
        number = f"{len(found)} problem{'s' * (len(found) != 1)}"
        return f"{number}: {'; '.join(map(str, found))}"


@contextmanager
def _progress(say: Say) -> Iterator[_Progress]:
    """Yield what reports on a build: with a running clock on a terminal, line by line elsewhere."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        yield _Progress(say)
        return
    with console.status("") as status:
        plain = functools.partial(console.print, markup=False, highlight=False)
        yield _Progress(plain, status.update)


def _run(command: list[str], environment: dict[str, str], progress: _Progress, log: Path) -> int:
    """Run a command, report on it, keep all that it prints, and return its exit status."""
    lines: queue.SimpleQueue[tuple[Say, str] | None] = queue.SimpleQueue()

    def read(stream: IO[str], take: Say) -> None:
        for line in stream:
            lines.put((take, line))
        lines.put(None)

    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603 (our own command)
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        ) as process,
    ):
        readers: tuple[tuple[IO[str] | None, Say], ...] = (
            (process.stdout, progress.line),
            (process.stderr, progress.complaint),
        )
        for reader in readers:
            threading.Thread(target=read, args=reader, daemon=True).start()
        open_streams = 2
        while open_streams:
            try:
                item = lines.get(timeout=1)
            except queue.Empty:
                progress.tick()
                continue
            if item is None:
                open_streams -= 1
                continue
            take, line = item
            line = COLOURS.sub("", line).rstrip()
            kept.write(f"{line}\n")
            take(line)
    return process.returncode
