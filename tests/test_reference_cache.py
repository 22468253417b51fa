"""Model answers are asked once, and say the same to everybody."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from fmnist.answer.proxy import Answer
from fmnist.exercises import catalog
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import grader
from fmnist.grading.judging.grader import Grader
from fmnist.grading.judging.reference_cache import KEPT, Changed, Run
from fmnist.grading.sandbox.isolation import LEVELS


class Counting:
    """A session that numbers its replies and counts how often it was started and asked.

    Attributes:
        says: added to each reply.
    """

    started, asked, says = 0, 0, 0
    name = "f"

    def __init__(self):
        Counting.started += 1
        self._calls = 0

    def ask(self, request):
        """Return how many calls this session has had, and the first argument."""
        Counting.asked += 1
        self._calls += 1
        return {"returned": [self._calls, request["args"][0], Counting.says]}

    def clean(self):
        """Return another one."""
        return Counting()


@pytest.fixture(name="remembered", autouse=True)
def _remembered():
    Counting.started = Counting.asked = Counting.says = 0
    return []


def check(remembered, *numbers, verdict=True):
    """Run a check that asks for these numbers; return what it was told."""
    run = Run("f", Counting, remembered)
    answer = Answer(run.session())
    told = [answer(number) for number in numbers]
    if verdict:
        run.remember()
    return told


def test_the_same_check_is_asked_once(remembered):
    """A second one with the same cases starts nothing and gets the same."""
    told = [check(remembered, 1, 2) for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert Counting.asked == 2


def test_a_run_is_repeated_up_to_where_it_parts(remembered):
    """What depends on earlier calls is asked after the same earlier calls."""
    for numbers in ([1, 2], [1, 3]):
        assert check(remembered, *numbers)[-1] == [2, numbers[-1], 0]
    assert (Counting.started, Counting.asked) == (2, 4)
    assert len(remembered) == 2


def test_no_single_reply_outlives_a_check_without_a_verdict(remembered):
    """A model answer that failed in the middle leaves nothing to the next check."""
    check(remembered, 1, 2, verdict=False)
    assert remembered == []
    check(remembered, 1, 2)
    assert (Counting.started, Counting.asked) == (2, 4)


def test_a_longer_run_takes_the_place_of_its_beginning(remembered):
    """A check that a wrong answer ends early is the beginning of a whole one."""
    for numbers in ([1], [1, 2], [1], [1, 2]):
        check(remembered, *numbers)
    assert (Counting.started, len(remembered)) == (2, 1)


def test_a_reply_that_differs_from_the_remembered_one_is_told(remembered):
    """No verdict rests on either, and nothing of it is remembered any more."""
    check(remembered, 1, 2)
    Counting.says = 7
    with pytest.raises(Changed, match="something else than before"):
        check(remembered, 1, 3)
    assert remembered == []
    assert check(remembered, 1, 3) == [[1, 1, 7], [2, 3, 7]]


def test_what_is_remembered_of_a_check_is_bounded(remembered):
    """Answers may lead a check anywhere."""
    for number in range(3 * KEPT):
        check(remembered, number)
    assert len(remembered) == KEPT


def test_a_caller_cannot_change_what_others_get(remembered):
    """Each reply is a copy."""
    for _ in range(2):
        run = Run("f", Counting, remembered)
        returned = Answer(run.session())(np.arange(3))
        run.remember()
        assert returned[1].tolist() == [0, 1, 2]
        returned[1][:] = 7


def test_a_clean_host_has_requests_of_its_own(remembered):
    """What was asked of it is not taken for what was asked of the answer, nor of another."""
    for _ in range(2):
        run = Run("f", Counting, remembered)
        session = run.session()
        assert Answer(session)(1) == [1, 1, 0]
        one, other = session.clean(), session.clean()
        assert Answer(one)(1) == [1, 1, 0]
        assert Answer(other)(1) == [1, 1, 0]
        assert Answer(one)(1) == [2, 1, 0]
        assert Answer(session)(1) == [2, 1, 0]
        run.remember()
        assert (Counting.started, Counting.asked) == (3, 5)


# --- in a class ---

EXERCISE = catalog.find("class_counts")
RIGHT = EXERCISE.reference.read_text("utf-8")
WRONG = "def class_counts(labels, classes=10):\n    return [len(labels)] * classes\n"
WITH_KERAS = tuple(one for one in catalog.load() if one.keras)


def record_of(one, source):
    """Return what an answer gets."""
    return one.grade(Submission("ada", {"class_counts": source}, {}, ())).record


def test_a_model_answer_that_failed_costs_the_next_student_nothing(monkeypatch, level):
    """Stopped in the middle of a check, whatever it had said is asked anew."""
    asked = [0]
    start = grader.answers.in_this_process

    def failing(*given):
        session = start(*given)
        ask = session.ask

        def sometimes(request):
            asked[0] += 1
            return (
                {"fault": {"kind": "raised", "sentence": "", "error": "MemoryError"}}
                if (asked[0] == 2)
                else ask(request)
            )

        session.ask = sometimes
        return session

    monkeypatch.setattr(grader.answers, "in_this_process", failing)
    with closing(Grader((EXERCISE,), level)) as one:
        assert record_of(one, RIGHT).state == "grader error"
        for _ in range(2):
            again = record_of(one, RIGHT)
            assert (again.state, again.points) == ("graded", again.max_points)
        assert record_of(one, WRONG).points < again.points


def test_a_model_answer_that_changes_its_mind_is_told_of(monkeypatch, level):
    """The exercise is for a person, and nobody has a mark by either."""
    exercise = catalog.find("early_stopping")
    right = Submission("ada", {exercise.name: exercise.reference.read_text("utf-8")}, {}, ())
    with closing(Grader((exercise,), level)) as one:
        assert one.grade(right).record.state == "graded"
        for runs in one._remembered.values():  # as if an answer had ended each check at once
            runs[:] = [replace(run, steps=run.steps[:1], replies=run.replies[:1]) for run in runs]
        start = grader.answers.in_this_process

        def another(*given):
            session = start(*given)
            session.ask = lambda _: {"returned": -5}
            return session

        monkeypatch.setattr(grader.answers, "in_this_process", another)
        made = one.grade(right).record
    assert made.state == "grader error"
    told = [verdict.message for verdict in made.exercises[0].verdicts if verdict.kind == made.state]
    assert told
    assert all("something else than before" in message for message in told)


def test_a_model_answer_shares_no_host_with_an_answer(monkeypatch):
    """Neither that of its file nor that of its models, in which the other's would have numbers."""
    hosts, sources = [], []
    handed_in = {one.name: "x = 1" for one in WITH_KERAS}

    class Noted:
        def __init__(self, name, source, *, worker, clean, **_):
            self.name = name
            self.out_of_memory = False
            hosts.extend((worker, clean))
            sources.append(source)

        def ask(self, _):
            return {"returned": 3}

        def close(self, **_):
            pass

    monkeypatch.setattr(grader, "WorkerSession", Noted)
    with closing(Grader(WITH_KERAS, LEVELS["A"])) as one:
        one.grade(Submission("ada", handed_in, {}, ()))
    assert len(set(map(id, hosts))) == len(hosts) == 2 * len(sources)
    assert sources.count("x = 1") == len(WITH_KERAS)
    model_answers = {one.reference.read_text("utf-8") for one in WITH_KERAS}
    assert model_answers & set(sources)
    assert set(sources) <= {"x = 1", *model_answers}
