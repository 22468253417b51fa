"""A copy of the course as students get it: what came with it, and how a newer one is taken over.

    <copy>/README.md, wheels/, notebooks/, ...     see `fmnist.release.student`
    <copy>/exercises/                              a student's folder, see `workspace`
    <copy>/exercises/.fmnist/copy.json             sums of all files of the copy as they came

What a student wrote is never lost: an answer, a notebook or a text that was edited stays as it
is, and an edited check is kept beside the new one.
"""

import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fmnist.exercises import workspace
from fmnist.exercises.workspace import MARK, READABLE, Workspace, WorkspaceError
from fmnist.tools import keeping
from fmnist.tools.user_errors import writing

FOLDER = "exercises"
MANIFEST = f"{FOLDER}/{MARK}/copy.json"
SHIPPED = f"{FOLDER}/{MARK}/shipped.json"
MAX_FILE = 100_000_000  # bytes of one file of a copy

Files = dict[str, bytes]
# What became of a file.
ADDED, UPDATED, KEPT, REPLACED, REMOVED, GONE = "added updated kept replaced removed gone".split()


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came.

    Attributes:
        assignment: whose exercises are in the copy; empty for the whole course.
        files: sum of each file, see `workspace.sum_of`, by its name relative to the copy.
    """

    assignment: str = ""
    files: dict[str, str] = {}


def sealed(files: Files, assignment: str) -> Files:
    """Return the files of a copy with the two lists of their sums."""
    inside = f"{FOLDER}/"
    shipped = {
        name.removeprefix(inside): workspace.sum_of(content)
        for name, content in files.items()
        if name.startswith(inside)
    }
    whole = files | {SHIPPED: _encoded(shipped)}
    sums = {name: workspace.sum_of(content) for name, content in whole.items()}
    return whole | {MANIFEST: _encoded(Manifest(assignment, sums))}


def wheel(folder: Workspace) -> Path | None:
    """Return the installable package of the copy that a folder is in; None if it is in none."""
    return next(iter(sorted(folder.path.parent.glob("wheels/fmnist-*.whl"))), None)


def is_ahead(folder: Workspace) -> bool:
    """Return whether the folder came from another version of the course than is installed.

    Raises:
        WorkspaceError: the sums of its files cannot be read.
    """
    shipped = workspace.shipped(folder.path)
    return any(
        shipped.get(f"{one.phase}/{path.name}", content) != content
        for one in folder.exercises()
        for path in (one.stub, one.public_checks)
        for content in [workspace.content_of(path)]
    )


def read(place: Path) -> Files:
    """Return the files of a copy as it came: a folder, or an archive of one.

    Raises:
        WorkspaceError: it is no copy, or is not as it came.
    """
    try:
        files = _in_folder(place) if place.is_dir() else _in_archive(place)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WorkspaceError(f"{place} cannot be read: {reason}.") from None
    manifest = _decoded(files[MANIFEST], place)
    for name, sum_ in manifest.files.items():
        if name not in files or workspace.sum_of(files[name]) != sum_:
            what = "was changed" if name in files else "is missing"
            raise WorkspaceError(
                f"{place} is not as it came: {name} {what}. Download the copy again."
            )
    return files


def update(folder: Workspace, new: Files) -> Iterator[tuple[str, str]]:
    """Take a newer copy over into the one that a student works in.

    Args:
        folder: of the student, in a copy.
        new: what `read` returned.

    Yields:
        each file that is not as before, with what was done: "added"; "updated": it was as it had
        come; "kept": it was edited, and the new one is another; "replaced": a check, and the
        student's is beside it; "removed": an older package; "gone": the new copy has no such file,
        and it was left.

    Raises:
        WorkspaceError: the folder is in no copy, or cannot be written.
    """
    home = folder.path.parent
    if wheel(folder) is None:
        raise WorkspaceError(
            f"{folder.path} is no part of a copy of the course. In a checkout, type: fmnist start "
            f"{folder.path}"
        )
    with writing(home, WorkspaceError), keeping.alone(folder.path / MARK / "lock"):
        before = folder.path / MARK / "copy.json"
        known = _decoded(before.read_bytes(), before) if before.is_file() else Manifest()
        manifest = _decoded(new[MANIFEST], home)
        shipped = workspace.shipped(folder.path)
        sums = {f"{FOLDER}/{name}": sum_ for name, sum_ in shipped.items()} | known.files
        for name, sum_ in manifest.files.items():
            if name == SHIPPED:
                continue
            path = _place(folder, name)
            done = _taken_over(path, new[name], sum_, sums.get(name, ""))
            if done:
                yield name, done
        yield from _left(folder, known, manifest, sums)
        again = manifest.assignment == known.assignment
        kept = {} if again else known.files
        came = msgspec.json.decode(new[SHIPPED], type=dict[str, str])
        keeping.write_whole(
            folder.path / MARK / "shipped.json",
            _encoded(came if again else shipped | came),
            mode=READABLE,
        )
        merged = Manifest(manifest.assignment, kept | manifest.files)
        keeping.write_whole(before, _encoded(merged), mode=READABLE)


def _taken_over(path: Path, content: bytes, sum_: str, came: str) -> str:
    """Put a file of the new copy in its place; return what was done, empty if nothing."""
    present = workspace.content_of(path)
    if present == sum_:
        return ""
    if present and present != came:
        if came == sum_:  # the student's own, and there is nothing new
            return ""
        if not (path.name.startswith("test_") and path.suffix == ".py"):
            return KEPT
        names = (path.with_name(f"{path.name}.kept-{k}") for k in itertools.count(1))
        path.rename(next(name for name in names if not name.exists()))
    path.parent.mkdir(parents=True, exist_ok=True)
    keeping.write_whole(path, content, mode=READABLE)
    if not present:
        return ADDED
    return UPDATED if present == came else REPLACED


def _left(
    folder: Workspace, known: Manifest, manifest: Manifest, sums: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what the new copy does not have; of that, older packages are removed."""
    for path in sorted(folder.path.parent.glob("wheels/fmnist-*.whl")):
        name = f"wheels/{path.name}"
        if name not in manifest.files and name in sums:
            path.unlink()
            yield name, REMOVED
    if manifest.assignment == known.assignment:
        for name in known.files.keys() - manifest.files.keys():
            if _place(folder, name).is_file():
                yield name, GONE


def _place(folder: Workspace, name: str) -> Path:
    """Return where a file of a copy lies; a student may have given the folder another name."""
    inside = f"{FOLDER}/"
    if name.startswith(inside):
        return folder.path / name.removeprefix(inside)
    return folder.path.parent / name


def _in_folder(place: Path) -> Files:
    tops = [place, place.parent, *sorted(path for path in place.iterdir() if path.is_dir())]
    top = next((top for top in tops if (top / MANIFEST).is_file()), None)
    if top is None:
        raise _no_copy(place)
    manifest = _decoded((top / MANIFEST).read_bytes(), place)
    names = [name for name in (MANIFEST, *manifest.files) if (top / name).is_file()]
    return {name: (top / name).read_bytes() for name in names}


def _in_archive(place: Path) -> Files:
    with zipfile.ZipFile(place) as archive:
        names = archive.namelist()
        tops = [
            name.removesuffix(MANIFEST) for name in names if f"/{name}".endswith(f"/{MANIFEST}")
        ]
        if not tops:
            raise _no_copy(place)
        top = min(tops, key=len)
        manifest = _decoded(archive.read(top + MANIFEST), place)
        if any(file.file_size > MAX_FILE for file in archive.infolist()):
            raise WorkspaceError(f"{place} has a file of more than {MAX_FILE:,} bytes.")
        wanted = [name for name in (MANIFEST, *manifest.files) if top + name in names]
        return {name: archive.read(top + name) for name in wanted}


def _no_copy(place: Path) -> WorkspaceError:
    return WorkspaceError(f"{place} is no copy of the course: it has no {MANIFEST}.")


def _decoded(content: bytes, place: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise WorkspaceError(f"{place}: {MANIFEST} is damaged ({error}).") from None
    for name in manifest.files:
        if {"..", ""} & {*name.split("/")} or {":", "\\"} & {*name}:
            raise WorkspaceError(f"{place}: {MANIFEST} names {name!r}, which is outside a copy.")
    return manifest


def _encoded(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
