"""Submissions that take what they can get, among right ones, for `grading.py`."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
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


def last_of_the_honest(process: subprocess.Popen) -> float:
    """Return the seconds from now until the last of the others was told of; end the run there.

    What attackers get comes after, and takes minutes.
    """
    start = time.perf_counter()
    waiting = {course.student(number) for number in range(HONEST)}
    for line in process.stdout:
        waiting.discard(line.partition(":")[0].strip())
        if not waiting:
            break
    last = time.perf_counter() - start
    process.terminate()
    process.communicate()
    return last


def lost(out: Path) -> int:
    """Return how many of the others have not all points."""
    paths = [out / "records" / f"{course.student(number)}.json" for number in range(HONEST)]
    records = [json.loads(path.read_text("utf-8"))["record"] for path in paths if path.is_file()]
    return HONEST - sum(record["points"] == record["max_points"] for record in records)


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Keep processors busy with something else."""
    with ExitStack() as ending:
        for _ in range(count):
            process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            ending.callback(process.wait)
            ending.callback(process.kill)
        yield
