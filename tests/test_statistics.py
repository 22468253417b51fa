"""Figures of a class against values worked by hand, and misconceptions that messages name."""

import subprocess
import sys

import numpy as np
import pytest

import examples
from examples import worth
from fmnist.exercises import misconceptions
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.reports import statistics

COUNTS, OTHER = worth(2, examples.COUNTS), worth(2, examples.ANOTHER)


def verdict(check: str, outcome: str = "passed", message: str = "", *, hidden=False) -> Verdict:
    """Return a verdict on class_counts."""
    return Verdict("class_counts", check, hidden, outcome, "wrong" if message else "", message)


def record(points: tuple[float, float], *verdicts: Verdict, state="graded", overall="") -> Record:
    """Return a record of two exercises; the verdicts are of the first."""
    parts = (
        ExerciseRecord("class_counts", state, points[0], COUNTS.points, verdicts),
        ExerciseRecord(OTHER.name, "graded", points[1], OTHER.points, ()),
    )
    whole = COUNTS.points + OTHER.points
    return Record("s", 1, overall or "graded", sum(points), whole, "A", parts, ())


# --- item analysis ---


def test_difficulty_is_the_mean_share_of_the_points():
    """Points 0, 1 and 2 of 2 make a half; of nobody there is none."""
    assert statistics.difficulty([0, 1, 2], 2) == pytest.approx(0.5)
    assert statistics.difficulty([2, 2], 2) == 1
    assert statistics.difficulty([], 2) is None


def test_discrimination_is_the_correlation_with_all_other_exercises():
    """By hand: (1, 2, 3) against (3, 1, 2) is -1/2; the item itself is not in the total."""
    table = [[1, 3, 0], [2, 1, 0], [3, 2, 0]]
    first, second, third = statistics.discrimination(table)
    assert first == pytest.approx(-0.5)
    assert second == pytest.approx(-0.5)
    assert third is None  # everybody has the same


def test_discrimination_agrees_with_numpy_on_random_points():
    """Column by column, the textbook's formula."""
    points = np.random.default_rng(0).integers(0, 5, size=(30, 6))
    found = statistics.discrimination(points)
    for place, value in enumerate(found):
        rest = np.delete(points, place, axis=1).sum(axis=1)
        assert value == pytest.approx(np.corrcoef(points[:, place], rest)[0, 1])


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([[1, 2], [2, 1]], id="two students"),
        pytest.param([[1], [2], [3]], id="a single exercise"),
        pytest.param([[1, 1], [1, 2], [1, 3]], id="everybody has the same"),
        pytest.param([[0.1 + 0.2, 1], [0.3, 2], [0.3, 3]], id="the same but for rounding"),
    ],
)
def test_discrimination_is_none_where_it_is_not_defined(points):
    """No warning of a division by zero, no nan."""
    assert statistics.discrimination(points)[0] is None


def test_those_who_handed_in_nothing_and_those_the_grader_failed_on_are_in_no_figure():
    """One of four students is left who has half of the points."""
    records = [
        record((1, 1)),
        record((0, 0), overall="missing"),
        record((0, 0), overall="grader error"),
    ]
    items = statistics.items(records, (COUNTS, OTHER))
    assert [one.name for one in items] == ["class_counts", OTHER.name]
    assert [(one.students, one.difficulty) for one in items] == [(1, 0.5), (1, 0.5)]
    assert statistics.items([], (COUNTS, OTHER))[0].difficulty is None


# --- checks and marks ---


def test_pass_rates_come_from_answers_that_could_be_judged_and_the_worst_first():
    """An answer that does not load fails all checks and says nothing of any."""
    records = [
        record((1, 0), verdict("easy"), verdict("hard", "failed", "no")),
        record((1, 0), verdict("easy"), verdict("hard")),
        record((0, 0), verdict("easy", "error"), verdict("hard", "error"), state="not gradable"),
    ]
    rates = statistics.pass_rates(records)
    assert [(one.check, one.passed, one.judged) for one in rates] == [
        ("hard", 1, 2),
        ("easy", 2, 2),
    ]
    assert rates[0].rate == 0.5


def test_a_public_and_a_hidden_check_of_one_name_are_two():
    """Files of checks may use the same name."""
    one = record((1, 0), verdict("same"), verdict("same", "failed", "no", hidden=True))
    assert [(rate.hidden, rate.rate) for rate in statistics.pass_rates([one])] == [
        (True, 0),
        (False, 1),
    ]


def test_the_histogram_puts_every_student_into_one_bar():
    """Full marks belong to the last bar, a tenth to the second, more than all to the last."""
    bins = statistics.histogram([0, 0.05, 0.1, 1, 1.2])
    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].low, bins[-1].high) == (0, 1)
    assert [one.count for one in statistics.histogram([])] == [0] * 10


# --- misconceptions ---


def wrongs() -> dict[str, object]:
    """Return the wrong answers of class_counts by the stem of their files."""
    return {wrong.path.stem: wrong for wrong in COUNTS.wrong_answers}


def test_a_message_names_the_misconception_that_leads_to_it():
    """The check and its sentence decide; each submission counts once."""
    zero = wrongs()["label_zero_skipped"]
    said = f"class_counts([0])\n  came back: [0]\n  {zero.sentence}"
    told = record((0, 0), verdict(zero.check, "failed", said))
    twice = record((0, 0), *[verdict(zero.check, "failed", said)] * 2)
    found = statistics.misconceptions([told, twice], (COUNTS, OTHER))
    assert [(one.ids, one.students, one.exercise) for one in found] == [
        (("zero-is-no-label",), 2, "class_counts")
    ]
    assert found[0].beliefs == (misconceptions.load()["zero-is-no-label"].belief,)


def test_misconceptions_that_lead_to_one_message_are_listed_together():
    """Nobody can tell them apart by what the check says."""
    empty, largest = wrongs()["empty_classes_missing"], wrongs()["largest_label_ends_the_list"]
    assert (empty.check, empty.sentence) == (largest.check, largest.sentence)
    told = record((0, 0), verdict(empty.check, "failed", f"x {empty.sentence} y"))
    found = statistics.misconceptions([told], (COUNTS,))
    assert [one.ids for one in found] == [
        ("empty-class-left-out", "largest-label-ends-the-classes")
    ]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(("another check", "failed", True), id="another check says it"),
        pytest.param(("", "failed", False), id="the check says something else"),
        pytest.param(("", "error", True), id="nothing could be judged"),
        pytest.param(("", "passed", True), id="it passed"),
    ],
)
def test_other_verdicts_name_no_misconception(told):
    """Check, sentence and outcome must all be those of the wrong answer."""
    check, outcome, says_it = told
    zero = wrongs()["label_zero_skipped"]
    message = zero.sentence if says_it else "something else"
    one = record((0, 0), verdict(check or zero.check, outcome, message))
    assert statistics.misconceptions([one], (COUNTS,)) == []


def test_the_most_frequent_misconception_comes_first():
    """By the number of submissions that show it."""
    known = wrongs()
    zero, empty = known["label_zero_skipped"], known["empty_classes_missing"]
    told = [verdict(one.check, "failed", one.sentence) for one in (zero, empty, empty)]
    found = statistics.misconceptions([record((0, 0), one) for one in told], (COUNTS,))
    assert [one.students for one in found] == [2, 1]


def test_no_library_of_statistics_is_imported():
    """The process that grades a class stays small."""
    program = (
        "import sys; import fmnist.grading.reports; "
        "print([name for name in ('sklearn', 'scipy', 'tensorflow', 'matplotlib') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
