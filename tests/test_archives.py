"""Archives of students: what is read, what is refused and how it is told, and what it costs."""

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import struct
import subprocess
import sys
import tarfile
import textwrap
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fmnist.answer import faults
from fmnist.answer.source import MAX_SOURCE
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import archives, submissions
from fmnist.grading.hand_ins.entries import Entry

EXERCISES = (catalog.find("class_counts"), catalog.find("confusion_matrix"))
COUNTS = "def class_counts(labels, classes=10):\n    return [0]\n"
EXPECTED = "phase1_explore/class_counts.py"
KINDS = [".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz"]
COMPRESS = {".tar.gz": gzip.compress, ".tar.bz2": bz2.compress, ".tar.xz": lzma.compress}


def zipped(*members, method=zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of pairs of name (or ZipInfo) and text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(*members, kind: str = ".tar") -> bytes:
    """Return a tar of pairs of name (or TarInfo) and text."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = content.encode() if isinstance(content, str) else content
            if info.isreg():
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return COMPRESS.get(kind, bytes)(buffer.getvalue())


def packed(kind: str, *members) -> bytes:
    """Return an archive of a kind."""
    return zipped(*members) if kind == ".zip" else tarred(*members, kind=kind)


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    """Return a member of a tar that is no file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def linked_in_zip(name: str, mode: int) -> zipfile.ZipInfo:
    """Return a member of a zip with a mode of Unix."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


@pytest.fixture(name="read")
def _read(tmp_path):
    """Read bytes as the archive of a student."""

    def read(content: bytes, name: str = "ada.zip") -> submissions.Submission:
        path = tmp_path / name
        path.write_bytes(content)
        return submissions.read(Entry("ada", (path,)), EXERCISES)

    return read


def told(submission) -> set[str]:
    """Return the sentences on files that cannot be used; each is one line for a student."""
    sentences = {str(fault) for fault in submission.unreadable.values()}
    assert all(text.endswith(".") and "\n" not in text for text in sentences)
    return sentences


# --- what is read ---


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name",
    [
        EXPECTED,
        "class_counts.py",
        f"week1/{EXPECTED}",
        "week1/class_counts.py",
        f"./{EXPECTED}",
        f"./week1/./{EXPECTED}",
        EXPECTED.replace("/", "\\"),
    ],
)
def test_an_answer_is_read_wherever_it_may_lie(read, kind, name):
    """In its phase or not, and below a single folder that everything is in."""
    found = read(packed(kind, (name, "\ufeff" + COUNTS.replace("\n", "\r\n"))), f"ada{kind}")
    assert found.sources == {"class_counts": COUNTS}
    assert found.unreadable == {}
    assert found.ignored == ()


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_say_of_which_kind_an_archive_is(read, kind):
    """A wrong suffix costs nobody marks."""
    assert read(packed(kind, (EXPECTED, COUNTS)), "ada.tar.xz").sources


@pytest.mark.parametrize("folder", ["week1/", "week1\\"])
def test_a_folder_is_no_file(read, folder):
    """Old programs on Windows write backslashes, also behind a folder's name."""
    found = read(zipped((folder, ""), (f"{folder}class_counts.py", COUNTS)))
    assert found.sources == {"class_counts": COUNTS}
    assert found.ignored == ()


def test_what_systems_add_does_not_hide_the_common_folder(read):
    """Folders of macOS and hidden files may lie beside it."""
    found = read(
        zipped(
            (f"week1/{EXPECTED}", COUNTS),
            ("__MACOSX/week1/._class_counts.py", "x"),
            (".DS_Store", "x"),
        )
    )
    assert found.sources
    assert found.ignored == ()


@pytest.mark.parametrize(
    "name",
    [
        f"../{EXPECTED}",
        f"week1/../{EXPECTED}",
        f"/{EXPECTED}",
        "/class_counts.py",
        "C:/class_counts.py",
        "C:\\class_counts.py",
        "..\\class_counts.py",
        "..\\Class_Counts.py",
        "\\\\server\\class_counts.py",
    ],
)
@pytest.mark.parametrize("kind", [".zip", ".tar.gz"])
def test_what_nobody_asked_for_is_listed_and_not_read(read, kind, name):
    """No name that leads elsewhere, and none that is only like it."""
    found = read(packed(kind, (name, COUNTS)), f"ada{kind}")
    assert found.sources == {}
    assert "leads out of the hand-in" in str(found.unreadable["class_counts"])
    assert len(found.ignored) == 1


def test_a_name_with_a_zero_byte_is_not_what_stands_before_it(read):
    """The zipfile module would end the name there."""
    content = zipped(("class_counts.py_.txt", COUNTS)).replace(b".py_.txt", b".py\0.txt")
    found = read(content)
    assert found.sources == {}
    assert found.ignored == ("class_counts.py\0.txt",)


def test_archives_in_archives_stay_closed(read):
    """Nothing is opened twice."""
    found = read(zipped(("inner.zip", zipped((EXPECTED, COUNTS)))))
    assert found.sources == {}
    assert found.ignored == ("inner.zip",)


def test_nothing_is_written(read, tmp_path):
    """The archive stays alone in its folder."""
    read(zipped((EXPECTED, COUNTS), ("../outside", "x"), ("inside", "x")))
    assert [path.name for path in tmp_path.iterdir()] == ["ada.zip"]


def test_a_notebook_is_read_where_there_is_no_python(read):
    """Its own rules are tested elsewhere; a file of Python wins."""
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": COUNTS}]})
    assert read(zipped(("work/answers.ipynb", notebook))).sources == {"class_counts": COUNTS}
    both = read(zipped(("answers.ipynb", notebook), ("class_counts.py", "x = 1\n")))
    assert both.sources == {"class_counts": "x = 1\n"}
    assert both.ignored == ("answers.ipynb",)
    several = read(zipped(("a.ipynb", notebook), ("b.ipynb", notebook)))
    assert several.sources == {}
    assert "several notebooks" in told(several).pop()
    chapters = read(zipped(("phase1_explore.ipynb", notebook), ("b.ipynb", notebook)))
    assert chapters.sources == {"class_counts": COUNTS}


# --- what is refused: one file ---


def encrypted(name: str) -> bytes:
    """Return a zip whose only member says that it is encrypted."""
    content = bytearray(zipped((name, COUNTS)))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + at] |= 1
    return bytes(content)


def wrong_sum(name: str) -> bytes:
    """Return a zip with a changed byte in a stored member."""
    content = zipped((name, COUNTS), method=zipfile.ZIP_STORED)
    return content.replace(b"return [0]", b"return [1]")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(encrypted(EXPECTED), "is encrypted", id="encrypted"),
        pytest.param(wrong_sum(EXPECTED), "is damaged", id="bad CRC"),
        pytest.param(zipped((EXPECTED, "#" * (MAX_SOURCE + 1))), "is larger than", id="large"),
        pytest.param(
            zipped((EXPECTED, COUNTS), method=zipfile.ZIP_BZIP2), "unusual method", id="bzip2"
        ),
        pytest.param(
            zipped((EXPECTED, COUNTS), method=zipfile.ZIP_LZMA), "unusual method", id="lzma"
        ),
        pytest.param(
            zipped((linked_in_zip(EXPECTED, stat.S_IFLNK | 0o777), "/etc/passwd")),
            "no regular file",
            id="link in zip",
        ),
        pytest.param(
            zipped((linked_in_zip(EXPECTED, stat.S_IFIFO | 0o666), "")),
            "no regular file",
            id="FIFO in zip",
        ),
        pytest.param(
            zipped((EXPECTED, COUNTS), ("phase1_explore/Class_Counts.py", "x")),
            "more than once",
            id="twins by case",
        ),
        pytest.param(
            zipped((EXPECTED, COUNTS), (EXPECTED.replace("/", "\\"), "x")),
            "more than once",
            id="twins by slashes",
        ),
        pytest.param(
            zipped((EXPECTED, COUNTS.encode("utf-16"))), "is not UTF-8", id="UTF-16"
        ),
        *(
            pytest.param(
                tarred((special(EXPECTED, kind, link), "")), "no regular file", id=f"tar {name}"
            )
            for name, kind, link in (
                ("symbolic link", tarfile.SYMTYPE, "/etc/passwd"),
                ("hard link", tarfile.LNKTYPE, "/etc/passwd"),
                ("device", tarfile.CHRTYPE, ""),
                ("block device", tarfile.BLKTYPE, ""),
                ("FIFO", tarfile.FIFOTYPE, ""),
            )
        ),
        pytest.param(
            tarred((EXPECTED, COUNTS), (EXPECTED, "x = 1")), "more than once", id="twice in tar"
        ),
        pytest.param(tarred((EXPECTED, "#" * (MAX_SOURCE + 1))), "is larger than", id="tar large"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_file_that_cannot_be_used_is_told(read, content, sentence):
    """In one sentence that names the file; the others are not concerned."""
    found = read(content)
    assert found.sources == {}
    assert [*found.unreadable] == ["class_counts"]
    (text,) = told(found)
    assert sentence in text
    assert "class_counts.py" in text.replace("Class_Counts", "class_counts")


def test_a_file_that_cannot_be_used_does_not_harm_another(read):
    """Each answer is read for itself."""
    found = read(
        zipped((EXPECTED, "#" * (MAX_SOURCE + 1)), ("phase5_evaluate/confusion_matrix.py", "x"))
    )
    assert [*found.sources] == ["confusion_matrix"]
    assert [*found.unreadable] == ["class_counts"]


# --- what is refused: the archive ---


def cut(content: bytes) -> bytes:
    """Return the beginning of an archive."""
    return content[: len(content) * 2 // 3]


def many(kind: str) -> bytes:
    """Return an archive with too many entries."""
    return packed(kind, *((f"f{n}", "") for n in range(archives.MAX_ENTRIES + 1)))


def damaged_tar() -> bytes:
    """Return a tar whose second header is damaged; tarfile itself would stop without a word."""
    content = bytearray(tarred(("first", "x"), (EXPECTED, COUNTS)))
    content[1024:1034] = b"\xff" * 10
    return bytes(content)


def negative_tar() -> bytes:
    """Return a tar with a size below zero, for which some versions of tarfile never ended."""
    content = bytearray(tarred(("first", "x"), (EXPECTED, COUNTS)))
    content[124:136] = b"\xff" + (2**88 - 1536).to_bytes(11, "big")
    content[148:156] = b" " * 8
    content[148:156] = b"%06o\0 " % sum(content[:512])
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is damaged", id="empty"),
        pytest.param(b"PK", "is damaged", id="two letters"),
        pytest.param(b"no archive at all" * 100, "is damaged", id="text"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(99), "is a RAR archive", id="rar"),
        *(
            pytest.param(
                cut(packed(kind, (EXPECTED, COUNTS), ("x", "y" * 20_000))), "is damaged",
                id=f"cut {kind}",
            )
            for kind in KINDS
        ),
        pytest.param(damaged_tar(), "is damaged", id="damaged header"),
        pytest.param(negative_tar(), "is damaged|more than", id="size below zero"),
        pytest.param(gzip.compress(b"x = 1"), "is damaged", id="gz that is no tar"),
        pytest.param(
            gzip.compress(tarred((EXPECTED, COUNTS)))[:-8] + bytes(8), "is damaged", id="gz sum"
        ),
        pytest.param(many(".zip"), "more than 2,000 entries", id="many in zip"),
        pytest.param(many(".tar.gz"), "more than 2,000 entries", id="many in tar.gz"),
    ],
)  # fmt: skip
def test_an_archive_that_cannot_be_read_is_told_for_every_exercise(read, content, sentence):
    """It is not gradable, which is no 0 and no exception."""
    found = read(content)
    assert found.sources == {}
    assert [*found.unreadable] == [one.name for one in EXERCISES]
    (text,) = told(found)
    assert any(part in text for part in sentence.split("|")), text
    assert "ada.zip" in text


def test_a_name_does_not_steer_a_terminal(read):
    """Whatever a student called a notebook, the sentence on it is one line."""
    (sentence,) = told(read(zipped(("a\x1b[2J\nb.ipynb", "no notebook"))))
    assert sentence.startswith("a?[2J?b.ipynb is damaged or no notebook")


def test_an_archive_that_is_no_file_is_told(tmp_path):
    """Nobody waits for what writes into a FIFO, and no link is followed."""
    os.mkfifo(tmp_path / "fifo.zip")
    (tmp_path / "real.zip").write_bytes(zipped((EXPECTED, COUNTS)))
    (tmp_path / "link.zip").symlink_to(tmp_path / "real.zip")
    for name in ("fifo.zip", "link.zip"):
        found = submissions.read(Entry("eve", (tmp_path / name,)), EXERCISES)
        assert found.sources == {}
        assert len(found.unreadable) == len(EXERCISES)


def test_compressed_streams_may_follow_each_other(read):
    """Some programs write them so; but not without end."""
    content = tarred((EXPECTED, COUNTS), ("x", "y" * 2000))
    for compress in COMPRESS.values():
        assert read(compress(content[:700]) + compress(content[700:])).sources
    endless = gzip.compress(b"") * (archives.MAX_STREAMS + 1)
    assert "is damaged" in told(read(endless + gzip.compress(content))).pop()
    assert read(gzip.compress(content) + bytes(512)).sources


# --- bombs: what they cost ---


def with_size(content: bytes, size: int) -> bytes:
    """Return a zip whose first member has another size by its headers."""
    changed = bytearray(content)
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", changed, content.index(signature) + at, size)
    return bytes(changed)


def zip_of_zeros(name: str) -> bytes:
    """Return a small zip whose member is of 4 GB, as its headers admit."""
    return with_size(zipped((name, bytes(2**26))), 2**32 - 2)


def zip_that_lies() -> bytes:
    """Return a zip whose member is larger than its headers say."""
    return with_size(zipped((EXPECTED, bytes(2**26))), 1000)


def huge_before(kind: str) -> bytes:
    """Return a compressed tar with a member of 1 GiB before the answer."""
    info = tarfile.TarInfo("data.bin")
    info.size = 2**30
    compress = COMPRESS[kind]
    rest = compress(tarred((EXPECTED, COUNTS)))
    return compress(info.tobuf()) + compress(bytes(2**26)) * 16 + rest


def huge_name() -> bytes:
    """Return a tar.gz that promises a name of half a gigabyte."""
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 2**29
    return gzip.compress(info.tobuf() + bytes(2**24))


def huge_directory() -> bytes:
    """Return a zip with half a million entries."""
    name = b"a"
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0,
        0, 0,
    ) + name  # fmt: skip
    count = 500_000
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, count * len(entry), 0, 0
    )
    return entry * count + end


MEASURE = """
import json, re, sys, time
from pathlib import Path
from fmnist.exercises import catalog
from fmnist.grading.hand_ins import entries, submissions
started = time.perf_counter()
def peak():  # of this program; ru_maxrss is also that of the one that started it
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
found = submissions.read(entries.Entry("eve", (Path(sys.argv[1]),)), catalog.load())
print(json.dumps([
    sorted(found.sources), sorted({str(one) for one in found.unreadable.values()}),
    peak() - before, time.perf_counter() - started,
]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda: zip_of_zeros(EXPECTED), "is larger than", id="4 GB in zip"),
        pytest.param(lambda: zip_of_zeros("data.bin"), "", id="4 GB nobody asks for"),
        pytest.param(zip_that_lies, "", id="header that lies"),
        *(
            pytest.param(lambda kind=kind: huge_before(kind), "unpacks to more", id=kind)
            for kind in COMPRESS
        ),
        pytest.param(huge_name, "is damaged", id="promised name"),
        pytest.param(huge_directory, "is damaged", id="half a million entries"),
    ],
)
def test_a_bomb_costs_little(tmp_path, make, sentence):
    """Less than 100 MB and a few seconds of a machine that has others to grade."""
    path = tmp_path / "bomb.zip"
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MEASURE), path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    sources, sentences, memory, seconds = json.loads(done.stdout)
    assert sources == []
    if sentence:
        assert len(sentences) == 1
        assert sentence in sentences[0]
    assert memory < 100_000_000
    assert seconds < 10  # one or two where nothing else runs


# --- all kinds of names, all places to cut ---

ANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40) | st.lists(
    st.sampled_from(["..", ".", "", "phase1_explore", "class_counts.py", "Class_counts.py", "a"]),
    min_size=1,
    max_size=4,
).map("/".join)


@ANY
@given(st.lists(names, max_size=5), st.sampled_from([".zip", ".tar.gz"]))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_name_stops_the_reader(read, some, kind):
    """What is read is in its place; whatever else there is is listed, with names one can write."""
    try:
        content = packed(kind, *((name, COUNTS) for name in some))
    except (ValueError, IndexError):  # a name that cannot be packed
        return
    found = read(content, f"ada{kind}")
    assert {*found.sources} <= {"class_counts"}
    others = [str(fault) for name, fault in found.unreadable.items() if name != "class_counts"]
    assert all("is empty" in told or "There is no file" in told for told in others)
    "\n".join(found.ignored).encode("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_no_cut_passes_for_the_whole(read, kind):
    """An archive that was cut off is told of, or lacks nothing but what fills it up.

    Chance seldom finds the length that ends between two members of a tar; so no length is left
    out but some within its blocks, which `test_cut_files` tries, too.
    """
    content = packed(kind, (EXPECTED, COUNTS), ("notes.txt", "x" * 700))
    for length in range(len(content)):
        if kind == ".tar" and 1 < length % tarfile.BLOCKSIZE < 511 and length % 25:
            continue
        found = read(content[:length], f"ada{kind}")
        if found.unreadable:
            assert found.sources == {}, length
            assert len(told(found)) == 1
        else:
            assert found.sources == {"class_counts": COUNTS}, length
            assert found.ignored == ("notes.txt",), length


def test_missing_is_told_apart(tmp_path):
    """A file that has gone is missing, not damaged."""
    with pytest.raises(faults.Missing):
        archives.read_limited(tmp_path / "nothing", 1)
