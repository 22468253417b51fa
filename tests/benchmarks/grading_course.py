"""Five exercises with three checks each, and classes that answer them, for `grading.py`.

Checks are cases: the arguments of a call, and what the model answer returns for them. Every grader
gets the same cases, and what each should say of an answer is known beforehand.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

import fmnist
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise

TEN = 10  # submissions, after which the class repeats itself
RIGHT = 6  # of them; in each of the others two answers are wrong
PRELUDE = "import numpy as np\n\ndraw = np.random.default_rng\n"
# A wrong answer, and three calls by their arguments; some of them tell it from the model answer.
CASES = {
    "standardise": (
        "own_statistics.py",
        "np.array([[[0, 100]]], dtype=np.uint8), np.array([[[200, 50]]], dtype=np.uint8)",
        "draw(1).integers(0, 99, (9, 4, 5), np.uint8), draw(2).integers(9, 256, (3, 4, 5), 'u1')",
        "draw(3).integers(90, 256, (9, 4, 5), np.uint8), np.zeros((2, 4, 5), np.uint8)",
    ),
    "softmax": (
        "formula_as_on_paper.py",
        "np.array([[0, np.log(3)]], np.float32)",
        "draw(4).normal(0, 3, (6, 10)).astype(np.float32)",
        "np.array([[3000, 3001], [0, 1], [-3000, -2999]], np.float32)",
    ),
    "inverted_dropout": (
        "not_scaled.py",
        "draw(5).random((4, 5), np.float32), 0.3, 11, False",
        "draw(6).random((4, 5), np.float32), 0.5, 12, True",
        "draw(7).random((9, 3), np.float32), 0.75, 13, True",
    ),
    "occlusion_map": (
        "covers_with_zero.py",
        "np.ones((1, 2), np.float32), draw(8).normal(size=(1, 2, 2)), np.zeros(2), 1, 1",
        "np.ones((5, 6), np.float32), draw(9).normal(size=(5, 6, 3)), np.zeros(3), 2, 3, -0.8",
        "np.ones((7, 5), np.float32), draw(10).normal(size=(7, 5, 3)), np.ones(3), 0, 2, 0.4",
    ),
    "with_mirror": (
        "upside_down.py",
        "np.array([[[1, 0]]], np.float32), np.array([[1, 0], [0, 0]], np.float32), np.zeros(2)",
        "draw(11).random((3, 2, 4), np.float32), draw(12).normal(size=(8, 3)), np.zeros(3)",
        "draw(13).random((2, 3, 3), np.float32), draw(14).normal(size=(9, 4)), np.ones(4)",
    ),
}
CHECK = '''
def test_case_{number}(answer):
    """Case {number} comes out as it does for the model answer."""
    claim = expect(answer, {arguments})
    claim.is_array(*{shape}, dtype="{dtype}", idea="The model answer's shape and type.")
    claim.is_close({expected}, tolerance=1e-5, idea="The model answer's numbers.")
'''


@dataclass(frozen=True)
class Case:
    """A check, for whoever runs it.

    Attributes:
        arguments: of the call, in Python.
        expected: what the model answer returns, nested lists.
        shape: of it.
        dtype: of it.
    """

    arguments: str
    expected: list
    shape: tuple[int, ...]
    dtype: str

    @property
    def assertion(self) -> str:
        """The check as an instructor would type it into a notebook, for the function {name}."""
        return f"assert np.allclose({{name}}({self.arguments}), {self.expected}, atol=1e-5)"


def function(source: str, name: str):
    """Return a function that one of the course's own files defines."""
    names: dict = {}
    exec(compile(source, name, "exec"), names)  # noqa: S102 (the course's own code)
    return names[name]


def arguments(text: str) -> tuple:
    """Return the arguments of a call."""
    return eval(f"({text},)", {"np": np, "draw": np.random.default_rng})  # noqa: S307


def cases(name: str) -> list[Case]:
    """Return the three checks of an exercise."""
    answer = function(catalog.find(name).reference.read_text("utf-8"), name)
    made = []
    for text in CASES[name][1:]:
        result = answer(*arguments(text))
        made.append(Case(text, result.tolist(), result.shape, str(result.dtype)))
    return made


def passed(source: str, name: str) -> int:
    """Return how many of the three checks an answer passes."""
    answer, count = function(source, name), 0
    with np.errstate(all="ignore"):
        for case in cases(name):
            found = answer(*arguments(case.arguments))
            count += found.shape == case.shape and np.allclose(found, case.expected, atol=1e-5)
    return count


def sources(number: int) -> dict[str, str]:
    """Return the answers of a student: of ten students in a row six are right."""
    found = {name: catalog.find(name).reference for name in CASES}
    if number % TEN >= RIGHT:
        for step in (0, 2):
            name = list(CASES)[(number + step) % len(CASES)]
            exercise = catalog.find(name)
            found[name] = next(
                wrong.path for wrong in exercise.wrong_answers if wrong.name == CASES[name][0]
            )
    return {name: path.read_text("utf-8") for name, path in found.items()}


def marks(number: int) -> int:
    """Return the number of checks, of 15, that a student should pass."""
    return sum(passed(source, name) for name, source in sources(number).items())


def student(number: int) -> str:
    """Return a student's id."""
    return f"student{number:04}"


def write_course(folder: Path) -> None:
    """Write a checkout with these exercises and checks, and the package of this one.

    Args:
        folder: to be put first on the path where modules are looked for.
    """
    (folder / "fmnist").symlink_to(Path(fmnist.__file__).parent)
    entries = []
    for name in CASES:
        exercise = catalog.find(name)
        for kind in ("exercises", "solutions"):
            (folder / kind / exercise.phase).mkdir(parents=True, exist_ok=True)
        stub = folder / "exercises" / exercise.phase / f"{name}.py"
        stub.write_text(exercise.stub.read_text("utf-8"), "utf-8")
        solution = folder / "solutions" / exercise.phase
        (solution / f"{name}.py").write_text(exercise.reference.read_text("utf-8"), "utf-8")
        checks = [
            CHECK.format(number=number, **vars(case)) for number, case in enumerate(cases(name))
        ]
        head = f'"""Checks of {name}."""\n\n{PRELUDE}'
        head = head.replace("np\n", "np\n\nfrom fmnist.exercises.expect import expect\n", 1)
        stub.with_name(f"test_{name}.py").write_text(head + "\n".join(checks[:2]), "utf-8")
        (solution / f"hidden_{name}.py").write_text(head + checks[2], "utf-8")
        entries.append(_entry(exercise))
    (folder / "exercises" / "exercises.toml").write_text("\n".join(entries), "utf-8")
    (folder / "exercises" / "misconceptions.toml").write_text("", "utf-8")


def _entry(exercise: Exercise) -> str:
    objective = {"id": exercise.name, "phase": exercise.phase, "text": exercise.title}
    entry = msgspec.structs.asdict(exercise) | {"objectives": [exercise.name], "after": []}
    return _table("objective", objective) + _table("exercise", entry)


def _table(kind: str, entry: dict) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    return f"[[{kind}]]\n" + "\n".join(lines) + "\n"


def write_five(folder: Path, count: int) -> None:
    """Write a class that answers the five exercises."""
    for number in range(count):
        for name, source in sources(number).items():
            _hand_in(folder, number, catalog.find(name), source)


def write_right(folder: Path, count: int) -> None:
    """Write a class that answers the five exercises rightly."""
    for number in range(count):
        for name in CASES:
            exercise = catalog.find(name)
            _hand_in(folder, number, exercise, exercise.reference.read_text("utf-8"))


def write_class(folder: Path, exercises: tuple[Exercise, ...], count: int) -> None:
    """Write a class that answers exercises of the course: each is right six times in ten."""
    for number in range(count):
        for place, exercise in enumerate(exercises):
            wrong = [answer.path for answer in exercise.wrong_answers]
            right = (number + place) % TEN < RIGHT
            path = exercise.reference if right else wrong[(number + place) % len(wrong)]
            _hand_in(folder, number, exercise, path.read_text("utf-8"))


def _hand_in(folder: Path, number: int, exercise: Exercise, source: str) -> None:
    path = folder / student(number) / exercise.phase / f"{exercise.name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
