"""From a wrong answer to the sentence that says what is wrong, against pytest on the same checks.

python tests/benchmarks/feedback.py [NAME ...]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from fmnist.exercises import catalog, workspace
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.checker import Checker
from fmnist.exercises.verdicts import Verdict

NAMES = ("class_counts", "nearest_images", "small_cnn")  # plain Python, NumPy, Keras
PAIRS = 5


def cold(command: list[str], folder: Path, sentence: str) -> float:
    """Return the seconds from the start of a command until it has printed a sentence."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONUTF8": "1", "TF_CPP_MIN_LOG_LEVEL": "3"},
    ) as process:
        printed = b""
        while sentence.encode() not in printed:
            block = os.read(process.stdout.fileno(), 2**16)
            if not block:
                raise SystemExit(f"{command} did not say {sentence!r}, but:\n{printed.decode()}")
            printed += block
        seconds = time.perf_counter() - started
        process.communicate()
    return seconds


def warm(checker: Checker, exercise: Exercise, path: Path) -> tuple[float, list[Verdict]]:
    """Return the seconds from saving an answer to the last verdict on it, and all verdicts."""
    content = path.read_bytes()
    started = time.perf_counter()
    path.write_bytes(content)
    verdicts = list(checker.check(exercise, path))
    return time.perf_counter() - started, verdicts


def measured(exercise: Exercise, folder: Path) -> tuple[list[tuple[float, float]], list[float]]:
    """Return seconds from a cold start, ours and pytest's in turn, and seconds when warm."""
    path = workspace.Workspace(folder).answer(exercise)
    path.write_bytes(exercise.wrong_answers[0].path.read_bytes())
    with Checker() as checker:
        _, verdicts = warm(checker, exercise, path)  # it imports what it needs
        again = [warm(checker, exercise, path)[0] for _ in range(PAIRS)]
    fault = next(verdict for verdict in verdicts if verdict.outcome != "passed")
    sentence = fault.message.splitlines()[0]
    ours = ["fmnist", "check", exercise.name]
    rival = ["pytest", f"{exercise.phase}/{exercise.public_checks.name}"]
    pairs = [(cold(ours, folder, sentence), cold(rival, folder, sentence)) for _ in range(PAIRS)]
    return pairs, again


def main() -> None:
    """Time both in turn, so that whatever else the machine does befalls both."""
    print(f"{'seconds, medians of ' + str(PAIRS):24}{'fmnist check':>14}{'pytest':>10}", end="")
    print(f"{'ratio':>8}{'warm':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        list(workspace.start(folder))
        for exercise in map(catalog.find, sys.argv[1:] or NAMES):
            pairs, again = measured(exercise, folder)
            mine, rival = (statistics.median(times) for times in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(f"{exercise.name:24}{mine:14.2f}{rival:10.2f}{ratio:8.2f}", end="")
            print(f"{statistics.median(again):8.3f}", flush=True)


if __name__ == "__main__":
    main()
