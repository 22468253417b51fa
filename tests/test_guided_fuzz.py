"""Inputs that reached new branches of the readers: each again, and a search for more."""

import subprocess
import sys

import pytest

from fuzzing import run, targets

INPUTS = [path for name in run.NAMES for path in run.inputs(name)]
MOST_FILES, MOST_BYTES = 60, 60 * 2**10  # of a target
SECONDS = 60  # of a search


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_an_input_that_was_kept_is_read_as_promised(path):
    """It led somewhere new once, or broke the reader."""
    targets.TARGETS[path.parent.name](path.read_bytes())


def test_every_target_can_be_searched():
    """The program offers the targets that there are."""
    assert (*targets.TARGETS,) == run.NAMES


@pytest.mark.parametrize("name", run.NAMES)
def test_the_corpus_stays_small(name):
    """Few and small files, none twice: each is called by its content."""
    contents = {path.name: path.read_bytes() for path in run.inputs(name)}
    assert 0 < len(contents) <= MOST_FILES
    assert sum(map(len, contents.values())) <= MOST_BYTES
    assert [*contents] == [run.name_of(content) for content in contents.values()]


def test_a_changed_file_is_noticed(tmp_path):
    """Reading is watched, so that a reader which unpacks to disk would be found."""
    path = tmp_path / "there"
    path.touch()
    with targets.unchanged():
        path.read_bytes()
    with pytest.raises(AssertionError, match="there"), targets.unchanged():
        path.write_bytes(b"")
    with pytest.raises(AssertionError, match="there"), targets.unchanged():
        path.unlink()
    assert path.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("fuzzer")
@pytest.mark.parametrize("name", run.NAMES)
def test_a_search_finds_nothing(name):
    """For a minute, guided by branches; `run.py` searches for longer."""
    command = [sys.executable, run.__file__, name, "--seconds", str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-20_000:]  # with the whole input
    assert "stat::number_of_executed_units" in done.stderr  # it did search
