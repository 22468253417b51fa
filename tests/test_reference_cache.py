"""Model answers are asked once, and say the same to everybody."""

import numpy as np
import pytest

from fmnist.answer.proxy import Answer
from fmnist.grading.judging.reference_cache import CachedReference


class Counting:
    """A session that numbers its replies and counts how often it was started and asked."""

    started, asked = 0, 0
    name = "f"

    def __init__(self):
        Counting.started += 1
        self._calls = 0

    def ask(self, request):
        """Return how many calls this session has had, and the first argument."""
        Counting.asked += 1
        self._calls += 1
        return {"returned": [self._calls, request["args"][0]]}

    def clean(self):
        """Return another one."""
        return Counting()


@pytest.fixture(name="replies", autouse=True)
def _replies():
    Counting.started = Counting.asked = 0
    return {}


def test_the_same_requests_are_asked_once(replies):
    """A second check with the same cases starts nothing and gets the same."""
    answers = [
        [Answer(CachedReference("f", Counting, replies))(k) for k in (1, 2)] for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert Counting.asked == 2


def test_a_session_is_repeated_up_to_where_it_parts(replies):
    """What depends on earlier calls is asked after the same earlier calls."""
    for requests in ([1, 2], [1, 3]):
        answer = Answer(CachedReference("f", Counting, replies))
        last = [answer(number) for number in requests][-1]
        assert last == [2, requests[-1]]
    assert (Counting.started, Counting.asked) == (2, 4)


def test_a_caller_cannot_change_what_others_get(replies):
    """Each reply is a copy."""
    for _ in range(2):
        returned = Answer(CachedReference("f", Counting, replies))(np.arange(3))
        assert returned[1].tolist() == [0, 1, 2]
        returned[1][:] = 7


def test_a_clean_host_has_requests_of_its_own(replies):
    """What was asked of it is not taken for what was asked of the answer."""
    session = CachedReference("f", Counting, replies)
    assert Answer(session)(1) == [1, 1]
    assert Answer(session.clean())(1) == [1, 1]
    assert Answer(session)(1) == [2, 1]
    assert Counting.asked == 3
