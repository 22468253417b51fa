"""The checks of a class in one process, with no grader, no sandbox and no reports.

python tests/benchmarks/grading_alone.py FOLDER prints the seconds of each submission.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fmnist.answer.proxy import Answer, Session
from fmnist.exercises import catalog, plugin
from fmnist.exercises.catalog import Exercise
from fmnist.exercises.recorder import run_checks
from fmnist.grading.judging.remembered import Remembered, Replies


def margin(folder: Path, count: int) -> float:
    """Return the mean seconds of a submission, but for the first two, which warm everything up."""
    command = [sys.executable, __file__, folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert len(seconds) == count
    return sum(seconds[2:]) / (count - 2)


class Alone:
    """Runs the checks, collected once, for each submission in turn.

    Args:
        submissions: folders of a class.
    """

    def __init__(self, submissions: list[Path]):
        self._submissions = submissions
        self._answers: dict[str, Answer] = {}
        self._replies: dict[str, Replies] = {}
        self._submission = Path()
        self.seconds: list[float] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Give each check the answer of the submission at hand, loaded once."""
        config.stash[plugin.PROVIDER] = self._answer
        config.stash[plugin.REFERENCES] = self._reference

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Time every submission."""
        for submission in self._submissions:
            self._submission, self._answers = submission, {}
            started = time.perf_counter()
            for item in session.items:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            self.seconds.append(time.perf_counter() - started)
        return True

    def _answer(self, exercise: Exercise, _: Path) -> Answer:
        if exercise.name not in self._answers:
            path = self._submission / exercise.phase / f"{exercise.name}.py"
            self._answers[exercise.name] = plugin.answer_in_this_process(exercise, path)
        return self._answers[exercise.name]

    def _reference(self, exercise: Exercise) -> Session:
        """Return the model answer, which a grader asks once for a class, too."""
        replies = self._replies.setdefault(exercise.name, {})
        return Remembered(
            exercise.name, lambda: plugin.reference_in_this_process(exercise), replies
        )


def main() -> None:
    """Print the seconds of each submission in a folder, as JSON."""
    submissions = sorted(Path(sys.argv[1]).iterdir())
    names = {path.stem for path in submissions[0].rglob("*.py")}
    exercises = [one for one in catalog.load() if one.name in names]
    files = [one.public_checks for one in exercises] + [one.hidden_checks for one in exercises]
    alone = Alone(submissions)
    run_checks(files, plugins=[alone])
    print(json.dumps(alone.seconds))


if __name__ == "__main__":
    main()
