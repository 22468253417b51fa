"""Keeping what was made: files whole or not at all, one process at a time, hashes of code."""

import ast
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import filelock

from fmnist import course

TEMPORARY = ".writing-"  # how the name of what is not finished begins


class Busy(Exception):
    """Another process holds a lock."""


def write_whole(
    path: Path,
    content: bytes | Callable[[IO[bytes]], object],
    *,
    temporary: str = TEMPORARY,
    mode: int = 0o600,
) -> None:
    """Have a file written beside its place and moved there: it is whole or as before.

    Args:
        path: of the file; its folder exists.
        content: of the file, or a function that writes it to a file that is open for bytes.
        temporary: how the name of the unfinished file begins.
        mode: who may read and write it.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=temporary)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content) if isinstance(content, bytes) else content(file)
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def clear(folder: Path, beginning: str) -> None:
    """Remove the files and folders whose names begin so, such as what a killed process left."""
    for path in folder.glob(f"{beginning}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def alone(
    lock: Path, *, wait: float = -1, on_wait: Callable[[], object] | None = None
) -> Iterator[None]:
    """Hold a lock, which ends with this process however that ends.

    Args:
        lock: file of the lock; its folder is made if it is not there.
        wait: seconds to wait for another process; for ever if negative.
        on_wait: called once if there is one to wait for.

    Raises:
        Busy: another process still holds it.
        OSError: the folder cannot be written.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    holding = filelock.FileLock(lock)
    try:
        try:
            holding.acquire(timeout=0)
        except filelock.Timeout:
            if on_wait:
                on_wait()
            holding.acquire(timeout=wait)
    except filelock.Timeout:
        raise Busy(str(lock)) from None
    try:
        yield
    finally:
        holding.release()


def reached(*modules: str, without: Collection[str] = ()) -> dict[str, Path]:
    """Return name and file of some modules of this package and of all that they import.

    Directly or through one another, at their top or in a function; and the packages they are in.

    Args:
        modules: names, as in "fmnist.training.fit"; those that do not exist are left out.
        without: names of modules and packages at which the search ends: they are left out, and
            what is reached through them alone.
    """
    import grimp  # where nothing is trained, built or graded it is not installed

    graph = grimp.build_graph(course.PACKAGE.name, cache_dir=None)
    for module in without:
        for left_out in (module, *graph.find_descendants(module)):
            graph.remove_module(left_out)
    names: set[str] = set()
    for module in graph.modules.intersection(modules):
        names |= {module} | graph.find_upstream_modules(module)
    names |= {name.rsplit(".", up)[0] for name in names for up in range(1, name.count(".") + 1)}
    files = {}
    for name in sorted(names):
        path = course.PACKAGE.parent.joinpath(*name.split("."))
        files[name] = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return files


def code_hash(path: Path, *, messages: bool = True, of: Collection[str] = ()) -> str:
    """Return a hash of what a module does: 16 hexadecimal digits.

    Comments, docstrings and layout decide nothing and do not change it. Neither does the version
    of Python, though `ast.dump` differs between versions.

    Args:
        path: of the module.
        messages: whether what an exception says counts; false where it is only for people.
        of: names at the module's top; what they do not use, directly or through one another, does
            not count. By default everything does.
    """
    tree = ast.parse(path.read_text("utf-8"))
    if of:
        tree.body = _used(tree.body, of)
    for node in ast.walk(tree):
        if not messages and isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
    return text_hash(_said(tree))


def _used(body: list[ast.stmt], names: Collection[str]) -> list[ast.stmt]:
    """Return the statements of a module that some of its names need: definitions, and imports."""
    defined: dict[str, ast.stmt] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            defined[statement.name] = statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            defined |= {node.id: statement for node in targets if isinstance(node.ctx, ast.Store)}
    wanted, used = [*names], []
    while wanted:
        found = defined.get(wanted.pop())
        if found is not None and found not in used:
            used.append(found)
            wanted += [node.id for node in ast.walk(found) if isinstance(node, ast.Name)]
    return [
        statement
        for statement in body
        if statement in used or isinstance(statement, ast.Import | ast.ImportFrom)
    ]


def text_hash(text: str) -> str:
    """Return 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(node: object) -> str:
    """Return a syntax tree as text: of each node its kind and the fields that hold something.

    Later versions of Python give nodes further fields, which are empty where a module does not
    use what is new: so what is empty is left out.
    """
    if isinstance(node, list):
        return f"[{','.join(map(_said, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}
    fields.pop("kind", None)  # how a text was written: u"" or ""
    if isinstance(
        node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    ) and ast.get_docstring(node, clean=False):
        fields["body"] = node.body[1:]
    if isinstance(node, ast.JoinedStr):
        fields["values"] = _joined(node.values)
    content = ",".join(f"{name}={_said(value)}" for name, value in sorted(fields.items()))
    return f"{type(node).__name__}({content})"


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """Return the parts of an f-string, neighbouring constants as one: versions cut differently."""
    parts: list[ast.expr] = []
    for value in values:
        last = parts[-1] if parts else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            parts[-1] = ast.Constant(f"{last.value!s}{value.value!s}")
        else:
            parts.append(value)
    return [part for part in parts if not (isinstance(part, ast.Constant) and part.value == "")]
