"""What a chapter's outputs depend on besides its own text, as one key for each chapter.

Jupyter's cache knows only the text of the cells: without this, a change in the package, the data
or an installed version would leave old outputs on the page. With one key for all chapters, any
change would run them all again.
"""

import ast
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fmnist import keeping
from fmnist.book import literature
from fmnist.book.sphinxext import chapter_text
from fmnist.data import sources, splits
from fmnist.training import arithmetic, runs, sweep

PACKAGE = Path(__file__).parents[2]
# A chapter that shows source text shows comments too; others do not depend on them.
SHOWS_SOURCE = re.compile(r"\binspect\b|\bgetsource\b|\bhelp\(|__doc__")


def key(text: str) -> str:
    """Return the key of a chapter with this text: 16 hexadecimal digits.

    It changes with the modules of this package that the code cells reach, directly or through
    one another; with the versions of the packages that these import, and of what those require;
    with the sums of the data, the figures of the literature, and the tier; where networks are
    asked for, with their seeds and the arithmetic.
    """
    code = [cell.source for cell in chapter_text.cells(text)]
    modules = reached(code)
    whole = any(SHOWS_SOURCE.search(cell) for cell in code)
    parts: dict[str, Any] = {
        "modules": {name: _hash(file, whole=whole) for name, file in sorted(modules.items())},
        "versions": versions(code, modules.values()),
        "python": sys.version_info[:2],
        "smoke": splits.is_smoke(),
    }
    if "fmnist.data.fetch" in modules:
        parts["data"] = [file.sha256 for file in sources.FILES]
    if "fmnist.training.runs" in modules:
        parts |= {"arithmetic": arithmetic.name(), "seeds": sweep.seeds()}
    if "fmnist.book.literature" in modules:
        parts["literature"] = literature.FILE.read_text("utf-8")
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def reached(code: list[str]) -> dict[str, Path]:
    """Return name and file of every module of this package that code cells reach.

    A string that is the name of a module counts as an import: `sweep` starts its workers so.
    Kept runs bring in the modules that train, whose syntax trees name the runs.
    """
    trees = [_parsed(_without_magics(cell)) for cell in code]
    waiting = (
        set(package_modules())
        if None in trees
        else set().union(*map(_imports, filter(None, trees)))
    )
    modules: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        if name in modules or not (file := package_modules().get(name)):
            continue
        modules[name] = file
        waiting |= _imports_of(*_state(file))
        waiting |= {name.rsplit(".", level)[0] for level in range(1, name.count(".") + 1)}
        if name == "fmnist.training.runs":
            waiting |= runs.deciding().keys()
    return modules


def versions(code: list[str], files: Iterable[Path]) -> dict[str, str]:
    """Return the versions of the installed packages that code reaches, and of what they require.

    Args:
        code: code cells.
        files: of modules.
    """
    trees = [tree for tree in (_parsed(_without_magics(cell)) for cell in code) if tree]
    names = set().union(*map(_imports, trees), *(_imports_of(*_state(file)) for file in files))
    tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {PACKAGE.name}
    waiting = {"ipykernel"}.union(*(_distributions().get(top, ()) for top in tops))
    found: dict[str, str] = {}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # not for this platform
            found[name] = _version(name)
            waiting |= _required(name)
    return dict(sorted(found.items()))


def site_key() -> str:
    """Return a key of what renders the pages: this extension and all installed versions."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".css", ".js"):
            digest.update(file.read_bytes())
    for each in sorted(
        f"{distribution.name} {distribution.version}"
        for distribution in importlib.metadata.distributions()
    ):
        digest.update(each.encode())
    return digest.hexdigest()[:16]


@functools.cache
def package_modules() -> dict[str, Path]:
    """Return name and file of every module of this package."""
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


@functools.cache
def _distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


@functools.cache
def _version(distribution: str) -> str:
    return importlib.metadata.version(distribution)


@functools.cache
def _required(distribution: str) -> set[str]:
    wanted = map(Requirement, importlib.metadata.requires(distribution) or ())
    return {each.name for each in wanted if not each.marker or each.marker.evaluate({"extra": ""})}


def _state(file: Path) -> tuple[Path, int, int]:
    """Return a file with what changes when it does: the key of the caches below."""
    status = file.stat()
    return file, status.st_mtime_ns, status.st_size


@functools.cache
def _imports_of(file: Path, *_: int) -> set[str]:
    return _imports(ast.parse(file.read_text("utf-8")))


@functools.cache
def _code_hash(file: Path, *_: int) -> str:
    return keeping.code_hash(file)


def _imports(tree: ast.Module) -> set[str]:
    """Return the names that a syntax tree imports anywhere, or holds as whole strings."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= {node.value} & package_modules().keys()
    return names


def _parsed(text: str) -> ast.Module | None:
    """Return the syntax tree, or None if there is none: the cell will tell when it runs."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _without_magics(cell: str) -> str:
    return "\n".join(line for line in cell.splitlines() if not line.lstrip().startswith(("%", "!")))


def _hash(file: Path, *, whole: bool) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if whole else _code_hash(*_state(file))
