"""Archives by maker: what common programs pack is read, and each cut of it is told or is whole.

`test_cuts` has what a grader makes of such files.
"""

import gzip
import io
import os
import random
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fmnist.answer import faults
from fmnist.grading.hand_ins import archives

BLOCK = tarfile.BLOCKSIZE
LIMIT = 10_000  # bytes; more than any file here
COUNTS = b"def class_counts(labels, classes=10):\n    return [0]\n"
LONG = "long/" * 30 + "name.py"
FILES = {"class_counts.py": COUNTS, "notes.txt": b"a note"}


def member(name: str, kind: bytes = tarfile.REGTYPE, **more: str) -> tarfile.TarInfo:
    """Return the header of a member without content."""
    info = tarfile.TarInfo(name)
    info.type = kind
    for field, value in more.items():
        setattr(info, field, value)
    return info


def tarred(*last: tarfile.TarInfo, form: int = tarfile.USTAR_FORMAT, **more: object) -> bytes:
    """Return a tar of `FILES` and of what has no content, filled up as Python does."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, **more) as archive:
        for name, content in FILES.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in last:
            archive.addfile(info)
    return buffer.getvalue()


def trimmed(tar: bytes) -> bytes:
    """Return a tar that ends with its two blocks of zeros; what is packed last has none."""
    whole = len(tar.rstrip(b"\0"))
    return tar[: -(-whole // BLOCK) * BLOCK + 2 * BLOCK]


def zipped(files: dict[str, bytes], *, comment: bytes = b"", zip64: bool = False) -> bytes:
    """Return a zip without compression, so that what is packed in it can be seen."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as file:
                file.write(content)
        archive.comment = comment
    return buffer.getvalue()


def streamed() -> bytes:
    """Return a zip as one makes it that cannot go back: the sizes stand behind each member."""

    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, content) -> int:
            self.written += bytes(content)
            return len(content)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return pipe.written


def named_gzip(content: bytes) -> bytes:
    """Return a gzip with a name and a time in its header, as the program makes it."""
    buffer = io.BytesIO()
    with gzip.GzipFile("ada.tar", "wb", fileobj=buffer, mtime=1) as file:
        file.write(content)
    return buffer.getvalue()


def read(path: Path) -> dict[str, bytes | str] | None:
    """Return each file of an archive, or the sentence on it; None if the archive is told of."""
    found: dict[str, bytes | str] = {}
    try:
        with archives.opened(path, "ada.zip", path.parent) as files:
            for name, reader in files.items():
                try:
                    found[name] = reader(LIMIT)
                except faults.NotLoaded as fault:
                    found[name] = str(fault)
    except faults.NotLoaded as fault:
        return None if "is damaged" in str(fault) else {"": str(fault)}
    return found


def cuts(path: Path, content: bytes) -> Iterator[int]:
    """Leave less and less of a file, and yield how much."""
    path.write_bytes(content)
    for length in reversed(range(len(content))):
        os.truncate(path, length)
        yield length


EMPTY_ZIP = zipped({})
TARS = {
    "folder last": tarred(member("folder", tarfile.DIRTYPE)),
    "empty file last": tarred(member("empty")),
    "link last": tarred(member("link", tarfile.SYMTYPE, linkname="notes.txt")),
    "long name of GNU last": tarred(member(LONG), form=tarfile.GNU_FORMAT),
    "long link of GNU last": tarred(
        member("link", tarfile.SYMTYPE, linkname=LONG), form=tarfile.GNU_FORMAT
    ),
    "long name of POSIX last": tarred(member("\u00e4" * 90), form=tarfile.PAX_FORMAT),
    "long name of ustar last": tarred(member(LONG)),
    "a header for all": tarred(
        member("empty"), form=tarfile.PAX_FORMAT, pax_headers={"comment": "all"}
    ),
}
OTHERS = {
    "tar.gz with a name": named_gzip(trimmed(tarred(member("empty")))),
    "tar.gz in a stream for each block": b"".join(
        gzip.compress(trimmed(tarred())[start : start + BLOCK], mtime=0)
        for start in range(0, len(trimmed(tarred())), BLOCK)
    ),
    "zip": zipped(FILES),
    "zip with a comment": zipped(FILES, comment=b"made by hand, PK"),
    "zip with large sizes": zipped(FILES, zip64=True),
    "zip of a stream": streamed(),
    "zip with a folder last": zipped(FILES | {"folder/": b""}),
    "zip around an empty zip": zipped({"none.zip": EMPTY_ZIP} | FILES),
    "zip around a zip with a comment": zipped({"x.zip": zipped(FILES, comment=b"x")} | FILES),
}
WHOLE = {f"tar, {name}": trimmed(content) for name, content in TARS.items()} | OTHERS


@pytest.mark.parametrize("kind", WHOLE)
def test_each_cut_of_an_archive_is_told_or_is_whole(tmp_path, kind):
    """At every length; also where the cut leaves a file that could be one of this kind."""
    path = tmp_path / "ada.zip"
    path.write_bytes(WHOLE[kind])
    whole = read(path)
    assert whole is not None
    assert FILES.items() <= whole.items()
    for length in cuts(path, WHOLE[kind]):
        assert read(path) in (None, whole), length


@pytest.mark.parametrize("kind", TARS)
def test_a_tar_is_whole_from_its_two_blocks_of_zeros_on(tmp_path, kind):
    """What follows only fills it up, and may be cut off; less is told."""
    path = tmp_path / "ada.zip"
    path.write_bytes(TARS[kind])
    whole = read(path)
    end = len(trimmed(TARS[kind]))
    assert end < len(TARS[kind])
    for length in (len(TARS[kind]) - 1, len(TARS[kind]) - BLOCK, end + 1, end):
        os.truncate(path, length)
        assert read(path) == whole
    for length in (end - 1, end - BLOCK - 1, end - 2 * BLOCK, end - 2 * BLOCK - 1):
        os.truncate(path, length)
        assert read(path) is None, length


# --- what stands behind the end ---


def test_what_follows_a_zip_changes_nothing(tmp_path):
    """Servers add a line end or a page of theirs; the zip is as it was, wherever that is cut."""
    path = tmp_path / "ada.zip"
    for more in (b"\r\n", bytes(40), b"<html>sent by the server</html>"):
        for length in cuts(path, zipped(FILES) + more):
            assert read(path) == (FILES if length >= len(zipped(FILES)) else None)


def test_a_gzip_is_held_against_its_sum_and_its_length(tmp_path):
    """Of each of its streams, of which there may be several."""
    tar = trimmed(tarred())
    half = gzip.compress(tar[:BLOCK], mtime=0)
    content = half + gzip.compress(tar[BLOCK:], mtime=0)
    path = tmp_path / "ada.zip"
    path.write_bytes(content)
    assert read(path) == FILES
    for end in (len(half), len(content)):
        for place in range(end - 8, end):
            changed = bytearray(content)
            changed[place] ^= 1
            path.write_bytes(changed)
            assert read(path) is None, place


def test_zeros_may_follow_a_gzip_but_hide_no_stream(tmp_path):
    """Tapes fill up with zeros; a stream behind them would be lost."""
    tar = trimmed(tarred())
    path = tmp_path / "ada.zip"
    for length in cuts(path, gzip.compress(tar, mtime=0) + bytes(BLOCK)):
        whole = length >= len(gzip.compress(tar, mtime=0))
        assert read(path) == (FILES if whole else None), length
    path.write_bytes(gzip.compress(tar[: 2 * BLOCK]) + bytes(9) + gzip.compress(tar[2 * BLOCK :]))
    assert read(path) in (None, FILES)


# --- what other programs pack ---

PROGRAMS = {
    **{
        f"GNU tar, {form}, {factor}": ("tar", f"--format={form}", f"-b{factor}", "-cf")
        for form in ("v7", "oldgnu", "gnu", "ustar", "pax")
        for factor in (1, 20)
    },
    **{
        f"bsdtar, {form}": ("bsdtar", f"--format={form}", "-cf")
        for form in ("v7", "ustar", "gnutar", "pax", "zip")
    },
    "GNU tar, gz": ("tar", "-czf"),
    "GNU tar, bz2": ("tar", "-cjf"),
    "GNU tar, xz": ("tar", "-cJf"),
    "busybox tar": ("busybox", "tar", "-cf"),
    "busybox tar, gz": ("busybox", "tar", "-czf"),
    "zip": ("zip", "-qr"),
    "zip, stored": ("zip", "-qr0"),
    "zip, large sizes": ("zip", "-qr", "-fz"),
    "zip, split": ("zip", "-qr", "-s", "64k"),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_common_programs_pack_is_read(tmp_path, program):
    """Whole; and a cut at any place is told, or is whole as well."""
    if not shutil.which(PROGRAMS[program][0]):
        pytest.skip(f"{PROGRAMS[program][0]} is not installed")
    folder = tmp_path / "week1"
    (folder / "folder").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    (folder / "zz_empty").touch()
    path = tmp_path / ("ada.zip" if "zip" in program else "ada.tar")
    done = subprocess.run(
        [*PROGRAMS[program], path.name, "week1"], cwd=tmp_path, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"this one cannot: {done.stderr.strip()}")
    content = path.read_bytes()
    whole = FILES | {"zz_empty": b""}
    assert read(path) == whole
    said = len(content.rstrip(b"\0"))
    for length in cuts(path, content):
        if length > said + 3 * BLOCK and length % 100:  # zeros that fill it up, as those before
            continue
        assert read(path) in (None, whole), length


def test_the_cuts_of_a_random_tar_are_told(tmp_path):
    """Whatever the sizes of its members, which end within a block or with one."""
    draw = random.Random(0)
    path = tmp_path / "ada.zip"
    for _ in range(10):
        sizes = [draw.choice([0, 1, BLOCK - 1, BLOCK, BLOCK + 1]) for _ in range(4)]
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for number, size in enumerate(sizes):
                info = tarfile.TarInfo(f"{number}")
                info.size = size
                archive.addfile(info, io.BytesIO(b"x" * size))
        content = trimmed(buffer.getvalue())
        for length in range(0, len(content), BLOCK):
            path.write_bytes(content[:length])
            assert read(path) is None, (sizes, length)
