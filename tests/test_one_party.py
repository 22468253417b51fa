"""A host serves one party once: an exercise of a submission, or one run of a model answer."""

import contextlib
import dataclasses
import functools
import textwrap

import pytest

from counted import verdicts
from examples import ANOTHER, COUNTS
from fmnist.exercises import catalog
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import grader
from fmnist.grading.judging.grader import Grader
from fmnist.grading.judging.records import Record
from hostile import REACH

# Those that call NumPy, of all phases.
BORROWED = [one.name for one in catalog.load() if one.imports == ("numpy",)]
PLAIN = ("class_counts", ANOTHER.name, *BORROWED)
EXERCISES = tuple(catalog.find(name) for name in PLAIN)
# What the files below import although no exercise allows it.
USED = ("ctypes", "fcntl", "gc", "threading", "time", "resource")


def right(name: str, before: str = "", call: str = "") -> str:
    """Return a right answer that does something before it is loaded, and in each call."""
    source = catalog.find(name).reference.read_text("utf-8")
    return (
        REACH
        + textwrap.dedent(before)
        + source
        + f"\n_right = {name}\n\ndef {name}(*args, **kwargs):\n"
        + textwrap.indent(textwrap.dedent(call), "    ")
        + "\n    return _right(*args, **kwargs)\n"
    )


@pytest.fixture(scope="module", name="grade")
def _grade(level):
    """Grade the answers of one student, by exercise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader, "PLAIN", (*grader.PLAIN, *USED))
        with contextlib.closing(Grader(EXERCISES, level)) as one:
            yield functools.partial(_graded, one)


def _graded(one: Grader, **sources: str) -> Record:
    return one.grade(Submission("eve", sources, {}, ())).record


def told(record: Record) -> str:
    """Return all that the student reads of the public checks."""
    parts = [verdict for part in record.exercises for verdict in part.verdicts]
    return "\n".join(verdict.message for verdict in parts if not verdict.hidden)


def points(record: Record, name: str) -> tuple[float, float]:
    """Return what an exercise earned, and what it could."""
    (part,) = [part for part in record.exercises if part.name == name]
    return part.points, part.max_points


# Where a file may leave something in its process, and find it again.
PLACES = {
    "the interpreter": ("sys.__dict__.setdefault('stash', [])", "sys.__dict__.get('stash', [])"),
    "a module": (
        "reach('random').__dict__.setdefault('stash', [])",
        "reach('random').__dict__.get('stash', [])",
    ),
    "the wall's own modules": (
        "sys.modules['fmnist.inside.host'].__dict__.setdefault('stash', [])",
        "sys.modules['fmnist.inside.host'].__dict__.get('stash', [])",
    ),
    "the environment": (
        "Kept('STASH')",
        "[os.environ['STASH']] if 'STASH' in os.environ else []",
    ),
    "open files": ("Opened()", "opened()"),
}
KEPT = """
class Kept:
    def __init__(self, name): self.name = name
    def append(self, what): os.environ[self.name] = os.environ.get(self.name, '') + repr(what)
class Opened:
    def append(self, what): os.dup2(0, 100 + len(repr(what)) % 100)
def opened():
    return [number for number in range(100, 200) if is_open(number)]
def is_open(number):
    try: return os.get_inheritable(number) in (False, True)
    except OSError: return False
"""


@pytest.mark.parametrize("place", PLACES)
def test_what_a_hidden_check_asked_is_read_by_nobody(grade, place):
    """Whatever is left in a process: the next exercise begins without it."""
    leave, find = PLACES[place]
    keep = f"({leave}).append((args, kwargs))"
    tell = f"found = {find}\nif found:\n    raise ValueError('LEAK', len(found), str(found)[:400])"
    record = grade(
        **{
            "class_counts": right("class_counts", KEPT, keep),
            ANOTHER.name: right(ANOTHER.name, KEPT, tell),
        }
    )
    assert "LEAK" not in told(record)
    for name in ("class_counts", ANOTHER.name):
        earned, most = points(record, name)
        assert earned == most
    # The finder does find what its own process has.
    assert "LEAK" in told(grade(class_counts=right("class_counts", KEPT, f"{tell}\n{keep}")))


def test_public_checks_come_before_hidden_ones_of_any_exercise(grade, monkeypatch):
    """Nothing that a student reads is made after a hidden input was seen."""
    order = []
    run = grader.checks.run

    def noted(check, **givers):
        order.append((check.hidden, check.exercise))
        return run(check, **givers)

    monkeypatch.setattr(grader.checks, "run", noted)
    grade(**{name: right(name) for name in PLAIN})
    assert order == sorted(order, key=lambda one: (one[0], PLAIN.index(one[1])))
    assert {hidden for hidden, _ in order} == {False, True}


def test_no_process_answers_public_and_hidden_checks(grade):
    """What the public checks left in a process is not there for the hidden ones either."""
    asked = []

    def noting(labels, classes=10):
        asked.append(labels)
        return [labels.count(one) for one in range(classes)]

    verdicts(COUNTS, noting, [COUNTS.public_checks])
    # So many calls of public checks come first, and then no more than so many hidden ones.
    counting = "os.calls = getattr(os, 'calls', 0) + 1\nif os.calls > {}:\n    return None"
    record = grade(class_counts=right("class_counts", call=counting.format(len(asked))))
    found = next(part.verdicts for part in record.exercises if part.name == "class_counts")
    public = [verdict.passed for verdict in found if not verdict.hidden]
    hidden = [verdict.passed for verdict in found if verdict.hidden]
    assert all(public)
    assert hidden[0]


SETTINGS = {
    "NumPy's errors": "reach('numpy').seterr(all='raise')",
    "NumPy's functions": "reach('numpy').exp = reach('numpy').abs = None",
    "chance": "reach('numpy').random.seed = reach('random').seed = None",
    "builtins": "sys.modules['builtins'].zip = sys.modules['builtins'].max = None",
    "the wall's own modules": "sys.modules['fmnist.inside.codec'].MAX_ITEMS = 0",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_of_one_answer_costs_no_other_a_point(grade, setting):
    """Each right answer has its points, whatever the file before it has set."""
    sources = {name: right(name) for name in BORROWED}
    sources[BORROWED[0]] = right(BORROWED[0], call=SETTINGS[setting])
    record = grade(**sources)
    for name in BORROWED[1:]:
        earned, most = points(record, name)
        assert earned == most, told(record)


def test_what_takes_long_to_compare_costs_its_author_that_check(grade, monkeypatch):
    """The process of the checks has a clock, too; the next check is asked as if nothing was."""
    monkeypatch.setattr(grader, "CHECK_SECONDS", 0.2)
    one = grade.args[0]
    index = next(i for i, check in enumerate(one._checks) if check.exercise == "class_counts")

    def slow(answer):
        assert answer([0, 1], classes=2) == [1, 1]
        while True:
            pass

    checks = [*one._checks]
    checks[index] = dataclasses.replace(checks[index], function=slow, parameters={})
    monkeypatch.setattr(one, "_checks", checks)
    record = grade(class_counts=right("class_counts"), softmax=right("softmax"))
    (part,) = [part for part in record.exercises if part.name == "class_counts"]
    first, *others = part.verdicts
    assert (first.kind, "could not be compared" in first.message) == ("unusable", True)
    assert all(verdict.passed for verdict in others)
    assert points(record, "softmax")[0] == points(record, "softmax")[1]
