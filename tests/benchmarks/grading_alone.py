"""The checks of a class in one process, with no grader, no sandbox and no reports.

python tests/benchmarks/grading_alone.py FOLDER prints the seconds of each submission.
"""

import functools
import json
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from fmnist.exercises import answers, catalog, checks
from fmnist.exercises.catalog import Exercise
from fmnist.grading.judging.reference_cache import Run, Transcript


def margin(folder: Path, count: int) -> float:
    """Return the mean seconds of a submission, but for the first two, which warm everything up."""
    command = [sys.executable, __file__, folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    seconds = json.loads(done.stdout.splitlines()[-1])
    assert len(seconds) == count
    return sum(seconds[2:]) / (count - 2)


def seconds_of(submissions: list[Path], exercises: list[Exercise]) -> list[float]:
    """Return how long the checks of each submission take, in seconds.

    Args:
        submissions: folders of a class.
        exercises: that they answer.
    """
    collected = checks.collect(
        [file for one in exercises for file in (one.public_checks, one.hidden_checks)]
    )
    remembered: defaultdict[tuple[str, str, bool], list[Transcript]] = defaultdict(list)
    seconds = []
    for submission in submissions:
        started = time.perf_counter()
        for exercise in exercises:
            path = submission / exercise.phase / f"{exercise.name}.py"
            answer = functools.cache(functools.partial(answers.answer, exercise, path))
            # A grader asks the model answer once for a class, too.
            model = functools.partial(answers.in_this_process, exercise, exercise.reference)
            for check in collected:
                if check.exercise == exercise.name:
                    run = Run(
                        exercise.name, model, remembered[exercise.name, check.name, check.hidden]
                    )
                    checks.run(
                        check,
                        answer=answer,
                        reference=lambda run=run: answers.model_answer(run.session()),
                    )
                    run.remember()
        seconds.append(time.perf_counter() - started)
    return seconds


def main() -> None:
    """Print the seconds of each submission in a folder, as JSON."""
    submissions = sorted(Path(sys.argv[1]).iterdir())
    names = {path.stem for path in submissions[0].rglob("*.py")}
    exercises = [one for one in catalog.load() if one.name in names]
    print(json.dumps(seconds_of(submissions, exercises)))


if __name__ == "__main__":
    main()
