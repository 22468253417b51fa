"""A student's file as text, read without trusting it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fmnist.answer.faults import Missing, NotLoaded

MAX_SOURCE = 256 * 1024  # bytes; a source of megabytes takes seconds to compile


def read_source(path: Path) -> str:
    """Return the text of a Python file.

    Raises:
        Missing: there is no such file.
        NotLoaded: it is a link, no regular file, too large or not UTF-8.
    """
    with os.fdopen(open_regular(path, path.name), "rb") as file:
        raw = file.read(MAX_SOURCE + 1)
    if len(raw) > MAX_SOURCE:
        raise NotLoaded(f"{path.name} is larger than {MAX_SOURCE:,} bytes.")
    return decoded(raw, path.name)


def open_regular(path: Path, name: str, below: Path | None = None) -> int:
    """Open a file that is no link, no device and no FIFO, without waiting for anybody.

    Args:
        path: of the file.
        name: that messages call it.
        below: a folder above it, from which on no folder may be a link either, not even one that
            is put there meanwhile.

    Returns:
        a descriptor for reading.

    Raises:
        Missing: there is no such file.
        NotLoaded: it is of another kind, or not readable.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with _folder_of(path, below) as folder:
            descriptor = os.open(path if folder is None else path.name, flags, dir_fd=folder)
    except FileNotFoundError:
        raise Missing(f"There is no file {name}.") from None
    except OSError as error:
        raise NotLoaded(f"{name} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotLoaded(f"{name} is not a regular file.")
    return descriptor


@contextmanager
def _folder_of(path: Path, below: Path | None) -> Iterator[int | None]:
    """Yield a descriptor of a file's folder, which was reached without a link; None if any will do.

    Raises:
        OSError: there is no such way.
    """
    if below is None or os.open not in os.supports_dir_fd:
        yield None
        return
    flags = os.O_RDONLY | os.O_DIRECTORY
    descriptor = os.open(below, flags)
    try:
        for part in path.relative_to(below).parts[:-1]:
            inner = os.open(part, flags | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def decoded(raw: bytes, name: str) -> str:
    """Return the text of a Python file's bytes, with line ends as on Unix.

    Raises:
        NotLoaded: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise NotLoaded(
            f"{name} is not UTF-8 (byte {error.start}); save it with that encoding."
        ) from None
