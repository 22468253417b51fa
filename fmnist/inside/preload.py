"""Import what answers need, and not what Keras imports besides where it can."""

import importlib
import sys
from collections.abc import Iterable
from typing import Any

# For plots, wrappers and losses that no exercise is about; a third of Keras's time to load.
UNUSED = ("matplotlib", "pandas", "scipy", "sklearn")


def preload(names: Iterable[str]) -> None:
    """Import modules.

    Raises:
        ImportError: one of them is not installed.
    """
    wanted = [name for name in names if name not in sys.modules]
    hidden = [name for name in UNUSED if name not in wanted and name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules |= dict.fromkeys(hidden)  # which Python takes for "there is none"
    try:
        for name in wanted:
            importlib.import_module(name)
    finally:
        for name in hidden:
            del modules[name]
