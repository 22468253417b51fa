"""Processes for independent work end with whoever started them, and not after it."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from fmnist.tools.executors import Place

SOON = 60.0
CALLER = """
import os, signal
from fmnist.tools.executors import Place
with Place(workers=1).open() as executor:
    print(executor.submit(os.getpid).result(), flush=True)
    executor.submit(signal.pause)
    signal.pause()
"""


def _ends(process: int) -> bool:
    try:
        psutil.Process(process).wait(SOON)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    return True


def test_what_is_asked_for_comes():
    """In the order in which it was asked for."""
    with Place(workers=2).open() as executor:
        assert [*executor.map(abs, range(-5, 0))] == [5, 4, 3, 2, 1]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_exception_ends_what_processes_are_at():
    """Whoever has no time left does not wait for them."""
    started, processes = time.monotonic(), []

    def begin_and_fail() -> None:
        with Place(workers=1).open() as executor:
            processes.append(executor.submit(os.getpid).result())
            executor.submit(signal.pause)
            raise KeyError

    with pytest.raises(KeyError):
        begin_and_fail()
    assert time.monotonic() - started < SOON
    assert _ends(processes[0])


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_their_caller(sign):
    """Also with one that was killed, and could end nobody."""
    start = "import signal; signal.signal(2, signal.default_int_handler)"  # ignored beside tests
    with subprocess.Popen(
        [sys.executable, "-c", start + CALLER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as caller:
        assert caller.stdout
        process = int(caller.stdout.readline())
        caller.send_signal(sign)
        assert _ends(process)
        assert caller.wait(SOON)
