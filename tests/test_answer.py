"""An answer in this process: what a check gets, and what a student is told."""

import signal

import numpy as np
import pytest

from fmnist.answer import faults
from fmnist.answer.direct import DirectSession
from fmnist.answer.proxy import Answer, load
from fmnist.answer.source import read_source


def answer(source: str, name: str = "f") -> Answer:
    """Return the answer that a file with this text gives."""
    session = DirectSession(name)
    load(session, source, filename="f.py", imports=("numpy",))
    return Answer(session)


def test_plain_data_goes_in_and_out():
    """Lists, numbers and arrays arrive as they are."""
    double = answer("def f(x, times=2):\n    return x * times")
    assert double(3) == 6
    assert double([1], times=3) == [1, 1, 1]
    assert double(np.ones(2, np.float32)).dtype == np.float32


def test_a_students_exception_can_be_expected_by_its_class():
    """A check may say pytest.raises(ValueError) and mean the student's."""
    refuse = answer("def f(x):\n    raise ValueError(f'not {x}')")
    with pytest.raises(ValueError, match=r"ValueError: not 3 \(line 2: raise ValueError"):
        refuse(3)
    with pytest.raises(faults.Raised):
        refuse(3)


@pytest.mark.parametrize(
    ("source", "fault", "message"),
    [
        pytest.param(
            "def f(x):\n    raise NotImplementedError('Exercise 0')",
            faults.NotStarted,
            "f is not started: Exercise 0",
            id="stub",
        ),
        pytest.param("def f(x):\n    exit(0)", faults.Crashed, "calls exit", id="exit"),
        pytest.param(
            "def f(x):\n    return f(x)", faults.Raised, "without end", id="endless recursion"
        ),
        pytest.param("def f(x):\n    raise MemoryError", faults.Raised, "more memory", id="memory"),
        pytest.param(
            "class Odd(Exception):\n    def __str__(self):\n        raise self\n"
            "def f(x):\n    raise Odd",
            faults.Raised,
            "Odd: .no message",
            id="exception without text",
        ),
        pytest.param(
            "def f(x):\n    raise KeyboardInterrupt",
            faults.Raised,
            "KeyboardInterrupt",
            id="interrupt",
        ),
        pytest.param("def f(x):\n    return object()", faults.Unusable, "type object", id="object"),
        pytest.param(
            "def f():\n    return 1", faults.Unusable, "too many positional", id="signature"
        ),
        pytest.param(
            "def f(numbers):\n    numbers.append(1)",
            faults.Unusable,
            "changed its argument numbers",
            id="changed argument",
        ),
    ],
)
def test_a_call_that_cannot_be_judged_says_why(source, fault, message):
    """Each way to give no answer has its sentence."""
    with pytest.raises(fault, match=message):
        answer(source)([1])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("def f(:", "cannot read line 1", id="syntax error"),
        pytest.param("x = '\0'", "cannot read", id="null byte"),
        pytest.param("x = 1\ny = x / 0", r"ZeroDivisionError.*line 2", id="crash at import"),
        pytest.param("exit(3)", "calls exit", id="exit at import"),
        pytest.param("import os", "Line 1 imports os; this exercise may use numpy", id="import"),
        pytest.param("from . import x", "imports [.]", id="relative import"),
        pytest.param("f = 3", "must be a function, but is int", id="no function"),
        pytest.param("def ff():\n    pass", "It defines ff", id="renamed"),
    ],
)
def test_a_file_that_does_not_load_says_why(source, message):
    """Each way to give no function has its sentence."""
    with pytest.raises(faults.NotLoaded, match=message):
        answer(source)


def test_a_function_gets_copies():
    """What a student's function does to its arguments never reaches the check."""
    numbers = [1, 2]
    with pytest.raises(faults.Unusable):
        answer("def f(x):\n    x.clear()")(numbers)
    assert numbers == [1, 2]


def test_an_unknown_exception_is_not_let_through_as_itself():
    """A class that only the student has arrives as Raised, with its name."""
    with pytest.raises(faults.Raised) as caught:
        answer("class Mine(ValueError):\n    pass\ndef f():\n    raise Mine")()
    assert caught.value.error == "Mine"
    assert not isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "There is no file", id="missing"),
        pytest.param(lambda path: path.mkdir(), "cannot be read|not a regular", id="folder"),
        pytest.param(lambda path: path.symlink_to("/etc/passwd"), "cannot be read", id="link"),
        pytest.param(lambda path: path.write_bytes(b"\xff\xfe"), "not UTF-8", id="encoding"),
        pytest.param(lambda path: path.write_bytes(b"#" * 2**21), "larger than", id="large"),
        pytest.param(
            lambda path: path.write_bytes(b"#" * 300_000), "larger than 262,144", id="long"
        ),
    ],
)
def test_a_source_that_cannot_be_read_says_why(tmp_path, make, message):
    """Only a regular UTF-8 file of a sensible size is read."""
    path = tmp_path / "answer.py"
    make(path)
    with pytest.raises(faults.NotLoaded, match=message):
        read_source(path)


def test_windows_files_are_read(tmp_path):
    """A byte order mark and Windows line ends are no mistake."""
    path = tmp_path / "answer.py"
    path.write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    assert read_source(path) == "x = 1\ny = 2\n"


def test_a_key_error_reads_as_a_sentence():
    """KeyError's own text would come in quotes."""
    with pytest.raises(KeyError) as caught:
        answer("def f(): return {}[3]")()
    assert str(caught.value).startswith("KeyError: 3 (line 1")


def test_an_interrupt_from_the_keyboard_is_no_fault_of_the_answer(monkeypatch, request):
    """Whoever types Ctrl-C ends the program, and not one check."""
    # Where these tests are a job in the background, interrupts are ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    monkeypatch.setattr("builtins.sorted", lambda _: signal.raise_signal(signal.SIGINT))
    for line in ("return sorted(x)", "return sorted(x)  # it may raise"):
        with pytest.raises(KeyboardInterrupt):
            answer(f"def f(x):\n    {line}")([1])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
