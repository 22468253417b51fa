"""Files that end early: each cut is told in a sentence, or lacks nothing that says anything."""

import bz2
import gzip
import io
import json
import lzma
import os
import queue
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fmnist.answer import faults
from fmnist.data import seal, splits
from fmnist.exercises import catalog
from fmnist.exercises.verdicts import Verdict
from fmnist.grading.hand_ins import (
    downloads,
    gradescope_export,
    notebook_answers,
    roster,
    submissions,
)
from fmnist.grading.hand_ins.entries import Entry
from fmnist.grading.hand_ins.submissions import Submission
from fmnist.grading.judging import record_keys, store
from fmnist.grading.judging.records import ExerciseRecord, Graded, Record
from fmnist.grading.marks import by_hand, policy
from fmnist.grading.marks.people import People
from fmnist.tools import processes
from fmnist.tools.toml_tables import TableError

COUNTS, MATRIX = catalog.find("class_counts"), catalog.find("confusion_matrix")
FILES = {
    "phase1_explore/class_counts.py": b"def class_counts(labels, classes=10):\n    return [0]\n",
    "notes.txt": b"a note",
    "phase5_evaluate/confusion_matrix.py": b"def confusion_matrix(true, predicted):\n    pass\n",
}
BLOCK = tarfile.BLOCKSIZE


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """Return a tar that ends with its two blocks of zeros, not with what fills a record of tape."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        end = archive.offset + 2 * BLOCK
    return buffer.getvalue()[:end]


def notebook() -> bytes:
    """Return a notebook with two answers."""
    cells = [
        {"cell_type": "code", "source": FILES[name].decode().splitlines(keepends=True)}
        for name in FILES
        if name.endswith(".py")
    ]
    return json.dumps({"cells": cells, "nbformat": 4}, indent=1).encode() + b"\n"


def cuts(path: Path) -> Iterator[int]:
    """Cut a file shorter and shorter, byte by byte; yield each length."""
    for length in reversed(range(path.stat().st_size)):
        os.truncate(path, length)
        yield length


def read(path: Path) -> Submission:
    """Return what a grader finds in a hand-in."""
    return submissions.read(Entry("ada", (path,)), (COUNTS, MATRIX))


INNER = zipped({"class_counts.py": b"def class_counts():\n    return 'inner'\n"})
WHOLE = {
    "zip": zipped(FILES),
    "zip, stored": zipped(FILES, zipfile.ZIP_STORED),
    "zip around a zip": zipped({"old.zip": INNER} | FILES, zipfile.ZIP_STORED),
    "zip around two zips": zipped({"1.zip": INNER, "2.zip": INNER} | FILES, zipfile.ZIP_STORED),
    "zip around an empty zip": zipped({"0.zip": zipped({})} | FILES, zipfile.ZIP_STORED),
    "tar": tarred(FILES),
    "tar of GNU": tarred({"x" * 120: b"long name"} | FILES, tarfile.GNU_FORMAT),
    "tar of POSIX": tarred({"\u00e4" * 70: b"long name"} | FILES, tarfile.PAX_FORMAT),
    "tar around a tar": tarred({"old.tar": tarred({"class_counts.py": b"inner"})} | FILES),
    "tar with a file of zeros": tarred({"zeros": bytes(4 * BLOCK)} | FILES),
    "tar.gz": gzip.compress(tarred(FILES), mtime=0),
    "tar.gz in two streams": gzip.compress(tarred(FILES)[: 2 * BLOCK], mtime=0)
    + gzip.compress(tarred(FILES)[2 * BLOCK :], mtime=0),
    "tar.bz2": bz2.compress(tarred(FILES)),
    "tar.xz": lzma.compress(tarred(FILES)),
    "notebook": notebook(),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_hand_in_that_ends_early_is_told(tmp_path, kind):
    """At every length: no answer is taken from it, and one sentence says why for all of them."""
    content = WHOLE[kind]
    path = tmp_path / ("ada.ipynb" if kind == "notebook" else "ada.zip")
    path.write_bytes(content)
    whole = read(path)
    assert {*whole.sources} == {"class_counts", "confusion_matrix"}
    assert whole.unreadable == {}
    for length in cuts(path):
        found = read(path)
        if found == whole:  # what is cut off says nothing, as the last line end of a notebook
            assert content[length:].isspace(), length
            continue
        assert found.sources == {}, length
        assert {*found.unreadable} == {"class_counts", "confusion_matrix"}, length
        (sentence,) = {str(fault) for fault in found.unreadable.values()}
        assert "is damaged" in sentence


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.xz"])
def test_a_tar_may_be_filled_up(tmp_path, kind):
    """After its two blocks of zeros more may follow, as many as a program likes."""
    compress = {"tar": bytes, "tar.gz": gzip.compress, "tar.xz": lzma.compress}[kind]
    path = tmp_path / "ada.zip"
    for more in (0, 1, BLOCK, 20 * BLOCK):
        path.write_bytes(compress(tarred(FILES) + bytes(more)))
        found = read(path)
        assert {*found.sources} == {"class_counts", "confusion_matrix"}
        assert found.ignored == ("notes.txt",)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK" + bytes(30) + WHOLE["zip"], id="behind something else"),
        pytest.param(WHOLE["zip"] + INNER, id="two in a row"),
        pytest.param(WHOLE["zip"] + INNER[:40], id="the second is cut off"),
        pytest.param(WHOLE["zip"] + zipped({}), id="the second is empty"),
        pytest.param(zipped({}) + INNER, id="the first is empty"),
    ],
)
def test_a_zip_is_alone_in_its_file(tmp_path, content):
    """Of several none is taken: which of them was meant nobody can know."""
    path = tmp_path / "ada.zip"
    path.write_bytes(content)
    found = read(path)
    assert found.sources == {}
    assert "is damaged" in str(found.unreadable["class_counts"])


@pytest.mark.parametrize("before", [b"PK\7\x08", b"PK00"])
def test_a_zip_that_was_to_be_cut_in_volumes_is_read(tmp_path, before):
    """Programs leave four bytes before the first entry where one volume was enough."""
    content = bytearray(before + WHOLE["zip"])
    start = content.index(b"PK\1\2")
    place = start
    for _ in FILES:  # of each entry, and of the directory, in bytes from the start of the file
        (offset,) = struct.unpack_from("<I", content, place + 42)
        struct.pack_into("<I", content, place + 42, offset + len(before))
        place = content.find(b"PK\1\2", place + 1)
    struct.pack_into("<I", content, content.rindex(b"PK\5\6") + 16, start)
    path = tmp_path / "ada.zip"
    path.write_bytes(content)
    assert {*read(path).sources} == {"class_counts", "confusion_matrix"}


# --- what else is read ---


@pytest.mark.parametrize("shape", [(), (0,), (7,), (2, 3), (3, 2, 2), (1, 1, 1, 1)])
def test_each_cut_of_an_idx_file_is_told(shape):
    """In the type, the sizes or the elements; also of one that has none."""
    array = np.arange(np.prod(shape, dtype=int), dtype=np.uint8).reshape(shape)
    sizes = b"".join(side.to_bytes(4, "big") for side in shape)
    content = bytes([0, 0, 8, len(shape)]) + sizes + array.tobytes()
    assert np.array_equal(splits.parse_idx(content), array)
    for length in range(len(content)):
        with pytest.raises(ValueError, match="expected"):
            splits.parse_idx(content[:length])


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_each_cut_of_a_notebook_is_told_or_is_whole(indent, start):
    """Also within a letter; only the line end behind it says nothing."""
    exercises = (COUNTS, MATRIX)
    cells = [
        {
            "cell_type": "code",
            "source": [f"# \u00e4\n{FILES['phase1_explore/class_counts.py'].decode()}"],
        }
    ] * 2
    document = {"cells": cells, "nbformat": 4}
    content = start + json.dumps(document, indent=indent, ensure_ascii=False).encode() + b"\n"
    whole = notebook_answers.read(content, "a.ipynb", exercises)
    assert [*whole] == ["class_counts"]
    assert isinstance(whole["class_counts"], str)
    assert notebook_answers.read(content[:-1], "a.ipynb", exercises) == whole
    for length in range(len(content) - 1):
        with pytest.raises(faults.NotLoaded):
            notebook_answers.read(content[:length], "a.ipynb", exercises)


# --- what the grader keeps ---


def kept_in(folder: Path) -> tuple[store.Store, Path, Record]:
    """Return a folder of records with one, and the path of its file."""
    verdicts = (Verdict("class_counts", "test", False, "failed", "wrong", "f()\n  said: no"),)
    part = ExerciseRecord("class_counts", "graded", 0.5, 2, verdicts)
    record = Record("ada", 1, "graded", 0.5, 2, "A", (part,), ("notes.txt",))
    made = store.Store(folder)
    with made.alone():
        made.keep(
            Graded(record, {"test_class_counts::test": 0.5}),
            record_keys.Key({}, {}, "", "c", 1, "A"),
        )
    return made, folder / "records" / "ada.json", record


def test_a_record_that_ends_early_is_no_record(tmp_path):
    """It is named as damaged, and made again."""
    made, path, record = kept_in(tmp_path)
    content = path.read_bytes()
    for length in cuts(path):
        made.damaged.clear()
        found = made.find("ada", 1)
        if content[length:].isspace():
            assert found is not None
            assert found.record == record
        else:
            assert found is None, length
            assert made.damaged == ["ada"]


@pytest.mark.parametrize(
    ("name", "value"), [("points", "all"), ("exercises", [1]), ("student", None)]
)
def test_a_record_of_other_types_is_no_record(tmp_path, name, value):
    """Even if its sum is right."""
    made, path, _ = kept_in(tmp_path)
    kept = json.loads(path.read_text("utf-8"))
    kept["record"][name] = value
    kept["sum"] = record_keys.hash_of(store.to_json(kept["record"]).encode())
    path.write_text(store.to_json(kept), "utf-8")
    assert made.find("ada", 1) is None
    assert made.damaged == ["ada"]


def test_times_that_end_early_are_unknown(tmp_path):
    """No time is shorter than it was."""
    made, _, _ = kept_in(tmp_path)
    path = tmp_path / "times" / "ada.json"
    whole = made.seconds("ada", 1)
    for _ in cuts(path):
        assert made.seconds("ada", 1) in ({}, whole)


# --- what a teacher writes: a text can end after any line, but not within one ---

RULES = b"""\
[late]
deadline = 2026-12-01T23:59:00+01:00
percent_per_day = 10
[extensions]
ada = 2026-12-08T23:59:00+01:00
[attempts]
count = "best"
[[best]]
of = ["class_counts", "confusion_matrix"]
count = 1
"""
MARKS = b"""\
student,item,points,reason
ada,class_counts,1.75,asked
bob,phase1_explore,10,
bob,class_counts,2,"he said
it, well"
"""
TURNED = b"""\
reason,student,item,points
asked,ada,class_counts,1.75
,bob,phase1_explore,10
"""
CLASS = b"""\
id,name,submitted
ada,Ada,2026-12-01T18:00:00+01:00
bob,"Bob, junior",
"""


def marks(path: Path) -> object:
    """Return the marks in a file."""
    return by_hand.read(path, People(map(roster.Student, ("ada", "bob")), whole=True))


@pytest.mark.parametrize(
    ("reader", "errors", "content"),
    [
        pytest.param(policy.read, TableError, RULES, id="rules"),
        pytest.param(marks, by_hand.MarksError, MARKS, id="marks"),
        pytest.param(marks, by_hand.MarksError, TURNED, id="marks, points last"),
        pytest.param(roster.read, roster.RosterError, CLASS, id="roster"),
    ],
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_what_ends_within_a_line_is_told(
    tmp_path,
    reader: Callable[[Path], object],
    errors: type[Exception],
    content: bytes,
    ends: bytes,
):
    """What can be read of a cut file are whole lines; which are missing nobody can know."""
    content = content.replace(b"\n", ends)
    path = tmp_path / "given"
    path.write_bytes(content)
    reader(path)
    for length in cuts(path):
        if content[:length].endswith((b"\n", b"\r")):
            continue
        with pytest.raises(errors, match=r"^[^\n]+$"):
            reader(path)


def test_a_roster_written_by_hand_may_lack_its_last_line_end(tmp_path):
    """Editors leave it out, and an id that is cut off is somebody whom nobody knows."""
    path = tmp_path / "class.csv"
    path.write_text("id,name\nada,Ada\nbob,Bob")
    assert [one.id for one in roster.read(path).students] == ["ada", "bob"]


METADATA = b"""\
---
submission_1:
  :submitters:
  - :name: Ada
    :email: ada@x.org
    :sid: 1234
  :created_at: 2026-12-01 10:00:00 Z
"""


def test_what_gradescope_wrote_is_not_read_up_to_the_middle_of_a_line(tmp_path):
    """The number of one student, cut off, is that of another."""
    path = tmp_path / downloads.METADATA
    path.write_bytes(METADATA)
    assert [one.id for one in gradescope_export.labels(tmp_path)["submission_1"]] == ["1234"]
    for length in cuts(path):
        if not METADATA[:length].endswith(b"\n"):
            with pytest.raises(downloads.NoSubmissions, match=r"^[^\n]+$"):
                gradescope_export.labels(tmp_path)


# --- what a process says of itself ---


@pytest.mark.parametrize("text", ['{"sta', '{"status": 0', '{"status": 0}', "", '{"status": 0}\n{'])
def test_half_a_line_of_a_process_that_ended_is_no_message(text):
    """It is as if the process had said nothing more."""
    answers = queue.SimpleQueue()
    program = f"print({text!r}, end='')"
    process = processes.LineProcess("-c", program, environment={}, answers=answers)
    said = [processes.answer(answers) for _ in range(1 + text.count("\n"))]
    process.end()
    assert said == [(process, {"status": 0})] * text.count("\n") + [(process, None)]


# --- what is written down ---


def length_of(content: bytes, lines: int) -> int:
    """Return how many bytes the first lines have."""
    return sum(len(line) for line in content.splitlines(keepends=True)[:lines])


def test_a_ledger_that_ends_early_is_told(tmp_path, monkeypatch):
    """No opening is forgotten, none is shorter, and nothing is written behind half a line."""
    monkeypatch.setattr(splits, "read_test", lambda: None)
    monkeypatch.setattr(seal, "_path", lambda: tmp_path / "openings.jsonl")
    for reason in ("first", "second"):
        seal.open_test(reason, run="key")
    path, whole = tmp_path / "openings.jsonl", seal.ledger()
    content = path.read_bytes()
    for length in range(len(content)):
        path.unlink()
        path.write_bytes(content[:length])
        lines = content[: length + 1].count(b"\n")  # with and without the end of the last
        if length in (0, length_of(content, lines), length_of(content, lines) - 1):
            assert seal.ledger() == whole[:lines]
            seal.open_test("third", run="key")
            assert [one.reason for one in seal.ledger()][:-1] == ["first", "second"][:lines]
            continue
        for ask in (seal.ledger, lambda: seal.open_test("third", run="key")):
            with pytest.raises(ValueError, match=r"openings\.jsonl, line"):
                ask()
        assert path.read_bytes() == content[:length]
