"""What a chapter's outputs depend on besides its own text, as one key for each chapter.

Jupyter's cache knows only the text of the cells: without this, a change in the package, the data
or an installed version would leave old outputs on the page. With one key for all chapters, any
change would run them all again.
"""

import ast
import contextlib
import functools
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fmnist import course
from fmnist.book import literature
from fmnist.book.sphinxext import chapter_text
from fmnist.data import fetch, sources, splits
from fmnist.evaluation import recipe_results
from fmnist.tools import keeping
from fmnist.training import arithmetic, runs, sweep

SOURCES = (".css", ".jinja", ".js", ".py")  # of what renders the pages
# A chapter that shows source text shows comments too; others do not depend on them.
SHOWS_SOURCE = re.compile(r"\binspect\b|\bgetsource\b|\bhelp\(|__doc__")


def key(text: str) -> str:
    """Return the key of a chapter with this text: 16 hexadecimal digits.

    It changes with the modules of this package that the code cells reach, directly or through
    one another, and the templates beside these; with the versions of the packages that these
    import, and of what those require; with the sums of the data, the figures of the literature,
    the kept tables of results, and the tier; where networks are asked for, with their seeds and the
    arithmetic.
    """
    code = [cell.source for cell in chapter_text.cells(text)]
    modules = reached(code)
    folders = {file.with_name("templates") for file in modules.values()}
    templates = sorted(file for folder in folders for file in folder.glob("*.jinja"))
    file_hash = _text_hash if any(map(SHOWS_SOURCE.search, code)) else _code_hash
    parts: dict[str, Any] = {
        "modules": {name: file_hash(file) for name, file in sorted(modules.items())},
        "templates": [_text_hash(file) for file in templates],
        "versions": versions(code, modules.values()),
        "python": sys.version_info[:2],
        "smoke": splits.is_smoke(),
    }
    if fetch.__name__ in modules:
        parts["data"] = [file.sha256 for file in sources.FILES]
    if runs.__name__ in modules:
        parts |= {"arithmetic": arithmetic.name(), "seeds": sweep.seeds()}
    if recipe_results.__name__ in modules:
        tables = recipe_results.RESULTS, recipe_results.GAINS
        parts["results"] = [_text_hash(file) for file in tables if file.exists()]
    if literature.__name__ in modules:
        parts["literature"] = literature.FILE.read_text("utf-8")
    return keeping.text_hash(json.dumps(parts, sort_keys=True))


def reached(code: list[str]) -> dict[str, Path]:
    """Return name and file of every module of this package that code cells reach.

    A cell that is no Python counts as one that reaches everything. Kept runs bring in the modules
    that train.
    """
    try:
        names = set().union(*map(_imports, code))
    except SyntaxError:
        files = course.PACKAGE.rglob("*.py")
        below = [file.relative_to(course.PACKAGE.parent).with_suffix("") for file in files]
        names = {".".join(path.parts) for path in below}
    modules = keeping.reached(*names)
    return modules | keeping.reached(sweep.WORKER) if runs.__name__ in modules else modules


def versions(code: list[str], files: Iterable[Path]) -> dict[str, str]:
    """Return the versions of the installed packages that code reaches, and of what they require.

    Args:
        code: code cells.
        files: of modules.
    """
    names = set()
    for text in [*code, *(file.read_text("utf-8") for file in files)]:
        with contextlib.suppress(SyntaxError):  # the cell will tell when it runs
            names |= _imports(text)
    tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    distributions = _distributions()
    waiting = {"ipykernel"}.union(*(distributions.get(top, ()) for top in tops))
    found: dict[str, str] = {}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found or name == course.PACKAGE.name:
            continue
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # not for this platform
            found[name], required = _distribution(name)
            waiting |= required
    return dict(sorted(found.items()))


def site_key() -> str:
    """Return a key of what renders the pages: this extension and all installed versions."""
    files = sorted(Path(__file__).parent.rglob("*"))
    hashes = [_text_hash(file) for file in files if file.suffix in SOURCES]
    installed = importlib.metadata.distributions()
    names = sorted(f"{each.name} {each.version}" for each in installed)
    return keeping.text_hash(json.dumps(hashes + names))


@functools.cache
def _distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


@functools.cache
def _distribution(name: str) -> tuple[str, set[str]]:
    """Return the version of an installed package, and the names of those that it requires here."""
    required = map(Requirement, importlib.metadata.requires(name) or ())
    names = {
        each.name for each in required if not each.marker or each.marker.evaluate({"extra": ""})
    }
    return importlib.metadata.version(name), names


@functools.cache
def _imports(code: str) -> set[str]:
    """Return the names that code imports anywhere; what only a notebook understands is left out.

    Raises:
        SyntaxError: the rest is no Python.
    """
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    names = set()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _text_hash(file: Path) -> str:
    return keeping.text_hash(file.read_text("utf-8"))


def _code_hash(file: Path) -> str:
    return _code_hash_since(file, file.stat().st_mtime_ns)


@functools.cache
def _code_hash_since(file: Path, _changed: int) -> str:
    """Return the hash of a module's code, computed once for each time at which it was changed."""
    return keeping.code_hash(file)
