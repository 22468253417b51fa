"""Many random and damaged inputs for whatever reads bytes that others wrote."""

import bz2
import contextlib
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fmnist.answer import direct, faults, proxy, source
from fmnist.data import fetch, sources, splits
from fmnist.exercises import catalog
from fmnist.inside import codec, wire
from fuzzing import targets
from values import same, values

pytestmark = pytest.mark.slow

MANY = settings(max_examples=1200, derandomize=True, deadline=None)

TAGS = ("tuple", "dict", "array", "scalar", "handle", "list", "")
# JSON that looks like a header: right tags with wrong content, and content with wrong tags.
headers = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([*codec.DTYPES, "object", "\ud800"])
    | st.integers(-2, 9)
    | st.integers()
    | st.floats()
    | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(TAGS), inner, max_size=2)
        | st.builds(
            lambda dtype, shape: {"array": [dtype, shape]},
            st.sampled_from(list(codec.DTYPES)),
            st.lists(st.integers(-1, 4) | st.just(2**31 - 1), max_size=9) | inner,
        )
        | st.builds(
            lambda dtype, others: {"scalar": [dtype, *others]},
            st.sampled_from(list(codec.DTYPES)),
            st.lists(inner, max_size=1),
        )
    ),
)


@st.composite
def damaged(draw, contents: st.SearchStrategy[bytes], *, within: int = 2**16) -> bytes:
    """Draw bytes with a few of them changed, inserted, removed or cut off.

    Args:
        draw: given by Hypothesis.
        contents: the whole bytes.
        within: how many bytes from the start the damage lies at most.
    """
    content = bytearray(draw(contents))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, min(len(content), within)))
        kind = draw(st.sampled_from(["change", "insert", "remove", "cut"]))
        if kind == "cut":
            del content[at:]
        else:
            new = draw(st.binary(min_size=1, max_size=4))
            content[at : at + len(new) * (kind != "insert")] = b"" if kind == "remove" else new
    return bytes(content)


# --- plain values ---


@MANY
@given(values)
def test_what_is_written_is_read(value):
    """Every plain value comes back with the same type and content."""
    assert same(value, codec.loads(*codec.dumps(value)))


@MANY
@given(st.binary(max_size=300), st.binary(max_size=50))
def test_random_bytes_are_a_value_or_malformed(header, payload):
    """No other exception leaves the reader."""
    targets.value(header, payload)


@MANY
@given(headers, st.binary(max_size=50))
def test_random_headers_are_a_value_or_malformed(tree, payload):
    """Nor with JSON that has the tags, in whatever way they are nested."""
    targets.value(json.dumps(tree).encode("ascii"), payload)


@MANY
@given(values.map(codec.dumps), st.data())
def test_damaged_bytes_are_a_value_or_malformed(written, drawn):
    """Nor with bytes that were a value once."""
    header, payload = written
    targets.value(drawn.draw(damaged(st.just(header))), payload)
    targets.value(header, drawn.draw(damaged(st.just(payload))))


# --- frames ---

frames = st.lists(
    st.tuples(st.integers(0, 2**32 - 1), st.binary(max_size=200), st.binary(max_size=200)),
    max_size=4,
)


@MANY
@given(frames, st.data())
def test_frames_arrive_whole_or_not_at_all(sent, drawn):
    """Of frames that are cut off somewhere, those before the cut arrive as they were sent."""
    content = targets.as_bytes(sent)
    cut = drawn.draw(st.integers(0, len(content)))
    whole = [n for n in range(len(sent) + 1) if len(targets.as_bytes(sent[:n])) <= cut]
    found, end = targets.received(content[:cut])
    assert found == sent[: max(whole)]
    assert isinstance(end, wire.Closed)


@MANY
@given(st.binary(max_size=300) | damaged(frames.map(targets.as_bytes)))
def test_random_bytes_are_frames_or_refused(content):
    """What arrives is what was sent, byte for byte, and ends at the first impossible length."""
    targets.stream(content)


# --- students' files ---

encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
texts = st.tuples(st.text(max_size=100), encodings).map(
    lambda drawn: drawn[0].encode(drawn[1], "replace")
)


@MANY
@given(content=st.binary(max_size=300) | texts)
def test_random_files_are_text_or_not_loaded(tmp_path_factory, content):
    """A file of any bytes is its text, or it is told why not."""
    path = tmp_path_factory.getbasetemp() / "answer.py"
    path.write_bytes(content)
    try:
        text = source.read_source(path)
    except faults.NotLoaded:
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
    else:
        assert text == content.decode("utf-8-sig").replace("\r\n", "\n")


@MANY
@given(content=damaged(st.just(catalog.find("class_counts").reference.read_bytes())))
def test_damaged_answers_are_loaded_or_not(tmp_path_factory, content):
    """An answer in which something was typed by mistake is loaded, or it is told why not."""
    path = tmp_path_factory.getbasetemp() / "answer.py"
    path.write_bytes(content)
    with contextlib.suppress(faults.NotLoaded):
        session = direct.DirectSession("class_counts")
        proxy.load(session, source.read_source(path), filename=path.name, imports=())


# --- archives and rosters ---

MEMBERS = {
    "phase1_explore/class_counts.py": "def class_counts(labels): pass\n",
    "confusion_matrix.py": "def confusion_matrix(a): pass\n" * 50,
    "phase2_preprocess.ipynb": '{"cells": []}',
    "data.bin": "\0" * 20_000,
}


def a_zip(method: int) -> bytes:
    """Return a zip of a few files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in MEMBERS.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def a_tar(form: int) -> bytes:
    """Return a tar of a few files, one of which has a name that needs a header of its own."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in {**MEMBERS, "\u00e9" * 120: "x"}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    return buffer.getvalue()


TARS = [a_tar(tarfile.PAX_FORMAT), a_tar(tarfile.GNU_FORMAT)]
archives = st.sampled_from(
    [a_zip(zipfile.ZIP_STORED), a_zip(zipfile.ZIP_DEFLATED), *TARS]
    + [compress(tar) for tar in TARS for compress in (gzip.compress, bz2.compress, lzma.compress)]
)


@MANY
@given(
    content=damaged(archives)
    | damaged(st.sampled_from(TARS), within=2048).map(targets.with_sums)
    | st.binary(max_size=300)
)
def test_damaged_archives_are_read_or_told(content):
    """No exception leaves the reader; an answer that is read is one that was packed."""
    found = targets.archive(content)
    if content[:2] == b"PK":  # which has sums of what is in it
        assert {*found.sources.values()} <= {*MEMBERS.values()}


rosters = st.sampled_from(
    [
        b"student,name,email,submitted\r\nada,Ada L,a@x,2026-12-01T18:00:00+01:00\r\nalan,,,\r\n",
        b'Identifier;"Full name"\nParticipant 1;"A ""L"""\nParticipant 2;B\n',
        b'\xef\xbb\xbf"Student","ID","Section"\n"    Points Possible","",""\n"L, A","4","x"\n',
        "First Name\tLast Name\tSID\tEmail\nZo\u00eb\tL\t1\tz@x\n".encode(),
    ]
)


@MANY
@given(content=damaged(rosters) | st.binary(max_size=200) | texts)
def test_damaged_rosters_are_read_or_told(content):
    """What is read has ids that can name files, each once; the rest is told in one line."""
    targets.rosters(content)


# --- files of images ---


def idx(array: np.ndarray) -> bytes:
    """Return the bytes of an idx file."""
    sizes = b"".join(int(side).to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


images = arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=4, min_side=0))
few_sides = st.sampled_from([0, 1, 2, 2**16, 2**31, 2**32 - 1])
claims = st.lists(few_sides, max_size=70).map(
    lambda sides: bytes([0, 0, 8, len(sides)]) + b"".join(side.to_bytes(4, "big") for side in sides)
)


@MANY
@given(damaged(images.map(idx), within=24) | claims | st.binary(max_size=40))
def test_damaged_idx_files_are_arrays_or_refused(content):
    """Where a header is still possible, the array is what it says; else it is a ValueError."""
    with contextlib.suppress(ValueError):
        assert idx(splits.parse_idx(content)) == content


@MANY
@given(st.binary(max_size=500), st.data())
def test_damaged_downloads_are_the_file_or_not(content, drawn):
    """Packed files that were damaged on their way are refused, or have the right content."""
    file = sources.File("part", len(content), hashlib.sha256(content).hexdigest())
    arrived = drawn.draw(damaged(st.just(gzip.compress(content, mtime=0))))
    cut = drawn.draw(st.integers(1, max(1, len(arrived))))
    blocks = [arrived[:cut], *([arrived[cut:]] if arrived[cut:] else [])]
    with contextlib.suppress(sources.NotThisFile):
        assert b"".join(fetch._content(file, blocks, packed=True)) == content
