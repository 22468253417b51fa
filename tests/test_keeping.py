"""Files that are whole or as before, and hashes of code."""

import subprocess
import sys

import pytest

from fmnist import arithmetic, keeping

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


# --- arithmetic ---


@pytest.fixture(name="plain")
def _plain(monkeypatch):
    """An environment in which nobody chose an arithmetic."""
    for name in (arithmetic.CAP, arithmetic.ONEDNN):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_networks_are_computed_with_instructions_that_all_have(plain):
    """The cap is the default; whoever sets another one has chosen."""
    assert arithmetic.environment() == {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    assert arithmetic.name() == "oneDNN, AVX2"
    plain.setenv(arithmetic.CAP, "sse41")
    assert arithmetic.environment() == {"ONEDNN_MAX_CPU_ISA": "SSE41"}
    assert arithmetic.name() == "oneDNN, SSE41"
    plain.setenv(arithmetic.ONEDNN, "0")
    assert arithmetic.name() == "without oneDNN"


@pytest.mark.parametrize(
    ("cap", "onednn", "flags", "able"),
    [
        ("", "", "avx512_bf16", False),
        ("ALL", "", "avx512_bf16", True),
        ("ALL", "", "avx2", False),
        ("AVX512_CORE_BF16", "", "amx_bf16", True),
        ("AVX512_CORE", "", "avx512_bf16", False),
        ("ALL", "0", "avx512_bf16", False),
    ],
)
def test_bfloat16_needs_processor_and_cap(plain, tmp_path, cap, onednn, flags, able):
    """Under a cap without its instructions, a product of matrices would end the process."""
    plain.setenv(arithmetic.CAP, cap)
    plain.setenv(arithmetic.ONEDNN, onednn)
    (tmp_path / "cpuinfo").write_text(f"flags : fpu {flags} sse\n")
    plain.setattr(arithmetic, "Path", lambda _: tmp_path / "cpuinfo")
    assert arithmetic.has_bfloat16() is able


@pytest.mark.usefixtures("plain")
def test_workers_and_chapters_compute_alike():
    """A worker of `sweep` and the kernel of a chapter find the same cap."""
    from fmnist import sweep
    from fmnist.sphinxext import kernel

    for found in (kernel.environment(), sweep.worker_environment()):
        assert found[arithmetic.CAP] == "AVX2"
        assert found["TF_NUM_INTRAOP_THREADS"] == "1"


def test_the_package_can_be_hashed_without_tensorflow():
    """A key is asked for by commands that must answer at once."""
    program = "import sys, fmnist.runs; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
