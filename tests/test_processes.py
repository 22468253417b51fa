"""Processes that are asked in lines of JSON: answers, a deadline, an early end."""

import queue

import pytest

from fmnist.tools import processes

ECHO = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"


@pytest.fixture(name="started")
def _started():
    """Start a program, and return its process and where its answers go."""
    begun = []

    def start(program: str, **options):
        answers = queue.SimpleQueue()
        begun.append(
            processes.LineProcess("-c", program, environment={}, answers=answers, **options)
        )
        return begun[-1], answers

    yield start
    for process in begun:
        process.end()
        assert process.has_ended()


def test_each_request_has_its_answer(started):
    """The process stays; letters beyond ASCII come through."""
    process, answers = started(ECHO)
    for request in ({"name": "größer"}, {"number": 1}):
        process.ask(request)
        assert processes.answer(answers) == (process, request)
    assert not process.has_ended()


def test_an_answer_that_does_not_come_in_time_is_told(started):
    """Whoever asked decides what to do."""
    _, answers = started(ECHO)
    with pytest.raises(TimeoutError):
        processes.answer(answers, 0.01)


def test_a_process_that_ends_early_says_how(started):
    """Its status and what it wrote to standard error; a request to it is no error by itself."""
    process, answers = started("raise SystemExit('no more')", overheard=True)
    assert processes.answer(answers) == (process, None)
    assert (process.status(), process.words()) == (1, "no more\n")
    process.ask({"more": "x" * 100_000})


def test_what_is_no_message_is_raised(started):
    """It is a mistake of ours, and not lost in the thread that reads."""
    _, answers = started("print('hello')")
    with pytest.raises(ValueError, match="Expecting value"):
        processes.answer(answers)
