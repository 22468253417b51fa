"""Proof by content that a copy for students has no solution in it.

Whatever stands in ``solutions/`` and not in the public part of the course is secret, line by line:
references, hidden checks, wrong answers. No file of a copy may have such a line, under whatever
name, be it in a wheel, an archive or a notebook.
"""

import ast
import gzip
import html
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fmnist import course
from fmnist.exercises import catalog
from fmnist.exercises.catalog import Exercise
from fmnist.release.packing import Files, ReleaseError
from fmnist.tools import zips

PUBLIC = ("book", "exercises", "fmnist")
TEXTS = (
    *(".css", ".html", ".ini", ".jinja", ".js", ".md", ".py", ".sh", ".svg", ".template"),
    *(".toml", ".yml"),
)
LONG = 20  # characters; a shorter line is found as a whole line only
TELLING = 12  # characters of a line that two files hardly have in common by chance
COPIED = 0.5  # a file with more than this share of a solution is a copy of it


class Secrets:
    """The lines that no student may see.

    Attributes:
        lines: the solution that each stands in; space within a line is one blank.
    """

    def __init__(self) -> None:
        exercises = catalog.load()
        for exercise in exercises:
            _refuse_solved_stub(exercise)
        solutions = _lines_of_files(sorted(course.SOLUTIONS.rglob("*.py")))
        public = _lines_of_files(_public_files())
        copies = _copies(solutions, public, exercises)
        text = " ".join(_text(path) for path in public if path not in copies)
        known = {line for path in public if path not in copies for line in public[path]}
        self.lines = {
            line: path.relative_to(course.ROOT).as_posix()
            for path, lines in solutions.items()
            for line in lines - known
        }
        self._long: dict[str, list[str]] = {}
        for line in self.lines:
            if len(line) >= LONG:
                self._long.setdefault(line[:LONG], []).append(line)
        for line in self._within(_flat(text)):  # part of a longer line
            del self.lines[line]
            self._long[line[:LONG]].remove(line)

    def leaks(self, name: str, content: bytes) -> Iterator[str]:
        """Yield in words what a file shows that it must not.

        Args:
            name: of the file, for the words.
            content: of the file; archives are opened, archives in archives, too.
        """
        packed = _unpacked(content)
        if packed is not None:
            for inner, inside in packed.items():
                yield from self.leaks(f"{name}: {inner}", inside)
            return
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            yield f"{name} is neither text nor an archive, so nobody can say what is in it"
            return
        for shown in _as_read(text):
            lines = set(map(_flat, shown.splitlines()))
            seen = sorted({*lines & self.lines.keys(), *self._within(_flat(shown))})
            for line in seen:
                yield f"{name} has a line of {self.lines[line]}: {line}"

    def _within(self, flat: str) -> set[str]:
        """Return the long lines that stand anywhere in a text."""
        return {
            line
            for place in range(len(flat) - LONG + 1)
            for line in self._long.get(flat[place : place + LONG], ())
            if flat.startswith(line, place)
        }


def prove(files: Files) -> None:
    """Look through a release for students.

    Raises:
        ReleaseError: it has a line of a solution.
    """
    secrets = Secrets()
    for name, content in files.items():
        for leak in secrets.leaks(name, content):
            raise ReleaseError(f"Nothing is released: {leak[:300]}")


def gaps(tree: ast.AST) -> list[ast.Raise]:
    """Return the statements that raise NotImplementedError, in their order."""
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    gaps = [node for node in raised if f"id={NotImplementedError.__name__!r}" in ast.dump(node)]
    return sorted(gaps, key=lambda node: node.lineno)


def _refuse_solved_stub(exercise: Exercise) -> None:
    """Refuse to take for public what an author tried in place of a stub."""
    try:
        tree = ast.parse(exercise.stub.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        tree = ast.Module([], [])
    if not gaps(tree):
        raise ReleaseError(
            f"{exercise.stub.relative_to(course.ROOT)} is no stub: nothing in it raises "
            "NotImplementedError. If it is solved, type: git restore exercises/"
        )


def _public_files() -> list[Path]:
    inside = [path for part in PUBLIC for path in sorted((course.ROOT / part).rglob("*"))]
    beside = [course.ROOT / name for name in ("LICENSE", "README.md", "pyproject.toml")]
    return [path for path in (*inside, *beside) if path.suffix in TEXTS or path in beside]


def _lines_of_files(paths: list[Path]) -> dict[Path, set[str]]:
    return {
        path: set(map(_flat, _text(path).splitlines())) - {""} for path in paths if path.is_file()
    }


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _copies(
    solutions: dict[Path, set[str]], public: dict[Path, set[str]], exercises: tuple[Exercise, ...]
) -> set[Path]:
    """Return the files that hold most of a solution, and so are not public, wherever they lie."""
    shown = {
        exercise.name: public[exercise.stub] | public.get(exercise.public_checks, set())
        for exercise in exercises
    }
    copies = set()
    for path, lines in solutions.items():
        names = {path.stem, path.stem.removeprefix("hidden_"), path.parent.name}
        own = {line for line in lines if len(line) >= TELLING}
        own -= set().union(*(shown[name] for name in names & shown.keys()))
        copies |= {file for file, have in public.items() if len(own & have) > COPIED * len(own)}
    return copies


def _as_read(text: str) -> Iterator[str]:
    """Yield a text as it stands, and as it is read where it is JSON or HTML."""
    yield text
    if "&" in text:
        yield html.unescape(text)
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield "\n".join(_strings(json.loads(text)))
        except ValueError:  # it only begins so
            return


def _strings(value: Any) -> Iterator[str]:
    """Yield all texts of a JSON document; of a list of lines, as of a cell's, they are one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield "".join(part for part in value if isinstance(part, str))
        for part in value:
            yield from _strings(part)
    elif isinstance(value, dict):
        for part in (*value, *value.values()):
            yield from _strings(part)


def _unpacked(content: bytes) -> Files | None:
    """Return what is in an archive; None if it is none."""
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
        return _unpacked(content) or {"": content}
    stream = io.BytesIO(content)
    if zipfile.is_zipfile(stream):
        return zips.unzipped(content)
    stream.seek(0)
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
            return {name: file.read() for name, file in files.items() if file}
    except tarfile.TarError:
        return None
