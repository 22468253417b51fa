"""A class that nobody teaches: synthetic submissions, to see a grader at work and to measure it.

Students differ in ability and exercises in difficulty, so that the class page has something to
show: whoever is able answers rightly more often, and the others make the errors that the course
knows by name.
"""

import random
import tomllib
from pathlib import Path

from fmnist.exercises.catalog import Exercise

PEOPLE = Path(__file__).with_suffix(".toml")  # names, and hostile answers
EVERY = 12  # one student in so many is hostile


def write(folder: Path, exercises: tuple[Exercise, ...], *, students: int, seed: int = 0) -> None:
    """Write submissions, one folder per student, and the class's roster beside them.

    The same seed gives the same class.

    Args:
        folder: for ``submissions/`` and ``class.csv``.
        exercises: that the students answer.
        students: how many.
        seed: of the random numbers.
    """
    people = tomllib.loads(PEOPLE.read_text("utf-8"))
    given, family, tricks = people["given"].split(), people["family"].split(), people["hostile"]
    draw = random.Random(seed)
    difficulty = {exercise.name: draw.gauss(-0.6, 0.8) for exercise in exercises}
    rows = ["student,name,email"]
    for number in range(students):
        name = f"{given[number % len(given)]} {draw.choice(family)}"
        student = f"{name.split()[1].lower()}{number:03}"
        rows.append(f"{student},{name},{student}@example.edu")
        if number % 30 == 29:  # somebody who hands in nothing
            continue
        ability = draw.gauss(0, 1)
        trick = draw.choice(list(tricks.values())) if number % EVERY == EVERY - 1 else ""
        for exercise in exercises:
            answer = folder / "submissions" / student / exercise.phase / f"{exercise.name}.py"
            answer.parent.mkdir(parents=True, exist_ok=True)
            luck = draw.gauss(0, 0.5)
            if trick and draw.random() < 0.5:
                source = trick.format(name=exercise.name)
            elif ability + luck > difficulty[exercise.name]:
                source = exercise.reference.read_text("utf-8")
            elif draw.random() < 0.15:
                source = exercise.stub.read_text("utf-8")
            else:
                source = draw.choice(exercise.wrong_answers).path.read_text("utf-8")
            answer.write_text(source, "utf-8")
    (folder / "class.csv").write_text("\n".join(rows) + "\n", "utf-8")
