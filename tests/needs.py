"""What a test needs, read from its code before anything runs: a machine's programs, or Keras.

A test is followed into its fixtures, its arguments and whatever else `tests/` defines, but not into
the package: what starts a process there is named below, by kind. So no test is marked by hand.
"""

import ast
import dis
import functools
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

TESTS = Path(__file__).parent
ROOT = TESTS.parent
MACHINE, KERAS = "machine", "keras"

LIBRARIES = {"keras", "tensorflow"}
# Fixtures that look for a program, or put one into its place: the test is about to start it.
PROGRAMS = {"apt", "chromium", "fuzzer", "openssl", "registry"}
# Names of what starts processes, in the standard library, in others, and in the package.
STARTING = {
    *("subprocess", "Popen", "multiprocessing", "nbclient", "pty", "sync_playwright"),
    *("BoundedChecker", "Checker", "Grader", "NotebookClient", "WorkerSession", "Zygote"),
    *("commands.doctor", "doctor.node", "doctor.tensorflow", "quality.problems"),
    *("strongest", "train_missing", "typed.check", "typed.grade", "typed.train"),
}
# Names of what in the package imports Keras later than when it is imported itself.
LOADING = {
    *("ModelHandle", "importlib.import_module"),
    *("metrics.logits", "metrics.predictions", "recipe_results.record"),
}
PREPARED = 20  # tests: what a file prepares once for many takes about as long as so many tests


def of(item: Any) -> set[str]:
    """Return what a collected test needs: `MACHINE`, `KERAS`, both or neither."""
    found = {KERAS} if loads_keras(item.path) else set()
    waiting: list[Any] = [item.function]
    if hasattr(item, "callspec"):
        waiting += item.callspec.params.values()
    for name, definitions in item._fixtureinfo.name2fixturedefs.items():
        waiting += [definition.func for definition in definitions]
        if name in PROGRAMS:
            found.add(MACHINE)
    seen = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Path):
            if one.suffix == ".py" and loads_keras(one):
                found.add(KERAS)
        elif _is_ours(one) and one not in seen:
            seen.add(one)
            names, reached = _of_code(one)
            found |= names
            waiting += reached
    return found


def length(items: list[Any]) -> int:
    """Return how long the tests of a file may take, in tests: an order, no time."""
    needs = [of(item) for item in items]
    prepared = {
        definition.func
        for item, needed in zip(items, needs, strict=True)
        if MACHINE in needed
        for chain in item._fixtureinfo.name2fixturedefs.values()
        for definition in chain
        if definition.scope == "module" and _of_code(definition.func)[0]
    }
    return PREPARED * len(prepared) + sum(map(len, needs))


@functools.cache
def _of_code(one: Any) -> tuple[set[str], list[Any]]:
    """Return what a function or class of ours needs by itself, and what of ours it names."""
    functions = [one] if inspect.isfunction(one) else [*_methods(one)]
    needs, reached = set(), []
    for function in map(inspect.unwrap, functions):
        for name, is_import in _names(function.__code__):
            top = name.partition(".")[0]
            if (is_import and (top in LIBRARIES or name in _keras_modules())) or name in LOADING:
                needs.add(KERAS)
            elif name in STARTING or (is_import and top in STARTING):
                needs.add(MACHINE)
            elif not is_import and name in function.__globals__:
                reached.append(function.__globals__[name])
    return needs, reached


def _methods(one: type) -> Iterator[Any]:
    for member in vars(one).values():
        member = getattr(member, "fget", None) or getattr(member, "__func__", member)
        if inspect.isfunction(member):
            yield member


def _names(code: CodeType) -> Iterator[tuple[str, bool]]:
    """Yield each name that code uses, and whether it is a module that is imported there.

    After "doctor" and "node" comes "doctor.node"; a call of `typed` gives its first word as well:
    "typed.check".
    """
    module = before = ""
    for one in dis.get_instructions(code):
        if one.opname == "IMPORT_NAME":
            module = one.argval
            yield module, True
        elif one.opname == "IMPORT_FROM":
            yield f"{module}.{one.argval}", True
        elif one.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_ATTR", "LOAD_METHOD"):
            yield one.argval, False
        if before and one.opname.startswith(("LOAD_ATTR", "LOAD_METHOD", "LOAD_CONST")):
            yield f"{before}.{one.argval}", False
        if one.opname != "PUSH_NULL":  # stands between a function and its arguments
            before = one.argval if one.opname in ("LOAD_GLOBAL", "LOAD_FAST", "LOAD_DEREF") else ""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
        elif isinstance(constant, tuple):  # of names of modules that an answer imports
            yield from ((name, True) for name in LIBRARIES.intersection(constant))


def _is_ours(one: Any) -> bool:
    if not inspect.isfunction(one) and not inspect.isclass(one):
        return False
    try:
        return Path(inspect.getfile(inspect.unwrap(one))).is_relative_to(TESTS)
    except (OSError, TypeError):  # built in
        return False


# --- what loads Keras when it is imported ---


@functools.cache
def _modules() -> dict[str, Path]:
    """Return name and file of every module of the package."""
    files = (ROOT / "fmnist").rglob("*.py")
    named = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    return {name.removesuffix(".__init__"): file for name, file in named.items()}


@functools.cache
def _keras_modules() -> set[str]:
    """Return the modules of the package that load Keras."""
    return {name for name, file in _modules().items() if loads_keras(file)}


@functools.cache
def loads_keras(file: Path) -> bool:
    """Return whether a file loads Keras when it is imported, by itself or through the package."""
    seen, waiting = set(), {file}
    while waiting:
        names = _imported(one := waiting.pop())
        if any(name.partition(".")[0] in LIBRARIES for name in names):
            return True
        seen.add(one)
        waiting |= {_modules()[name] for name in names if name in _modules()} - seen
    return False


@functools.cache
def _imported(file: Path) -> frozenset[str]:
    """Return the modules that a file imports outside its functions."""
    found, waiting = set(), [ast.parse(file.read_text("utf-8"))]
    while waiting:
        node: ast.AST = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return frozenset(found)
