"""What a class costs to grade, against nbgrader and otter-grader on the same checks.

python tests/benchmarks/grading.py [--full] [--part rivals|class|keras|memory|attackers ...]

Five functions with three checks each go to all three graders; of ten submissions six are right.
What a submission costs is the difference between a large and a small class, divided by the
submissions between them, so that nobody's start counts. The exit status is 1 if a budget is missed
or graders disagree about a mark. The first run installs the two others, which takes minutes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

import grading_alone
import grading_attackers as attackers
import grading_course as course
import grading_memory
import grading_rivals

from fmnist.exercises import catalog
from fmnist.tools import executors

REPETITIONS = 3
SMALL, LARGE = 20, 220  # submissions of the five functions
FEW, MORE = 2, 8  # submissions of many exercises, or to graders that take seconds for one
CLASS = 1000
CLASS_CORES = 2
STEPS = (40, 80, 160)  # submissions: cost must grow as they do
ROOT = Path(__file__).parents[2]
MIB = 2**20
PARTS = ("rivals", "class", "keras", "memory", "attackers")


@dataclass(frozen=True)
class Line:
    """One measured number, and what it may be.

    Attributes:
        what: was measured.
        value: the median of the repetitions.
        unit: of it.
        budget: the most, or the least; None if there is none.
        least: whether the budget is a least.
    """

    what: str
    value: float
    unit: str
    budget: float | None = None
    least: bool = False

    @property
    def missed(self) -> bool:
        """Whether the number is not what it may be."""
        if self.budget is None:
            return False
        return self.value < self.budget if self.least else self.value > self.budget

    def __str__(self) -> str:
        shown = f"{self.what:62}{self.value:10.4g} {self.unit:5}"
        if self.budget is not None:
            bound = "at least" if self.least else "at most"
            shown += f"{bound} {self.budget:g}: {'MISSED' if self.missed else 'held'}"
        return shown


@dataclass(frozen=True)
class Run:
    """Wall times of one ``fmnist grade``, in seconds from its start.

    Attributes:
        graded: until the last record was told of.
        done: until the reports were written, too.
        cpu: of all processes together.
    """

    graded: float
    done: float
    cpu: float


def progress(text: str) -> None:
    """Say what is being measured, and how busy the machine is with other things."""
    print(f"[load {os.getloadavg()[0]:.1f}] {text}", file=sys.stderr, flush=True)


@contextmanager
def started(class_: Path, out: Path, *options: object, checkout: Path) -> Iterator:
    """Yield a running ``fmnist grade``; what it says comes through its pipe."""
    command = [sys.executable, "-m", "fmnist", "grade", class_, "--out", out, "--regrade"]
    environment = {"PYTHONPATH": str(checkout), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [*map(str, command), *map(str, options)],
        cwd=checkout,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield process


def graded(class_: Path, out: Path, *options: object, checkout: Path = ROOT) -> Run:
    """Grade a class and return how long that took."""
    start, last, said = time.perf_counter(), 0.0, []
    with started(class_, out, *options, checkout=checkout) as process:
        ticks = grading_memory.Ticks(process.pid)
        for line in process.stdout:
            said.append(line)
            if line.startswith(course.student(0)[:-4]):
                last = time.perf_counter() - start
        cpu = ticks.stop()
    if process.returncode:
        raise SystemExit("fmnist grade failed:\n" + "".join(said[-20:]))
    return Run(last, time.perf_counter() - start, cpu)


def margins(
    classes: tuple[Path, Path], submissions: int, *options: object, checkout: Path = ROOT
) -> Run:
    """Return what one submission more costs, from a small and a large class."""
    with tempfile.TemporaryDirectory() as out:
        small, large = (graded(one, Path(out), *options, checkout=checkout) for one in classes)
    pairs = zip(astuple(small), astuple(large), strict=True)
    return Run(*((after - before) / submissions for before, after in pairs))


def median(runs: list[Run]) -> Run:
    """Return the median of each time."""
    return Run(*(statistics.median(times) for times in zip(*map(astuple, runs), strict=True)))


def five(folder: Path) -> tuple[Path, tuple[Path, Path]]:
    """Write the checkout of the five exercises and two classes; return their places."""
    checkout = folder / "checkout"
    if not checkout.exists():
        checkout.mkdir()
        course.write_course(checkout)
        course.write_five(folder / "small", SMALL)
        course.write_five(folder / "large", LARGE)
    return checkout, (folder / "small", folder / "large")


def against_rivals(folder: Path) -> Iterator[Line]:
    """Measure all three graders in turn, so that whatever else the machine does befalls all."""
    checkout, classes = five(folder)
    places = {kind: folder / kind for kind in ("nbgrader", "otter", "few", "more")}
    for place in places.values():
        place.mkdir()
    otter = grading_rivals.Otter(places["otter"])
    few, more = (grading_rivals.Nbgrader(places[kind]) for kind in ("few", "more"))
    for rival, count in ((few, FEW), (more, MORE), (otter, MORE)):
        rival.hand_in(count)
    ours, one, both, by_notebook, by_otter = [], [], [], [], []
    for number in range(REPETITIONS):
        progress(f"five functions, 15 checks: repetition {number + 1} of {REPETITIONS}")
        one.append(margins(classes, LARGE - SMALL, "--workers", 1, checkout=checkout))
        by_notebook.append((more.grade() - few.grade()) / (MORE - FEW))
        by_otter += [otter.grade((3 * number + step) % MORE) for step in range(3)]
        both.append(margins(classes, LARGE - SMALL, checkout=checkout))
    disagree = 0
    with tempfile.TemporaryDirectory() as out:
        graded(classes[0], Path(out), checkout=checkout)
        for path in Path(out, "records").glob("*.json"):
            record = json.loads(path.read_text("utf-8"))["record"]
            verdicts = [one for part in record["exercises"] for one in part["verdicts"]]
            ours.append((record["student"], sum(one["outcome"] == "passed" for one in verdicts)))
    expected = {course.student(number): course.marks(number) for number in range(SMALL)}
    for marks in (dict(ours), more.marks(), otter.marks()):
        disagree += sum(expected[name] != points for name, points in marks.items())
    alone, together = median(one), median(both)
    notebook, run = statistics.median(by_notebook), statistics.median(by_otter)
    cores = executors.cores()
    yield Line("marks that are not what they should be, all graders", disagree, "", 0)
    yield Line("a submission, one worker, without reports", 1000 * alone.graded, "ms")
    yield Line("a submission, one worker, everything included", 1000 * alone.done, "ms", 75)
    yield Line("  CPU time of it, all processes", 1000 * alone.cpu, "ms")
    yield Line(f"a submission, {cores} workers, without reports", 1000 * together.graded, "ms")
    yield Line(f"a submission, {cores} workers, everything", 1000 * together.done, "ms", 75)
    yield Line("a submission, nbgrader autograde", 1000 * notebook, "ms")
    yield Line("a submission, otter run", 1000 * run, "ms")
    for who, theirs in (("nbgrader", notebook), ("otter-grader", run)):
        yield Line(f"{who}'s time by ours, one worker", theirs / alone.done, "", 60, least=True)
        yield Line(f"{who}'s by ours, {cores} workers", theirs / together.done, "", 60, least=True)


def a_class(folder: Path, *, full: bool) -> Iterator[Line]:
    """Measure a class of a thousand, and whether twice as many cost twice as much."""
    checkout, classes = five(folder)
    workers = ("--workers", CLASS_CORES)
    numpy = tuple(one for one in catalog.load() if not one.keras)
    chosen = [text for one in numpy for text in ("--exercise", one.name)]
    many = (folder / "numpy-few", folder / "numpy-more")
    for class_, count in zip(many, (FEW, MORE), strict=True):
        course.write_class(class_, numpy, count)
    rows, all_numpy = [], []
    for number in range(REPETITIONS):
        progress(f"a class on {CLASS_CORES} cores: repetition {number + 1} of {REPETITIONS}")
        rows.append(margins(classes, LARGE - SMALL, *workers, checkout=checkout))
        all_numpy.append(margins(many, MORE - FEW, *workers, *chosen))
    class_seconds = CLASS * median(rows).done
    yield Line(
        f"{CLASS:,} submissions of the five functions, extrapolated", class_seconds, "s", 300
    )
    seconds = CLASS * median(all_numpy).done
    yield Line(f"{CLASS:,} of all {len(numpy)} without Keras, extrapolated", seconds, "s")
    if full:
        progress(f"{CLASS:,} submissions")
        course.write_five(folder / "thousand", CLASS)
        with tempfile.TemporaryDirectory() as out:
            run = graded(folder / "thousand", Path(out), *workers, checkout=checkout)
        yield Line(f"{CLASS:,} submissions of the five functions, run", run.done, "s", 300)
    steps = []
    for count in STEPS:
        course.write_five(folder / f"of-{count}", count)
    for number in range(REPETITIONS):
        progress(f"classes of {STEPS}: repetition {number + 1} of {REPETITIONS}")
        with tempfile.TemporaryDirectory() as out:
            steps.append(
                tuple(
                    graded(folder / f"of-{count}", Path(out), *workers, checkout=checkout).done
                    for count in STEPS
                )
            )
    times = [statistics.median(column) for column in zip(*steps, strict=True)]
    for count, seconds in zip(STEPS, times, strict=True):
        yield Line(f"{count} submissions of the five functions", seconds, "s")
    first = max(times[1] - times[0], 1e-9)  # noise alone must not pass for linear
    growth = (times[2] - times[1]) / (2 * first)
    yield Line("one of the last by one of the first (linear: 1)", growth, "", 1.5)


def keras(folder: Path) -> Iterator[Line]:
    """Measure exercises with Keras beside what the same answers and checks compute alone."""
    exercises = tuple(one for one in catalog.load() if one.keras)
    chosen = [text for one in exercises for text in ("--exercise", one.name)]
    classes = (folder / "keras-few", folder / "keras-more")
    for class_, count in zip(classes, (FEW, MORE), strict=True):
        course.write_class(class_, exercises, count)
    rows, alone = [], []
    for number in range(REPETITIONS):
        progress(f"Keras exercises: repetition {number + 1} of {REPETITIONS}")
        rows.append(margins(classes, MORE - FEW, "--workers", 1, *chosen))
        alone.append(grading_alone.margin(classes[1], MORE))
    everything, own = median(rows).done / len(exercises), statistics.median(alone) / len(exercises)
    yield Line("a Keras exercise, one worker, everything included", everything, "s")
    yield Line("the same answers and checks in one process, no grader", own, "s")
    yield Line("a Keras exercise besides its own computing", everything - own, "s", 0.6)


def memory(folder: Path) -> Iterator[Line]:
    """Measure the largest proportional set size of all processes of a class run together."""
    checkout, classes = five(folder)
    exercises = tuple(one for one in catalog.load() if one.keras)
    chosen = [text for one in exercises for text in ("--exercise", one.name)]
    course.write_class(folder / "keras-memory", exercises, 2 * executors.cores())
    for what, class_, options, place, budget in (
        ("without TensorFlow", classes[0], (), checkout, 300),
        (
            "with TensorFlow, one worker",
            folder / "keras-memory",
            ["--workers", 1, *chosen],
            ROOT,
            1536,
        ),
        (
            f"with TensorFlow, {executors.cores()} workers",
            folder / "keras-memory",
            chosen,
            ROOT,
            1536,
        ),
    ):
        progress(f"memory {what}")
        with (
            tempfile.TemporaryDirectory() as out,
            started(class_, Path(out), *options, checkout=place) as process,
        ):
            peak = grading_memory.Peak(process.pid)
            process.stdout.read()
            found = peak.stop()
        if process.returncode:
            raise SystemExit(f"fmnist grade failed with status {process.returncode}")
        yield Line(
            f"peak memory {what} ({found.processes} processes)", found.pss / MIB, "MiB", budget
        )
        yield Line("  processes whose memory could not be read", found.unread, "", 0)


def beside_attackers(folder: Path) -> Iterator[Line]:
    """Measure right submissions alone and beside attackers, without and with a busy machine."""
    checkout, _ = five(folder)
    alone, beside = folder / "alone", folder / "beside"
    for class_ in (alone, beside):
        course.write_right(class_, attackers.HONEST)
    attackers.write(beside, tuple(course.CASES))
    for busy in (0, executors.cores()):
        ratios, lost = [], 0
        with attackers.busy_loops(busy):
            for number in range(REPETITIONS):
                progress(f"attackers, {busy} busy loops: repetition {number + 1} of {REPETITIONS}")
                times = []
                for class_ in (alone, beside):
                    with (
                        tempfile.TemporaryDirectory() as out,
                        started(class_, Path(out), checkout=checkout) as process,
                    ):
                        times.append(attackers.last_of_the_honest(process))
                        lost += attackers.lost(Path(out))
                ratios.append(times[1] / times[0])
        what = f"{attackers.HONEST} right, {len(attackers.ATTACKS)} attackers, {busy} busy loops"
        yield Line(f"{what}: honest marks that are not full", lost, "", 0)
        yield Line("  until the last of the honest, by that of them alone", max(ratios), "", 2)


def main() -> None:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="really grade a class of 1,000")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; again for more")
    options = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = {
            "rivals": lambda: against_rivals(folder),
            "class": lambda: a_class(folder, full=options.full),
            "keras": lambda: keras(folder),
            "memory": lambda: memory(folder),
            "attackers": lambda: beside_attackers(folder),
        }
        print(f"medians of {REPETITIONS}, {executors.cores()} cores", flush=True)
        for part in options.part or PARTS:
            for line in measured[part]():
                lines.append(line)
                print(line, flush=True)
    print(f"load at the end: {os.getloadavg()[0]:.1f}")
    if any(line.missed for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
