"""The student's side of the wall: load one file, call its function, keep its models.

A request is a dict of plain data with the key "do". A reply is {"returned": value} or
{"fault": {"kind": one of `faults`, "sentence": for the student, "error": class name}}.
"""

import ast
import builtins
import difflib
import inspect
import linecache
import signal
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fmnist.inside import codec, keras_models, newer_syntax

# Harmless parts of the standard library that every exercise may import.
ALWAYS_ALLOWED = frozenset(
    "__future__ bisect collections dataclasses enum fractions functools heapq itertools math "
    "numbers operator random statistics string typing".split()
)
MAX_SENTENCE = 500  # characters of a student's own text that a reply passes on


class Refusal(Exception):
    """Carries a fault from where it is noticed to the reply."""

    def __init__(self, kind: str, sentence: str, *, error: str = ""):
        super().__init__(sentence)
        self.kind = kind
        self.error = error


class Interrupted(KeyboardInterrupt):
    """An interrupt that came from the keyboard, and not from the student's file."""


class Host:
    """Holds one student file, the last that was loaded, and the objects that it made.

    Args:
        function: of a student, if it is at hand and no file is to be loaded.
        afresh: called before the code of a file is run, and before a model is rebuilt.
    """

    def __init__(
        self,
        function: Callable[..., Any] | None = None,
        *,
        afresh: Callable[[], None] = lambda: None,
    ) -> None:
        self._function = function
        self._signature: inspect.Signature | None = None  # of the function, once it was called
        self._afresh = afresh
        self._filename = inspect.getfile(function) if function else ""
        self._objects: list[object] = []

    def respond(self, header: bytes, payload: bytes) -> tuple[bytes, bytes]:
        """Return the frame that answers a frame; whatever the student's code does, it answers."""
        try:
            request = codec.loads(header, payload, resolve=self._resolve)
            try:
                return codec.dumps(
                    {"returned": self._carry_out(request)}, handle_for=self._handle_for
                )
            except codec.NotPlain as unsendable:
                raise Refusal(
                    "unusable",
                    f"{request.get('name', 'The answer')} returned {unsendable}; return plain "
                    "numbers, text, lists, tuples, dicts or NumPy arrays.",
                ) from None
        except Refusal as refusal:
            # Half of a surrogate pair is no text that could be sent.
            sentence = str(refusal).encode("utf-8", "backslashreplace").decode()
            fault = {"kind": refusal.kind, "sentence": sentence, "error": refusal.error}
            return codec.dumps({"fault": fault})

    def _carry_out(self, request: dict[str, Any]) -> object:
        what = request["do"]
        if what == "load":
            self._load(request["source"], request["filename"], request["name"], request["imports"])
            return None
        if what == "call":
            return self._call(request["name"], request["args"], request["kwargs"])
        if what == "operate":
            name = request["operation"]
            args = [request["on"], *request["args"]]
            return self._run(name, keras_models.OPERATIONS[name], args, request["kwargs"])
        if what == "rebuild":
            self._afresh()  # what a model draws does not depend on those before it
            try:
                return keras_models.rebuild(request["model"])
            except keras_models.NotRebuilt as error:
                raise Refusal("unusable", str(error)) from None
        raise Refusal("unusable", f"A host cannot {what!r}.")

    # --- loading ---

    def _load(self, source: str, filename: str, name: str, imports: Sequence[str]) -> None:
        self._function, self._signature, self._filename = None, None, filename
        tree = _parse(source, filename)
        allowed = frozenset(imports) | ALWAYS_ALLOWED
        _refuse_forbidden_imports(tree, allowed, frozenset(imports))
        # For tracebacks: the source may stand in no file on this side.
        linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
        module = types.ModuleType(name)
        module.__file__ = filename
        module.__dict__["__builtins__"] = _builtins_that_import(allowed, name)
        self._objects.clear()  # of the file before
        self._afresh()
        try:
            with _interrupts():
                # Running the student's file is what this side of the wall is for.
                exec(compile(tree, filename, "exec"), module.__dict__)  # noqa: S102
        except Interrupted:
            raise
        except BaseException as error:
            raise Refusal(
                "not loaded", f"The file stops while it is loaded: {self._told(error)}"
            ) from None
        self._function = _find_function(module, name)

    # --- calling ---

    def _call(self, name: str, args: list, kwargs: dict[str, Any]) -> object:
        function = self._function
        if function is None:
            raise Refusal("not loaded", "No file has been loaded.")
        try:
            self._signature = self._signature or inspect.signature(function)
            self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise Refusal(
                "unusable",
                f"{name} cannot be called as the exercise says: {error}. Keep the stub's "
                "parameters: their names, order and defaults.",
                error="TypeError",
            ) from None
        except ValueError:
            pass  # some callables have no signature to check
        before = _snapshot(args, kwargs)
        result = self._run(name, function, args, kwargs)
        if _snapshot(args, kwargs) != before:
            changed = _first_changed(before, args, kwargs)
            raise Refusal(
                "unusable",
                f"{name} changed {_naming(function, changed)}, which belongs to the caller; "
                "work on a copy.",
            )
        return result

    def _run(self, name: str, function: Callable, args: list, kwargs: dict[str, Any]) -> object:
        try:
            with _interrupts():
                return function(*args, **kwargs)
        except Interrupted:
            raise
        except NotImplementedError as error:
            raise Refusal("not started", f"{name} is not started: {error}"[:MAX_SENTENCE]) from None
        except BaseException as error:
            kind = "crashed" if isinstance(error, SystemExit) else "raised"
            raise Refusal(kind, self._told(error), error=type(error).__name__) from None

    def _told(self, error: BaseException) -> str:
        """Return what happened and in which line of the student's file."""
        if isinstance(error, SystemExit):
            said = "it calls exit(), which ends the program; return a value instead"
        elif isinstance(error, EOFError) or (
            isinstance(error, OSError) and "reading from stdin" in _text(error)  # pytest's words
        ):
            said = "it calls input(), and nobody is there to type; use the arguments instead"
        elif isinstance(error, RecursionError):
            said = "RecursionError: a function calls itself without end"
        elif isinstance(error, MemoryError):
            said = "MemoryError: it needs more memory than there is"
        else:
            said = f"{type(error).__name__}: {_text(error)}"
        line = _last_line(error, self._filename)
        if line:
            said += f" (line {line}: {linecache.getline(self._filename, line).strip()[:100]})"
        return said

    # --- objects that stay here ---

    def _handle_for(self, value: object) -> codec.Handle | None:
        if not keras_models.is_model(value):
            return None
        self._objects.append(value)
        return codec.Handle(keras_models.KIND, len(self._objects) - 1)

    def _resolve(self, handle: codec.Handle) -> object:
        if handle.kind != keras_models.KIND or not 0 <= handle.number < len(self._objects):
            raise Refusal("unusable", "The model that is asked for is not there.")
        return self._objects[handle.number]


@contextmanager
def _interrupts() -> Iterator[None]:
    """Have the keyboard raise `Interrupted`, where it would raise what a file can raise, too."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupt(*_: object) -> None:
    raise Interrupted


def _parse(source: str, filename: str) -> ast.Module:
    try:
        return ast.parse(source, filename)
    except SyntaxError as error:
        shown = (error.text or "").strip()[:100]
        place = f"line {error.lineno}" if error.lineno else "the file"
        parts = (f"{newer_syntax.HERE} cannot read {place}", error.msg, shown)
        sentence = ": ".join(filter(None, parts)) + newer_syntax.told(error)
        raise Refusal("not loaded", sentence) from None
    except (ValueError, RecursionError, MemoryError) as error:
        sentence = f"{newer_syntax.HERE} cannot read the file: {_text(error)}"
        raise Refusal("not loaded", sentence) from None


def _builtins_that_import(allowed: frozenset[str], exercise: str) -> dict[str, Any]:
    """Return Python's builtins with an `__import__` that knows what the exercise allows.

    The file's own code gets them, so that names which it makes up while it runs are ruled, too.
    """

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] not in allowed:
            raise ImportError(f"{exercise} may not import {name}")
        return builtins.__import__(name, *args, **kwargs)

    return vars(builtins) | {"__import__": guarded}


def _refuse_forbidden_imports(
    tree: ast.Module, allowed: frozenset[str], of_the_exercise: frozenset[str]
) -> None:
    """Name the first import that the exercise does not allow.

    This keeps an honest student from calling the very function that the exercise asks for. It is
    no defence: what a hostile file may do is decided by the sandbox.
    """
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in allowed:
                may = " and ".join(sorted(of_the_exercise))
                may = may or "only Python's own math and containers"
                sentence = f"Line {node.lineno} imports {name}; this exercise may use {may}."
                raise Refusal("not loaded", sentence)


def _statements(tree: ast.Module) -> Iterator[Any]:
    """Yield all statements in order; expressions, which are most of a tree, hold none."""
    waiting: list[Any] = [tree]
    while waiting:
        statement = waiting.pop()
        yield statement
        for part in ("finalbody", "orelse", "cases", "handlers", "body"):
            waiting += reversed(getattr(statement, part, ()))


def _find_function(module: types.ModuleType, name: str) -> Callable:
    found = getattr(module, name, None)
    if callable(found):
        return found
    if found is not None:
        raise Refusal("not loaded", f"{name} must be a function, but is {type(found).__name__}.")
    own = [
        key
        for key, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", None) == module.__name__
    ]
    near = difflib.get_close_matches(name, own, n=1, cutoff=0.5) or own[:1]
    hint = f" It defines {near[0]}: give it its name back." if near else ""
    raise Refusal("not loaded", f"The file defines no function {name}.{hint}")


def _snapshot(*values: object) -> tuple[bytes, bytes]:
    """Return the bytes of some values; handles stand for themselves."""
    return codec.dumps(list(values), handle_for=lambda kept: codec.Handle("kept", id(kept)))


def _first_changed(before: tuple[bytes, bytes], args: list, kwargs: dict[str, Any]) -> int | str:
    """Return the place or the name of the first argument that is not what it was."""
    args_before, kwargs_before = codec.loads(*before)
    now: dict[int | str, Any] = dict(enumerate(args)) | kwargs
    was: dict[int | str, Any] = dict(enumerate(args_before)) | kwargs_before
    return next(key for key in now if _snapshot(now[key]) != _snapshot(was[key]))


def _naming(function: Callable, key: int | str) -> str:
    if isinstance(key, int):
        try:
            return f"its argument {list(inspect.signature(function).parameters)[key]}"
        except (ValueError, IndexError):
            return f"its argument number {key + 1}"
    return f"its argument {key}"


def _text(error: BaseException) -> str:
    try:
        return str(error)[:MAX_SENTENCE]
    except Exception:  # a student's exception may have a __str__ that fails
        return "(no message)"


def _last_line(error: BaseException, filename: str) -> int:
    """Return the number of the student's line in which `error` came up, or 0."""
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            line = step.tb_lineno
        step = step.tb_next
    return line
