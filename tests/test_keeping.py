"""Files that are whole or as before, and hashes of code."""

import subprocess
import sys

import pytest

from fmnist.tools import keeping

SAMPLE = '''"""A module."""
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Two."""

    first: int = 1

    async def both(self, *others: int, **named: str) -> list[str]:
        """Return both."""
        return [f"{self.first!r:>3}" f" and {other}" "!" for other in others if (one := other)]


def total(values: list[float], /, *, start: float = 0.0) -> float:
    if not values:
        raise ValueError(f"no values, {start}")
    match values:
        case [single]:
            return single
    with open(os.devnull) as file, open(os.devnull):
        return sum(values, start) - (lambda x: x**2)(len(file.read()))
'''


def hashed(tmp_path, source: str, **options: bool) -> str:
    """Return the hash of a module with this source."""
    path = tmp_path / "module.py"
    path.write_text(source, "utf-8")
    return keeping.code_hash(path, **options)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Two."""', '"""Both."""'),
        ("import os", "import os  # for the null device"),
        ("[single]:\n            return single", "[single]: return single"),
    ],
)
def test_what_decides_nothing_does_not_change_the_hash(tmp_path, old, new):
    """Docstrings, comments and layout."""
    assert SAMPLE.count(old) == 1
    assert hashed(tmp_path, SAMPLE.replace(old, new)) == hashed(tmp_path, SAMPLE)


def test_what_an_exception_says_counts_where_it_is_read(tmp_path):
    """A grader puts it into its records; of a training it changes nothing."""
    changed = SAMPLE.replace('f"no values, {start}"', '"expected values, received none"')
    assert changed != SAMPLE
    assert hashed(tmp_path, changed) != hashed(tmp_path, SAMPLE)
    silent = {"messages": False}
    assert hashed(tmp_path, changed, **silent) == hashed(tmp_path, SAMPLE, **silent)
    other = changed.replace("raise ValueError", "raise TypeError")
    assert hashed(tmp_path, other, **silent) != hashed(tmp_path, changed, **silent)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x**2", "x**3"),
        ("first: int = 1", "first: int = 2"),
        ('" and {other}"', '" or {other}"'),
        ("raise ValueError", "raise TypeError"),
        ("frozen=True", "frozen=False"),
    ],
)
def test_what_decides_changes_the_hash(tmp_path, old, new):
    """An operation, a default, a text that is used, the kind of an exception."""
    assert SAMPLE.count(old) == 1
    assert hashed(tmp_path, SAMPLE.replace(old, new)) != hashed(tmp_path, SAMPLE)


def test_every_version_of_python_gives_the_same_hash(tmp_path):
    """Kept runs are found by all: this one was computed by 3.11, 3.12 and 3.13."""
    assert hashed(tmp_path, SAMPLE) == "20127779eabffe79"


def test_a_format_within_a_format_is_hashed_alike(tmp_path):
    """Python 3.12 puts an empty text behind it, 3.11 does not."""
    assert hashed(tmp_path, 'f"{x:>{w}}"') == "5bbcdd6dbf06c4e9"


def test_a_file_is_whole_or_as_before(tmp_path):
    """What fails while it is written leaves the old content and nothing else."""
    path = tmp_path / "kept"
    keeping.write_whole(path, lambda file: file.write(b"old"))

    def fail(file) -> None:
        file.write(b"new")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        keeping.write_whole(path, fail)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("kept", b"old")]


def test_the_package_can_be_hashed_without_tensorflow():
    """A key is asked for by commands that must answer at once."""
    program = "import sys, fmnist.training.runs; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
