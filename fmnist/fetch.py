"""Get the four files of Fashion-MNIST, and let nothing else pass for them.

A source is tried after another until the four files stand in the cache, unpacked: the folder
named by `FMNIST_DATA` (if set, the only source), folders of the system, mirrors on the web, and
Debian's package. What counts is the SHA-256 of the unpacked content: gzip files of the same
content differ in their headers, and the digits of MNIST come in files of the same names.

Source: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747, for the data. The sums are those of
the unpacked files in the repository zalandoresearch/fashion-mnist since 31 August 2017, when
duplicates were removed.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from fmnist import paths


@dataclass(frozen=True)
class File:
    """One of the four files, unpacked.

    Attributes:
        name: without ".gz".
        size: in bytes.
        sha256: of the content, in hexadecimal.
    """

    name: str
    size: int
    sha256: str


FILES = (
    File(
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    File(
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    File(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    File(
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
)
SYSTEM_FOLDERS = (
    Path("/usr/share/datasets/fashion-mnist"),
    Path("/usr/local/share/datasets/fashion-mnist"),
)
MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
)
DEBIAN_PACKAGE = "dataset-fashion-mnist"
CHUNK = 2**20

Say = Callable[[str], None]


class FetchError(Exception):
    """The data cannot be had; the message says what was tried and what to do next."""


class NotThisFile(Exception):
    """A file is damaged, or another one; the message gives expected and received."""


def folder() -> Path:
    """Return the folder of the cache in which the four unpacked files stand."""
    return paths.cache() / "data"


def fetch(say: Say = lambda _: None, *, mirrors: tuple[str, ...] = MIRRORS) -> Path:
    """Make sure that the four verified files are in the cache, and return their folder.

    Args:
        say: is told each step.
        mirrors: addresses of folders with the gzip files.

    Raises:
        FetchError: no source has them, or `FMNIST_DATA` is set and lacks a good one.
    """
    target = folder()
    missing = [file for file in FILES if not _is_good(target / file.name, file)]
    if not missing:
        say(f"Already there, verified: {target}")
        return target
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"{target} cannot be made: {error.strerror}. Set FMNIST_CACHE.") from None
    chosen = os.environ.get("FMNIST_DATA")
    if chosen:
        try:
            _take_from_folder(Path(chosen), missing, target)
        except (NotThisFile, _NotThere, OSError) as error:
            raise FetchError(
                f"FMNIST_DATA is set, so nothing else is tried: {error}. Mend that folder or "
                "unset FMNIST_DATA."
            ) from None
        say(f"Taken from FMNIST_DATA: {chosen}")
        return target
    tried = []
    for name, take in _sources(mirrors):
        say(f"Trying {name} ...")
        try:
            take(missing, target)
        except (NotThisFile, OSError, urllib3.exceptions.HTTPError, _NotThere) as error:
            tried.append(f"{name}: {error}")
            continue
        say(f"Taken from {name}, verified: {target}")
        return target
    raise FetchError(
        "Fashion-MNIST could not be had. Tried "
        + "; ".join(tried)
        + ". Put the four files into a folder and set FMNIST_DATA to it."
    )


class _NotThere(Exception):
    """A source does not exist here."""


def _sources(mirrors: tuple[str, ...]) -> Iterator[tuple[str, Callable[[list[File], Path], None]]]:
    for place in SYSTEM_FOLDERS:
        if place.is_dir():
            yield (
                str(place),
                lambda files, target, place=place: _take_from_folder(place, files, target),
            )
    for mirror in mirrors:
        yield (
            mirror,
            lambda files, target, mirror=mirror: _take_from_mirror(mirror, files, target),
        )
    yield f"Debian's package {DEBIAN_PACKAGE}", _take_from_debian


def _take_from_folder(place: Path, files: list[File], target: Path) -> None:
    """Take the files, packed or not, from a folder."""
    for file in files:
        packed, unpacked = place / f"{file.name}.gz", place / file.name
        source = packed if packed.exists() else unpacked
        if not source.exists():
            raise _NotThere(f"{place} has neither {packed.name} nor {unpacked.name}")
        try:
            with source.open("rb") as stream:
                _store(file, stream, target, packed=source == packed)
        except NotThisFile as error:
            raise NotThisFile(f"{source}: {error}") from None


def _take_from_mirror(address: str, files: list[File], target: Path) -> None:
    retries = urllib3.Retry(total=2, connect=1, backoff_factor=0.3, status_forcelist=[500, 503])
    timeout = urllib3.Timeout(connect=4, read=15)
    with urllib3.PoolManager(retries=retries, timeout=timeout) as pool:
        for file in files:
            response = pool.request("GET", f"{address}/{file.name}.gz", preload_content=False)
            try:
                if response.status != 200:
                    raise _NotThere(f"{file.name}.gz: HTTP status {response.status}")
                _store(file, response, target, packed=True)
            finally:
                response.release_conn()


def _take_from_debian(files: list[File], target: Path) -> None:
    """Download the package with apt into the cache and unpack it; the system stays as it is."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise _NotThere("apt-get and dpkg-deb are not installed")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="apt-") as name:
        private = Path(name)
        for part in ("lists/partial", "cache/archives/partial"):
            (private / part).mkdir(parents=True)
        options = [
            f"-oDir::State::Lists={private}/lists",
            f"-oDir::Cache={private}/cache",
            "-oDebug::NoLocking=1",
            "-oAPT::Sandbox::User=",  # the private folders belong to whoever runs this
            "-oAcquire::Languages=none",
            "-oAcquire::http::Timeout=15",
            "-qq",
        ]
        _run(["apt-get", *options, "update"], private)
        _run(["apt-get", *options, "download", DEBIAN_PACKAGE], private)
        packages = list(private.glob(f"{DEBIAN_PACKAGE}_*.deb"))
        if not packages:
            raise _NotThere("apt-get downloaded no package")
        _run(["dpkg-deb", "--extract", str(packages[0]), "content"], private)
        _take_from_folder(private / "content/usr/share/datasets/fashion-mnist", files, target)


def _run(command: list[str], where: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (our own commands)
            command, cwd=where, capture_output=True, text=True, timeout=300, check=False
        )
    except subprocess.TimeoutExpired:
        raise _NotThere(f"{command[0]} took longer than 300 s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise _NotThere(f"{' '.join(command[:1])} failed: {lines[-1]}")


def _store(file: File, stream, target: Path, *, packed: bool) -> None:
    """Unpack `stream` beside the good files and move it among them once it is verified.

    Raises:
        NotThisFile: the content is not that of `file`.
    """
    with _written_whole(target / file.name) as out:
        digest, size = hashlib.sha256(), 0
        try:
            content = gzip.GzipFile(fileobj=stream) if packed else stream
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > file.size:
                    raise NotThisFile(f"expected {file.size:,} bytes unpacked, received more")
                digest.update(chunk)
                out.write(chunk)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise NotThisFile(f"not a whole gzip file: {error}") from None
        if size != file.size:
            raise NotThisFile(f"expected {file.size:,} bytes unpacked, received {size:,}")
        if digest.hexdigest() != file.sha256:
            raise NotThisFile(
                f"expected SHA-256 {file.sha256[:16]}..., received {digest.hexdigest()[:16]}...: "
                "another data set or a damaged file"
            )


@contextmanager
def _written_whole(path: Path):
    """Yield a file that becomes `path` if the block succeeds, and nothing otherwise."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".fetching-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_good(path: Path, file: File) -> bool:
    try:
        return verified(path, file) is not None
    except (OSError, NotThisFile):
        return False


def verified(path: Path, file: File) -> bytes:
    """Return the content of an unpacked file.

    Raises:
        FileNotFoundError: there is no such file.
        NotThisFile: its size or its sum is wrong.
    """
    content = path.read_bytes()
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise NotThisFile(f"{path} is damaged; remove it and type: fmnist fetch")
    return content
