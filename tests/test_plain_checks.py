"""Checks that are called as they stand say what pytest would have them say."""

import pytest

from fmnist.exercises import catalog
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import plain_checks
from fmnist.grading.judging.grader import Grader

pytest_plugins = ["pytester"]

NAMES = ("class_counts", "confusion_matrix", "inverted_dropout")
EXERCISES = tuple(map(catalog.find, NAMES))
CHECKS = """
import pytest

@pytest.fixture
def own(): return 1

@pytest.fixture(autouse=True, scope="class")
def always(): return 1

def plain(answer, reference): pass

def alone(): pass

@pytest.mark.parametrize("seed", [1])
def seeded(seed, answer): pass

def with_fixture(answer, own): pass

def with_request(answer, request): pass

@pytest.mark.skip
def skipped(answer): pass

class Test:
    def method(self, answer): pass
"""


def submissions() -> list[Submission]:
    """Return one with the references, one with nothing, and all wrong answers."""
    texts = {one.name: one.reference.read_text("utf-8") for one in EXERCISES}
    made = [Submission("right", texts, {}, ()), Submission("nothing", {}, {}, ())]
    for exercise in EXERCISES:
        for wrong in exercise.wrong_answers:
            sources = texts | {exercise.name: wrong.path.read_text("utf-8")}
            made.append(Submission(wrong.path.stem, sources, {}, ()))
    return made


def test_verdicts_are_those_of_pytest(sandbox, monkeypatch):
    """Right, wrong and missing answers get the same records either way."""
    records = []
    for is_plain in (plain_checks.is_plain, lambda _: False):
        monkeypatch.setattr(plain_checks, "is_plain", is_plain)
        with Grader(EXERCISES, sandbox) as grader:
            records.append([grader.grade(one).record for one in submissions()])
    assert records[0] == records[1]
    assert len({record.points for record in records[0]}) > 3


@pytest.mark.parametrize("name", ["plain", "alone", "seeded"])
def test_these_are_plain(pytester, name):
    """Functions of answers and parameters."""
    assert plain_checks.is_plain(item(pytester, name, autouse=False))


@pytest.mark.parametrize("name", ["with_fixture", "with_request", "skipped", "method"])
def test_these_are_not(pytester, name):
    """Whatever needs a fixture, a mark or an object that pytest makes."""
    assert not plain_checks.is_plain(item(pytester, name, autouse=False))


def test_a_fixture_for_all_makes_none_plain(pytester):
    """It would not run."""
    assert not plain_checks.is_plain(item(pytester, "plain", autouse=True))


def item(pytester, name: str, *, autouse: bool) -> pytest.Item:
    """Return a check of `CHECKS`, as pytest collects it."""
    text = CHECKS if autouse else CHECKS.replace("autouse=True", "autouse=False")
    options = ["-o", "python_functions=*", "-o", "python_classes=Test"]
    items, _ = pytester.inline_genitems(pytester.makepyfile(text), *options)
    return next(one for one in items if one.name.split("[")[0] == name)
