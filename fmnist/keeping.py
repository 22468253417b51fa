"""Keeping what was made: a file whole or not at all, and a hash of what a module does."""

import ast
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

TEMPORARY = ".writing-"  # how the name of what is not finished begins


def write_whole(
    path: Path,
    write: Callable[[IO[bytes]], object],
    *,
    temporary: str = TEMPORARY,
    mode: int = 0o600,
) -> None:
    """Have a file written beside its place and moved there: it is whole or as before.

    Args:
        path: of the file; its folder exists.
        write: writes the content to a file that is open for bytes.
        temporary: how the name of the unfinished file begins.
        mode: who may read and write it.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
    """
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=temporary)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
        Path(unfinished).chmod(mode)
        Path(unfinished).replace(path)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def code_hash(path: Path, *, messages: bool = True) -> str:
    """Return a hash of what a module does: 16 hexadecimal digits.

    Comments, docstrings and layout decide nothing and do not change it. Neither does the version
    of Python, though `ast.dump` differs between versions.

    Args:
        path: of the module.
        messages: whether what an exception says counts; false where it is only for people.
    """
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if not messages and isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc = node.exc.func
    return text_hash(_said(tree))


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
