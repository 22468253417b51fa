"""Submissions that take what they can get, among right ones, for `grading.py`."""

import csv
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import grading_course as course

from fmnist.exercises import catalog

HONEST = 60
# What each does without an end in every call, whatever is refused.
ATTACKS = {
    "idles": "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "spins": "pass",
    "allocates": "kept.append(bytearray(10**6))",
    "sleeps": "time.sleep(9)",
    "forks": "os.fork()",
    "writes": "open('/tmp/filled', 'ab').write(bytes(10**6))",
}
SOURCE = """
import numpy as np

reach = np.lib.format.__builtins__["__import__"]
os, time, threading = map(reach, ("os", "time", "threading"))
kept = []


def {name}(*args, **kwargs):
    while True:
        try:
            {attack}
        except BaseException:
            pass
"""


def write(class_: Path, names: tuple[str, ...]) -> None:
    """Put the attackers between the others of a class, in the order in which they are graded."""
    for number, (kind, attack) in enumerate(ATTACKS.items()):
        before = course.student(number * HONEST // len(ATTACKS))
        for name in names:
            path = class_ / f"{before}-{kind}" / catalog.find(name).phase / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SOURCE.format(name=name, attack=attack), "utf-8")


def last_of_the_honest(lines: Iterable[str]) -> float:
    """Return the seconds from now until the last of the others was told of; read to the end."""
    start, last = time.perf_counter(), 0.0
    names = {course.student(number) for number in range(HONEST)}
    for line in lines:
        if line.partition(":")[0].strip() in names:
            last = time.perf_counter() - start
    return last


def lost(out: Path, process: subprocess.Popen) -> int:
    """Return how many of the others have not all points."""
    process.wait()
    names = {course.student(number) for number in range(HONEST)}
    with (out / "grades.csv").open(encoding="utf-8") as table:
        rows = {row["student"]: row for row in csv.DictReader(table)}
    return sum(rows[name]["points"] != rows[name]["max_points"] for name in names)


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Keep processors busy with something else."""
    with ExitStack() as ending:
        for _ in range(count):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            ending.callback(process.wait)
            ending.callback(process.kill)
        yield
