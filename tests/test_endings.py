"""Whatever ends a command: no process of it lives on, nothing temporary stays, and it goes on."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from examples import COUNTS
from fmnist.course import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")

SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
SOON = 30.0  # seconds; five where nothing else runs
# Beside tests, Ctrl-C may be ignored.
START = "import signal; signal.signal(2, signal.default_int_handler); "
START += "from fmnist.cli import main; main()"
SLOW = "def class_counts(labels, classes=10):\n    while True: pass\n"


def begun(folder, *words: object, **environment: str) -> subprocess.Popen:
    """Type a command, which has a folder of its own for temporary files."""
    (folder / "tmp").mkdir()
    return subprocess.Popen(
        [sys.executable, "-c", START, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder / "tmp"), "PYTHONUNBUFFERED": "1"} | environment,
    )


def ended(command: subprocess.Popen, number: signal.Signals) -> str:
    """End a command that has processes; return what it said on standard error."""
    others = psutil.Process(command.pid).children(recursive=True)
    assert others
    command.send_signal(number)
    _, said = command.communicate(timeout=SOON)
    _, alive = psutil.wait_procs(others, timeout=SOON)
    assert alive == []
    assert command.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    return said


def says(command: subprocess.Popen, words: str) -> None:
    """Wait until a command says something."""
    for line in command.stdout:
        if words in line:
            return
    raise AssertionError(command.stderr.read())


AGAIN = "fmnist: stopped. Type the command again: it goes on.\n"


@pytest.mark.parametrize("number", SIGNALS)
def test_nothing_of_a_grading_outlives_it(tmp_path, sandbox, number):
    """It says how to go on, and the gradebook has who was graded."""
    for student in ("ada", "bo", "cy", "dee"):
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "class_counts.py").write_text(SLOW)
    (tmp_path / "in" / "ada" / "class_counts.py").write_text(COUNTS.reference.read_text("utf-8"))
    words = ("grade", tmp_path / "in", "--out", tmp_path / "out", "--exercise", "class_counts")
    command = begun(tmp_path, *words)
    says(command, "ada: graded")  # and the answers of others run
    said = ended(command, number)
    if number != signal.SIGKILL:
        assert said == AGAIN
        assert (tmp_path / "out" / "grades.csv").is_file()
    assert [*(tmp_path / "tmp").iterdir()] == []


@pytest.mark.keras
@pytest.mark.parametrize("number", SIGNALS)
def test_nothing_of_a_training_outlives_it(tmp_path, empty_cache_with_images, number):
    """No trainer, and nothing that TensorFlow writes for itself."""
    environment = {"FMNIST_TIER": "smoke", "FMNIST_CACHE": os.environ["FMNIST_CACHE"]}
    command = begun(tmp_path, "train", "small_cnn", "--seed", "7", **environment)
    left = tmp_path / "tmp"
    says(command, "epoch 1")
    assert [*left.glob("*/*")]  # TensorFlow is at work
    said = ended(command, number)
    if number != signal.SIGKILL:
        assert said.endswith(AGAIN)
    assert [*left.iterdir()] == []


FORKS = """
import os, signal
from fmnist.tools.processes import end_with_caller
end_with_caller()
os.fork()
print(os.getpid(), flush=True)
signal.pause()
"""


def test_a_process_and_its_forks_end_with_their_caller():
    """Jupyter Book forks processes, which would go on with their kernels."""
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {FORKS!r}])"
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE) as caller:
        others = [psutil.Process(int(caller.stdout.readline())) for _ in range(2)]
        caller.kill()
        _, alive = psutil.wait_procs(others, timeout=SOON)
    assert alive == []
