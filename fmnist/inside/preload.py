"""Import what answers need, and not what Keras imports besides where it can."""

import contextlib
import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from typing import Any

# For plots, wrappers and losses that no exercise is about; a third of Keras's time to load.
UNUSED = ("matplotlib", "pandas", "scipy", "sklearn")
# What Python, NumPy, TensorFlow and Keras import only when a function wants it.
LATER = ("unicodedata", "_strptime", "encodings")
PARTS = {
    "numpy": ("numpy",),
    "tensorflow": tuple(
        f"tensorflow.python.{part}"
        for part in ("autograph", "data", "eager", "framework", "ops", "trackable", "util")
    ),
    "keras": ("keras", "rich"),  # which prints its summaries
}
# Parts of packages for who builds or tests them.
APART = {"tests", "test", "benchmarks", "distutils", "f2py", "_pyinstaller", "conftest", "__main__"}


def preload(names: Iterable[str]) -> None:
    """Import modules.

    Raises:
        ImportError: one of them is not installed.
    """
    with _without_unused(names) as wanted:
        for name in wanted:
            importlib.import_module(name)


def preload_wholly(names: Iterable[str]) -> None:
    """Import modules, and what they would import later: from then on no file need be read.

    Raises:
        ImportError: one of them is not installed.
    """
    names = list(names)
    preload(names)
    with _without_unused(names):
        for package in (*LATER, *(part for name in names for part in PARTS.get(name, ()))):
            for module in _below(package):
                # Some are for other systems, or for packages that are not installed.
                with contextlib.suppress(ImportError, AttributeError):
                    importlib.import_module(module)
    if "tensorflow" in names:
        from tensorflow.python.framework import kernels

        # On the first question TensorFlow looks for kernels in files besides its own.
        kernels.get_registered_kernels_for_op("NoOp")


@contextlib.contextmanager
def _without_unused(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield those modules that are not imported yet; meanwhile nothing finds the unused ones."""
    wanted = [name for name in names if name not in sys.modules]
    hidden = [name for name in UNUSED if name not in wanted and name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules |= dict.fromkeys(hidden)  # which Python takes for "there is none"
    try:
        yield wanted
    finally:
        for name in hidden:
            del modules[name]


def _below(package: str) -> Iterator[str]:
    """Yield the name of a package or module, and of all below it."""
    yield package
    for found in pkgutil.iter_modules(getattr(sys.modules.get(package), "__path__", ())):
        if found.name not in APART and not found.name.endswith("_test"):
            yield from _below(f"{package}.{found.name}")
