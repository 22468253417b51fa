"""What is judged again after a change: the exercises that it touches, and no other."""

import dataclasses
import os
import shutil
import subprocess
import sys

import pytest

from examples import ANOTHER, COUNTS
from fmnist.course import ROOT
from fmnist.exercises import catalog
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.judging import record_keys
from fmnist.grading.judging.record_keys import Key
from fmnist.grading.judging.records import ExerciseRecord, Graded, Record, joined
from fmnist.grading.judging.register import Register

KEY = Key({"a": "1", "b": "2"}, {"a": "3", "b": "4"}, "rest", "grader", 0, "A")


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"checks": {"a": "x", "b": "4"}}, {"a"}, id="one check"),
        pytest.param({"checks": {"a": "x", "b": "x"}}, {"a", "b"}, id="both checks"),
        pytest.param({"checks": {"b": "4"}, "answers": {"b": "2"}}, set(), id="one exercise less"),
        pytest.param(
            {"checks": KEY.checks | {"c": "5"}, "answers": KEY.answers | {"c": "6"}}, {"c"},
            id="one more",
        ),
        pytest.param({"answers": {"a": "x", "b": "2"}}, {"a"}, id="one answer"),
        pytest.param({"rest": "x"}, set(), id="a file that nobody asked for"),
        pytest.param({"grader": "x"}, {"a", "b"}, id="the grader"),
        pytest.param({"isolation": "B"}, {"a", "b"}, id="the sandbox"),
        pytest.param({"seed": 1}, {"a", "b"}, id="the seed"),
    ],
)  # fmt: skip
def test_what_a_change_touches(now, changed):
    """Each exercise has workers of its own."""
    assert record_keys.changed(KEY, dataclasses.replace(KEY, **now)) == changed


def test_a_key_of_another_version_touches_everything():
    """Nobody knows what decided the record."""
    assert record_keys.changed(record_keys.UNKNOWN, KEY) == {"a", "b"}
    assert record_keys.why_again(record_keys.UNKNOWN, KEY, "a") == "the grader has changed"


class Hand:
    """A hand-in of two exercises, and the registers of runs that know it.

    Args:
        place: for hand-in and records.
    """

    def __init__(self, place):
        self.folder, self.out = place / "in", place / "out"
        for exercise in (COUNTS, ANOTHER):
            self.folder.mkdir(exist_ok=True)
            (self.folder / f"{exercise.name}.py").write_text(f"{exercise.name} = 1\n", "utf-8")
        self.entry = Entry("ada", (self.folder,))

    def register(self, *exercises, isolation="A", regrade=False) -> Register:
        """Return the register of a new run."""
        made = Register(
            self.out, exercises or (COUNTS, ANOTHER), isolation=isolation, regrade=regrade
        )
        with made.store.alone():
            return made

    def run(self, register: Register, *, whole: bool = True, **states: str) -> list[str]:
        """Grade what a register waits for; return the exercises that were judged.

        A run that is not whole ends early, after this hand-in.
        """
        asked: list[str] = []
        with register.store.alone():
            for task in register.waiting([self.entry], lambda _: None):
                asked = [*(task.only or register._names)]
                parts = tuple(part(name, states.get(name, "graded")) for name in asked)
                record = Record("ada", 1, "", 0.0, 0, "A", (), ())
                record = joined(record, parts, asked)
                seconds = {f"test_{name}::x": 1.0 for name in asked}
                register.keep(Graded(record, seconds), lambda _: None)
            if whole:
                register.finish()
        return asked


def part(name: str, state: str = "graded") -> ExerciseRecord:
    """Return the outcome of an exercise."""
    kind = "" if state == "graded" else state
    verdict = Verdict(name, "x", False, "failed" if kind else "passed", kind, "")
    return ExerciseRecord(name, state, 0.0 if kind else 1.0, 2, (verdict,))


@pytest.fixture(name="hand")
def _hand(tmp_path):
    """Two answers that nobody has judged."""
    return Hand(tmp_path)


@pytest.fixture(name="other_checks")
def _other_checks(monkeypatch, tmp_path):
    """Have the hidden checks of class_counts be others."""
    path = tmp_path / "hidden_class_counts.py"
    path.write_text("# others\n", "utf-8")
    right = catalog.Exercise.hidden_checks
    monkeypatch.setattr(
        catalog.Exercise,
        "hidden_checks",
        property(lambda one: path if one.name == COUNTS.name else right.fget(one)),
    )


def record_file(hand: Hand, kind: str = "records") -> bytes:
    """Return what is kept of the hand-in."""
    return (hand.out / kind / "ada.json").read_bytes()


def test_other_checks_have_their_exercise_judged_again_alone(hand, request):
    """The record is the one that judging all would give, byte by byte; times are not lost."""
    assert hand.run(hand.register()) == [COUNTS.name, ANOTHER.name]
    times = record_file(hand, "times")
    request.getfixturevalue("other_checks")
    second = hand.register()
    assert hand.run(second) == [COUNTS.name]
    assert [(one.student, one.exercise, one.why) for one in second.again] == [
        ("ada", COUNTS.name, "the checks have changed")
    ]
    assert record_file(hand, "times") == times
    partly = record_file(hand)
    assert hand.run(hand.register(regrade=True)) == [COUNTS.name, ANOTHER.name]
    assert record_file(hand) == partly
    third = hand.register()
    assert (hand.run(third), third.earlier) == ([], 1)


def test_an_exercise_more_is_judged_alone_and_one_less_not_at_all(hand):
    """Records follow what is graded."""
    assert hand.run(hand.register(COUNTS)) == [COUNTS.name]
    assert hand.run(hand.register()) == [ANOTHER.name]
    both = record_file(hand)
    assert hand.run(hand.register(ANOTHER)) == []
    assert record_file(hand) != both
    assert hand.run(hand.register()) == [COUNTS.name]
    assert record_file(hand) == both


@pytest.mark.parametrize("state", ["timed out", "crashed", "tampering suspected"])
def test_what_other_answers_may_have_decided_is_judged_with_them(hand, request, state):
    """As where the time for all answers was used up; while nothing changes, it stands."""
    hand.run(hand.register(), **{ANOTHER.name: state})
    assert hand.run(hand.register()) == []
    request.getfixturevalue("other_checks")
    assert hand.run(hand.register()) == [COUNTS.name, ANOTHER.name]


def test_a_failure_of_the_grader_is_judged_again_alone(hand):
    """What it got right stands."""
    hand.run(hand.register(), **{ANOTHER.name: "grader error"})
    again = hand.register()
    assert hand.run(again) == [ANOTHER.name]
    assert again.again[0].why.startswith("the grader had failed")


def test_another_answer_is_judged_again_alone(hand):
    """And the run says so."""
    hand.run(hand.register())
    (hand.folder / f"{ANOTHER.name}.py").write_text("other = 2\n", "utf-8")
    again = hand.register()
    assert hand.run(again) == [ANOTHER.name]
    (one,) = again.again
    assert (one.exercise, one.why) == (ANOTHER.name, "another answer was handed in")


def test_a_file_that_nobody_asked_for_has_nothing_judged_again(hand):
    """It is in the record, and decides nothing."""
    hand.run(hand.register())
    (hand.folder / "notes.txt").write_text("mine", "utf-8")
    again = hand.register()
    assert hand.run(again) == []
    assert b"notes.txt" in record_file(hand)
    assert again.earlier == 1


def test_a_record_of_another_version_is_not_called_damaged(hand):
    """Its key has another form; it is made again because the grader has changed."""
    hand.run(hand.register())
    path = hand.out / "records" / "ada.json"
    text = path.read_text("utf-8")
    path.write_text(text.replace('"answers": {', '"content": "x", "old": {'), "utf-8")
    again = hand.register()
    assert hand.run(again) == [COUNTS.name, ANOTHER.name]
    assert again.store.damaged == []
    assert {one.why for one in again.again} == {"the grader has changed"}
    assert path.read_text("utf-8") == text


@pytest.mark.slow
def test_a_changed_check_is_told_and_the_results_are_those_of_a_whole_run(tmp_path, sandbox):
    """From the command: what is graded again and why, and equal bytes for equal input."""
    ignored = shutil.ignore_patterns(".fmnist", "__pycache__")
    for name in ("fmnist", "exercises", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / "course" / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "course")
    for student in ("ada", "bo", "cy"):
        (tmp_path / "in" / student).mkdir(parents=True)
        for exercise in (COUNTS, ANOTHER):
            text = (exercise.stub if student == "cy" else exercise.reference).read_text("utf-8")
            (tmp_path / "in" / student / f"{exercise.name}.py").write_text(text, "utf-8")

    def grade(out: str, *more: str) -> str:
        names = ("--exercise", COUNTS.name, "--exercise", ANOTHER.name)
        done = subprocess.run(
            [sys.executable, "-m", "fmnist", "grade", "../in", "--out", f"../{out}", *names, *more],
            capture_output=True,
            text=True,
            cwd=tmp_path / "course",
            env=os.environ | {"PYTHONPATH": str(tmp_path / "course")},
            timeout=300,
            check=True,
        )
        return done.stdout

    grade("out")
    hidden = tmp_path / "course" / "solutions" / COUNTS.phase / f"hidden_{COUNTS.name}.py"
    hidden.write_text(
        hidden.read_text("utf-8")
        + '\n\ndef test_new(answer):\n    """Of nothing there are ten noughts."""\n'
        '    expect(answer, []).equals([1] * 10, idea="Wrong on purpose.")\n'
    )
    said = grade("out")
    told = "3 answers of 3 students graded again, because the checks have changed: class_counts"
    assert told in said.splitlines()
    moved = (tmp_path / "out" / "moved.csv").read_text("utf-8")
    assert f"ada,class_counts,{COUNTS.points:.1f}," in moved
    assert "the checks have changed,test_new (hidden) (new)" in moved
    assert ANOTHER.name not in moved
    grade("whole", "--seed", (tmp_path / "out" / "seed.txt").read_text("ascii").strip())
    for name in ("ada", "bo", "cy"):
        part_, all_ = (tmp_path / out / "records" / f"{name}.json" for out in ("out", "whole"))
        assert part_.read_bytes() == all_.read_bytes()


def test_a_regrading_goes_on_where_it_ended(hand):
    """Of the same exercises; of others, or when it is done, the next one begins anew."""
    hand.run(hand.register())
    both, other = [COUNTS.name, ANOTHER.name], [ANOTHER.name]
    assert hand.run(hand.register(regrade=True), whole=False) == both
    assert hand.run(hand.register(regrade=True), whole=False) == []
    assert hand.run(hand.register(ANOTHER, regrade=True), whole=False) == other
    assert hand.run(hand.register(regrade=True)) == both
    assert hand.run(hand.register(regrade=True)) == both


def test_a_regrading_that_was_given_up_is_over_after_a_whole_run(hand):
    """The next one begins anew."""
    hand.run(hand.register())
    assert hand.run(hand.register(regrade=True), whole=False) == [COUNTS.name, ANOTHER.name]
    assert hand.run(hand.register()) == []
    assert hand.run(hand.register(regrade=True)) == [COUNTS.name, ANOTHER.name]


@pytest.mark.parametrize("rest", ["", "[", '["ada", 1', "[[], 1]\n", "\0\n", "7\n"])
def test_a_note_of_a_regrading_that_is_damaged_costs_work_alone(hand, rest):
    """What cannot be read was not judged."""
    hand.run(hand.register())
    register = hand.register(regrade=True)
    hand.run(register, whole=False)
    note = hand.out / ".regrading"
    head = note.read_text("utf-8").splitlines(keepends=True)[0]
    note.write_text(head + rest, "utf-8")
    assert hand.run(hand.register(regrade=True)) == [COUNTS.name, ANOTHER.name]
    assert not note.exists()


def test_who_handed_in_again_and_is_not_judged_keeps_the_outcome(hand):
    """With what decided it; of fewer exercises it is the part that counts."""
    hand.run(hand.register())
    (hand.folder / f"{COUNTS.name}.py").write_text("other = 1\n", "utf-8")
    register = hand.register(COUNTS)
    assert register.record_of(hand.entry) is None
    kept = register.earlier_of(hand.entry)
    assert [part.name for part in kept.record.exercises] == [COUNTS.name]
    assert kept.record.max_points == 2
    assert register.key("ada", 1) == kept.key
    third = next(one for one in catalog.load() if one not in (COUNTS, ANOTHER))
    more = hand.register(COUNTS, ANOTHER, third)
    assert more.earlier_of(hand.entry) is None
