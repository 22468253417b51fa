"""The door to a class run: what a plan finds, and how it tells what a person can mend."""

from pathlib import Path

import pytest

from fmnist.exercises import catalog
from fmnist.grading import class_plan, class_run
from fmnist.grading.hand_ins.downloads import NoSubmissions
from fmnist.grading.judging import dispatch
from fmnist.grading.sandbox import selftest
from fmnist.grading.sandbox.isolation import LEVELS
from fmnist.tools import executors
from fmnist.tools.user_errors import UserError

WEEK = catalog.read().assignments[0]


@pytest.fixture(name="asked")
def _asked(monkeypatch):
    """What the self-test is asked for; it finds level B."""
    asked = {}

    def strongest(**what):
        asked.update(what)
        return LEVELS["B"]

    monkeypatch.setattr(selftest, "strongest", strongest)
    return asked


@pytest.fixture(name="plan")
def _plan(tmp_path, asked):
    """Plan a class in which Ada and Bob have handed in."""
    for student in ("ada", "bob"):
        (tmp_path / "in" / student).mkdir(parents=True)

    def plan(**options) -> class_plan.Plan:
        files = {kind: tmp_path / kind for kind in ("roster", "policy", "marks") if kind in options}
        for kind, path in files.items():
            path.write_text(options[kind], "utf-8")
        if "marks" in files:
            files["marks"] = [files["marks"]]
        required = {"minutes": 1.5, "least": "C"}
        return class_plan.plan(tmp_path / "in", tmp_path / "out", **required | options | files)

    return plan


def test_a_plan_has_all_that_decides_a_mark(plan, asked, tmp_path):
    """Files are read, hand-ins and the strongest isolation are found."""
    made = plan(
        roster="id\nada\nzoe\nbob\n",
        policy='[attempts]\ncount = "best"\n',
        marks="student,item,points,reason\nzoe,phase1_explore,3,\n",
        secrets=(tmp_path / "secret",),
        workers=2,
    )
    assert [entry.student for entry in made.handed_in.entries] == ["ada", "bob"]
    assert made.handed_in.missing == ("zoe",)
    assert [student.id for student in made.roster.students] == ["ada", "zoe", "bob"]
    assert made.policy.attempts.count == "best"
    assert [mark.student for mark in made.marks] == ["zoe"]
    assert (made.level, made.place) == (LEVELS["B"], executors.Place("", 2))
    assert asked["least"] == "C"
    assert {path.name for path in asked["secrets"]} == {"in", "out", "secret"}
    assert made.exercises == catalog.load()


def test_exercises_of_all_options_count_in_the_order_of_the_course(plan):
    """Each once."""
    first, *_, last = catalog.load()
    made = plan(assignments=[WEEK.name], phases=[first.phase], names=[last.name, first.name])
    wanted = {*WEEK.exercises, last.name}
    wanted |= {exercise.name for exercise in catalog.load() if exercise.phase == first.phase}
    assert made.exercises == tuple(one for one in catalog.load() if one.name in wanted)


def test_a_folder_can_be_the_submission_of_one(plan, tmp_path):
    """As on a service that grades one student at a time."""
    made = plan(student="submission")
    (entry,) = made.handed_in.entries
    assert (entry.student, entry.paths) == ("submission", (tmp_path / "in",))


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"assignments": ["week99"]}, "There is no assignment 'week99'; choose: week1,"),
        ({"names": ["nothing"]}, "There is no exercise 'nothing'."),
        ({"roster": ""}, "roster, line 1: this header is of no known roster"),
        ({"policy": "[lat]\n"}, "policy: the table has an unknown key, `lat`."),
        ({"marks": "student,item,points,reason\neve,phase1_explore,3,\n"}, "no student 'eve'"),
    ],
)
def test_what_a_person_can_mend_is_one_line(plan, options, line):
    """Whatever it is wrong with."""
    with pytest.raises(UserError) as told:
        plan(**options)
    assert line in str(told.value)
    assert "\n" not in str(told.value)


def test_an_empty_folder_is_told(asked, tmp_path):
    """Apart from the others: a drop folder is not watched for its first hand-in."""
    with pytest.raises(NoSubmissions, match="holds no submission"):
        class_plan.plan(tmp_path, Path("out"), minutes=1, least="D")


@pytest.mark.parametrize(
    ("why", "line"),
    [
        (dispatch.OutOfTime, "1.5 minutes are over. Type the command again: it goes on."),
        (
            executors.Lost,
            "The cluster has gone. Type the command again: it goes on where it stopped.",
        ),
    ],
)
def test_an_early_end_says_what_to_do(plan, monkeypatch, why, line):
    """In the words that the command prints."""

    def grade(*_, **__):
        raise why

    monkeypatch.setattr(dispatch, "grade", grade)
    with pytest.raises(class_run.Ended) as told:
        class_run.ClassRun(plan()).grade(lambda _: None)
    assert str(told.value) == line


def test_students_who_are_numbers_of_a_platform_are_told(plan, tmp_path):
    """Without a roster a folder called like Moodle's is a number's, beside others with names."""
    assert plan().notes == ()
    (tmp_path / "in" / "Ada_7_assignsubmission_file_").mkdir()
    (note,) = plan().notes
    assert note == (
        "1 hand-in is called as a platform calls its downloads, so that the student is a number: "
        "7 ('Ada_7_assignsubmission_file_'). Names come with --roster."
    )
    assert "is a number" not in " ".join(plan(roster="id\nada\nbob\n").notes)
