"""What a student packed into a zip or tar: read in memory, within limits, never unpacked to disk.

An archive is hostile until it is read. Only the files that are asked for are decompressed; what
is in their place but cannot be one (a link, a device, a folder, an encrypted or a damaged file,
one of two with the same name) is told in one sentence.
"""

import bz2
import io
import lzma
import os
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

from fmnist.answer import faults
from fmnist.answer.source import open_regular
from fmnist.grading.hand_ins.listing import clean, cluttered, common_folder
from fmnist.grading.hand_ins.names import same

MAX_ARCHIVE = 512 * 2**20  # bytes on disk; an environment of Python may be in it
MAX_TOTAL = 32 * 2**20  # bytes that come out of an archive
MAX_ENTRIES = 2000  # files of a person
MAX_MEMBERS = 100_000  # with those that systems and tools put beside them
MAX_STREAMS = 1000  # compressed one after the other in one file
PIECE = 2**16  # bytes read at once
MAX_PIECE = 2**24  # bytes that a library may ask for at once, such as the directory of a zip
XZ_MEMORY = 72 * 2**20  # bytes; xz -9 needs a little less
ADVICE = "hand in what `fmnist pack` makes, or a zip of your .py files"
# What is handed in as an archive and is another thing, by its first bytes.
OTHERS = {
    b"Rar!\x1a\x07": "is a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive",
    b"\x28\xb5\x2f\xfd": "is packed with Zstandard",
    b"%PDF": "is a PDF",
    b"<!DOCTYPE": "is a page of the web",
    b"<html": "is a page of the web",
}

ZIP, ZIP_END = b"PK", b"PK\5\6"
SPANNED = (b"PK\7\x08", b"PK00")  # before the first entry of what was to be cut in volumes
ZIP_END_SIZE = 22  # bytes, without a comment
MAX_ZIP_END = ZIP_END_SIZE + 2**16 - 1
COMPRESSED: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": partial(zlib.decompressobj, wbits=zlib.MAX_WBITS | 16),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": partial(lzma.LZMADecompressor, format=lzma.FORMAT_XZ, memlimit=XZ_MEMORY),
}
TAR_END = bytes(2 * tarfile.BLOCKSIZE)
ENCRYPTED = 1  # bit of a zip's flags
FOLDER = 0x10  # bit of the attributes of MS-DOS


class _Careful(io.BufferedReader):
    """A file that does not give megabytes at once, whatever a length in the file promises."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return `size` bytes, or the rest.

        Raises:
            ValueError: that would be too much.
        """
        wanted = MAX_PIECE + 1 if size is None or size < 0 else size
        content = super().read(min(wanted, MAX_PIECE + 1))
        if len(content) > MAX_PIECE:
            raise ValueError("too much at once")
        return content


# Reads a file of at most so many bytes, or raises NotLoaded.
Reader = Callable[[int], bytes]
Readers = dict[str, Reader]  # by name of the file


@contextmanager
def opened(path: Path, name: str, below: Path) -> Iterator[Readers]:
    """Open an archive; yield what reads each of its files, by name, while it is open.

    Folders are left out, and so are what systems and tools put beside the files of a person, and
    the names of folders that all files are in. Names that lead out of the archive are those of no
    file that anybody asks for.

    Args:
        path: of the archive.
        name: that its author gave it.
        below: folder above it, from which on nothing may be a link.

    Raises:
        NotLoaded: it cannot be read, or is larger than the limits.
    """
    with _Careful(io.FileIO(open_regular(path, name, below))) as file:
        try:
            if os.fstat(file.fileno()).st_size > MAX_ARCHIVE:
                raise _refused(name, f"is larger than {MAX_ARCHIVE:,} bytes")
            start = file.read(max(map(len, [*COMPRESSED, *OTHERS])) + 2)
            for magic, what in OTHERS.items():
                if start.lstrip().startswith((magic, magic.lower())):
                    raise _refused(name, f"{what}, which is not read")
            file.seek(0)
            content: Any
            if start.startswith(ZIP):
                content = zipfile.ZipFile(file)
                members = _in_zip(content, name)
            else:
                matches = (new for magic, new in COMPRESSED.items() if start.startswith(magic))
                unpacked = _unpacked(file, next(matches, None), name)
                content = tarfile.TarFile(fileobj=_Careful(unpacked))
                members = _in_tar(content, name)
        except faults.NotLoaded:
            raise
        except Exception:  # zipfile, tarfile and zlib raise of all kinds for bytes nobody packed
            raise faults.NotLoaded(
                f"{name} is damaged, or no zip or tar, or has far too many files; {ADVICE}."
            ) from None
        with content:
            yield _by_name(members, name)


def read_limited(path: Path, limit: int, below: Path | None = None) -> bytes:
    """Return the bytes of a regular file, see `open_regular`.

    Raises:
        Missing: there is no such file.
        TooLarge: it has more than `limit` bytes.
        NotLoaded: it is a link, no regular file or not readable.
    """
    with _Careful(io.FileIO(open_regular(path, path.name, below))) as file:
        return _limited(file, limit, path.name)


def _limited(file: Any, limit: int, name: str) -> bytes:
    """Return what is left in a file.

    Raises:
        NotLoaded: that is more than `limit` bytes, or cannot be read.
    """
    content = bytearray()
    try:
        # In pieces: no library may be asked for all that a hostile header promises.
        while len(content) <= limit and (piece := file.read(PIECE)):
            content += piece
    except Exception:
        raise faults.NotLoaded(f"{name} is damaged; hand it in again.") from None
    if len(content) > limit:
        raise faults.TooLarge(f"{name} is larger than {limit:,} bytes.")
    return bytes(content)


def _refused(name: str, how: str) -> faults.NotLoaded:
    return faults.NotLoaded(f"{name} {how}; {ADVICE}.")


def _extracted(open_file: Callable[[], IO[bytes]], limit: int, name: str) -> bytes:
    """Return what is in a file of an archive.

    Raises:
        NotLoaded: that is more than `limit` bytes, or cannot be read.
    """
    try:
        file = open_file()
    except Exception:
        raise faults.NotLoaded(f"{name} is damaged in the archive; pack it again.") from None
    with file:
        return _limited(file, limit, name)


# --- zip ---


def _in_zip(archive: zipfile.ZipFile, name: str) -> list[tuple[str, Reader]]:
    """Return what reads each file of an archive, by its name there.

    Raises:
        NotLoaded: there are too many.
        zipfile.BadZipFile: it is not the only zip in its file.
    """
    entries = archive.infolist()
    if not _is_alone(archive):
        raise zipfile.BadZipFile("not the only one")
    if len(entries) > MAX_MEMBERS:
        raise _refused(name, f"has more than {MAX_MEMBERS:,} entries")
    return [
        # The whole name: zipfile's own ends before a zero byte, and could be that of an answer.
        (entry.orig_filename, partial(_from_zip, archive, entry))
        for entry in entries
        if not (entry.orig_filename.endswith(("/", "\\")) or entry.external_attr & FOLDER)
    ]


def _is_alone(archive: zipfile.ZipFile) -> bool:
    """Return whether a zip begins where its file does, and no other one begins behind it.

    The zipfile module takes the last end that it finds. In a zip that holds zips and ends early
    that is the end of one of these; of two zips in a row it is that of the second or, if that is
    cut off, of the first.
    """
    file: Any = archive.fp
    file.seek(0)
    start = file.read(len(ZIP_END))
    begin = len(start) if start in SPANNED else 0
    offsets = [entry.header_offset for entry in archive.infolist()]
    file.seek(max(0, file.seek(0, os.SEEK_END) - MAX_ZIP_END))
    tail = file.read(MAX_ZIP_END)
    end = tail.rfind(ZIP_END) + ZIP_END_SIZE
    end += int.from_bytes(tail[end - 2 : end], "little")  # of a comment
    begins_here = min(offsets) == begin if offsets else start == ZIP_END
    return begins_here and not tail[end:].startswith(ZIP)


def _from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    name = posixpath.basename(entry.filename)
    if entry.flag_bits & ENCRYPTED:
        raise faults.NotLoaded(f"{name} is encrypted; pack it without a password.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise _no_file(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Of the other methods zipfile decompresses whole pieces, of which 4 kB can become 100 MB.
        raise faults.NotLoaded(f"{name} is packed by an unusual method; make a common zip.")
    if entry.file_size > limit:
        raise faults.TooLarge(f"{name} is larger than {limit:,} bytes.")
    return _extracted(lambda: archive.open(entry), limit, name)


def _no_file(name: str) -> faults.NotLoaded:
    return faults.NotLoaded(f"{name} is no regular file in the archive; pack the file itself.")


# --- tar ---


def _in_tar(archive: tarfile.TarFile, name: str) -> list[tuple[str, Reader]]:
    """Return what reads each file of an archive, by its name there.

    Raises:
        NotLoaded: there are too many.
        tarfile.TarError: it is damaged.
    """
    members: list[tuple[str, Reader]] = []
    for count, entry in enumerate(archive, start=1):
        if count > MAX_MEMBERS:
            raise _refused(name, f"has more than {MAX_MEMBERS:,} entries")
        if not entry.isdir():
            members.append((entry.name, partial(_from_tar, archive, entry)))
    # At a damaged header, and where the file is cut off between two entries, tarfile ends as if the
    # archive did; what follows would be missing.
    archive.fileobj.seek(archive.offset)
    if archive.fileobj.read(len(TAR_END)) != TAR_END:
        raise tarfile.ReadError("no end")
    return members


def _from_tar(archive: tarfile.TarFile, entry: tarfile.TarInfo, limit: int) -> bytes:
    name = posixpath.basename(entry.name)
    if not entry.isreg() or entry.issparse():
        raise _no_file(name)
    return _extracted(lambda: archive.extractfile(entry) or io.BytesIO(), limit, name)


def _unpacked(file: BinaryIO, new: Callable[[], Any] | None, name: str) -> io.BytesIO:
    """Return what a file holds, decompressed if `new` makes what decompresses it, in memory.

    Raises:
        NotLoaded: that is more than `MAX_TOTAL`.
    """
    content = io.BytesIO()
    for piece in _decompressed(file, new) if new else iter(partial(file.read, PIECE), b""):
        content.write(piece)
        if content.tell() > MAX_TOTAL:
            raise _refused(name, f"unpacks to more than {MAX_TOTAL:,} bytes")
    content.seek(0)
    return content


def _decompressed(file: BinaryIO, new: Callable[[], Any]) -> Iterator[bytes]:
    """Yield what a compressed file holds in pieces of at most `PIECE` bytes.

    Raises:
        EOFError: it is cut off, or has too many streams.
    """
    data = file.read(PIECE)
    for _ in range(MAX_STREAMS):  # some programs write one after the other
        stream = new()
        while not stream.eof:
            piece = stream.decompress(data, PIECE)
            yield piece
            # What is not decompressed yet zlib's objects give back, and those of bz2 and lzma keep.
            data = getattr(stream, "unconsumed_tail", b"")
            if not (data or stream.eof) and getattr(stream, "needs_input", True):
                data = file.read(PIECE)
                if not (data or piece):
                    raise EOFError("cut off")
        data = stream.unused_data or file.read(PIECE)
        if not data.strip(b"\0"):  # nothing, or what fills a block
            return
    raise EOFError("too many streams")


# --- names ---


def _by_name(members: list[tuple[str, Reader]], archive: str) -> Readers:
    """Return the readers by clean name; of names that a file system may confuse none is read.

    Raises:
        NotLoaded: there are too many.
    """
    named = [(clean(name), reader) for name, reader in members]
    beside = cluttered(name for name, _ in named)
    named = [(name, reader) for name, reader in named if name not in beside]
    if len(named) > MAX_ENTRIES:
        raise _refused(archive, f"has more than {MAX_ENTRIES:,} entries")
    top = common_folder(name for name, _ in named)
    named = [(name.removeprefix(top), reader) for name, reader in named]
    counts = Counter(same(name) for name, _ in named)
    return {
        name: reader if counts[same(name)] == 1 else partial(_refuse_twin, name)
        for name, reader in named
    }


def _refuse_twin(name: str, limit: int) -> bytes:  # noqa: ARG001 (it is a Reader)
    raise faults.NotLoaded(
        f"{posixpath.basename(name)} is in the archive more than once (capital letters do not "
        "tell two apart); pack one."
    )
