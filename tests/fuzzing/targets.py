"""What must hold for any bytes: one function for each reader of what others wrote.

Each takes bytes and returns nothing. It raises if another exception than a documented one leaves
the reader, or if what was read is not as promised. Time and memory are for `run` to limit.
"""

import ast
import atexit
import contextlib
import csv
import functools
import io
import json
import os
import shutil
import socket
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fmnist.answer import faults
from fmnist.answer.describe import WIDTH, describe
from fmnist.answer.source import MAX_SOURCE
from fmnist.exercises import catalog
from fmnist.exercises.expect import Claim
from fmnist.grading.hand_ins import (
    downloads,
    entries,
    names,
    notebook_answers,
    places,
    roster,
    submissions,
)
from fmnist.grading.hand_ins.archives import opened
from fmnist.grading.hand_ins.downloads import METADATA
from fmnist.inside import codec, wire
from fmnist.tools.terminal import shown
from values import same

MOST_WORDS = 1000  # characters of what is said of a value that is wrong
PATIENCE = 10  # seconds until a frame that has been sent must have been read
MANY = 20  # members of an archive that are read; one file can be all of them

EXERCISES = (catalog.find("class_counts"), catalog.find("confusion_matrix"))  # of two phases

# What a program tells its auditors before it changes something outside itself; also "open".
CHANGES = (
    "os.chmod", "os.chown", "os.exec", "os.fork", "os.link", "os.mkdir", "os.posix_spawn",
    "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.system", "os.truncate", "os.utime",
    "socket.connect", "subprocess.Popen", "tempfile.mkdtemp", "tempfile.mkstemp",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_watches: list[list[str]] = []


def one_line(text: str) -> None:
    """Whatever bytes it is about, a message is one line that a terminal can show."""
    assert text
    assert text.isprintable(), repr(text)


# --- frames and plain values ---


def as_bytes(sent: Iterable[wire.Frame]) -> bytes:
    """Return the bytes of frames."""
    return b"".join(
        wire.START.pack(number, len(header), len(payload)) + header + payload
        for number, header, payload in sent
    )


def received(content: bytes) -> tuple[list[wire.Frame], Exception]:
    """Return the frames that arrive when these bytes are sent, and what ended them."""
    ours, theirs = socket.socketpair()
    found = []
    with ours, theirs:
        ours.sendall(content)
        ours.close()
        try:
            while True:
                found.append(wire.receive(theirs, deadline=time.monotonic() + PATIENCE))
        except (wire.Closed, codec.Malformed) as end:
            return found, end


def stream(content: bytes) -> list[wire.Frame]:
    """Receive frames: as they were sent, byte for byte, until the first impossible length."""
    found, end = received(content)
    whole = as_bytes(found)
    assert content.startswith(whole)
    start = content[len(whole) :][: wire.START.size]
    _, header, payload = wire.START.unpack(start.ljust(wire.START.size, b"\0"))
    too_long = header > codec.MAX_HEADER or payload > codec.MAX_PAYLOAD
    assert isinstance(end, codec.Malformed) == (too_long and len(start) == wire.START.size)
    return found


def value(header: bytes, payload: bytes) -> None:
    """Read a value, or find it malformed; what was read can be written and read again."""
    try:
        found = codec.loads(header, payload)
    except codec.Malformed as error:
        one_line(str(error))
        return
    looked_at(found)
    written = codec.dumps(found)
    again = codec.loads(*written)
    assert same(found, again)
    assert codec.dumps(again) == written


# What a check may expect, of every kind that it can say.
JUDGES: tuple[Callable[[Claim], Claim], ...] = (
    lambda claim: claim.equals([0, 1.5, "x"], idea="why"),
    lambda claim: claim.equals(claim.value, idea="why"),
    lambda claim: claim.is_close([[0.0, 1.0], [2.0]], tolerance=1.0, idea="why"),
    lambda claim: claim.is_close(0.5, tolerance=1.0, idea="why"),
    lambda claim: claim.is_close([0.5] * 20, tolerance=1.0, idea="why"),
    lambda claim: claim.lies_in(0, 1, idea="why"),
    lambda claim: claim.is_int(),
    lambda claim: claim.is_float(),
    lambda claim: claim.is_tuple(2, idea="why"),
    lambda claim: claim.is_table(2, 2, of=float, idea="why"),
    lambda claim: claim.is_array(2, 2, dtype="uint8", idea="why"),
    lambda claim: claim.is_model(),
)


def looked_at(found: object) -> None:
    """Describe a value and compare it with what checks expect: it holds, or is wrong in words."""
    assert len(describe(found)) <= WIDTH
    for judge in JUDGES:
        try:
            judge(Claim(found, call="f()"))
        except faults.Wrong as wrong:
            words = str(wrong)
        else:
            words = ""
        assert len(words) < MOST_WORDS


def frames(content: bytes) -> None:
    """Read a stream of frames and the value of each.

    Bytes are also taken as a header, a line end and a payload: a search need not get two lengths
    right at once to come to the values.
    """
    for _, header, payload in stream(content):
        value(header, payload)
    header, _, payload = content.partition(b"\n")
    value(header, payload)


# --- archives ---


def with_sums(tar: bytes) -> bytes:
    """Return a tar with right sums in its headers, so that damaged ones are believed."""
    content = bytearray(tar)
    for start in range(0, len(content) - 511, 512):
        header = content[start : start + 512]
        if header[257:262] == b"ustar":
            header[148:156] = b" " * 8
            content[start + 148 : start + 156] = b"%06o\0 " % sum(header)
    return bytes(content)


def archive(content: bytes) -> submissions.Submission:
    """Read a student's archive; nothing is changed outside, and what is wrong is told."""
    path = _file(content)
    with unchanged():
        found = submissions.read(entries.Entry("ada", (path,)), EXERCISES)
    for fault in found.unreadable.values():
        one_line(str(fault))
    for name in found.ignored:
        name.encode("utf-8")
    assert len(found.ignored) <= submissions.MAX_OTHERS
    _packed_again(_members(path))
    return found


def archives(content: bytes) -> None:
    """Read an archive as it is, and as a tar whose headers are believed."""
    archive(content)
    believed = with_sums(content)
    if believed != content:
        archive(believed)


def _members(path: Path) -> dict[str, bytes]:
    """Return the files of an archive that can be read; of very many, some."""
    found = {}
    with (
        unchanged(),
        contextlib.suppress(faults.NotLoaded),
        opened(path, "a", path.parent) as files,
    ):
        for name, reader in list(files.items())[:MANY]:
            with contextlib.suppress(faults.NotLoaded):
                found[name] = reader(MAX_SOURCE)
    assert all(len(raw) <= MAX_SOURCE for raw in found.values())
    return found


def _packed_again(members: dict[str, bytes]) -> None:
    """Pack files and read them: a name that was made clean stays as it is."""
    beside = "-beside-"  # no folder is common to all, then
    packed = {name: raw for name, raw in members.items() if _can_be_packed(name)} | {beside: b""}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name, raw in packed.items():
            written.writestr(zipfile.ZipInfo(name), raw)
    again = _members(_file(buffer.getvalue()))
    assert again.items() == dict(list(packed.items())[:MANY]).items()


def _can_be_packed(name: str) -> bool:
    return bool(name) and name.isprintable() and not name.endswith("/")


# --- notebooks ---


def notebook(raw: bytes) -> None:
    """Read the answers of a notebook: Python that defines them, or one line on why not."""
    try:
        with unchanged():
            found = notebook_answers.read(raw, "a.ipynb", EXERCISES)
    except faults.NotLoaded as fault:
        one_line(shown(str(fault)))
        return
    for name, answer in found.items():
        if isinstance(answer, faults.NotLoaded):
            one_line(shown(str(answer)))
        else:
            assert name in {
                getattr(node, "name", "") or getattr(getattr(node, "targets", [0])[0], "id", "")
                for node in ast.parse(answer).body
            }


def notebooks(content: bytes) -> None:
    """Read bytes as a notebook, and as the text of its cells, which a line of dashes parts."""
    notebook(content)
    texts = content.decode("utf-8", "replace").split("\n--\n")
    cells = [{"cell_type": "code", "source": text} for text in texts]
    notebook(json.dumps({"cells": cells, "metadata": {}}).encode())


# --- folders of hand-ins ---

CLASS = (
    "student,name,email\nada,Ada Lovelace,ada@example.org\nbo,Bo Diaz,bo@example.org\n"
    "12,Zo\u00eb Kr\u00f3l,zoe@example.org\nAda2,Ada Lovelace,ada2@example.org\n"
)
MOST_NAMES = 6  # in a folder


def folders(content: bytes) -> None:
    """Find the hand-ins in a folder with these names: each name is somebody's once, or told."""
    place = _folder() / "in"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    there = set()
    for raw in content.split(b"\n")[:MOST_NAMES]:
        name = os.fsdecode(raw.replace(b"\0", b"").replace(b"/", b"")[:200])
        path = place / name.removesuffix("|")
        with contextlib.suppress(OSError):  # no file can be called so, or one is
            path.mkdir() if name.endswith("|") else path.touch(exist_ok=False)
            there.add(path.name)
    for class_ in (None, roster.read(_file(CLASS.encode(), "class.csv"))):
        try:
            with unchanged():
                found = entries.find(place, class_)
        except downloads.NoSubmissions as why:
            one_line(shown(str(why)))
            continue
        assert not any(names.why_no_id(entry.student) for entry in found.entries)
        owners: dict[str, set[str]] = {}
        for entry in found.entries:
            for path in entry.paths:
                owners.setdefault(path.name, set()).add(entry.student)
                assert not class_ or entry.student in {one.id for one in class_.students}
        for name, students in owners.items():
            assert len(students) == 1 or name in found.doubtful
        inside = {path.name for path in place.glob("*/*")}
        hidden = {name for name in there | inside if names.is_clutter(name)}
        told = owners.keys() | found.skipped.keys() | found.doubtful.keys() | hidden
        assert there <= told | {path.parent.name for path in place.glob("*/*")} | {METADATA}
        for one in places.of(found, {}, {}):
            one_line(shown(f"{one.place}: {one.reason}."))


# --- rosters ---


def rosters(content: bytes) -> None:
    """Read a roster, or tell in one line why not; ids name files, each once."""
    path = _file(content, "class.csv")
    try:
        with unchanged():
            found = roster.read(path)
    except roster.RosterError as error:
        one_line(str(error))
        return
    ids = [student.id for student in found.students]
    assert len({names.same(one) for one in ids}) == len(ids) > 0
    assert not any(map(names.why_no_id, ids))
    rows = [student.row for student in found.students]
    assert all({*row} == {*found.columns} for row in (*rows, *found.others))
    times = [student.submitted for student in found.students]
    assert all(one is None or one.utcoffset() is not None for one in times)
    # An LMS gets the same table back, with marks in it.
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(found.columns)
    writer.writerows([row[name] for name in found.columns] for row in (*rows, *found.others))
    again = roster.read(_file(table.getvalue().encode("utf-8-sig"), "class.csv"))
    # Of two columns of one name the first counts; a row with cells in the second alone is gone.
    others = tuple(row for row in found.others if any(map(str.strip, row.values())))
    assert again == replace(found, others=others)


# --- files, and what is changed outside ---


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _file(content: bytes, name: str = "ada.zip") -> Path:
    """Return a file with this content; the next one of its name takes its place."""
    path = _folder() / name
    path.unlink(missing_ok=True)  # some file systems take milliseconds to write over a file
    path.write_bytes(content)
    return path


@contextlib.contextmanager
def unchanged() -> Iterator[None]:
    """Refuse, and report, that anything is written, made, removed or started."""
    _listen()
    changes: list[str] = []
    _watches.append(changes)
    try:
        yield
    finally:
        _watches.pop()
        assert not changes, changes  # also if the reader took the refusal for a damaged file


@functools.cache
def _listen() -> None:
    sys.addaudithook(_refuse)  # for the whole life of the process


def _refuse(event: str, args: tuple) -> None:
    if not _watches:
        return
    if event in CHANGES or event.startswith("shutil.") or (event == "open" and args[2] & WRITES):
        _watches[-1].append(f"{event} {args!r}")
        raise PermissionError(event)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "frames": frames,
    "archives": archives,
    "notebooks": notebooks,
    "folders": folders,
    "rosters": rosters,
}
