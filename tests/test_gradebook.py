"""The rules of a class: lateness, attempts, the best of several, marks by hand."""

import csv
import dataclasses
import io
import re
import zoneinfo
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

import examples
from examples import worth
from fmnist.course import PHASES
from fmnist.exercises.verdicts import State
from fmnist.grading.hand_ins.roster import Student
from fmnist.grading.judging.record_keys import Key
from fmnist.grading.judging.records import ExerciseRecord, Record
from fmnist.grading.marks import by_hand, gradebook, kept_marks, mark_changes, policy
from fmnist.grading.marks.by_hand import Mark
from fmnist.grading.marks.kept_marks import ClassMarks
from fmnist.grading.marks.people import People
from fmnist.grading.marks.policy import Attempts, BestOf, Late, Policy
from fmnist.tools.toml_tables import TableError

DEADLINE = datetime(2026, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
COUNTS, OTHER = worth(2, examples.COUNTS), worth(2, examples.ANOTHER)
LATE = Policy(
    Late(DEADLINE, grace_minutes=60.0, percent_per_day=10.0, closes_after_days=3.0),
    extensions={"zoe": DEADLINE + 48 * HOUR},
)


def record(counts: float, mean: float = 0.0, attempt: int = 1) -> Record:
    """Return a record with these points."""
    parts = (
        ExerciseRecord("class_counts", "graded", counts, COUNTS.points, ()),
        ExerciseRecord(OTHER.name, "graded", mean, OTHER.points, ()),
    )
    most = COUNTS.points + OTHER.points
    return Record("ada", attempt, "graded", counts + mean, most, "A", parts, ())


def row(rules: Policy, *attempts: gradebook.Attempt, marks=()) -> gradebook.Row:
    """Return Ada's row."""
    (made,) = gradebook.rows(
        {"ada": list(attempts)}, [Student("ada")], (COUNTS, OTHER), policy=rules, marks=marks
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
    late = LATE.lateness(student, DEADLINE + hours * HOUR)
    assert late.share == pytest.approx(share)
    assert bool(late.told) == (share < 1)


def test_without_a_time_nothing_is_late():
    """What nobody knows is not held against a student."""
    unknown, no_deadline = LATE.lateness("ada", None), Policy().lateness("ada", DEADLINE)
    assert unknown.unknown
    assert not no_deadline.unknown
    for late in (unknown, no_deadline):
        assert (late.share, late.told) == (1.0, "")


@pytest.mark.parametrize(
    ("deadline", "submitted", "days"),
    [
        pytest.param("2026-10-24T23:59:00", "2026-10-25T23:59:00", 1, id="a day of 25 hours"),
        pytest.param("2026-10-24T23:59:00", "2026-10-25T23:59:01", 2, id="after 25 hours"),
        pytest.param("2026-10-24T23:59:00", "2026-10-31T23:59:00", 7, id="a week"),
        pytest.param("2026-03-28T23:59:00", "2026-03-29T23:59:00", 1, id="a day of 23 hours"),
        pytest.param("2026-03-28T23:59:00", "2026-03-29T23:59:01", 2, id="after 23 hours"),
        pytest.param("2026-03-28T23:59:00", "2026-03-30T23:59:00", 2, id="two days in spring"),
        pytest.param("2026-06-01T12:00:00", "2026-06-01T11:59:59", 0, id="in time"),
    ],
)
def test_a_day_is_a_day_when_clocks_change(deadline, submitted, days):
    """It ends at the deadline's time of day, in the zone of the rules."""
    rules = Policy(
        Late(datetime.fromisoformat(deadline), percent_per_day=10.0), zone="Europe/Berlin"
    )
    late = rules.lateness("ada", datetime.fromisoformat(submitted).replace(tzinfo=BERLIN))
    assert (late.days, late.percent) == (days, 10 * days)
    assert (late.deadline.tzinfo, late.submitted.tzinfo) == (BERLIN, BERLIN)


def test_half_days_close_and_what_a_person_says_of_a_time_counts():
    """The rules can give a time where a platform gives none, or another one."""
    rules = Policy(
        Late(DEADLINE, percent_per_day=10.0, closes_after_days=0.5),
        submitted={"ada": DEADLINE + 13 * HOUR},
    )
    first, last = gradebook.Attempt(record(1.0)), gradebook.Attempt(record(2.0), DEADLINE)
    assert row(rules, first, last).lateness.percent == 100
    best = dataclasses.replace(first, submitted=DEADLINE)
    assert row(msgspec.structs.replace(rules, attempts=Attempts("best")), best, last).total == 1.0
    missing = dataclasses.replace(record(0.0), state=State.MISSING)
    assert row(rules, gradebook.Attempt(missing)).notes == ()
    assert rules.lateness("cy", DEADLINE + 12 * HOUR).percent == 10
    assert rules.lateness("cy", None, "said").unknown


def test_times_need_a_zone_that_exists_and_the_machines_is_never_taken(monkeypatch):
    """Without one in the rules it is that of the deadline, which is said."""
    with pytest.raises(ValueError, match=r"late\.deadline is .* without an offset"):
        Policy(Late(datetime(2026, 1, 2)))
    with pytest.raises(ValueError, match=r"extensions\.ada is .* without an offset"):
        Policy(extensions={"ada": datetime(2026, 1, 2)})
    with pytest.raises(ValueError, match=r"no time zone 'Europe/Berlim'; .*Europe/Berlin"):
        Policy(zone="Europe/Berlim")
    assert Policy(zone="Europe/Berlin").times_zone == BERLIN
    assert Policy(Late(datetime(2026, 1, 2, tzinfo=BERLIN))).times_zone == BERLIN
    assert Policy().times_zone is None
    assert Policy().zone_told == ""
    assert "read as UTC+00:00" in Policy(Late(DEADLINE)).zone_told
    assert "2026-01-02 00:00" in Policy(Late(DEADLINE)).zone_told
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(ValueError, match="pip install tzdata"):
        Policy(zone="Europe/Nowhere")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (Policy(), ""),
        (Policy(Late(percent_per_day=5.0)), "no deadline"),
        (Policy(Late(DEADLINE)), "costs nothing"),
        (Policy(submitted={"ada": DEADLINE}), "no deadline"),
        (
            Policy(best=(BestOf(("class_counts", "confusion_matrix"), 1),)),
            "1 of them is graded",
        ),
        (Policy(best=(BestOf(("class_counts", OTHER.name), 1),)), ""),
        (Policy(Late(DEADLINE, closes_after_days=1.0)), ""),
    ],
)
def test_no_rule_is_without_effect_in_silence(rules, told):
    """What decides nothing of these exercises is said."""
    found = rules.without_effect(["class_counts", OTHER.name])
    assert len(found) == bool(told)
    assert told in "".join(found)


def test_rules_name_students_of_the_class():
    """By id, e-mail or name; nobody is named twice."""
    people = People([Student("ada", "Ada King", "a@x.org"), Student("bob")], whole=True)
    rules = Policy(extensions={"A@x.org": DEADLINE}, submitted={"Ada King": DEADLINE})
    found = policy.of_class(rules, people, "late.toml")
    assert {*found.extensions} == {*found.submitted} == {"ada"}
    with pytest.raises(TableError, match=r"late\.toml, extensions: .*'bbo'.*nearest: 'bob'"):
        policy.of_class(Policy(extensions={"bbo": DEADLINE}), people, "late.toml")
    twice = Policy(extensions={"ada": DEADLINE, "a@x.org": DEADLINE})
    with pytest.raises(TableError, match="named twice"):
        policy.of_class(twice, people, "late.toml")


def test_unknown_times_are_counted_where_there_is_a_deadline():
    """Of those who handed in; what a platform says is said."""
    nothing = dataclasses.replace(record(0.0), state=State.MISSING)
    attempts = [
        gradebook.Attempt(record(1.0), None, "LATE in the name of the file"),
        gradebook.Attempt(record(1.0), DEADLINE),
        gradebook.Attempt(nothing),
    ]
    rows = [row(LATE, one) for one in attempts]
    counted, said = gradebook.unknown_times(rows)
    assert counted.startswith("The time of 1 of 2 hand-ins is unknown")
    assert "ada (LATE in the name of the file)" in said
    assert gradebook.unknown_times([row(Policy(), one) for one in attempts]) == []
    assert gradebook.unknown_times(rows[1:]) == []


def given(rules=LATE, marks=(), submitted=DEADLINE + 30 * HOUR, **points):
    """Return what a run gives Ada."""
    made = row(rules, gradebook.Attempt(record(**{"counts": 2.0} | points), submitted), marks=marks)
    key = Key({}, {}, "", "grader", 0, "A")
    return ClassMarks(
        format=kept_marks.FORMAT,
        ids="",
        assignments=(),
        rules=msgspec.json.encode(rules).decode(),
        students={"ada": kept_marks.of(made, marks, key)},
        unreached={},
        has_rules=rules is LATE,
    )


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        pytest.param(given(), given(), "", id="nothing"),
        pytest.param(
            given(),
            given(Policy(Late(DEADLINE + 90 * HOUR))),
            "another deadline .2026-01-05 18:00 .* in place of 2026-01-02 00:00",
            id="deadline",
        ),
        pytest.param(
            given(),
            given(Policy(Late(DEADLINE, percent_per_day=50.0))),
            "lateness takes 100 % off, and took 20 % off before: 50 % of the points for each day",
            id="rule",
        ),
        pytest.param(given(), given(Policy()), "another deadline .none in place of", id="no rules"),
        pytest.param(
            given(),
            given(submitted=DEADLINE),
            "time of the hand-in is another one .2026-01-02 00:00 .* in place of 2026-01-03 06:00",
            id="time",
        ),
        pytest.param(
            given(marks=[Mark("ada", "class_counts", 0.5, "x")]),
            given(),
            r"the mark by hand .0\.5. is not given any more",
            id="mark gone",
        ),
        pytest.param(
            given(),
            given(marks=[Mark("ada", "class_counts", 0.5, "x")]),
            "^a person gave this mark$",
            id="mark",
        ),
        pytest.param(
            given(marks=[Mark("ada", "class_counts", 0.5, "x")]),
            given(marks=[Mark("ada", "class_counts", 1.5, "x")]),
            "^a person changed this mark$",
            id="another mark",
        ),
        pytest.param(
            given(Policy(), mean=1.0),
            given(Policy(best=(BestOf(("class_counts", OTHER.name), 1),)), mean=1.0),
            "the rules on which exercises count have changed",
            id="best of",
        ),
        pytest.param(
            given(marks=[Mark("ada", PHASES[0], 5.0, "")]), given(), "not given", id="project"
        ),
        pytest.param(
            given(),
            given(marks=[Mark("ada", PHASES[0], 5.0, "")]),
            "a person gave",
            id="first mark",
        ),
        pytest.param(
            given(marks=[Mark("ada", PHASES[0], None, "")]),
            given(marks=[Mark("ada", PHASES[0], 5.0, "")]),
            "a person gave this mark",
            id="open before",
        ),
        pytest.param(given(), given(marks=[Mark("ada", PHASES[0], None, "")]), "", id="open now"),
    ],
)
def test_a_mark_that_moved_says_why(before, now, why, tmp_path):
    """Whether by rules or by people; what is kept comes back as it was."""
    kept_marks.write(before, tmp_path)
    assert kept_marks.read(tmp_path) == before
    moved, told = mark_changes.against(before, now, [])
    assert len(moved) == bool(why)
    assert re.search(why, "".join(one.why for one in moved))
    sentences = told.students["ada"].told
    assert len(sentences) == bool(why)
    assert re.search(why.strip("^$"), "".join(sentences))


def test_those_whom_a_run_did_not_reach_keep_what_they_were_given(tmp_path):
    """Over several runs, the marks by hand among it; who left is not kept."""
    marks = [Mark("ada", "class_counts", 0.5, "x")]
    before, nobody = given(marks=marks), msgspec.structs.replace(given(), students={})
    for _ in range(2):
        moved, kept = mark_changes.against(before, nobody, ["ada"])
        assert (moved, kept.students, kept.unreached) == ([], {}, given(marks=marks).students)
        assert kept.by_hand == 1
        kept_marks.write(kept, tmp_path)
        before = kept_marks.read(tmp_path)
    moved, kept = mark_changes.against(before, given(), [])
    assert [(one.before, one.after) for one in moved] == [(0.5, 1.6)]
    assert (kept.unreached, kept.by_hand) == ({}, 0)
    assert mark_changes.against(before, nobody, [])[1].known == {}


def test_what_nobody_marked_is_not_0_in_kept_marks():
    """Neither an open project nor a hand-in of which nobody knows whether it counts."""
    (kept,) = given(marks=[Mark("ada", PHASES[0], None, "")]).students.values()
    assert kept.points == {"class_counts": 1.6, OTHER.name: 0.0, PHASES[0]: None}
    assert (kept.by_hand, kept.total, kept.max_total) == ({}, 1.6, COUNTS.points + OTHER.points)
    parts = record(0.0).exercises
    parts = (dataclasses.replace(parts[0], state=State.DOUBTFUL), parts[1])
    doubtful = dataclasses.replace(record(0.0), state=State.DOUBTFUL, exercises=parts)
    waits = kept_marks.of(row(Policy(), gradebook.Attempt(doubtful)), [], None)
    assert (waits.total, waits.points, waits.by_checks) == (
        None,
        {OTHER.name: 0.0},
        {OTHER.name: 0.0},
    )
    (settled,) = given(Policy()).students.values()
    for before, now, why in (
        (settled, waits, "nobody can tell which hand-in counts"),
        (waits, settled, "it is settled which hand-in counts"),
    ):
        (moved,) = mark_changes.between("ada", before, now, other_rules=False)
        assert moved.why == why
        told = mark_changes.sentence([moved], before, now)
        assert told.startswith("Your mark moved from ")
        assert "no mark yet of" not in told
    assert "ada,class_counts,no mark,2.0," in mark_changes.table([moved])


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
    half, full = record(1.0), record(COUNTS.points, OTHER.points)
    for other, waits in ((half, True), (full, False)):
        for attempts in ((other, failed), (failed, other)):
            made = row(best, *map(gradebook.Attempt, attempts))
            assert made.waits is waits
            assert (made.record is failed) is waits
    assert row(Policy(), gradebook.Attempt(failed), gradebook.Attempt(half)).record is half


def test_marks_of_another_assignment_take_nothing_from_the_class():
    """One file holds those of a term; what is not graded here can earn nobody points here."""
    own = [Mark("ada", OTHER.name, 1.0, "seen"), Mark("ada", PHASES[0], 3.0, "")]
    other = [Mark("ada", "confusion_matrix", 1.0, "seen"), Mark("ada", PHASES[4], 3.0, "")]
    counted, elsewhere = by_hand.counted([*own, *other], (COUNTS, OTHER))
    assert counted == tuple(own)
    assert elsewhere == tuple(other)


def test_of_a_group_the_best_count():
    """The exercise with the smaller share of its points is left out, and said so."""
    rules = Policy(best=(BestOf(("class_counts", OTHER.name), 1),))
    made = row(rules, gradebook.Attempt(record(2.0, 0.5)))
    assert (made.total, made.max_total) == (2.0, COUNTS.points)
    assert made.points[OTHER.name] == 0.5
    assert made.notes == (f"{OTHER.name} does not count: the best 1 of its group do.",)


def test_a_mark_by_hand_is_final():
    """It takes the place of the machine's, whatever the rules took from that."""
    mark = Mark("ada", "class_counts", 2.0, "Talked it through.")
    made = row(LATE, gradebook.Attempt(record(1.0), DEADLINE + 30 * HOUR), marks=[mark])
    assert made.points["class_counts"] == 2.0
    assert made.notes == (
        "2 days late: 20 % off. The deadline was 2026-01-02 00:00 (UTC+00:00), and this came "
        "2026-01-03 06:00: 10 % of the points for each day that has begun, after 60 minutes of "
        "grace.",
        "class_counts: 2 points, given by a person: Talked it through.",
    )


def test_the_share_of_a_row_is_of_all_points_that_count():
    """Nought where nothing can be earned."""
    made = row(Policy(), gradebook.Attempt(record(COUNTS.points)))
    assert made.share == COUNTS.points / (COUNTS.points + OTHER.points)
    assert dataclasses.replace(made, total=0.0, max_total=0).share == 0


def test_a_project_gets_a_column_for_all(tmp_path):
    """For who has no mark for it, it is open: nothing is earned, and nothing is lost."""
    phase = PHASES[0]
    rows = gradebook.rows(
        {name: [gradebook.Attempt(record(1.0))] for name in ("ada", "bob")},
        [Student("ada"), Student("bob")],
        (COUNTS, OTHER),
        policy=Policy(),
        marks=[Mark("ada", phase, 4.0, "")],
    )
    assert [made.points.get(phase) for made in rows] == [4.0, None]
    assert [made.open for made in rows] == [{}, {phase: 10}]
    assert [(made.total, made.max_total) for made in rows] == [(5.0, 14), (1.0, 4)]
    assert [(made.exercise_total, made.exercise_max) for made in rows] == [(1.0, 4)] * 2
    assert [(made.project_total, made.project_max) for made in rows] == [(4.0, 10), (0.0, 0)]
    header, *lines = gradebook.write(rows, tmp_path).read_text("utf-8").splitlines()
    assert header.endswith(f"class_counts,{OTHER.name},{phase}")
    assert [line.rpartition(",")[2] for line in lines] == ["4.0", "open"]


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
    assert rules.best[0].count == 1
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
