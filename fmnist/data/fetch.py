"""Get the four files of Fashion-MNIST, and let nothing else pass for them.

A source is tried after another until the four files stand in the cache, unpacked: the folder
named by `FMNIST_DATA` (if set, the only source), folders of the system, mirrors on the web, and
Debian's package. What counts is the SHA-256 of the unpacked content: gzip files of the same
content differ in their headers, and the digits of MNIST come in files of the same names.

A file is written beside the others under a temporary name and moved to its own once it is
verified, by one process at a time: a file in its place is whole, and a good one is never replaced.
"""

import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from fmnist import course
from fmnist.data import sources
from fmnist.data.download import LIMITS, DownloadError, Limits
from fmnist.data.sources import File, Keep, NotThere, NotThisFile, Progress, Say
from fmnist.tools import keeping

CHUNK = 2**20  # bytes unpacked at a time
PACKED_MORE = 2**20  # bytes by which a gzip file may be longer than its content
ROOM = 16 * 2**20  # bytes that must stay free on the disk
LOCK = ".lock"  # in the folder of the files, which several caches may share
WAIT = 1800  # seconds for another process to finish


class FetchError(Exception):
    """The data cannot be had; the message says what was tried and what to do next."""


def folder() -> Path:
    """Return the folder of the cache in which the four unpacked files stand."""
    return course.cache() / "data"


def fetch(
    say: Say = lambda _: None,
    *,
    mirrors: tuple[str, ...] = sources.MIRRORS,
    progress: Progress = lambda *_: None,
    limits: Limits = LIMITS,
) -> Path:
    """Make sure that the four verified files are in the cache, and return their folder.

    Args:
        say: is told each step.
        mirrors: addresses of folders with the gzip files.
        progress: is told, many times a second, of what how many bytes are done, of how many.
        limits: of time and tries for a download.

    Raises:
        FetchError: no source has them, `FMNIST_DATA` is set and something is wrong with it, or
            the cache cannot be written.
    """
    target, chosen = folder(), chosen_folder()
    if not missing():
        if chosen:
            check_folder(chosen)
        say(f"Already there, verified: {target}")
        return target
    places = _sources(mirrors, say, progress, limits, target)
    waiting = partial(say, "Another process is fetching the images; waiting for it ...")
    try:
        with keeping.alone(target / LOCK, wait=WAIT, on_wait=waiting):
            _fetch(target, chosen, places, say, progress)
    except keeping.Busy:
        raise FetchError(
            f"Another process has been fetching the images for {WAIT / 60:g} minutes. End it "
            f"and type: fmnist fetch (its lock is {target / LOCK})"
        ) from None
    except OSError as error:  # what is wrong with a source is no OSError
        raise FetchError(
            f"{target} cannot be written: {error.strerror or error}. Free some space there or set "
            "FMNIST_CACHE to another folder."
        ) from None
    return target


def missing() -> list[File]:
    """Return which of the four files are not in the cache, or damaged there."""
    return [file for file in sources.FILES if not _is_good(file)]


def read(part: str) -> list[bytes]:
    """Return the content of images and labels of one published part, "train" or "t10k".

    Raises:
        FetchError: they are not in the cache, or damaged; the message says what to type.
    """
    return [_verified(file) for file in sources.FILES if file.name.startswith(part)]


def chosen_folder() -> Path | None:
    """Return the folder that `FMNIST_DATA` names, or None."""
    chosen = os.environ.get("FMNIST_DATA")
    return Path(chosen).expanduser() if chosen else None


def check_folder(place: Path) -> None:
    """Make sure that the folder of `FMNIST_DATA` has the four files.

    Raises:
        FetchError: something is wrong with it.
    """
    _take_chosen(place, lambda file, blocks, packed: _exhaust(_content(file, blocks, packed)))


Take = Callable[[tuple[File, ...], Keep], None]


def _fetch(
    target: Path,
    chosen: Path | None,
    places: Iterable[tuple[str, Take]],
    say: Say,
    progress: Progress,
) -> None:
    """Fetch what is missing; no other process does at the same time."""
    keeping.clear(target, sources.TEMPORARY)  # what processes left that were killed
    wanted = missing()
    if not wanted:
        say(f"Fetched by another process, verified: {target}")
    needed, free = sum(file.size for file in wanted) + ROOM, shutil.disk_usage(target).free
    if free < needed:
        raise FetchError(
            f"The disk is full: {target} needs {sources.megabytes(needed)}, free are "
            f"{sources.megabytes(free)}. Free some space or set FMNIST_CACHE to a folder on "
            "another disk."
        )

    def keep(file: File, blocks: Iterable[bytes], packed: bool) -> None:
        chunks = _content(file, blocks, packed)
        if file in wanted:
            _store(file, chunks, target, progress)
            wanted.remove(file)
        else:
            _exhaust(chunks)

    if chosen:
        _take_chosen(chosen, keep)
        say(f"Taken from FMNIST_DATA, verified: {chosen}")
        return
    tried = []
    for name, take in places:
        if not wanted:
            break
        say(f"Trying {name} ...")
        try:
            take(tuple(wanted), keep)
        except (NotThere, NotThisFile, DownloadError) as error:
            tried.append(f"{name}: {error}")
            say(f"  {error}")
        else:
            say(f"Taken from {name}, verified: {target}")
    if wanted:
        raise FetchError(
            "Fashion-MNIST could not be had. Tried "
            + "; ".join(tried)
            + ". Put the four files into a folder and set FMNIST_DATA to it."
        )


def _take_chosen(place: Path, keep: Keep) -> None:
    try:
        if not place.is_dir():
            raise NotThere(f"{place} is no folder")
        sources.from_folder(place, sources.FILES, keep)
    except (NotThisFile, NotThere) as error:
        raise FetchError(
            f"FMNIST_DATA is set, so nothing else is tried: {error}. Mend that folder or "
            "unset FMNIST_DATA."
        ) from None


def _sources(
    mirrors: tuple[str, ...], say: Say, progress: Progress, limits: Limits, room: Path
) -> Iterator[tuple[str, Take]]:
    """Yield the name of each source, and the function that takes files from it."""
    for place in sources.SYSTEM_FOLDERS:
        if place.is_dir():
            yield str(place), partial(sources.from_folder, place)
    for address in mirrors:
        yield address, partial(sources.from_mirror, address, say=say, limits=limits)
    name = f"Debian's package {sources.DEBIAN_PACKAGE}"
    yield name, partial(sources.from_debian, room=room, progress=progress)


def _content(file: File, blocks: Iterable[bytes], packed: bool) -> Iterator[bytes]:
    """Yield the content of what should be `file`; the end is reached only if it was.

    Raises:
        NotThisFile: it is not; the message gives what was expected and what was received.
    """
    digest, size = hashlib.sha256(), 0
    for chunk in _unpacked(file, blocks) if packed else blocks:
        size += len(chunk)
        if size > file.size:
            raise NotThisFile(f"expected {file.size:,} bytes of content, received more")
        digest.update(chunk)
        yield chunk
    if size != file.size:
        raise NotThisFile(f"expected {file.size:,} bytes of content, received {size:,}")
    received = digest.hexdigest()
    if received != file.sha256:
        digits = "the handwritten digits of MNIST, which have the same names"
        raise NotThisFile(
            f"expected SHA-256 {file.sha256[:16]}..., received {received[:16]}...: "
            + (digits if received in sources.DIGITS else "another data set or a damaged file")
        )


def _unpacked(file: File, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a gzip file of one member, in chunks of bounded size."""
    machine, received, most = zlib.decompressobj(wbits=31), 0, file.size + PACKED_MORE
    for block in blocks:
        if not received and not block.startswith(b"\x1f\x8b"):
            what = "a web page" if block.lstrip().startswith(b"<") else "something else"
            raise NotThisFile(f"expected a gzip file, received {what}: {block[:16]!r}...")
        received += len(block)
        if received > most:
            raise NotThisFile(f"expected at most {most:,} bytes of gzip file, received more")
        after = block if machine.eof else b""
        while block and not machine.eof:
            yield _decompressed(machine, block)
            block, after = machine.unconsumed_tail, machine.unused_data
        if after.strip(b"\0"):
            raise NotThisFile("expected one gzip file, received more after its end")
    while not machine.eof and (chunk := _decompressed(machine, b"")):
        yield chunk
    if not machine.eof:
        raise NotThisFile(f"expected a whole gzip file, received its first {received:,} bytes")


def _decompressed(machine, block: bytes) -> bytes:
    try:
        return machine.decompress(block, CHUNK)
    except zlib.error as error:
        raise NotThisFile(f"expected a whole gzip file, received a damaged one: {error}") from None


def _exhaust(chunks: Iterable[bytes]) -> None:
    for _ in chunks:
        pass


def _store(file: File, chunks: Iterable[bytes], target: Path, progress: Progress) -> None:
    """Write a file beside the good ones and move it among them once its content has ended well."""

    def write(out: IO[bytes]) -> None:
        done = 0
        for chunk in chunks:
            out.write(chunk)
            done += len(chunk)
            progress(file.name, done, file.size)

    keeping.write_whole(target / file.name, write, temporary=sources.TEMPORARY, mode=0o644)


def _is_good(file: File) -> bool:
    try:
        _verified(file)
    except (OSError, FetchError):
        return False
    return True


def _verified(file: File) -> bytes:
    """Return the content of a file in the cache."""
    path = folder() / file.name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FetchError(f"{file.name} is not in {folder()}. Type: fmnist fetch") from None
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise FetchError(f"{path} is damaged; remove it and type: fmnist fetch")
    return content
