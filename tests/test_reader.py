"""Hand-ins are read behind a clock and a bound, from files that nobody can swap meanwhile."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from fmnist.answer import faults, source
from fmnist.course import PHASES
from fmnist.exercises import catalog, sentences
from fmnist.grading.hand_ins import listing, reader, submissions
from fmnist.grading.hand_ins.entries import Entry

EXERCISE = catalog.find("class_counts")
ALL = catalog.load()
RIGHT = EXERCISE.reference.read_bytes()
DIGITS = 2**20


def tar_header(name: str, size: int, kind: bytes) -> bytes:
    """Return the header of a file in a tar."""
    header = bytearray(512)
    header[: len(name)] = name.encode()
    header[100:157] = (
        b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"0" * 11 + b"\0" + (b" " * 8 + kind)
    )
    header[257:265] = b"ustar\x0000"
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def digits() -> bytes:
    """Return a small tar whose extended header is digits alone, on which some Pythons work long."""
    tar = tar_header("p", DIGITS, b"x") + b"1" * DIGITS
    return gzip.compress(tar + tar_header("class_counts.py", 0, b"0") + bytes(1024))


def notebook(*cells: str) -> str:
    """Return a notebook of code cells."""
    parts = [{"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"cells": parts, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def notebooks(*cells: str) -> bytes:
    """Return a zip with a notebook for each chapter."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for phase in PHASES:
            archive.writestr(f"{phase}.ipynb", notebook(*cells))
    return packed.getvalue()


DENSE = "".join(f"a{number}=[{'[],' * 20}]\n" for number in range(1500))
LONG = {
    "a header of digits": ("eve.tar.gz", digits()),
    "blanks before a dollar": ("eve.zip", notebooks(*[" " * 65_000 + "$\n)"] * 2)),
    "blanks in a line": ("eve.zip", notebooks("a" + " " * 65_000 + "$", "x = [" + " ," * 30_000)),
    "empty cells": ("eve.zip", notebooks(*[""] * 150_000)),
    "many statements": ("eve.zip", notebooks(DENSE, DENSE)),
    "nested brackets": ("eve.zip", notebooks("(" * 60_000, "-" * 60_000 + "1")),
}


@pytest.mark.parametrize("what", LONG)
def test_what_takes_long_costs_its_author_alone(tmp_path, what):
    """It is read within the bound, or put aside with a sentence; the next one is read as ever."""
    name, content = LONG[what]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "mira.py").write_bytes(RIGHT)
    reading = reader.Reader((EXERCISE,), seconds=3)
    try:
        found = reading.read(Entry("eve", (tmp_path / name,)))
        assert found.sources == {}
        assert str(found.unreadable["class_counts"]).count("\n") == 0
        (path,) = tmp_path.glob("mira.py")
        path.rename(tmp_path / "class_counts.py")
        mira = reading.read(Entry("mira", (tmp_path / "class_counts.py",)))
        assert mira.sources["class_counts"].encode() == RIGHT
    finally:
        reading.close()


@pytest.mark.parametrize("what", [name for name in LONG if "digits" not in name])
def test_notebooks_are_read_in_time(tmp_path, what):
    """Whatever is in their cells: the clock is not needed for them."""
    name, content = LONG[what]
    (tmp_path / name).write_bytes(content)
    reading = reader.Reader(ALL, seconds=reader.SECONDS)
    try:
        found = reading.read(Entry("eve", (tmp_path / name,)))
    finally:
        reading.close()
    too_long = sentences.TOO_LONG.format(seconds=reader.SECONDS)
    assert too_long not in map(str, found.unreadable.values())


class Slow:
    """A path whose reading does not end, as it comes out of a pipe."""

    def __init__(self, how: str):
        self.how = how

    def __reduce__(self):
        return eval, (self.how,)  # of this test's own making


def asked(how: str, *, seconds: int = 1):
    """Return what a reader says of an entry that does something when it comes."""
    reading = reader.Reader((EXERCISE,), seconds=seconds)
    entry = Entry("eve", (Slow(how),))
    try:
        return reading.read(entry)
    finally:
        reading.close()


def test_the_clock_counts_the_processor(tmp_path):
    """A hand-in on which a library works for ever is put aside, with what to do."""
    loops = "type('P', (), {'is_dir': lambda _: [0 for _ in iter(int, 1)], 'parent': None})()"
    found = asked(loops)
    assert str(found.unreadable["class_counts"]) == sentences.TOO_LONG.format(seconds=1)


def test_what_crashes_a_library_is_no_fault_of_ours():
    """Or a student could have it at will that there is no mark."""
    fault = asked("__import__('os').abort()").unreadable["class_counts"]
    assert not isinstance(fault, faults.NotRead)
    assert str(fault) == sentences.ENDS_THE_READER


@pytest.mark.parametrize(
    "how", ["__import__('os')._exit(0)", "__import__('os').kill(__import__('os').getpid(), 9)"]
)
def test_an_end_that_nobody_can_explain_is_ours(how):
    """After another try: no mark, and not a mark of 0."""
    fault = asked(how).unreadable["class_counts"]
    assert isinstance(fault, faults.NotRead)
    assert str(fault) == sentences.NOT_READ


def test_memory_is_bounded():
    """What needs more costs its author that hand-in."""
    if reader.sys.platform != "linux":
        pytest.skip("bounds on addresses hold on Linux alone")
    too_much = (
        f"type('P', (), {{'is_dir': lambda _: bytes({2 * reader.MEMORY}), 'parent': None}})()"
    )
    assert str(asked(too_much).unreadable["class_counts"]) == sentences.TOO_MUCH


# --- links ---


def test_a_folder_that_becomes_a_link_while_it_is_read_gives_nothing(tmp_path, monkeypatch):
    """Not the reference that lies elsewhere."""
    elsewhere = tmp_path / "references"
    elsewhere.mkdir()
    (elsewhere / "class_counts.py").write_bytes(RIGHT)
    folder = tmp_path / "in" / "eve"
    (folder / EXERCISE.phase).mkdir(parents=True)
    (folder / EXERCISE.phase / "class_counts.py").write_text("x = 1\n")
    listed = listing.in_folder

    def then_swapped(place: Path):
        found = listed(place)
        (folder / EXERCISE.phase).rename(tmp_path / "gone")
        (folder / EXERCISE.phase).symlink_to(elsewhere)
        return found

    monkeypatch.setattr(listing, "in_folder", then_swapped)
    found = submissions.read(Entry("eve", (folder,), root=tmp_path / "in"), (EXERCISE,))
    assert found.sources == {}
    assert "cannot be read" in str(found.unreadable["class_counts"])


@pytest.mark.parametrize("link", ["eve", "eve/inner", "eve/inner/class_counts.py"])
def test_no_part_of_the_way_is_a_link(tmp_path, link):
    """From the folder that was given on; what is above it is the instructor's."""
    there = tmp_path / "there"
    (there / "inner").mkdir(parents=True)
    (there / "inner" / "class_counts.py").write_bytes(RIGHT)
    root = tmp_path / "in"
    path = root / "eve" / "inner" / "class_counts.py"
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(there / Path(link).relative_to("eve"))
    assert path.read_bytes() == RIGHT
    with pytest.raises(faults.NotLoaded, match="cannot be read"):
        source.open_regular(path, path.name, root)


def test_the_folder_that_is_given_may_be_a_link(tmp_path):
    """A course's folder often is one."""
    (tmp_path / "there" / "eve").mkdir(parents=True)
    (tmp_path / "there" / "eve" / "class_counts.py").write_bytes(RIGHT)
    (tmp_path / "in").symlink_to(tmp_path / "there")
    found = submissions.read(
        Entry("eve", (tmp_path / "in" / "eve",), root=tmp_path / "in"), (EXERCISE,)
    )
    assert found.sources["class_counts"].encode() == RIGHT
