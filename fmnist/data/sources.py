"""The four files as they were published, and the places from which they can be had.

A source hands over blocks of bytes, packed or not, and judges nothing: whoever keeps them does.
It raises `NotThere`, `NotThisFile` or `download.DownloadError`, and no OSError for what is wrong
on its side; an OSError means that there is no writing here.

Source: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747, for the data. The sums are those of
the unpacked files in the repository zalandoresearch/fashion-mnist since 31 August 2017, when
duplicates were removed.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fmnist.data import download


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
# What the files of MNIST contain, which have the same names and sizes.
DIGITS = frozenset(
    {
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    }
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
BLOCK = 2**20  # bytes read at a time from a disk
APT_ROOM = 200 * 2**20  # bytes that package lists, package and its content take for a while
APT_START, APT_STILL, APT_WHOLE = 20, 60, 300  # seconds: to a first byte, without one, in all
TEMPORARY = ".fetching-"  # how the name of all begins that a fetch leaves if it is killed

Say = Callable[[str], None]
Progress = Callable[[str, int, int | None], None]  # of what, bytes so far, bytes in all if known
Keep = Callable[[File, Iterable[bytes], bool], None]  # which file, its blocks, are they packed


class NotThere(Exception):
    """A source, or a file of it, does not exist here; the message says which."""


class NotThisFile(Exception):
    """A file is damaged, or another one; the message gives expected and received."""


def from_folder(place: Path, files: Iterable[File], keep: Keep) -> None:
    """Hand over files, packed or not, from a folder; of a file that is there twice, both.

    Raises:
        NotThere: a file is missing or cannot be read.
        NotThisFile: `keep` refused one; the message names it.
    """
    for file in files:
        packed, unpacked = place / f"{file.name}.gz", place / file.name
        found = [path for path in (packed, unpacked) if path.is_file()]
        if not found:
            raise NotThere(f"{place} has neither {packed.name} nor {unpacked.name}")
        for path in found:
            try:
                with closing(_read(path)) as blocks:
                    keep(file, blocks, path == packed)
            except NotThisFile as error:
                raise NotThisFile(f"{path}: {error}") from None


def _read(path: Path) -> Generator[bytes, None, None]:
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                yield block
    except OSError as error:
        raise NotThere(f"{path} cannot be read: {error.strerror}") from None


def from_mirror(
    address: str, files: Iterable[File], keep: Keep, *, say: Say, limits: download.Limits
) -> None:
    """Hand over packed files from a folder of the web, trying again where that may help.

    Raises:
        download.DownloadError: a file cannot be had; the message names it.
        NotThisFile: `keep` refused one; the message names it.
    """
    for file in files:
        deadline = time.monotonic() + limits.whole
        for attempt in range(1, limits.tries + 1):
            source = download.blocks(f"{address}/{file.name}.gz", limits, deadline=deadline)
            try:
                with closing(source) as blocks:
                    keep(file, blocks, True)
                break
            except NotThisFile as error:
                raise NotThisFile(f"{file.name}.gz: {error}") from None
            except download.Interrupted as error:
                if attempt == limits.tries:
                    message = f"{file.name}.gz: {error}, at each of {attempt} tries"
                    raise download.DownloadError(message) from None
                say(f"{file.name}.gz: {error}; trying again ...")
                time.sleep(limits.pause * 2 ** (attempt - 1))
            except download.DownloadError as error:
                raise download.DownloadError(f"{file.name}.gz: {error}") from None


def from_debian(files: Iterable[File], keep: Keep, *, room: Path, progress: Progress) -> None:
    """Hand over files from a package, downloaded by apt and unpacked; the system stays as it is.

    Args:
        files: to hand over.
        keep: takes them.
        room: a folder in which to work; nothing stays.
        progress: is told the bytes that apt has written.

    Raises:
        NotThere: there is no apt, no package, or no network; the message has apt's last line.
        NotThisFile: `keep` refused a file; the message names it.
    """
    with _apt(room, progress) as (private, options):
        _run(["apt-get", *options, "download", DEBIAN_PACKAGE], private, progress)
        packages = list(private.glob(f"{DEBIAN_PACKAGE}_*.deb"))
        if not packages:
            raise NotThere("apt-get downloaded no package")
        _run(["dpkg-deb", "--extract", str(packages[0]), "content"], private, progress)
        from_folder(private / "content/usr/share/datasets/fashion-mnist", files, keep)


def debian_offers() -> bool:
    """Return whether apt can reach the package now; takes some seconds and changes nothing."""
    try:
        with _apt(Path(tempfile.gettempdir()), lambda *_: None) as (private, options):
            command = ["apt-get", *options, "download", "--print-uris", DEBIAN_PACKAGE]
            _run(command, private, lambda *_: None)
    except (NotThere, OSError):
        return False
    return True


@contextmanager
def _apt(room: Path, progress: Progress) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder with fresh package lists, and the options with which apt works in it alone."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise NotThere("apt-get and dpkg-deb are not installed")
    if (free := shutil.disk_usage(room).free) < APT_ROOM:
        raise NotThere(f"apt needs {megabytes(APT_ROOM)} in {room}, free are {megabytes(free)}")
    with tempfile.TemporaryDirectory(
        dir=room, prefix=f"{TEMPORARY}apt-", ignore_cleanup_errors=True
    ) as name:
        private = Path(name)
        for part in ("lists/partial", "cache/archives/partial"):
            (private / part).mkdir(parents=True)
        options = [
            f"-oDir::State::Lists={private}/lists",
            f"-oDir::Cache={private}/cache",
            "-oDebug::NoLocking=1",
            "-oAPT::Sandbox::User=",  # the private folders belong to whoever runs this
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=1",
            "-oAcquire::http::Timeout=10",
            "-qq",
        ]
        _run(["apt-get", *options, "update"], private, progress)
        yield private, options


def _run(command: list[str], where: Path, progress: Progress) -> None:
    """Run a command that writes below `where`, as long as it does."""
    step = f"{command[0]} {'update' if 'update' in command else ''}".strip()
    with (where / "messages").open("w+") as messages:
        try:
            process = subprocess.Popen(  # noqa: S603 (our own commands)
                command,
                cwd=where,
                env=os.environ | {"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=messages,
            )
        except OSError as error:
            raise NotThere(f"{command[0]} does not start: {error.strerror}") from None
        try:
            _watch(process, step, where, progress)
        finally:
            process.kill()  # of one that has ended nothing is left to be killed
            process.wait()
        if process.returncode:
            messages.seek(0)
            lines = messages.read().strip().splitlines() or ["no message"]
            raise NotThere(f"{command[0]} failed: {lines[-1]}")


def _watch(process: subprocess.Popen, step: str, where: Path, progress: Progress) -> None:
    started = changed = time.monotonic()
    size = before = _size(where)
    patience = APT_START if not size else APT_STILL  # later steps have lists to read first
    while process.poll() is None:
        try:
            process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            now, grown = time.monotonic(), _size(where)
            if grown != size:
                size, changed, patience = grown, now, APT_STILL
                progress(step, max(0, size - before), None)
            if now - changed > patience:
                raise NotThere(f"{step}: nothing arrived in {now - changed:.0f} s") from None
            if now - started > APT_WHOLE:
                raise NotThere(f"{step} took longer than {APT_WHOLE} s") from None


def _size(folder: Path) -> int:
    """Return the bytes of all files below a folder in which another program is at work."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except OSError:  # moved in the meantime
                continue
    return total


def megabytes(size: int) -> str:
    """Return a number of bytes in words, such as "55 MB"."""
    return f"{size / 1e6:,.0f} MB"
