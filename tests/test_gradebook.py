"""The rules of a class: lateness, attempts, the best of several, marks by hand."""

import csv
import dataclasses
import io
from datetime import UTC, datetime, timedelta

import pytest

from fmnist.course import PHASES
from fmnist.exercises import catalog
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.marks import by_hand, gradebook, policy
from fmnist.grading.marks.by_hand import Mark
from fmnist.grading.marks.policy import Attempts, BestOf, Late, Policy
from fmnist.tools.toml_tables import TableError

DEADLINE = datetime(2026, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
COUNTS, MEAN = catalog.find("class_counts"), catalog.find("mean_image")
LATE = Policy(
    Late(DEADLINE, grace_minutes=60.0, percent_per_day=10.0, closes_after_days=3.0),
    extensions={"zoe": DEADLINE + 48 * HOUR},
)


def record(counts: float, mean: float = 0.0, attempt: int = 1) -> Record:
    """Return a record with these points."""
    parts = (
        ExerciseRecord("class_counts", "graded", counts, COUNTS.points, ()),
        ExerciseRecord("mean_image", "graded", mean, MEAN.points, ()),
    )
    most = COUNTS.points + MEAN.points
    return Record("ada", attempt, "graded", counts + mean, most, "A", parts, ())


def row(rules: Policy, *attempts: gradebook.Attempt, marks=()) -> gradebook.Row:
    """Return Ada's row."""
    (made,) = gradebook.rows(
        {"ada": list(attempts)}, [Student("ada")], (COUNTS, MEAN), policy=rules, marks=marks
    )
    return made


@pytest.mark.parametrize(
    ("student", "hours", "share"),
    [
        pytest.param("ada", -1, 1.0, id="in time"),
        pytest.param("ada", 1, 1.0, id="within the grace"),
        pytest.param("ada", 1.1, 0.9, id="the first day has begun"),
        pytest.param("ada", 24, 0.9, id="one day"),
        pytest.param("ada", 25, 0.8, id="the second day has begun"),
        pytest.param("ada", 72, 0.7, id="the last moment"),
        pytest.param("ada", 73, 0.0, id="closed"),
        pytest.param("zoe", 48, 1.0, id="extended"),
        pytest.param("zoe", 50, 0.9, id="late after an extension"),
    ],
)
def test_each_day_that_has_begun_costs_its_share(student, hours, share):
    """Days are counted from the deadline; an extension moves it for one student."""
    kept, told = LATE.lateness(student, DEADLINE + hours * HOUR)
    assert kept == pytest.approx(share)
    assert bool(told) == (share < 1)


def test_without_a_time_nothing_is_late():
    """What nobody knows is not held against a student."""
    assert LATE.lateness("ada", None) == (1.0, "")
    assert Policy().lateness("ada", DEADLINE) == (1.0, "")


def test_the_last_attempt_counts_unless_the_best_does():
    """An attempt after the deadline may be worth less than the one before."""
    early = gradebook.Attempt(record(2.0), DEADLINE)
    late = gradebook.Attempt(record(1.5, attempt=2), DEADLINE + 30 * HOUR)
    last = Policy(Late(DEADLINE, percent_per_day=10.0))
    assert row(last, early, late).total == pytest.approx(1.2)
    best = Policy(last.late, attempts=Attempts(policy.BEST))
    assert row(best, early, late).total == 2.0


def test_an_attempt_that_the_grader_failed_on_waits_where_the_best_counts():
    """It might be better: no mark is given out until it is graded, unless there is none above."""
    best = Policy(attempts=Attempts(policy.BEST))
    failed = record(0.0, attempt=2)
    broken = ExerciseRecord("class_counts", State.GRADER_ERROR, 0.0, COUNTS.points, ())
    failed = dataclasses.replace(
        failed, state=State.GRADER_ERROR, exercises=(broken, *failed.exercises[1:])
    )
    half, full = record(1.0), record(COUNTS.points, MEAN.points)
    for other, waits in ((half, True), (full, False)):
        for attempts in ((other, failed), (failed, other)):
            made = row(best, *map(gradebook.Attempt, attempts))
            assert made.waits is waits
            assert (made.record is failed) is waits
    assert row(Policy(), gradebook.Attempt(failed), gradebook.Attempt(half)).record is half


def test_marks_of_another_assignment_take_nothing_from_the_class():
    """One file holds those of a term; what is not graded here can earn nobody points here."""
    own = [Mark("ada", "mean_image", 1.0, "seen"), Mark("ada", PHASES[0], 3.0, "")]
    other = [Mark("ada", "epoch_batches", 1.0, "seen"), Mark("ada", PHASES[4], 3.0, "")]
    counted, elsewhere = by_hand.counted([*own, *other], (COUNTS, MEAN))
    assert counted == tuple(own)
    assert elsewhere == tuple(other)


def test_of_a_group_the_best_count():
    """The exercise with the smaller share of its points is left out, and said so."""
    rules = Policy(best=(BestOf(("class_counts", "mean_image"), 1),))
    made = row(rules, gradebook.Attempt(record(2.0, 0.5)))
    assert (made.total, made.max_total) == (2.0, COUNTS.points)
    assert made.points["mean_image"] == 0.5
    assert made.notes == ("mean_image does not count: the best 1 of its group do.",)


def test_a_mark_by_hand_is_final():
    """It takes the place of the machine's, whatever the rules took from that."""
    mark = Mark("ada", "class_counts", 2.0, "Talked it through.")
    made = row(LATE, gradebook.Attempt(record(1.0), DEADLINE + 30 * HOUR), marks=[mark])
    assert made.points["class_counts"] == 2.0
    assert made.notes == (
        "2 days late: 20 % off.",
        "class_counts: 2 points, given by a person: Talked it through.",
    )


def test_the_share_of_a_row_is_of_all_points_that_count():
    """Nought where nothing can be earned."""
    made = row(Policy(), gradebook.Attempt(record(COUNTS.points)))
    assert made.share == COUNTS.points / (COUNTS.points + MEAN.points)
    assert dataclasses.replace(made, total=0.0, max_total=0).share == 0


def test_a_project_gets_a_column_for_all(tmp_path):
    """Who has no mark for it has 0 of its points, so that maxima are the same for all."""
    phase = PHASES[0]
    rows = gradebook.rows(
        {name: [gradebook.Attempt(record(1.0))] for name in ("ada", "bob")},
        [Student("ada"), Student("bob")],
        (COUNTS, MEAN),
        policy=Policy(),
        marks=[Mark("ada", phase, 4.0, "")],
    )
    assert [made.points[phase] for made in rows] == [4.0, 0.0]
    assert len({made.max_total for made in rows}) == 1
    header, *lines = gradebook.write(rows, tmp_path).read_text("utf-8").splitlines()
    assert header.endswith(f"class_counts,mean_image,{phase}")
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[late]\nhours = 3\n", "late: .*unknown key, `hours`", id="unknown key"),
        pytest.param(
            "[late]\npercent_per_day = 'ten'\n",
            "late, percent_per_day: Expected `float`, received 'ten'",
            id="type",
        ),
        pytest.param(
            "[late]\npercent_per_day = -1\n",
            "percent_per_day: Expected `float` >= 0.0, received -1",
            id="range",
        ),
        pytest.param("late = 3\n", "late: Expected a table, received 3", id="no table"),
        pytest.param(
            "[extensions]\nada = 3\n",
            "extensions, ada: Expected date, time and offset, .* received 3",
            id="no time",
        ),
        pytest.param(
            "[attempts]\ncount = 'all'\n",
            r"attempts, count: .*\(last\|best\)\$', received 'all'",
            id="attempts",
        ),
        pytest.param(
            "[[best]]\nof = ['class_counts']\n", "best 1: .*lacks the key `count`", id="best"
        ),
        pytest.param(
            "[[best]]\nof = ['nope']\ncount = 1\n", "best 1: There is no exercise 'nope'", id="name"
        ),
        pytest.param(
            "[[best]]\nof = ['class_counts']\ncount = 2\n", "best 1: count is 2; of 1", id="count"
        ),
    ],
)
def test_rules_that_are_none_are_refused(tmp_path, text, message):
    """One line names the entry."""
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(TableError, match=message):
        policy.read(path)


def test_rules_are_read(tmp_path):
    """The example of the documentation is valid, and means what it says."""
    example = (policy.__doc__ or "").split("::\n", 1)[1]
    path = tmp_path / "rules.toml"
    path.write_text("".join(f"{line[4:]}\n" for line in example.splitlines()))
    rules = policy.read(path)
    assert rules.late.grace_minutes == 15
    assert rules.attempts.count == policy.BEST
    assert rules.best[0].count == 2
    assert set(rules.extensions) == {"ada"}


@pytest.mark.parametrize(
    "name", ["ada;=1+1", "a\tb", 'a"b', "a|=1", "a\r=1", "a\u2028=1", "a,=1", ""]
)
def test_a_cell_stays_one_cell_whatever_separates_them(name):
    """In quotes, wherever a spreadsheet or a country has another separator than a comma."""
    text = gradebook.csv_text([["student", "points"], [name, 0.5]])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["student", "points"], [name, "0.5"]]
    assert name == "" or f'"{name.replace(chr(34), chr(34) * 2)}",0.5' in text
    for separator in ";\t|":
        line = text.partition("\n")[2]
        cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=separator))
        assert not any(cell.startswith("=") for cell in cells)
